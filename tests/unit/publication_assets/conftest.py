"""Tiny frames in the shape of the publication's inputs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from contracts.crossings import (
    LOCAL_AUTHORITY,
    QUARTER_OF_SENTENCE,
    SUBSTANCES,
    LinkageQuality,
    RequirementCounts,
    SubstanceUse,
)
from contracts.leaving_a_zone import ROWS
from modelling_assets.steps.engagement.estimate_engagement import estimate_engagement
from modelling_assets.steps.engagement.label_errors import NOBODY_REVIEWED, NOT_LINKED, WITH_DECOYS, ReviewedCases
from publication_assets.steps.documents.reading_engines import ReadingEngine
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.report.write_report import report, report_values
from publication_assets.steps.tables.make_tables import TableInputs, make_tables
from publication_assets.templates_folder import TEMPLATES
from publishing.disclosure.show_cells import published_cells
from publishing.documents.fill_template import names_in, templates_of
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

IN_TREATMENT = [
    "in_treatment_at_sentence",
    "in_treatment_after_3_weeks",
    "in_treatment_after_6_weeks",
    "in_treatment_after_12_weeks",
    "in_treatment_after_6_months",
    "in_treatment_after_12_months",
]
DEFAULTS = {
    "requirement_type": "ATR",
    "linked_any": False,
    "linked_structured": False,
    "linked_cjit": False,
    "treatment_status": "Not linked",
    "prison_12m": False,
    "reconvicted": False,
    "convicted_again": False,
    "followed_in_full": True,
    "note_sampled": False,
    "synthetic": False,
    "keyword_notes": None,
    "labelled_notes": None,
    "any_engaged": None,
    "region": "Greater London",
    "sentence_year": 2020,
    "accommodation": "Settled",
    "length_band": "4 to 6 months",
    "time_band": None,
    "days_to_treatment": None,
    "substance_group": None,
    "days_in_treatment": None,
    "followed_in_treatment": None,
    **dict.fromkeys(IN_TREATMENT, False),
    "status_at_requirement_end": None,
    "age_band": "30 to 39",
    "sex": "Male",
    "ethnic_group": "White",
    "termination_reason": None,
    "notes_before_termination": None,
    "engaged_before_termination": None,
}
TYPES = {
    "accommodation": pl.String,
    "age_band": pl.String,
    "sex": pl.String,
    "ethnic_group": pl.String,
    "time_band": pl.String,
    "treatment_status": pl.String,
    "days_to_treatment": pl.Int32,
    "substance_group": pl.String,
    "days_in_treatment": pl.Int32,
    "followed_in_treatment": pl.String,
    "status_at_requirement_end": pl.String,
    **dict.fromkeys(IN_TREATMENT, pl.Boolean),
    "termination_reason": pl.String,
    "notes_before_termination": pl.Int32,
    "engaged_before_termination": pl.Int32,
    **dict.fromkeys(
        ["linked_cjit", "prison_12m", "convicted_again", "followed_in_full", "note_sampled", "synthetic"], pl.Boolean
    ),
    "linked_any": pl.Boolean,
    "linked_structured": pl.Boolean,
    "reconvicted": pl.Boolean,
    "keyword_notes": pl.Int32,
    "labelled_notes": pl.Int32,
    "any_engaged": pl.Boolean,
}
SAMPLED = {"note_sampled": True, "keyword_notes": 3, "labelled_notes": 3}


def frame_of(*groups: tuple[int, dict]) -> pl.DataFrame:
    """An analysis frame: each group is a number of rows and the values in which they differ from DEFAULTS."""
    rows = [DEFAULTS | values for number, values in groups for _ in range(number)]
    keys = {"requirement_key": [f"r{i}" for i in range(len(rows))], "person_key": [f"p{i}" for i in range(len(rows))]}
    return pl.DataFrame(keys | {name: [row[name] for row in rows] for name in DEFAULTS}, schema_overrides=TYPES)


def figures_that_cross(rows: Iterable[tuple]) -> pl.DataFrame:
    """Rows of a crossing table of figures from (section, group, label, measure, unit, value, words or mark), and limits
    if any.
    """
    made = []
    for order, row in enumerate(rows, start=1):
        *place, value, low, high = row if len(row) > 6 else (*row, None, None)
        words = value if isinstance(value, str) else None
        mark = words if words and words.startswith("[") else None
        number = float(value) if words is None else None
        made.append((order, *place, number, low, high, None if mark else words, mark or "shown", False))
    schema = {"order": pl.Int32, **ROWS, "synthetic": pl.Boolean}
    return pl.DataFrame(made, schema=schema, orient="row")


def reviewed_cases(*counts: int) -> dict[str, ReviewedCases]:
    """True positives, false negatives, false positives and true negatives of those not linked; 50 decoys besides."""
    engaged, *others = counts
    return {NOT_LINKED: ReviewedCases(*counts), WITH_DECOYS: ReviewedCases(engaged + 50, *others)}


def linked(status: str, **values) -> dict:
    """Values of a linked requirement: in treatment from the tenth day on, for 100 days unless it remained in it."""
    still = status == "Remained"
    return {
        "linked_structured": True,
        "treatment_status": status,
        "time_band": "Within 3 weeks",
        "days_to_treatment": 10,
        "days_in_treatment": None if still else 100,
        "followed_in_treatment": "12 months",
        **dict.fromkeys(IN_TREATMENT[1:4], True),
        **dict.fromkeys(IN_TREATMENT[4:], still),
        "substance_group": "Opiates",
        **values,
    }


def substance_use_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The crossing table substance_use of an analysis frame: of five linked requirements four have both forms, one a
    start form only. Alcohol is the main problem of all, used on 20 days and later on none or 10; opiates by nobody."""
    linked_rows = frame.filter("linked_structured").with_row_index("number")
    last = pl.when(pl.col("number") % 5 != 0).then(pl.when(pl.col("number") % 2 == 0).then(0).otherwise(10))
    alcohol = pl.col("substance") == "Alcohol"
    rows = linked_rows.join(pl.DataFrame({"substance": SUBSTANCES}), how="cross").select(
        person_key=pl.format("U{}{}", "person_key", "substance"),
        substance="substance",
        requirement_type="requirement_type",
        treatment_status="treatment_status",
        already_in_treatment=pl.col("days_to_treatment") == 0,
        main_problem=alcohol,
        days_at_start=pl.when(alcohol).then(20).otherwise(0).cast(pl.Int32),
        days_at_last=pl.when(alcohol | last.is_null()).then(last).otherwise(0).cast(pl.Int32),
        last_stage=pl.when(last.is_not_null()).then(pl.lit("Review")),
        synthetic="synthetic",
    )
    columns = list(SubstanceUse.to_schema().columns)
    return rows.select(columns).sort(columns)


