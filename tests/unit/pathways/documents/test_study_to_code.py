"""docs/quality/study-to-code.md: every statement of the study has a status, and what is named as doing it exists."""

import csv
from dataclasses import fields, replace

import pytest

from pathways.documents.study_to_code import PAGE, count_statements, page_text, unknown_names
from publication_assets.steps.methodology.study_statements import (
    DIFFERENTLY,
    METHODOLOGY,
    NOT_DONE,
    REPORT,
    ROUND_2023,
    Statement,
    StatementsNotUsable,
    departures,
    study_statements,
)

STATEMENTS = study_statements()
METHODOLOGY_SECTIONS = [
    "1",
    "2.1",
    "2.2",
    "2.3",
    "2.4",
    "2.4.1",
    "2.5.1",
    "2.5.2",
    "2.5.3",
    "2.5.4",
    "2.5.5",
    "2.6",
    "2.7",
    "2.7.1",
    "2.7.2",
    "2.7.3",
    "2.7.4",
    "2.8",
    "2.8.1",
    "2.8.2",
    "2.8.3",
    "2.8.4",
    "2.8.5",
    "2.9",
    "2.10",
    "3",
    "3.1",
    "3.2",
    "3.3",
]


def statement(**changes: str) -> Statement:
    of_nothing = dict.fromkeys((field.name for field in fields(Statement)), "")
    return Statement(
        **of_nothing
        | {
            "id": "M2.5.3h",
            "source": METHODOLOGY,
            "section": "2.5.3",
            "statement": "The threshold is 0.985",
            "done_by": "setting linkage.threshold",
            "status": "as stated",
        }
        | changes
    )


def read_back(folder, *statements: Statement) -> list[Statement]:
    file = folder / "study_to_code.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        names = [field.name for field in fields(Statement)]
        writer.writerows([names, *([getattr(each, name) for name in names] for each in statements)])
    return study_statements(file)


def test_everything_named_as_doing_a_statement_exists():
    assert {each.id: missing for each in STATEMENTS if (missing := unknown_names(each))} == {}


def test_the_page_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == page_text(STATEMENTS), "run `pathways study-to-code`"


def test_every_section_of_the_methodology_has_statements():
    of_methodology = {each.section for each in STATEMENTS if each.source == METHODOLOGY}
    assert sorted(of_methodology) == sorted(METHODOLOGY_SECTIONS)


def test_every_key_finding_table_figure_and_term_of_the_report_has_a_statement():
    ids = {each.id for each in STATEMENTS if each.source == REPORT}
    numbered = {"RKey": 4, "RTable": 19, "RFigure": 22, "RTerm": 25}
    assert {f"{kind}{number}" for kind, last in numbered.items() for number in range(1, last + 1)} - ids == set()


def test_every_section_of_the_report_with_results_has_statements():
    sections = {each.section for each in STATEMENTS if each.source == REPORT}
    with_results = [
        "1.1",
        "1.2",
        "1.3.1",
        "1.3.2",
        "1.3.3",
        "1.3.4",
        "1.4",
        "1.5",
        "2.1",
        "2.2",
        "2.3",
        "2.4",
        "2.5",
        "2.6",
        "3.1",
        "3.2",
        "3.3",
        "3.4",
        "3.5",
        "3.6",
        "3.6.1",
        "3.6.2",
        "3.7",
        "4.1",
        "4.2",
        "4.3",
        "4.4",
        "4.5",
        "5",
        "6.1",
        "6.2",
        "6.3",
        "7",
    ]
    assert set(with_results) - sections == set()


def test_the_counts_on_the_page_are_those_of_its_rows():
    counts = dict(count_statements(STATEMENTS))
    assert counts["all"] == [
        len(STATEMENTS),
        *(sum(each.status == status for each in STATEMENTS) for status in ("as stated", DIFFERENTLY, NOT_DONE)),
    ]
    assert counts["all"] == [
        sum(numbers) for numbers in zip(*(counts[source] for source in (METHODOLOGY, REPORT, ROUND_2023)), strict=True)
    ]


@pytest.mark.parametrize(
    "name",
    [
        "linkage_assets.steps.links.link_pairs:unlink_pairs",
        "linkage_assets.steps.no_such_step:link_pairs",
        "setting linkage.no_such_setting",
        "table 999",
        "docs/no-such-page.md",
    ],
)
def test_what_does_not_exist_is_named(name):
    assert unknown_names(statement(done_by=f"setting linkage.threshold; {name}")) == [name]


def test_a_choice_that_is_no_row_of_assumptions_is_named():
    assert unknown_names(statement(choice="what nobody asked")) == ["what nobody asked"]
    assert unknown_names(statement(choice="which score decides")) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"status": ""}, "no status"),
        ({"status": "done"}, "no status"),
        ({"status": DIFFERENTLY, "effect": "none"}, "does not say why"),
        ({"status": NOT_DONE, "because": "nobody asked"}, "with what effect"),
        ({"done_by": ""}, "nothing is named"),
        ({"source": "a newspaper"}, "no known source"),
        ({"statement": ""}, "says nothing"),
        ({"because": "of nothing"}, "says why not"),
    ],
)
def test_a_statement_that_cannot_stand_is_refused(tmp_path, changes, fault):
    with pytest.raises(StatementsNotUsable, match=f"M2.5.3h .*{fault}"):
        read_back(tmp_path, statement(**changes))


def test_a_statement_that_is_there_twice_is_refused(tmp_path):
    with pytest.raises(StatementsNotUsable, match=r"M2.5.3h is there twice"):
        read_back(tmp_path, statement(), statement())


def test_departures_are_what_is_not_done_as_stated():
    other = replace(statement(), id="R1", source=REPORT, status=NOT_DONE, because="x", effect="y")
    changed = replace(statement(), id="M2", status=DIFFERENTLY, because="x", effect="y")
    assert departures([statement(), other, changed]) == [other, changed]
    assert departures([statement(), other, changed], METHODOLOGY) == [changed]
