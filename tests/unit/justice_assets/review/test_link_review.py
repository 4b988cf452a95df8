"""Which pairs of justice records people review, what they see of them, and what their decisions say."""

import numpy as np
import polars as pl
import pytest

from justice_assets.schemas.reviewing import STRATA, LinkReviewRecords, LinkReviewSample
from justice_assets.steps.linking.score_parts import COMPARED, EQUAL, EQUAL_BEYOND_DOUBT, ONE_GROUP
from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.quality_page.review_shown import findings_of, review_grid, review_values
from justice_assets.steps.quality_page.write_quality_page import quality_page_html
from justice_assets.steps.review.evaluate_links import evaluate_links
from justice_assets.steps.review.link_records import compare_links, link_records
from justice_assets.steps.review.sample_links import NothingToReview, bands_of, sample_links
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame
from tests.unit.justice_assets.report.test_quality_page import TABLES
from tests.unit.justice_assets.stated_linkage import person, persons

JUSTICE = load_study_settings().justice
LINKAGE = JUSTICE.linkage  # 20, 12 and 6 bits
REVIEW = JUSTICE.review.model_copy(update=dict.fromkeys(STRATA, 2) | {"bootstrap_replicates": 200})
SCORED = {"l": pl.UInt64, "r": pl.UInt64, "match_weight": pl.Float64, "kind": pl.UInt8}


def scored(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCORED, orient="row")