def requirement_counts_of(frame: pl.DataFrame) -> pl.DataFrame:
    """The crossing table requirement_counts of an analysis frame: all sentences in the first quarter of their year, and
    no local authority that stands by itself."""
    followed = pl.col("followed_in_full")
    sizes = {"requirements": pl.len(), "linked": pl.col("linked_structured").sum()}
    of_those = {"followed_in_full": followed.sum(), "reconvicted_in_full": (followed & pl.col("reconvicted")).sum()}
    quarters = frame.group_by("requirement_type", level=pl.format("{}Q1", "sentence_year")).agg(**sizes, **of_those)
    regions = frame.group_by("requirement_type", "region").agg(**sizes)
    parts = [
        quarters.with_columns(grouping=pl.lit(QUARTER_OF_SENTENCE)),
        regions.with_columns(grouping=pl.lit(LOCAL_AUTHORITY)),
    ]
    columns = list(RequirementCounts.to_schema().columns)
    return pl.concat(parts, how="diagonal").with_columns(synthetic=pl.lit(False)).select(columns).sort(columns[:4])


@pytest.fixture(scope="session")
def use_of():
    return substance_use_of


@pytest.fixture(scope="session")
def settings():
    return load_study_settings().for_quarter(date(2023, 3, 31))


@pytest.fixture(scope="session")
def build():
    return frame_of


@pytest.fixture(scope="session")
def link():
    return linked


@pytest.fixture(scope="session")
def sampled():
    return lambda **values: SAMPLED | values


