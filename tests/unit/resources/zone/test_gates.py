"""Gates: a measure outside its band refuses, unless a person has accepted just that value for just that quarter."""

import math
from typing import Any

import pytest

from resources.zone.gates import GATE, Acceptance, Decisions, DecisionsFolder, DecisionsNotReadable, Measure, judge
from resources.zone.zone_gate import check_result

QUARTER, CHECK = "2023Q2", "quarter_resembles_training"
WITHIN = Measure("share linked", 0.31, "within 5 points of 0.3", True, "Nothing.")
OUTSIDE = Measure("stability index", 7.24, "at most 0.25", False, "Look at the extracts first.")
ENTRY = {
    "quarter": QUARTER,
    "check": CHECK,
    "measure": "stability index",
    "value": 7.24,
    "by": "A. Person",
    "on": "2026-11-28",
    "reason": "A new supplier.",
}
TOML = """[[accepted]]
quarter = "2023Q2"
check = "quarter_resembles_training"
measure = "stability index"
value = 7.24
by = "A. Person"
on = 2026-11-28
reason = "A new supplier."
"""


def decisions(**changed) -> Decisions:
    return Decisions(QUARTER, (Acceptance.model_validate(ENTRY | changed),))


def write(tmp_path, text: str) -> DecisionsFolder:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / f"{QUARTER}.toml").write_text(text, encoding="utf-8")
    return DecisionsFolder(tmp_path)


def test_measures_within_their_bands_pass():
    assert judge(CHECK, [WITHIN], Decisions(QUARTER)).passed


def test_a_measure_outside_its_band_refuses():
    judgement = judge(CHECK, [WITHIN, OUTSIDE], Decisions(QUARTER))
    assert not judgement.passed and judgement.refused == (OUTSIDE,)


def test_a_decision_about_that_value_lets_the_run_go_on_and_is_shown():
    judgement = judge(CHECK, [WITHIN, OUTSIDE], decisions())
    assert judgement.passed
    shown = check_result(judgement).metadata["accepted: stability index"].value
    assert isinstance(shown, str)
    assert "7.24" in shown and "A. Person" in shown and "2026-11-28" in shown and "A new supplier." in shown


@pytest.mark.parametrize("changed", [{"value": 7.2400001}, {"measure": "share linked"}, {"check": "another_check"}])
def test_a_decision_about_another_value_measure_or_check_counts_for_nothing(changed):
    assert not judge(CHECK, [OUTSIDE], decisions(**changed)).passed


def test_a_measure_without_a_value_is_accepted_by_a_decision_without_a_value_only():
    nothing = Measure("stability index", None, "at most 0.25", False, "")
    entry = {name: value for name, value in ENTRY.items() if name != "value"}
    assert judge(CHECK, [nothing], Decisions(QUARTER, (Acceptance.model_validate(entry),))).passed
    assert not judge(CHECK, [nothing], decisions()).passed
    assert judge(CHECK, [Measure("stability index", math.nan, "", False, "")], decisions(value=math.nan)).passed


def test_what_may_not_be_accepted_is_refused_whatever_was_decided():
    assert not judge(CHECK, [OUTSIDE], decisions(), acceptable=False).passed


def test_a_refusal_shows_value_band_and_what_to_do():
    result = check_result(judge(CHECK, [WITHIN, OUTSIDE], Decisions(QUARTER)))
    assert not result.passed
    assert result.metadata["refused: stability index"].value == (
        "stability index: 7.24, allowed at most 0.25. Look at the extracts first."
    )
    gate: Any = result.metadata[GATE].value
    assert gate["acceptable"] and [measure["name"] for measure in gate["refused"]] == ["stability index"]


def test_two_measures_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="same name"):
        judge(CHECK, [OUTSIDE, OUTSIDE], Decisions(QUARTER))


def test_decisions_are_read_from_the_file_of_their_quarter(tmp_path):
    folder = write(tmp_path, TOML)
    assert folder.of_quarter(QUARTER) == decisions()
    assert folder.of_quarter("2023Q1") == Decisions("2023Q1")


@pytest.mark.parametrize(
    "text",
    [
        TOML[:40],
        "accepted = 3",
        "accepted = [3]",
        TOML.replace('by = "A. Person"\n', ""),
        TOML.replace("A. Person", "  "),
        TOML.replace("7.24", '"about seven"'),
        TOML.replace('quarter = "2023Q2"', 'quarter = "2023Q1"'),
    ],
)
def test_a_file_of_decisions_that_cannot_be_used_is_named_with_what_to_do(tmp_path, text):
    with pytest.raises(DecisionsNotReadable, match=r"2023Q2\.toml"):
        write(tmp_path, text).of_quarter(QUARTER)


def test_an_empty_file_of_decisions_holds_none(tmp_path):
    assert write(tmp_path, "").of_quarter(QUARTER) == Decisions(QUARTER)
