"""How the extracts fit together as the zone keeps and judges it: the table, and what the check refuses."""

import polars as pl
import pytest

from contracts.extracts import ALL_EXTRACTS
from contracts.references import EXTRACTS_CHECK, NOTE_REQUEST_REFERENCES
from linkage_assets.definitions import defs
from linkage_assets.steps.sources.judge_extracts import extract_columns, judge_extracts
from resources.extracts.extract_references import fit_table, fits_of, judge_references
from resources.extracts.extract_schema import ExtractFit
from resources.zone.gates import Decisions, judge
from resources.zone.schema_check import check_frame


def _frames(extract, offence_of_result: str) -> dict[str, pl.LazyFrame]:
    offences = [
        {"offence_id": f"F{n:06}", "case_id": "L1", "defendant_id": "D1", "offence_date": None} for n in range(30)
    ]
    results = [
        {"result_id": f"S{n}", "offence_id": offence_of_result.format(n), "result_text": "Fine"} for n in range(30)
    ]
    return {"offence": extract("offence", *offences).lazy(), "result": extract("result", *results).lazy()}


def test_every_column_that_is_judged_is_declared():
    for extract in ALL_EXTRACTS:
        assert set(extract_columns(extract.name)) <= set(extract.column_names)
    assert extract_columns("result") == ["appearance_date", "offence_id", "result_text"]
    assert "notes" not in extract_columns("contact_note") and "forename_initial" not in extract_columns("offender")


@pytest.mark.parametrize(("written", "refused"), [("F{0:06}", 0), ("F{0}", 2)])
def test_the_table_holds_counts_and_the_check_refuses_what_stops(written, refused, extract, settings):
    frames = _frames(extract, written)
    table = check_frame(fit_table(judge_extracts(frames, settings)), ExtractFit, "extract_fit")
    fits = fits_of(table)
    judgement = judge(EXTRACTS_CHECK, [fit.measure for fit in fits], Decisions("2023Q1"))
    assert judgement.passed == (not refused)
    assert [measure.value for measure in judgement.refused] == [0.0] * refused
    assert all("leading zeros" in measure.what_to_do for measure in judgement.refused[:1])


def test_the_check_blocks_what_joins_the_extracts():
    graph = defs().resolve_asset_graph()
    (key,) = [key for key in graph.asset_check_keys if key.name == EXTRACTS_CHECK]
    assert graph.get(key).blocking
    below = {child.path[-1] for child in graph.get(key.asset_key).child_keys}
    below.discard("linkage_receipts")  # which says of every table what it was made of
    assert below == {"court_appearances", "prison_receptions", "probation_attributes", "pre_sentence_reports"}


@pytest.mark.parametrize(
    ("crn", "requirement", "fitting"),
    [("X{0:06}", "Q{0:06}", [20, 20, 20]), ("Y{0:06}", "Q{0:06}", [0, 0, 0]), ("X{0:06}", "Q{1:06}", [20, 20, 0])],
    ids=["of the people requested", "of other people", "under requirements of other people"],
)
def test_notes_are_judged_beside_the_request_for_them(crn, requirement, fitting, extract):
    notes = [
        {"contact_id": str(n), "crn": crn.format(n), "requirement_id": requirement.format(n, (n + 1) % 20)}
        for n in range(20)
    ]
    asked = pl.DataFrame({"crn": [f"X{n:06}" for n in range(20)], "requirement_id": [f"Q{n:06}" for n in range(20)]})
    frames = {"contact_note": extract("contact_note", *notes).lazy(), "note_request": asked}
    fits = judge_references(NOTE_REQUEST_REFERENCES, frames)
    assert [fit.fitting for fit in fits] == fitting
    assert any(fit.stops for fit in fits) == (fitting != [20, 20, 20])