@pytest.fixture(scope="session")
def study_frame():
    """A small study in which no count is from 1 to 4."""
    ended = {"termination_reason": "Completed", "notes_before_termination": 10, "engaged_before_termination": 1}
    groups = []
    for kind in ("ATR", "DRR"):
        groups += [
            (10, linked(status, requirement_type=kind, reconvicted=hit))
            for hit in (True, False)
            for status in ("Completed", "Remained", "Dropped out", "Prison", "Died")
        ]
        groups += [
            (40, SAMPLED | ended | {"requirement_type": kind, "any_engaged": True, "reconvicted": True}),
            (10, SAMPLED | {"requirement_type": kind, "any_engaged": False, "followed_in_full": False}),
            (
                10,
                SAMPLED
                | {
                    "requirement_type": kind,
                    "any_engaged": False,
                    "keyword_notes": 0,
                    "labelled_notes": 0,
                    "linked_cjit": True,
                },
            ),
            (60, {"requirement_type": kind, "prison_12m": True}),
            (20, SAMPLED | linked("Completed", requirement_type=kind, any_engaged=True)),
        ]
    return frame_of(*groups)


@pytest.fixture(scope="session")
def estimate(settings):
    """Function: the table engagement_estimates of an analysis frame and, if any, reviewed cases."""

    def make(frame: pl.DataFrame, reviewed: dict | None = None) -> pl.DataFrame:
        return estimate_engagement(frame, reviewed or NOBODY_REVIEWED, settings.modelling)

    return make


@pytest.fixture(scope="session")
def tabulate(settings, estimate):
    """Function: the published tables of an analysis frame, pooled odds ratios and, if any, reviewed cases and what the
    classifier's worst known result is."""

    def make(frame: pl.DataFrame, pooled: pl.DataFrame, reviewed: dict | None = None, worst=None) -> pl.DataFrame:
        inputs = TableInputs(frame, pooled, estimate(frame, reviewed), substance_use=substance_use_of(frame))
        inputs = replace(inputs, requirement_counts=requirement_counts_of(frame), worst=worst)
        return published_cells(make_tables(inputs, settings))

    return make


@pytest.fixture(scope="session")
def reviewed():
    return reviewed_cases


@pytest.fixture(scope="session")
def reading():
    """Function: rows -> the crossing table note_reading_quality."""
    return lambda *rows: figures_that_cross(rows)


@pytest.fixture(scope="session")
def pooled():
    columns = [
        "model",
        "factor",
        "level",
        "reference",
        "records",
        "outcome_records",
        "odds_ratio",
        "ci_low",
        "ci_high",
        "p_value",
        "significant",
        "direction",
        "strength",
        "status",
    ]
    estimated = (2.5, 2.0, 3.1, 0.00001, True, "higher", "strong", "ok")
    reference, not_estimable = (1.0, *[None] * 6, "ok"), (*[None] * 7, "not estimable")
    outcomes = {"linked_atr": (70, 50, 95, 25), "reconvicted_drr": (50, 40, 75, 15)}
    rows = []
    for model, (male, female, young, old) in outcomes.items():
        rows += [
            (model, "sex", "Male", True, 150, male, *reference),
            (model, "sex", "Female", False, 90, female, *estimated),
            (model, "age_band", "18 to 29", True, 200, young, *reference),
            (model, "age_band", "50 and over", False, 40, old, *not_estimable),
        ]
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.fixture(scope="session")
def cells(study_frame, pooled, tabulate, reviewed):
    return tabulate(study_frame, pooled, reviewed(200, 10, 30, 84))


@pytest.fixture(scope="session")
def facts(study_frame, settings):
    return run_facts(study_frame, "2023Q1", settings)


@pytest.fixture(scope="session")
def values_of_release(cells, consort, facts):
    """What the templates of the release name. It is not changed by what reads it; nor is the next."""
    return report_values(cells, consort, facts)


@pytest.fixture(scope="session")
def release(cells, consort, facts):
    """The release of the small study; drawing its figures takes seconds."""
    return report(cells, consort, facts)


@pytest.fixture(scope="session")
def unused():
    """Function: names of values that no template of a document uses."""
    return lambda document, values: (
        {*values} - {name for file in templates_of(document, TEMPLATES) for _, name in names_in(file)}
    )


@pytest.fixture(scope="session")
def fixture_engine():
    return ReadingEngine("vllm_prompt", "pathways-fixture", "0123456789ab", "ba9876543210", "vllm 1", "fixture")


