"""Which files decide a table: followed through imports and through the names of data files."""

import pytest

from resources.receipts.code_read import code_read


@pytest.fixture
def repository(tmp_path):
    """Function that writes files by name and gives what a module reads, as names."""

    def read(module: str, **files: str) -> tuple[set[str], set[str]]:
        for name, text in {"linkage_assets/__init__.py": "", "resources/__init__.py": "", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        found = code_read(module, root=tmp_path)
        return {str(file.relative_to(tmp_path)) for file in found.files}, set(found.libraries)

    return read


OF_ZONE = {"linkage_assets/__init__.py"}
SHARED = {"resources/__init__.py"}


def test_a_module_is_decided_by_what_it_imports_and_by_what_that_imports(repository):
    files, libraries = repository(
        "linkage_assets.pairs",
        **{
            "linkage_assets/pairs.py": "from linkage_assets.score import score\nimport polars as pl",
            "linkage_assets/score.py": "def score():\n    from resources import odds\n    import scipy.special",
            "resources/odds.py": "",
            "resources/others.py": "",
        },
    )
    assert files == OF_ZONE | SHARED | {"linkage_assets/pairs.py", "linkage_assets/score.py", "resources/odds.py"}
    assert libraries == {"polars", "scipy"}


def test_a_package_that_is_imported_brings_what_it_imports_itself(repository):
    files, _ = repository(
        "linkage_assets.pairs",
        **{
            "linkage_assets/pairs.py": "import resources",
            "resources/__init__.py": "from resources.private import close",
            "resources/private.py": "import resources.private",
        },
    )
    assert files == OF_ZONE | SHARED | {"linkage_assets/pairs.py", "resources/private.py"}


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('FILE = "regions.csv"', {"regions.csv"}),
        ('FILE = "reference/lists/regions.csv"', {"regions.csv"}),
        ('FILE = FOLDER / "lists" / f"{name}.csv"', {"regions.csv", "courts.csv"}),
        ('FILE = REFERENCE / "lists"\nread("courts")', {"courts.csv"}),
        ('read("courts")', set()),
        ('"""Reads reference/lists/courts.csv."""', set()),
        ('raise ValueError("see lists in regions.csv or courts.csv")', set()),
    ],
)
def test_a_data_file_is_read_by_who_names_it_or_its_folder(repository, source, read):
    files, _ = repository(
        "linkage_assets.pairs",
        **{
            "linkage_assets/pairs.py": source,
            "reference/lists/regions.csv": "",
            "reference/lists/courts.csv": "",
            "reference/other.csv": "",
            "reference/lists/about.md": "regions.csv",
        },
    )
    assert {name.rsplit("/", 1)[1] for name in files if name.startswith("reference/")} == read
