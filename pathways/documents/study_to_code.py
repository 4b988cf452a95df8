"""`pathways study-to-code`: writes docs/quality/study-to-code.md from the list of the study's statements.

Belongs here: the page, and whether what it names exists. Does not belong here: the list and what departs
(publication_assets/steps/methodology/study_statements.py).
"""

import ast
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.methodology.study_statements import SOURCES, STATUSES, Statement, study_statements
from resources.process.data_root import REPOSITORY
from resources.settings.study_settings import StudySettings, load_study_settings

PAGE = REPOSITORY / "docs" / "quality" / "study-to-code.md"
ASSUMPTIONS = REPOSITORY / "docs" / "quality" / "assumptions.md"
TO_ROOT = "../.."
TITLES = {
    "methodology": "Methodology of March 2026",
    "report": "Report of March 2026",
    "round of 2023": "Round of 2023 and what its readers asked",
}
HEADERS = ["part", "the study says", "done by", "status"]
INTRODUCTION = """# From the study to the code

What the published study says, statement by statement, what does it here, and whether as stated. The words are ours, the
numbers those of the sections of the source. Choices lead to the part of [assumptions](assumptions.md) whose row says
what the source leaves open. `pathways study-to-code` writes this page from
`{file}`. A test holds that the page is what the command writes, and that
every function, setting, table and file that it names exists.

The published methodology lacks the headings of 3.1 and 3.2: here consent, as its section 2.3 says, and legal basis.
"""


class NamesNothing(Exception):
    """The list names a function, setting, table, file or choice that does not exist; says which."""


def write_page(page: Path = PAGE) -> str:
    """Write the page and say how many statements it has. Raises StatementsNotUsable, NamesNothing."""
    statements = study_statements()
    if missing := [f"{each.id}: {name}" for each in statements for name in unknown_names(each)]:
        raise NamesNothing("study_to_code.csv names what does not exist: " + "; ".join(missing) + ".")
    page.write_text(page_text(statements), encoding="utf-8")
    return f"{len(statements)} statements, written to {page.relative_to(REPOSITORY)}"


def page_text(statements: Sequence[Statement]) -> str:
    """The page in Markdown: counts, then a table for each section of each source."""
    blocks = [INTRODUCTION.format(file="publication_assets/steps/methodology/study_to_code.csv"), *_counts(statements)]
    for source in SOURCES:
        of_source = [each for each in statements if each.source == source]
        blocks.append(f"\n## {TITLES[source]}\n")
        for section in dict.fromkeys(each.section for each in of_source):
            rows = [_row(each) for each in of_source if each.section == section]
            blocks += [f"\n### {_section_title(section)}\n", _table(HEADERS, rows)]
    return "\n".join(blocks) + "\n"


def count_statements(statements: Sequence[Statement]) -> list[tuple[str, list[int]]]:
    """Per source, and of all: how many statements, and how many of each status."""
    groups = {source: [each for each in statements if each.source == source] for source in SOURCES}
    return [
        (name, [len(group), *(sum(each.status == status for each in group) for status in STATUSES)])
        for name, group in {**groups, "all": list(statements)}.items()
    ]


def unknown_names(statement: Statement) -> list[str]:
    """What a statement names that does not exist."""
    missing = [name for name in statement.names if not _exists(name)]
    return missing + ([statement.choice] if statement.choice and statement.choice not in _choices() else [])


def _exists(name: str) -> bool:
    kind, _, rest = name.partition(" ")
    if kind == "setting":
        return _has_setting(rest)
    if kind == "table":
        return rest.isdigit() and int(rest) in {table.number for table in TABLES.values()}
    module, _, what = name.partition(":")
    return what in _defined_in(_file_of(module)) if what else (REPOSITORY / name).is_file()


def _has_setting(name: str) -> bool:
    value: object = _settings()
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else getattr(value, part, None)
        if value is None:
            return False
    return True


@cache
def _settings() -> StudySettings:
    return load_study_settings()


def _file_of(module: str) -> Path:
    return REPOSITORY.joinpath(*module.split(".")).with_suffix(".py")


@cache
def _defined_in(file: Path) -> frozenset[str]:
    """Names of the functions, classes and constants at the top of a Python file; none where there is no such file."""
    if not file.is_file():
        return frozenset()
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(names)


@cache
def _choices() -> dict[str, str]:
    """Open questions of assumptions.md, each with the anchor of its section."""
    found, anchor = {}, ""
    for line in ASSUMPTIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            anchor = re.sub(r"[^a-z0-9 -]", "", line[3:].lower()).replace(" ", "-")
        elif line.startswith("| "):
            found[line[2:].split(" | ")[0]] = anchor
    return found


def _counts(statements: Sequence[Statement]) -> list[str]:
    rows = [[name, *map(str, counts)] for name, counts in count_statements(statements)]
    return ["## How many\n", _table(["source", "statements", *STATUSES], rows)]


def _row(each: Statement) -> list[str]:
    status = f"**{each.status}**: {each.because}. Effect: {each.effect}" if each.departs else each.status
    choice = f". Choice: [{each.choice}](assumptions.md#{_choices()[each.choice]})" if each.choice else ""
    number = each.id.lstrip("MRY").removeprefix(each.section)
    return [number, each.statement, ", ".join(map(_link, each.names)), f"{status}{choice}"]


def _link(name: str) -> str:
    kind, _, rest = name.partition(" ")
    if kind in ("setting", "table"):
        return f"`{rest}`" if kind == "setting" else name
    module, _, what = name.partition(":")
    target = _file_of(module).relative_to(REPOSITORY).as_posix() if what else name
    return f"[`{what or Path(name).name}`]({TO_ROOT}/{target})"


def _section_title(section: str) -> str:
    return section if not section[0].isdigit() else f"Section {section}"


def _table(headers: list[str], rows: list[list[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