@pytest.fixture(scope="session")
def consort():
    steps = [
        ("offenders", "merged", 300, 20),
        ("clients", "refused to share", 900, 100),
        ("requirements", "in Wales", 500, 3),
        ("requirements", "without a length", 497, 57),
        ("people", "no requirement left, the last one was without a length", 400, 40),
    ]
    rows = [
        (number, stream, step, before, gone, before - gone)
        for number, (stream, step, before, gone) in enumerate(steps, 1)
    ]
    return pl.DataFrame(rows, schema=["order", "stream", "step", "before", "removed", "after"], orient="row")


PEOPLE = [
    "People",
    "Enough identifiers (%)",
    "Linked (% of those)",
    "Expected false (% of linked)",
    "Expected missed (% of expected true)",
]


def linkage_quality_of(rows):
    return check_frame(figures_that_cross(rows), LinkageQuality, "linkage_quality")


def linkage_group(grouping, level, *values):
    units = ["count", *["percent"] * 4]
    return [("groups", grouping, level, *cell) for cell in zip(PEOPLE, units, values, strict=True)]


def court_quarter(quarter: str, on_common_platform: float, results: float, gap: str) -> list[tuple]:
    on_it = 5 * round(results * on_common_platform / 500)
    return [
        ("court coverage", "", quarter, "Xhibit", "count", 300.0),
        ("court coverage", "", quarter, "Libra", "count", results - 300.0 - on_it),
        ("court coverage", "", quarter, "Common Platform", "count", float(on_it)),
        ("court coverage", "", quarter, "All systems", "count", results),
        ("court coverage", "", quarter, "On Common Platform (%)", "percent", on_common_platform),
        ("court coverage", "", quarter, "Gap", "words", gap),
    ]


@pytest.fixture(scope="session")
def linkage_tables():
    """The crossing table linkage_quality with something in most sections."""
    rows = [
        ("completeness", "Probation (nDelius)", "Date of birth", "Share with it (%)", "percent", 97.5),
        ("people", "", "Probation (nDelius)", "People", "count", 2225.0),
        ("blocking", "", "Same initials and birth date", "Of these, links", "count", 1170.0),
        ("model", "Initials", "Both initials", "Weight (bits)", "bits", 7.33),
        ("model", "Initials", "Different", "Weight (bits)", "bits", -6.15),
        ("prior", "", "Lambda", "One in", "number", 42050.0),
        ("contradictions", "", "Links", "Number", "count", 1300.0),
        ("comparator", "", "Both", "Pairs of people", "count", 1065.0),
        ("comparator", "", "Model only", "Pairs of people", "count", 235.0),
        ("comparator", "", "Exact keys only", "Pairs of people", "count", 0.0),
        ("comparator patterns", "Model only", "Place: missing", "Pairs of people", "count", 80.0),
        *linkage_group("All people", "All people", 1955.0, 96.4, 62.6, 0.02, 7.3),
        *linkage_group("Sex", "Female", 375.0, 96.0, 66.7, 0.1, 9.4),
        *linkage_group("Sex", "Male", 1575.0, 96.5, 61.8, 0.1, 6.8),
        *linkage_group("Sex", "Not recorded", 5.0, "[u]", "[u]", "[u]", "[u]"),
        ("profile", "Sex", "Female", "Standardised difference", "difference", -0.08),
        ("near threshold", "", "0 to 1", "Pairs of people", "count", 85.0),
        *court_quarter("2019Q4", 0.0, 9020.0, "too early to say"),
        *court_quarter("2020Q2", 10.4, 6780.0, "fewer than expected"),
        *court_quarter("2023Q1", 79.9, 7515.0, "no"),
    ]
    for score in ("pair probability", "normalised over the person's candidates"):
        for threshold in ("0.5", "0.985"):
            rule = "yes" if (score, threshold) == ("pair probability", "0.985") else "no"
            rows += [
                ("thresholds", score, threshold, "Probation people linked", "count", 1285.0),
                ("thresholds", score, threshold, "Rule of this run", "words", rule),
            ]
        label = score[0].upper() + score[1:]
        rows += [
            ("errors", "", label, "Of links (%)", "percent", 0.1),
            ("errors", "", label, "Of expected true pairs (%)", "percent", 8.9),
        ]
    return linkage_quality_of(rows)


@pytest.fixture(scope="session")
def quality_of():
    return linkage_quality_of
