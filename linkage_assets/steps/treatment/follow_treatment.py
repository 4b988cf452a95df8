"""Follows the structured treatment of requirements after sentence: who is in it at a date, and how it stands when the
requirement ends.

Belongs here: what is true of treatment on a day. Does not belong here: the one journey that answers for a requirement
and how that ended (steps/combining/choose_journeys.py), nor prison and courts (follow_requirements.py).
"""

from datetime import date

import polars as pl

from contracts.vocabulary import HORIZONS
from linkage_assets.steps.treatment.choose_journeys import find_answering_journeys, with_transfers_counted
from resources.settings.study_settings import Combining

IN_TREATMENT = {
    "in_treatment_at_sentence": 0,
    **{f"in_treatment_after_{label.replace(' ', '_')}": days for label, days in HORIZONS.items()},
}
FOLLOWED_COLUMNS = [*IN_TREATMENT, "status_at_requirement_end"]
FAR = date(9999, 12, 31)


def follow_treatment(
    requirements: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    person_key: pl.DataFrame,
    settings: Combining,
    observation_end: date,
) -> pl.DataFrame:
    """requirement_pseudonym and FOLLOWED_COLUMNS, one row per requirement.

    `requirements` has requirement_pseudonym, person_pseudonym, disposal_date and termination_date. All journeys that
    could answer for a requirement are looked at, not only the one that does: who left one and has started another is
    in treatment. A date is empty when it lies after `observation_end`.

    As at sentence, whoever starts or leaves on a day is in treatment on it. At the end of the requirement the day is
    over: a journey that ended on it has ended. The status is "In treatment" when a journey is open then, else how the
    journey that ended last had ended, else "Started later", else "No structured treatment"; empty while the
    requirement is active at `observation_end`.
    """
    ids = requirements.select("requirement_pseudonym", "person_pseudonym", "disposal_date", "termination_date")
    journeys = (
        find_answering_journeys(ids, treatment_journeys, person_key, settings)
        .join(ids.drop("person_pseudonym"), on="requirement_pseudonym")
        .with_columns(closes=pl.col("end_date").fill_null(FAR), status=with_transfers_counted(settings))
    )
    ended = pl.col("termination_date") <= observation_end
    return (
        ids.join(_on_days(journeys), on="requirement_pseudonym", how="left", maintain_order="left")
        .join(_at_the_end(journeys), on="requirement_pseudonym", how="left", maintain_order="left")
        .with_columns(
            *(
                pl.when(_day(days) <= observation_end).then(pl.col(name).fill_null(False)).alias(name)
                for name, days in IN_TREATMENT.items()
            ),
            status_at_requirement_end=pl.when(ended).then(
                pl.col("status_at_requirement_end").fill_null("No structured treatment")
            ),
        )
        .with_columns(pl.col("in_treatment_at_sentence").fill_null(False))
        .select("requirement_pseudonym", *FOLLOWED_COLUMNS)
    )


def _day(days: int) -> pl.Expr:
    return pl.col("disposal_date") + pl.duration(days=days)


def _on_days(journeys: pl.DataFrame) -> pl.DataFrame:
    """Per requirement with a journey, whether any is open on each day of IN_TREATMENT."""
    return journeys.group_by("requirement_pseudonym").agg(
        ((pl.col("start_date") <= _day(days)) & (pl.col("closes") >= _day(days))).any().alias(name)
        for name, days in IN_TREATMENT.items()
    )


def _at_the_end(journeys: pl.DataFrame) -> pl.DataFrame:
    """Per requirement that ended and has a journey, the status on the day of its end."""
    end = pl.col("termination_date")
    rank = pl.when((pl.col("start_date") <= end) & (pl.col("closes") > end)).then(0)
    rank = rank.when(pl.col("closes") <= end).then(1).otherwise(2)
    names = pl.when(pl.col("rank") == 0).then(pl.lit("In treatment"))
    names = names.when(pl.col("rank") == 1).then("status").otherwise(pl.lit("Started later"))
    return (
        journeys.drop_nulls("termination_date")
        .with_columns(rank=rank)
        .sort("requirement_pseudonym", "rank", "closes", "start_date", descending=[False, False, True, True])
        .unique("requirement_pseudonym", keep="first", maintain_order=True)
        .select("requirement_pseudonym", status_at_requirement_end=names)
    )
