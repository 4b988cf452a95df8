"""What code a table was made with, as one hash. Does not belong here: what follows from it (zone_store.py)."""

from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version

from resources.data_root import REPOSITORY
from resources.variable_sheet import VARIABLE_SHEET

DECIDING_LIBRARIES = (
    "polars", "numpy", "scipy", "statsmodels", "duckdb", "splink", "gpboost", "lightgbm", "altair", "vl-convert-python",
    "typst", "font-source-sans-pro", "jinja2", "markdown-it-py",
)  # fmt: skip
SHARED_CODE = ("resources", "contracts", "reference")


def code_fingerprint(*packages: str) -> str:
    """Hash of the source of packages and of what all zones share: the code version of every asset in them.

    With the versions of the libraries that compute figures or draw documents. Without Markdown, which only people read
    or which is the words of a document (words_fingerprint), and without the variable sheet, which is part of the
    settings: a new label must not link a quarter anew.
    """
    digest = sha256("".join(f"{library}={_version(library)}" for library in DECIDING_LIBRARIES).encode())
    for package in (*packages, *SHARED_CODE):
        for path in sorted((REPOSITORY / package).rglob("*")):
            if path.is_file() and path.suffix not in {".md", ".pyc"} and path != VARIABLE_SHEET:
                digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def words_fingerprint(*folders: str) -> str:
    """Hash of the Markdown in folders of the repository: the words of documents, which no other table is made of."""
    digest = sha256()
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*.md")):
            digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # a container has what its zone needs
        return "none"
