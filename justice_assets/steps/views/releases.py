"""Views of releases from custody: who was recalled, under which licence, after which support.

Belongs here: releases of people on probation, from nDelius, which keeps every recall; NOMIS keeps the latest alone.
Does not belong here: sentences (sentences.py), convictions after release (reconvictions.py).
"""

from datetime import date, timedelta

import polars as pl

from contracts.sources.justice.codes import LICENCE_CONDITIONS, RECALL_REASONS, RECALL_TYPES
from justice_assets.steps.views.bands import combinations, in_bands, one_of, yes_or_no
from justice_assets.steps.views.sentences import described
from resources.settings.justice_settings import JusticeViews

AGAIN, STANDARD, GATE = "REREL", "STANDARD", "TTG"
LICENCES = ("No licence", "Up to 12 months", "Over 12 months to 2 years", "Over 2 years")
CONDITIONS = ("None but the standard ones", "One", "Two", "Three and more")
BEFORE_GATE, GATE_STARTED, GATE_REFERRED, GATE_NONE = (
    "Released before it began",
    "Started",
    "Referred, not started",
    "Not referred",
)
RELEASE_COLUMNS = (
    "year",
    "sex",
    "age_band",
    "ethnic_group",
    "length_band",
    "licence_band",
    "conditions",
    "support_in_custody",
    "through_the_gate",
    "recalled",
)
CONDITION_COLUMNS = ("year", "condition", "recalled")
RECALL_COLUMNS = ("year", "length_band", "reason", "recall_type")


def view_releases(
    release_and_recall: pl.DataFrame,
    licence_condition: pl.DataFrame,
    intervention: pl.DataFrame,
    probation_disposal: pl.DataFrame,
    probation_person: pl.DataFrame,
    settings: JusticeViews,
    last_day: date,
) -> pl.DataFrame:
    """The schema ReleaseView: first releases of a sentence that are followed for settings.recall_days."""
    bands = ("length_band", "sex", "age_band", "ethnic_group")
    sentences = described(probation_disposal, *bands, people=probation_person).select(
        "disposal_id", "disposal_date", *bands
    )
    rows = _first_releases(release_and_recall, settings, last_day).join(sentences, on="disposal_id", how="inner")
    further = _further_conditions(rows, licence_condition).group_by("release_id")
    rows = rows.join(further.agg(further=pl.len()), on="release_id", how="left", maintain_order="left")
    rows = rows.join(_support(rows, intervention, settings), on="release_id", how="left", maintain_order="left")
    gate = (
        pl.when(pl.col("release_date") < settings.through_the_gate_from)
        .then(pl.lit(BEFORE_GATE))
        .when(pl.col("gate_started").fill_null(value=False))
        .then(pl.lit(GATE_STARTED))
        .when(pl.col("gate_started").is_not_null())
        .then(pl.lit(GATE_REFERRED))
        .otherwise(pl.lit(GATE_NONE))
    )
    described_rows = rows.with_columns(
        licence_band=in_bands(pl.col("licence_days"), (1, 366, 732), LICENCES),
        conditions=in_bands(pl.col("further").fill_null(0), (1, 2, 3), CONDITIONS),
        support_in_custody=yes_or_no(pl.col("supported")),
        through_the_gate=gate,
    )
    return combinations(described_rows, *RELEASE_COLUMNS)


def view_licence_conditions(
    release_and_recall: pl.DataFrame, licence_condition: pl.DataFrame, settings: JusticeViews, last_day: date
) -> pl.DataFrame:
    """The schema LicenceConditionView: the same releases, once for each kind of further condition they have."""
    rows = _first_releases(release_and_recall, settings, last_day)
    further = rows.join(_further_conditions(rows, licence_condition), on="release_id")
    words = {code: meaning[:1].upper() + meaning[1:] for code, meaning in LICENCE_CONDITIONS.items()}
    return combinations(further.with_columns(condition=one_of("condition_type", words)), *CONDITION_COLUMNS)


def view_recalls(release_and_recall: pl.DataFrame, probation_disposal: pl.DataFrame) -> pl.DataFrame:
    """The schema RecallView: every recall, by how it is documented."""
    recalls = release_and_recall.drop_nulls("recall_date")
    sentences = described(probation_disposal, "length_band").select("disposal_id", "length_band")
    rows = recalls.join(sentences, on="disposal_id", how="inner").with_columns(
        year=pl.col("recall_date").dt.year().cast(pl.String),
        reason=one_of("recall_reason", {code: words[:1].upper() + words[1:] for code, words in RECALL_REASONS.items()}),
        recall_type=one_of("recall_type", {code: word[:1].upper() + word[1:] for code, word in RECALL_TYPES.items()}),
    )
    return combinations(rows, *RECALL_COLUMNS)


def _first_releases(releases: pl.DataFrame, settings: JusticeViews, last_day: date) -> pl.DataFrame:
    """Releases that are none after a recall, and whether a recall followed in time."""
    followed = pl.col("release_date") <= last_day - timedelta(days=settings.recall_days)
    first = releases.filter((pl.col("release_type").fill_null("") != AGAIN) & followed)
    in_time = (pl.col("recall_date") - pl.col("release_date")).dt.total_days() <= settings.recall_days
    return first.with_columns(year=pl.col("release_date").dt.year().cast(pl.String), recalled=yes_or_no(in_time))


def _further_conditions(releases: pl.DataFrame, conditions: pl.DataFrame) -> pl.DataFrame:
    """release_id and condition_type: kinds of further conditions that a release had. One that began later, such as at a
    release after a recall, is not of it.
    """
    further = conditions.filter(pl.col("condition_type") != STANDARD).select(
        "disposal_id", "condition_type", "start_date"
    )
    of_releases = releases.select("release_id", "disposal_id", "release_date").join(further, on="disposal_id")
    at_release = of_releases.filter(pl.col("start_date") <= pl.col("release_date"))
    return at_release.select("release_id", "condition_type").unique()


def _support(releases: pl.DataFrame, interventions: pl.DataFrame, settings: JusticeViews) -> pl.DataFrame:
    """Of each release with a service before it: supported, started in custody; gate_started, null without referral."""
    both = releases.select("release_id", "crn", "disposal_date", "release_date").join(interventions, on="crn")
    gate = pl.col("intervention_type") == GATE
    near = (pl.col("release_date") - pl.col("referral_date")).dt.total_days().is_between(0, settings.gate_days)
    inside = pl.col("start_date").is_between(pl.col("disposal_date"), pl.col("release_date"))
    return both.group_by("release_id").agg(
        supported=(~gate & inside).any(),
        gate_started=pl.col("start_date").is_not_null().filter(gate & near).max(),
    )