def members(*rows: tuple) -> pl.DataFrame:
    """Source, key and identity of forms."""
    schema = {"source": pl.String, "record_key": pl.String, "identity": pl.UInt64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def a_release(number: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scored pairs of `number` identities with a record each, over all bands, and every fifth with a second record."""
    pairs = [(i, i + 1, float(i % 25), COMPARED) for i in range(1, number)]
    held = [(i, i, 25.0, EQUAL_BEYOND_DOUBT) for i in range(5, number + 1, 5)]
    forms = [("crown", f"C{i:03d}", i) for i in range(1, number + 1)]
    return scored(*pairs, *held), members(*forms, *(("prison", f"A{i:03d}", i) for i in range(5, number + 1, 5)))


def test_a_band_holds_its_lower_threshold_and_pairs_that_were_held_stand_apart_whatever_they_weigh():
    rows = scored(
        *((1, 2, bits, COMPARED) for bits in (2.0, 6.0, 11.9, 12.0, 20.0)),
        (3, 3, 1.0, EQUAL),
        (3, 3, 22.0, EQUAL_BEYOND_DOUBT),
        (4, 5, 22.0, ONE_GROUP),
    )
    named = [STRATA[number] for number in bands_of(rows, LINKAGE)]
    bands = ["below_low", "low_to_medium", "low_to_medium", "medium_to_high", "above_high"]
    assert named == [*bands, "below_low", "one_group", "one_group"]


def test_each_band_gives_what_the_settings_say_and_its_pairs_stand_for_all_of_it():
    pairs, forms = a_release()
    drawn = sample_links(pairs, forms, LINKAGE, REVIEW)
    check_frame(drawn.sample, LinkReviewSample, "review_sample")
    counts = {row["band"]: (row["pairs"], row["sampled"]) for row in drawn.strata}
    band = bands_of(pairs, LINKAGE)
    assert counts == {name: (int((band == number).sum()), 2) for number, name in enumerate(STRATA)}
    assert drawn.sample["sampling_weight"].sum() == pytest.approx(pairs.height)
    assert drawn.pairs_at == {
        name: pairs.filter(pl.col("match_weight") >= bits).height
        for name, bits in (("high", 20), ("medium", 12), ("low", 6))
    }
    shown = drawn.sample.select(["source", "record_key", "other_source", "other_record_key"]).rows()
    assert all(row[:2] != row[2:] for row in shown)


def test_the_same_seed_draws_the_same_pairs_and_another_others():
    pairs, forms = a_release()
    one = sample_links(pairs, forms, LINKAGE, REVIEW).sample
    assert sample_links(pairs, forms, LINKAGE, REVIEW).sample.equals(one)
    other = sample_links(pairs, forms, LINKAGE, REVIEW.model_copy(update={"seed": 3})).sample
    assert not other.equals(one)


def test_forms_of_one_record_ask_nothing_and_where_one_identity_has_a_second_record_that_is_shown():
    forms = members(("crown", "C1", 1), ("crown", "C1", 2), ("crown", "C2", 3), ("crown", "C2", 4), ("prison", "A1", 4))
    pairs = scored((1, 2, 8.0, COMPARED), (1, 1, 30.0, EQUAL), (3, 4, 8.0, COMPARED), (4, 4, 25.0, EQUAL_BEYOND_DOUBT))
    drawn = sample_links(pairs, forms, LINKAGE, REVIEW)
    assert {row["band"]: row["pairs"] for row in drawn.strata} == {"low_to_medium": 1, "one_group": 1}
    for row in drawn.sample.iter_rows(named=True):
        assert {(row["source"], row["record_key"]), (row["other_source"], row["other_record_key"])} == {
            ("crown", "C2"),
            ("prison", "A1"),
        }
    with pytest.raises(NothingToReview):
        sample_links(pairs.head(2), forms, LINKAGE, REVIEW)


def test_what_is_compared_is_shown_of_both_with_other_names_and_postcodes_and_never_the_weight():
    frame = persons(
        person("C1", "ANN", "SMITH", pnc="2001/0000001A", source="crown"),
        person("A1", "ANNE", "SMITH", "1984-07-03", source="prison", postcodes=["LS1 4AB", "LS2 7XY"]),
        person("A1", "ANNIE", "JONES", "1984-07-03", source="prison", name_form=1),
    )
    signed = [name for name in frame.columns if name not in ("source", "record_key", "name_form", "postcodes")]
    identities = frame.head(2).select(pl.Series("identity", [1, 2], dtype=pl.UInt64), *signed)
    sample = pl.DataFrame(
        {
            "pair": [1],
            "l": [1],
            "r": [2],
            "source": ["crown"],
            "record_key": ["C1"],
            "other_source": ["prison"],
            "other_record_key": ["A1"],
        },
        schema_overrides={"pair": pl.Int32, "l": pl.UInt64, "r": pl.UInt64},
    )
    shown = check_frame(link_records(sample, identities.lazy(), frame.lazy()), LinkReviewRecords, "review_records")
    assert not {"match_weight", "band", "record_key"} & set(shown.columns)
    lines = {line.label: line for line in compare_links(*shown.iter_rows(named=True))}
    assert lines["Source"].one == [("Crown Court", False)] and lines["Source"].other == [("Prison", False)]
    assert lines["Forename"].other == [("ANN", False), ("E", True)]
    assert lines["Surname"].verdict == "same" and lines["Sex"].one == [("Male", False)]
    assert lines["Date of birth"].verdict == "differs: day and month swapped"
    assert lines["Police number (PNC)"].verdict == "recorded in one only"
    assert lines["Other names on record"].other == [("ANNIE JONES", False)]
    assert lines["Other postcodes on record"].other == [("LS2 7XY", False)]
    assert lines["Other names on record"].one == [] and lines["Other names on record"].empty == "none"


# By hand. Bits, band, pairs of the band; two of each are judged, so each stands for half of its band.
JUDGED = [
    (3.0, 0, 40, True),
    (4.0, 0, 40, False),
    (8.0, 1, 20, True),
    (9.0, 1, 20, False),
    (13.0, 2, 10, True),
    (14.0, 2, 10, True),
    (21.0, 3, 100, True),
    (22.0, 3, 100, True),
]
AT = {"high": 100, "medium": 110, "low": 130}


def found(reviewers: int = 2) -> dict:
    sample = pl.DataFrame(
        [(bits, stratum, pairs / 2) for bits, stratum, pairs, _ in JUDGED],
        schema=["match_weight", "stratum", "sampling_weight"],
        orient="row",
    )
    scores = np.array([[float(match)] * reviewers for *_, match in JUDGED])
    return evaluate_links(sample, scores, AT, LINKAGE, REVIEW)


def test_precision_at_each_threshold_is_weighted_back_and_what_is_missed_below_is_told():
    findings = found()
    rows = {row["threshold"]: row for row in findings["thresholds"]}
    assert [rows[name]["precision"] for name in rows] == [1.0, 1.0, round(120 / 130, 4)]
    assert [rows[name]["recall"] for name in rows] == [round(part / 140, 4) for part in (100, 110, 120)]
    assert [(row["pairs"], row["judged"]) for row in rows.values()] == [(100, 2), (110, 4), (130, 6)]
    assert findings["below_lowest"]["share"] == 0.5 and findings["below_lowest"]["judged"] == 2
    assert findings["agreement"]["agree"]["value"] == 1.0 and found(1)["agreement"] is None
    low = rows["low"]
    assert low["precision_low"] < low["precision"] < low["precision_high"]
    assert rows["high"]["precision_low"] < 1


def test_the_quality_page_tells_limits_and_who_judged_and_no_share_of_few():
    findings = {**found(), "simulated": True}
    grid = review_grid(findings, "", 5, 6)
    assert grid.rows[0] == ["Strictest threshold, 20 bits", "0", "[u]", "[u]"]
    assert grid.rows[2][:2] == ["Widest threshold, 6 bits", "5"] and grid.rows[2][2].startswith("92.3 (")
    assert grid.rows[3][0] == "Below the widest threshold" and grid.rows[3][3].startswith("14.3 (")
    assert "simulated reviewers" in grid.caption
    assert not any(review_values(None, "", 5, 30).values())
    assert review_values(None, "", 5, 30).keys() == review_values(findings, "", 5, 30).keys()


def test_findings_of_pairs_that_were_scored_otherwise_are_none():
    class Pairs:
        sha256 = "now"

    then, now = ({"made_from": {"scored_identities": sha256}} for sha256 in ("then", "now"))
    assert findings_of(then, Pairs()) is None and findings_of(now, Pairs()) == now
    assert findings_of(None, Pairs()) is None and findings_of(now, None) is None


def page(findings: dict | None) -> str:
    facts = PanelFacts("2023Q1", synthetic=True)
    publication = load_study_settings().publication
    return quality_page_html(TABLES, facts, JUSTICE, publication, findings)


def test_the_page_says_plainly_that_nobody_has_reviewed_or_that_a_program_did_or_shows_what_people_said():
    assert "Nobody has reviewed the pairs that this release links" in page(None)
    played, by_people = page({**found(), "simulated": True}), page({**found(), "simulated": False})
    assert "A program played reviewers" in played and "Pairs that simulated reviewers call one person" in played
    assert "People reviewed pairs" in by_people and "simulated reviewers" not in by_people
    assert all("Nobody has reviewed" not in told for told in (played, by_people))
