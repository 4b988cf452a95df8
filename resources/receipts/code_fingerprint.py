"""What code a table is made with, or a check judges with, as one hash.

Does not belong here: which files that code is (code_read.py), and what follows from it (zone_store.py).
"""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from resources.process.data_root import REPOSITORY
from resources.receipts.code_read import code_read
from resources.settings.variable_sheet import VARIABLE_SHEET

# Libraries that compute figures or draw documents: name in an import to what is installed
DECIDING_LIBRARIES = {
    "scipy": ("scipy",),
    "statsmodels": ("statsmodels", "scipy"),
    "duckdb": ("duckdb",),
    "splink": ("splink", "duckdb"),
    "gpboost": ("gpboost",),
    "lightgbm": ("lightgbm",),
    "miceforest": ("miceforest", "lightgbm"),
    "altair": ("altair",),
    "vl_convert": ("vl-convert-python",),
    "typst": ("typst", "font-source-sans-pro"),
    "pikepdf": ("pikepdf",),
    "jinja2": ("jinja2",),
    "markdown_it": ("markdown-it-py",),
}
ALWAYS = ("polars", "numpy")
OF_SETTINGS = VARIABLE_SHEET.relative_to(REPOSITORY)
SHARED_CODE = ("resources", "contracts", "drawing", "record_linkage", "mixed_models", "publishing", "reference")


@cache
def code_of(*modules: str, root: Path = REPOSITORY) -> str:
    """Hash of all that modules of ours, named with dots, import or read of ours, and of the libraries among it.

    Without the variable sheet, which is part of the settings: a new label must not link a quarter anew.
    """
    read = code_read(*modules, root=root)
    named = {installed for name in read.libraries for installed in DECIDING_LIBRARIES.get(name, ())}
    return _hash(sorted({*ALWAYS, *named}), sorted(read.files), root)


def code_fingerprint(*packages: str) -> str:
    """Hash of all source of packages and of what all zones share, with the versions of all deciding libraries.

    Of what is not one table: whatever was edited, it is another.
    """
    installed = sorted({*ALWAYS, *(each for names in DECIDING_LIBRARIES.values() for each in names)})
    files = (path for package in (*packages, *SHARED_CODE) for path in sorted((REPOSITORY / package).rglob("*")))
    return _hash(installed, (path for path in files if path.is_file() and path.suffix != ".pyc"), REPOSITORY)


def _hash(installed: Iterable[str], files: Iterable[Path], root: Path) -> str:
    digest = sha256("".join(f"{library}={_version(library)}" for library in installed).encode())
    for path in files:
        if (name := path.relative_to(root)) != OF_SETTINGS:
            digest.update(str(name).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # a container has what its zone needs
        return "none"
