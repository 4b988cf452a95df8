"""`pathways overrides` checks, signs and records decisions about pairs of records, and shows none of them."""

import polars as pl
import pytest
from typer.testing import CliRunner

from justice_assets.models.who_decides import keys_of_deciders
from justice_assets.steps.clusters.overrides import FILE, read_overrides
from pathways.cli import app
from pathways.duties.people import appoint, make_key

QUARTER = "2023Q1"
HEADER = "source,record_key,other_source,other_record_key,same\n"
FINE = "crown,C1,prison,A1,yes\nmagistrates,M1,probation,X1,no\n"


@pytest.fixture
def root(tmp_path, edit):
    """A data folder in which four records were linked, and asha and jo have keys."""
    records = [("crown", "C1"), ("prison", "A1"), ("magistrates", "M1"), ("probation", "X1")]
    tables = tmp_path / "justice" / QUARTER
    tables.mkdir(parents=True)
    pl.DataFrame(records, schema=["source", "record_key"], orient="row").write_parquet(
        tables / "standardised_persons.parquet"
    )
    for name in ("asha", "jo", "kim"):
        make_key(tmp_path, name)
    return tmp_path


def run(root, *words: str, rows: str = FINE, header: str = HEADER) -> tuple[int, str]:
    """Exit code and what a command says."""
    (root / "decisions.csv").write_text(header + rows, encoding="utf-8")
    given = [str(root / "decisions.csv") if word == "CSV" else word for word in words]
    done = CliRunner().invoke(app, ["overrides", *given])
    return done.exit_code, done.output


def sign(root, by: str = "asha", rows: str = FINE, reason: str = "case files") -> tuple[int, str]:
    return run(root, "sign", "--decisions", "CSV", "--by", by, "--reason", reason, rows=rows)


def pairs(root) -> list[tuple]:
    return read_overrides(root / FILE, keys_of_deciders(root)).rows()


def test_decisions_are_signed_and_recorded_with_who_and_why_and_listed_without_a_record(root):
    code, said = sign(root)
    assert code == 0 and "Signed by asha: 2 pair(s)" in said and "refresh --study justice" in said
    assert pairs(root) == [("crown", "C1", "prison", "A1", True), ("magistrates", "M1", "probation", "X1", False)]
    code, said = run(root, "list")
    assert code == 0 and "1. 1 pair(s) one person, 1 two: asha" in said and "case files" in said
    assert not any(key in said for key in ("C1", "A1", "M1", "X1"))


def test_a_second_person_adds_to_what_was_signed_and_takes_back_what_was_wrong(root):
    sign(root, rows="crown,C1,prison,A1,yes\n")
    assert sign(root, "jo", "magistrates,M1,probation,X1,no\n")[0] == 0
    assert len(pairs(root)) == 2
    code, said = run(root, "withdraw", "--entry", "1", "--by", "jo", "--reason", "a clerk's error")
    assert code == 0 and "1 pair(s) of asha" in said
    assert pairs(root) == [("magistrates", "M1", "probation", "X1", False)]
    assert "Taken back: jo" in run(root, "list")[1]
    assert sign(root, rows="crown,C1,prison,A1,no\n")[0] == 0
    assert "was taken back already" in run(root, "withdraw", "--entry", "1", "--by", "jo", "--reason", "again")[1]
    assert "There is no entry 9" in run(root, "withdraw", "--entry", "9", "--by", "jo", "--reason", "again")[1]


WRONG = {
    "crown,C1,prison,,yes\n": "a cell is empty in 1 row(s): data rows 1",
    "crown,C1,prison,A1,yes\ncourt,C1,prison,A1,yes\n": "the source is none in 1 row(s): data rows 2",
    "crown,C1,prison,A1,perhaps\n": "same is neither yes nor no",
    "crown,C1,crown,C1,yes\n": "a record is paired with itself",
    "crown,C1,prison,A1,yes\nprison,A1,crown,C1,yes\n": "the pair is there twice in 2 row(s): data rows 1, 2",
    "crown,C1,prison,A9,yes\n": "a record is not among those of 2023Q1 in 1 row(s): data rows 1",
    "": "has no row",
}


