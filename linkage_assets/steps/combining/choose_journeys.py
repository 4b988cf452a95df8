"""Chooses the treatment journey that answers for each requirement, and finds contact with a CJIT.

Belongs here: requirements, journeys and person key in, treatment columns out. Does not belong here: building the
journeys of an NDTMS person (steps/combining/build_journeys.py).
"""

from datetime import date

import polars as pl

from linkage_assets.steps.combining.build_journeys import join_spells
from linkage_assets.steps.combining.combining_code_lists import bands
from resources.study_settings import Combining

TREATMENT_COLUMNS = [
    "linked_any", "linked_structured", "linked_cjit", "treatment_status", "time_band", "days_to_treatment",
    "substance_group",
]


def choose_journeys(
    requirements: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    person_key: pl.DataFrame,
    settings: Combining,
    observation_end: date,
) -> pl.DataFrame:
    """Treatment of each requirement, by linkage (methodology 2.5.4 and 2.6, report 2.2-2.4).

    `requirements` has requirement_pseudonym, person_pseudonym and disposal_date. Returns requirement_pseudonym and
    TREATMENT_COLUMNS, one row per requirement. The journeys of all NDTMS people linked to one person are joined by the
    same rule that joins episodes, so a transfer from one service to another under another id continues the journey.

    A journey is open on the disposal date when it started on or before and had not ended before; one that starts after
    counts when it starts within `journey_within_months` (0: whenever it starts). Which journey answers when there are
    several is the setting `journey_choice`: the open one, else the first that starts after; or ("first_after") the
    first that starts after, else the open one. Its state is as at `observation_end`; a journey that ends in a transfer
    with nothing after it counts as the setting `transferred_counts_as` says.
    """
    ids = requirements.select("requirement_pseudonym", "person_pseudonym", "disposal_date")
    own = treatment_journeys.join(person_key.select("client_pseudonym", "person_pseudonym"), on="client_pseudonym")
    structured = join_spells(own.filter(kind="structured").drop("spells", "kind", "client_pseudonym"),
                             "person_pseudonym", settings.journey_gap_days)
    chosen = _one_journey(ids, structured, settings)
    contacted = _in_contact(ids, own.filter(kind="cjit"), observation_end)
    linked_people = person_key["person_pseudonym"].unique()
    return (
        ids.join(chosen, on="requirement_pseudonym", how="left", maintain_order="left")
        .with_columns(
            linked_any=pl.col("person_pseudonym").is_in(linked_people.implode()).fill_null(False),
            linked_structured=pl.col("start_date").is_not_null(),
        )
        .with_columns(
            linked_cjit=~pl.col("linked_structured")
            & pl.col("requirement_pseudonym").is_in(contacted["requirement_pseudonym"].implode()),
            treatment_status=pl.col("outcome").replace(
                "Transferred", settings.transferred_counts_as.replace("_", " ").capitalize()
            ),
            days_to_treatment=(pl.col("start_date") - pl.col("disposal_date")).dt.total_days().clip(0).cast(pl.Int32),
        )
        .with_columns(time_band=_band("days_to_treatment", "time_to_treatment"))
        .select("requirement_pseudonym", *TREATMENT_COLUMNS)
    )


def _one_journey(ids: pl.DataFrame, journeys: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    open_on_disposal = pl.col("start_date") <= pl.col("disposal_date")
    not_over = pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date"))
    in_time = pl.lit(True)
    if settings.journey_within_months:
        in_time = pl.col("start_date") <= pl.col("disposal_date").dt.offset_by(f"{settings.journey_within_months}mo")
    preferred = open_on_disposal if settings.journey_choice == "open_else_first_after" else ~open_on_disposal
    return (
        ids.join(journeys, on="person_pseudonym")
        .filter(pl.when(open_on_disposal).then(not_over).otherwise(in_time))
        .sort("requirement_pseudonym", ~preferred, "start_date")
        .unique("requirement_pseudonym", keep="first", maintain_order=True)
        .select("requirement_pseudonym", "start_date", "outcome", "substance_group")
    )


def _in_contact(ids: pl.DataFrame, contacts: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    at_or_after = (pl.col("start_date") >= pl.col("disposal_date")) & (pl.col("start_date") <= observation_end)
    open_then = pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date"))
    found = ids.join(contacts, on="person_pseudonym").filter(at_or_after | open_then)
    return found.select("requirement_pseudonym").unique()


def _band(column: str, dimension: str) -> pl.Expr:
    labels, edges = zip(*bands(dimension), strict=True)
    return pl.col(column).cast(pl.Float64).cut(list(edges[:-1]), labels=list(labels)).cast(pl.String)
