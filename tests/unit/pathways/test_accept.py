"""`pathways accept`: who may go on against what, for which value, and what is written."""

import json
from datetime import date
from typing import Any

import pytest

from pathways.accept import NotAccepted, accept, how_to_go_on, refused_lines
from resources.receipts.receipt_book import ReceiptBook
from resources.receipts.receipts import CheckRecord, Receipt
from resources.receipts.told_receipts import told_receipts
from resources.zone.gates import Acceptance, DecisionsFolder, DecisionsNotReadable, Measure, judge

QUARTER, DAY = "2023Q2", date(2026, 11, 28)
OUTSIDE: dict[str, Any] = {
    "name": "stability index",
    "value": 7.24,
    "allowed": "at most 0.25",
    "within": False,
    "what_to_do": "Look.",
}
NOTHING = OUTSIDE | {"name": "share linked", "value": None}


@pytest.fixture
def root(tmp_path):
    """A data folder whose last run left a drift gate and a schema check refused."""
    checks = {
        "quarter_resembles_training": CheckRecord(passed=False, judged={}, acceptable=True, refused=[OUTSIDE, NOTHING]),
        "matches_schema": CheckRecord(passed=False, judged={}, message="fault: number: le(9) broken by 1 row(s)"),
        "passes": CheckRecord(passed=True, judged={}),
    }
    folder = tmp_path / "linkage" / QUARTER
    folder.mkdir(parents=True)
    ReceiptBook(tmp_path, "linkage").write(receipt(checks), folder / "linkage_profile.json")
    return tmp_path


def receipt(checks: dict) -> Receipt:
    return Receipt(
        table="linkage_profile",
        quarter=QUARTER,
        rows=1,
        columns=1,
        bytes=1,
        sha256="0",
        code="c",
        settings="s",
        made_from={},
        seconds=0,
        peak_mb=1,
        checks=checks,
    )


def accepted(root, check="quarter_resembles_training", measure="stability index", by="A. Person", reason="Why not."):
    return accept(root, QUARTER, check, measure, by, reason, DAY)


def test_a_refused_measure_is_accepted_with_its_value_who_when_and_why(root):
    accepted(root)
    (decision,) = DecisionsFolder(root).of_quarter(QUARTER).accepted
    assert (decision.measure, decision.value, decision.by, decision.on) == ("stability index", 7.24, "A. Person", DAY)
    assert decision.reason == "Why not."


def test_what_was_written_lets_just_that_value_pass(root):
    accepted(root)
    decisions = DecisionsFolder(root).of_quarter(QUARTER)
    assert judge("quarter_resembles_training", [Measure(**OUTSIDE)], decisions).passed
    other = Measure(**{**OUTSIDE, "value": 7.25})
    assert not judge("quarter_resembles_training", [other], decisions).passed


def test_a_second_measure_is_added_and_one_without_a_value_is_accepted_without_one(root):
    accepted(root)
    accepted(root, measure="share linked")
    values = [decision.value for decision in DecisionsFolder(root).of_quarter(QUARTER).accepted]
    assert values == [7.24, None]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"check": "passes"}, "refuses nothing"),
        ({"check": "no_such_check"}, "refuses nothing"),
        ({"measure": "another measure"}, "stability index; share linked"),
        ({"measure": ""}, "stability index; share linked"),
        ({"check": "matches_schema"}, "cannot be accepted"),
        ({"by": "  "}, "--by is empty"),
        ({"reason": ""}, "--reason is empty"),
        ({"reason": "x" * 501}, "more than 500"),
        ({"by": "A\x1b[31m"}, "cannot be printed"),
    ],
)
def test_nothing_is_written_where_nothing_may_be_accepted(root, given, said):
    with pytest.raises(NotAccepted, match=said):
        accepted(root, **given)
    assert not list(root.glob("decisions/*.toml"))


def test_what_was_accepted_goes_on_with_the_refresh_of_the_study_whose_check_refused(root):
    justice = "justice_sources_resemble_training_and_last_release"
    checks = {justice: CheckRecord(passed=False, judged={}, acceptable=True, refused=[OUTSIDE])}
    folder = root / "justice" / QUARTER
    folder.mkdir(parents=True)
    ReceiptBook(root, "justice").write(receipt(checks), folder / "linkage_profile.json")
    run = how_to_go_on(root, QUARTER, justice, OUTSIDE["name"])
    assert f"pathways refresh --study justice --quarter {QUARTER}" in run
    run = how_to_go_on(root, QUARTER, "quarter_resembles_training", OUTSIDE["name"])
    assert f"pathways refresh --quarter {QUARTER}" in run


def test_the_same_value_is_not_accepted_twice(root):
    accepted(root)
    with pytest.raises(NotAccepted, match=r"A. Person accepted this value"):
        accepted(root, by="B. Person")


def test_a_refusal_of_another_quarter_cannot_be_accepted(root):
    with pytest.raises(NotAccepted, match="refuses nothing in 2023Q3"):
        accept(root, "2023Q3", "quarter_resembles_training", "stability index", "A. Person", "Why not.", DAY)


def test_a_damaged_file_of_decisions_is_not_added_to(root):
    (root / "decisions").mkdir()
    path = root / "decisions" / f"{QUARTER}.toml"
    path.write_text("[[accepted", encoding="utf-8")
    with pytest.raises(DecisionsNotReadable, match="2023Q2"):
        accepted(root)
    assert path.read_text(encoding="utf-8") == "[[accepted"


def test_what_is_refused_is_listed_with_the_command_that_accepts_it(root):
    said = "\n".join(refused_lines(root, QUARTER))
    assert "stability index: 7.24, allowed at most 0.25" in said and "--measure 'stability index'" in said
    assert "matches_schema refuses table linkage_profile" in said and "broken by 1 row(s)" in said
    assert "passes" not in said
    assert "No check refuses anything" in refused_lines(root, "2023Q3")[0]


def test_what_a_zone_tells_names_decisions_and_holds_no_small_count():
    def decision(value):
        return Acceptance(quarter=QUARTER, check="c", measure="m", value=value, by="A", on=DAY, reason="r")

    record = CheckRecord(passed=True, judged={}, accepted=[decision(3), decision(7.24)])
    told = told_receipts([receipt({"c": record})], {}, 5)
    assert [entry["value"] for entry in json.loads(told["accepted"][0])] == ["[c]", 7.24]
