"""The profile of the sources: each everyday loss is a measure outside its band, an honest quarter has none."""

from datetime import date, timedelta

import polars as pl
import pytest

from linkage_assets.schemas.combining import (
    CourtAppearances,
    OutcomeForms,
    PreSentenceReports,
    PrisonReceptions,
    ProbationAttributes,
    TreatmentEpisodes,
)
from linkage_assets.steps.sources.profile_sources import PLAUSIBLE, PLAUSIBLE_WHEN_SENT, profile_sources
from linkage_assets.steps.sources.source_remedies import REMEDIES
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.profile_linkage import LINKAGE, values
from resources.drift.judge_drift import compare_profiles, drift_measures, plausible_measures, source_bands
from resources.drift.quarter_profile import Profile
from resources.zone.schema_check import check_frame

REGIONS = ["Greater London", "North West", "Wales"]
ROWS = {"offender": 1200, "result": 1300, "outcome_profile": 1100}


def table(schema, rows):
    """Rows of a declared table; columns that are not given are empty."""
    columns = schema.to_schema().columns
    return pl.DataFrame(rows, schema={name: column.dtype.type for name, column in columns.items()})


@pytest.fixture
def sources():
    """1,200 requirements over five years up to 31 March 2023, one a person; half reconvicted, a third in prison."""
    days = [date(2018, 8, 1) + timedelta(days=number * 1700 // 1200) for number in range(1200)]
    requirements = [
        {
            "requirement_pseudonym": f"MR{number:05d}",
            "person_pseudonym": f"MP{number:05d}",
            "linkable": True,
            "disposal_date": day,
            "requirement_type": ["ATR", "DRR"][number % 2],
            "region": REGIONS[number % 3],
            "accommodation": ["Settled", "Other housed", None][number % 3],
            "offence_group": "Theft offences",
            "disposal_type": "Community order",
            "length_band": "4 to 6 months",
            "sex": "Male",
            "age_band": "18 to 29",
            "ethnic_group": "White",
            "ogrs_band": "Low",
            "rsr_band": ["Low", None][number % 10 == 0],
            "termination_reason": ["Completed", "Revoked", None][number % 3],
            "recorded_court": "Crown",
        }
        for number, day in enumerate(days)
    ]
    reports = [{"requirement_pseudonym": f"MR{number:05d}", "psr_type": "Fast"} for number in range(0, 1200, 2)]
    receptions = [
        {
            "person_pseudonym": f"MP{number:05d}",
            "reception_date": days[number] + timedelta(days=60),
            "spell_type": "remand",
        }
        for number in range(0, 1200, 3)
    ]
    appearances = [
        {
            "person_pseudonym": f"MP{number:05d}",
            "case_pseudonym": f"MC{number:05d}",
            "matched_by": "crn",
            "source_system": "libra",
            "appearance_date": days[number] + timedelta(days=100 if number % 2 else 900),
            "offence_date": days[number] + timedelta(days=20),
            "listed_outcome": True,
            "conviction_outcome": True,
        }
        for number in range(1200)
    ]
    episodes = [
        {
            "client_pseudonym": f"MT{number:05d}",
            "data_set": "adult_community",
            "start_date": day,
            "end_date": day if number % 5 else None,
            "outcome": "Completed" if number % 5 else None,
            "substance_group": "Opiates",
        }
        for number, day in enumerate(days)
    ]
    forms = [
        {
            "client_pseudonym": f"MT{number:05d}",
            "episode_start": day,
            "form_date": day + timedelta(days=number % 10),
            "stage": "Start",
            "main_substance": "Opiates",
            "OPIUSE": number % 29,
            "ALCUSE": 0,
        }
        for number, day in enumerate(days[:1100])
    ]
    return [
        table(ProbationAttributes, requirements),
        table(PreSentenceReports, reports),
        table(PrisonReceptions, receptions),
        table(CourtAppearances, appearances),
        table(TreatmentEpisodes, episodes),
        table(OutcomeForms, forms),
        ROWS,
    ]


def implausible(sources, settings):
    profile = check_frame(profile_sources(*sources, settings=settings), Profile, "source_profile")
    judged = PLAUSIBLE | (PLAUSIBLE_WHEN_SENT if sources[6].get("outcome_profile") else {})
    bounds = {measure: getattr(settings.drift.plausible, name) for name, measure in judged.items()}
    measures = plausible_measures(profile, bounds, settings.drift.sampling_errors, REMEDIES)
    return {measure.name for measure in measures if not measure.within}


def drifted(sources, earlier, settings):
    now, last = (profile_sources(*tables, settings=settings) for tables in (sources, earlier))
    table = compare_profiles(now, values(last), last, source_bands(settings.drift), "both")
    return {measure.name for measure in drift_measures(table, REMEDIES) if not measure.within}


def test_an_honest_quarter_is_plausible_and_resembles_itself(sources, settings):
    assert implausible(sources, settings) == set()
    assert drifted(sources, sources, settings) == set()


def test_the_measures_say_what_the_tables_hold(sources, settings):
    found = values(profile_sources(*sources, settings=settings))
    assert found["requirements with accommodation"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["requirements with RSR band"] == 0.9
    assert found["requirements with a pre-sentence report"] == 0.5
    assert found["requirements followed in full with a reconviction"] == pytest.approx(0.5, abs=0.01)
    assert found["requirements with a reception into prison"] == pytest.approx(1 / 3, abs=0.01)
    assert found["receptions per person on probation"] == pytest.approx(1 / 3, abs=1e-3)
    assert found["ended as: Completed"] == 0.5 and found["ended as: Died"] == 0
    assert found["court results that are of somebody on probation"] == pytest.approx(1200 / 1300, abs=1e-6)
    assert found["structured treatment episodes that have ended"] == 0.8
    assert found["rows of offender"] == 1200
    assert found["structured treatment episodes with a start form"] == pytest.approx(1100 / 1200, abs=1e-6)
    assert found["outcome forms that answer for opiates"] == 1 and found["outcome forms that answer for crack"] == 0
    assert found["days of use at the start: alcohol"] == 0


NOTHING_MATCHES = {
    "results whose offences are not found": (3, None, "requirements followed in full with a reconviction"),
    "spells of another cohort": (2, None, "requirements with a reception into prison"),
    "results with outcomes in other words": (
        3,
        {"listed_outcome": pl.lit(False)},
        "court results of people on probation with a listed outcome",
    ),
    "offences without their dates": (
        3,
        {"offence_date": pl.lit(None, pl.Date)},
        "court results with the date of the offence",
    ),
    "risk of another cohort": (
        0,
        {"ogrs_band": pl.lit(None, pl.String), "rsr_band": pl.lit(None, pl.String)},
        "requirements with OGRS score",
    ),
    "main offences of another cohort": (
        0,
        {"offence_group": pl.lit(None, pl.String)},
        "requirements with offence group",
    ),
    "addresses without a type": (0, {"accommodation": pl.lit(None, pl.String)}, "requirements with accommodation"),
    "reports of another cohort": (1, None, "requirements with a pre-sentence report"),
    "endings in other words": (0, {"termination_reason": pl.lit("Other")}, "ended as: Other"),
    "drugs in other words": (
        4,
        {"substance_group": pl.lit(None, pl.String)},
        "treatment episodes with a known substance",
    ),
    "discharges that were not sent": (
        4,
        {"end_date": pl.lit(None, pl.Date)},
        "structured treatment episodes that have ended",
    ),
    "forms of other episodes": (5, None, "structured treatment episodes with a start form"),
}


@pytest.mark.parametrize(("place", "columns", "measure"), NOTHING_MATCHES.values(), ids=NOTHING_MATCHES)
def test_a_source_that_matches_nothing_is_implausible_in_a_first_quarter_and_drift_in_a_later_one(
    sources, settings, place, columns, measure
):
    lost = list(sources)
    lost[place] = sources[place].with_columns(**columns) if columns else sources[place].clear()
    assert measure in implausible(lost, settings)
    assert measure in drifted(lost, sources, settings)


def test_forms_that_were_not_sent_are_no_loss_at_first_and_drift_once_they_were(sources, settings):
    without = [*sources[:5], sources[5].clear(), ROWS | {"outcome_profile": 0}]
    assert implausible(without, settings) == set()
    assert drifted(without, without, settings) == set()
    assert drifted(without, sources, settings) == {"rows of outcome_profile"}


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_third_of_a_source_lost_is_drift(sources, settings, place):
    lost = list(sources)
    lost[place] = sources[place].gather_every(3).vstack(sources[place].gather_every(3, offset=1))
    assert drifted(lost, sources, settings) and not implausible(lost, settings)


def test_a_region_that_stopped_sending_shows_in_the_first_quarter_already(sources, settings):
    many = list(sources)
    many[0] = pl.concat([sources[0]] * 20).with_columns(
        requirement_pseudonym=pl.concat_str(pl.lit("MR"), pl.int_range(pl.len()).cast(pl.String))
    )
    gone = (pl.col("region") == "North West") & (pl.col("disposal_date") > date(2022, 12, 31))
    many[0] = many[0].filter(~gone)
    assert "newest quarter: North West" in drifted(many, many, settings)
    assert "newest quarter: Greater London" not in drifted(many, many, settings)


def test_fewer_rows_than_last_quarter_are_drift(sources, settings):
    assert drifted([*sources[:6], ROWS | {"offender": 800}], sources, settings) == {"rows of offender"}


def test_what_a_model_keeps_of_its_quarter_is_what_was_measured_once_it_is_read_back(sources, settings):
    measured = profile_sources(*sources, settings=settings)
    profile = {measure: value for measure, value in values(measured).items() if value is not None}
    model = TrainedModel({}, {}, [], [], [], profile, {"synthetic": None}, "")
    kept = TrainedModel.from_json(model.to_json())
    assert kept == model and kept.digest == model.digest
    table = compare_profiles(measured, kept.profile, None, source_bands(settings.drift), "training")
    known = table.filter(pl.col("training").is_not_null())
    assert known["training"].equals(known["value"].alias("training")) and known.height > 80


def test_every_source_has_something_to_do(sources, settings):
    assert set(profile_sources(*sources, settings=settings)["source"]) | {LINKAGE, "nDelius", "NDTMS"} == set(REMEDIES)
