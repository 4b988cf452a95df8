"""Compares substance use at the start of the journey that answers for a requirement with the last that is known of it.

Belongs here: which form stands for the start and which for the last state. Does not belong here: reading forms
(read_outcome_forms.py), choosing journeys (choose_journeys.py) and keys of the release (steps/release).
"""

from datetime import date

import polars as pl

from contracts.crossings import SUBSTANCES
from contracts.sources.ndtms import USE_COLUMNS
from resources.settings.study_settings import OutcomeForms

KEY = ["requirement_pseudonym", "substance"]


def compare_substance_use(
    requirements: pl.DataFrame,
    journeys: pl.DataFrame,
    outcome_forms: pl.DataFrame,
    person_key: pl.DataFrame,
    settings: OutcomeForms,
    observation_end: date,
) -> pl.DataFrame:
    """One row per requirement that is linked to structured treatment and substance, sorted by both.

    `requirements` has requirement_pseudonym and person_pseudonym; `journeys` is as choose_journeys.answering_journeys.
    Columns: requirement_pseudonym, substance, main_problem (the episode of the start form names it first; null without
    such a form or substance), days_at_start, days_at_last (null without the form or the answer) and last_stage ("Exit",
    "Review"; null without a later form).

    Forms of all episodes that began in the journey count. The start form is the start form nearest to the start of the
    journey, at most `days_from_start` before or after it, also where treatment began before the sentence; the earlier
    of two as near. The last form lies at least `days_apart` after it: the latest exit form at most
    `days_from_discharge` from the end of a journey that is over, else the latest review form.
    """
    linked = requirements.select("requirement_pseudonym", "person_pseudonym").join(
        journeys.select("requirement_pseudonym", "start_date", "end_date"), on="requirement_pseudonym"
    )
    own = outcome_forms.join(person_key.select("client_pseudonym", "person_pseudonym"), on="client_pseudonym")
    forms = linked.join(own, on="person_pseudonym").filter(
        (pl.col("form_date") <= observation_end)
        & (pl.col("episode_start") >= pl.col("start_date"))
        & (pl.col("episode_start") <= pl.col("end_date").fill_null(observation_end))
    )
    start = _start_forms(forms, settings)
    last = _last_forms(forms, start, settings)
    return (
        linked.select("requirement_pseudonym")
        .join(pl.DataFrame({"substance": SUBSTANCES}), how="cross")
        .join(_days(start, "days_at_start"), on=KEY, how="left")
        .join(_days(last, "days_at_last"), on=KEY, how="left")
        .join(start.select("requirement_pseudonym", "main_substance"), on="requirement_pseudonym", how="left")
        .join(last.select("requirement_pseudonym", last_stage="stage"), on="requirement_pseudonym", how="left")
        .with_columns(main_problem=pl.col("substance") == pl.col("main_substance"))
        .select(*KEY, "main_problem", "days_at_start", "days_at_last", "last_stage")
        .sort(KEY)
    )


def _start_forms(forms: pl.DataFrame, settings: OutcomeForms) -> pl.DataFrame:
    away = (pl.col("form_date") - pl.col("start_date")).dt.total_days().abs()
    starts = forms.filter((pl.col("stage") == "Start") & (away <= settings.days_from_start))
    return _first(starts, away, pl.col("form_date"))


def _last_forms(forms: pl.DataFrame, start: pl.DataFrame, settings: OutcomeForms) -> pl.DataFrame:
    since = (pl.col("form_date") - pl.col("began")).dt.total_days()
    from_discharge = (pl.col("form_date") - pl.col("end_date")).dt.total_days().abs()
    at_exit = ((pl.col("stage") == "Exit") & (from_discharge <= settings.days_from_discharge)).fill_null(False)
    later = forms.join(start.select("requirement_pseudonym", began="form_date"), on="requirement_pseudonym").filter(
        (since >= settings.days_apart) & (at_exit | (pl.col("stage") == "Review"))
    )
    return _first(later, ~at_exit, -since)


def _first(forms: pl.DataFrame, *order: pl.Expr) -> pl.DataFrame:
    """The first form of each requirement in an order. Of forms alike in it, the one with most answers; of these, that
    with the smaller ones, so that no order of rows decides."""
    unanswered = pl.sum_horizontal(pl.col(name).is_null() for name in USE_COLUMNS)
    return forms.sort("requirement_pseudonym", *order, unanswered, *USE_COLUMNS, "main_substance").unique(
        "requirement_pseudonym", keep="first", maintain_order=True
    )


def _days(forms: pl.DataFrame, name: str) -> pl.DataFrame:
    """requirement_pseudonym, substance and the days of use of its form, as the column `name`."""
    days = forms.rename(USE_COLUMNS)
    return days.unpivot(SUBSTANCES, index="requirement_pseudonym", variable_name="substance", value_name=name)