@pytest.mark.parametrize("rows", WRONG)
def test_what_is_no_decision_is_refused_by_row_and_rule_and_nothing_is_signed(root, rows):
    for code, said in (sign(root, rows=rows), run(root, "check", "--decisions", "CSV", rows=rows)):
        assert code == 1 and WRONG[rows] in said and "A1" not in said
    assert not (root / FILE).exists()


CHAIN = "crown,C1,prison,A1,yes\nprison,A1,probation,X1,yes\n"


def test_decisions_that_contradict_each_other_through_a_chain_are_refused_by_row_and_nothing_is_signed(root):
    rows = "magistrates,M1,crown,C1,no\n" + CHAIN + "probation,X1,crown,C1,no\n"
    code, said = sign(root, rows=rows)
    assert code == 1 and "through each other, two in 3 row(s): data rows 2, 3, 4" in said and "A1" not in said
    assert not (root / FILE).exists()
    sign(root, rows=CHAIN)
    code, said = sign(root, "jo", "magistrates,M1,prison,A1,no\nprobation,X1,crown,C1,no\n")
    assert code == 1 and "in 1 row(s): data rows 2" in said and "take back what was signed" in said
    assert len(pairs(root)) == 2


def test_records_that_are_alike_in_all_that_is_compared_cannot_be_said_to_be_two(root):
    members = [("crown", "C1", 7), ("prison", "A1", 7), ("prison", "A1", 8), ("probation", "X1", 9)]
    table = pl.DataFrame(members, schema=["source", "record_key", "identity"], orient="row")
    table.write_parquet(root / "justice" / QUARTER / "justice_members.parquet")
    code, said = sign(root, rows="crown,C1,probation,X1,no\nprison,A1,crown,C1,no\n")
    assert code == 1 and "alike in all that is compared" in said and "in 1 row(s): data rows 2" in said
    assert sign(root, rows="crown,C1,probation,X1,no\nprison,A1,crown,C1,yes\n")[0] == 0


def test_a_pair_that_was_decided_and_a_file_of_other_columns_and_a_quarter_without_records_are_refused(root):
    sign(root)
    assert "was decided earlier in 1 row(s)" in sign(root, "jo", "prison,A1,crown,C1,no\n")[1]
    assert "just these columns" in run(root, "check", "--decisions", "CSV", header="a,b\n", rows="1,2\n")[1]
    later = run(root, "check", "--decisions", "CSV", "--quarter", "2023Q2", rows="crown,C1,probation,X1,no\n")[1]
    assert "not linked here" in later and "--quarter 2023Q2" in later
    assert "Say why" in sign(root, rows="crown,C1,probation,X1,no\n", reason=" ")[1]
    assert "has no key here" in sign(root, "lee", "crown,C1,probation,X1,no\n")[1]


def test_a_file_that_was_changed_is_refused_by_every_command_with_what_to_do(root):
    sign(root)
    (root / FILE).write_text(
        (root / FILE).read_text(encoding="utf-8").replace('"sig": "', '"sig": "AA'), encoding="utf-8"
    )
    for code, said in (run(root, "list"), sign(root, rows="crown,C1,probation,X1,no\n")):
        assert code == 1 and "overrides.json" in said and "Restore the signed file" in said


def test_where_people_are_appointed_a_linker_or_reviewer_signs_and_nobody_else(root, edit):
    appoint(root, "jo", ["approver"], "kim", None)
    edit("duties", "appointed_by", appoint(root, "asha", ["linker"], "kim", None))
    code, said = sign(root, "jo")
    assert code == 1 and "jo is not linker or reviewer" in said and "there are: asha" in said
    assert sign(root)[0] == 0 and len(pairs(root)) == 2


def test_what_somebody_signed_who_is_appointed_no_more_is_refused(root, edit):
    edit("duties", "appointed_by", appoint(root, "asha", ["linker"], "kim", None))
    sign(root)
    appoint(root, "asha", ["approver"], "kim", None)
    code, said = run(root, "list")
    assert code == 1 and "nobody who may decide has a key here" in said
