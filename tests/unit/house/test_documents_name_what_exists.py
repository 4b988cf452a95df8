"""What the documents name in backticks exists: files, folders and settings."""

import re
from pathlib import Path

import pytest

from resources.process.data_root import REPOSITORY
from resources.settings.study_settings import load_study_settings

DOCUMENTS = [
    "README.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/reading-order.md",
    "docs/security-properties.md",
    "docs/deployment.md",
    "docs/operator-handbook.md",
    "docs/governance-handbook.md",
    "docs/data-dictionary.md",
    "docs/quality/assumptions.md",
    "docs/quality/methods.md",
]
FILE = re.compile(r"[\w./-]+\.(?:py|md|csv|toml|yaml|yml|R)")
# Folders and files that a run or a person makes.
NOT_COMMITTED = ("var/", "F.csv")
HEADS = {"| property | held by |", "|---|---|"}
SETTINGS = load_study_settings()


def named_in(document: str) -> list[str]:
    """Words in backticks that are one word."""
    return re.findall(r"`([^`\s]+)`", (REPOSITORY / document).read_text(encoding="utf-8"))


def has_setting(name: str) -> bool:
    value: object = SETTINGS
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
        if value is None:
            return False
    return True


def is_file(name: str, committed: set[Path]) -> bool:
    """Whether a committed file's path ends with these parts: steps of a zone are named without the zone."""
    return any(path.parts[-len(Path(name).parts) :] == Path(name).parts for path in committed)


@pytest.fixture(scope="module")
def committed() -> set[Path]:
    top = [path for path in REPOSITORY.iterdir() if path.is_file() or not path.name.startswith((".", "var"))]
    inside = (path for folder in top if folder.is_dir() for path in folder.rglob("*"))
    return {path.relative_to(REPOSITORY) for path in (*top, *inside)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_names_exist(document, committed):
    names = {name for name in named_in(document) if FILE.fullmatch(name) and not name.startswith(NOT_COMMITTED)}
    assert sorted(name for name in names if not is_file(name, committed)) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_settings_that_a_document_names_exist(document):
    sections = "|".join(type(SETTINGS).model_fields)
    names = {name for name in named_in(document) if re.fullmatch(rf"(?:{sections})(?:\.\w+)+", name)}
    assert sorted(name for name in names if not FILE.fullmatch(name) and not has_setting(name)) == []


PROPERTIES = (REPOSITORY / "docs" / "security-properties.md").read_text(encoding="utf-8").partition("## Threats")[0]


def test_every_test_of_a_boundary_holds_a_security_property():
    boundaries = {path.name for path in (REPOSITORY / "tests" / "boundaries").rglob("test_*.py")}
    assert boundaries and sorted(name for name in boundaries if f"{name}`" not in PROPERTIES) == []


def test_every_security_property_names_what_holds_it():
    rows = [line for line in PROPERTIES.splitlines() if line.startswith("|") and line not in HEADS]
    held = [re.fullmatch(r"\| (.+[.]) \| (.*`.+`.*) \|", row) for row in rows]
    assert len(rows) > 50 and [row for row, found in zip(rows, held, strict=True) if not found] == []
    assert sorted(row for row in rows if "same file" in row or "same test" in row) == []  # rows are moved about
    places = {name for row in held if row for name in re.findall(r"`([\w./-]+/)`", row[2])}
    assert sorted(place for place in places if not (REPOSITORY / place).is_dir()) == []


def test_a_file_is_found_by_the_end_of_its_path_and_a_missing_one_is_not(committed):
    assert is_file("steps/links/link_pairs.py", committed)
    assert not is_file("steps/links/unlink_pairs.py", committed)
    assert not has_setting("linkage.no_such_setting")
