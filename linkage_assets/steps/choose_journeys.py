"""Chooses the treatment journey that answers for each requirement, and finds contact with a CJIT.

Belongs here: requirements, journeys and person key in, treatment columns out. Does not belong here: building the
journeys of a client (steps/build_journeys.py).
"""

from datetime import date

import polars as pl

from linkage_assets.steps.build_journeys import join_spells
from linkage_assets.steps.combining_code_lists import bands
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

    `requirements` has requirement_id, cluster_id and disposal_date. Returns requirement_id and TREATMENT_COLUMNS, one
    row per requirement. The journeys of all NDTMS ids linked to one person are joined by the same rule that joins
    episodes, so a transfer from one service to another under another id continues the journey.

    A journey is open on the disposal date when it started on or before and had not ended before. Which journey
    answers when there are several is the setting `journey_choice`: the open one, else the first that starts after;
    or ("first_after") the first that starts after, else the open one. Its state is as at `observation_end`; a journey
    that ends in a transfer with nothing after it counts as the setting `transferred_counts_as` says.
    """
    ids = requirements.select("requirement_id", "cluster_id", "disposal_date")
    own = treatment_journeys.join(person_key.select("client_id", "cluster_id").unique(), on="client_id")
    structured = join_spells(own.filter(kind="structured").drop("spells", "kind", "client_id"), "cluster_id",
                             settings.journey_gap_days)
    chosen = _one_journey(ids, structured, settings)
    contacted = _in_contact(ids, own.filter(kind="cjit"), observation_end)
    linked_people = person_key.select("cluster_id").unique()
    return (
        ids.join(chosen, on="requirement_id", how="left", maintain_order="left")
        .with_columns(
            linked_any=pl.col("cluster_id").is_in(linked_people["cluster_id"].implode()).fill_null(False),
            linked_structured=pl.col("start_date").is_not_null(),
        )
        .with_columns(
            linked_cjit=~pl.col("linked_structured")
            & pl.col("requirement_id").is_in(contacted["requirement_id"].implode()),
            treatment_status=pl.col("outcome").replace(
                "Transferred", settings.transferred_counts_as.replace("_", " ").capitalize()
            ),
            days_to_treatment=(pl.col("start_date") - pl.col("disposal_date")).dt.total_days().clip(0).cast(pl.Int32),
        )
        .with_columns(time_band=_band("days_to_treatment", "time_to_treatment"))
        .select("requirement_id", *TREATMENT_COLUMNS)
    )


def _one_journey(ids: pl.DataFrame, journeys: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    open_on_disposal = pl.col("start_date") <= pl.col("disposal_date")
    preferred = open_on_disposal if settings.journey_choice == "open_else_first_after" else ~open_on_disposal
    return (
        ids.join(journeys, on="cluster_id")
        .filter(~open_on_disposal | pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date")))
        .sort("requirement_id", ~preferred, "start_date")
        .unique("requirement_id", keep="first", maintain_order=True)
        .select("requirement_id", "start_date", "outcome", "substance_group")
    )


def _in_contact(ids: pl.DataFrame, contacts: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    at_or_after = (pl.col("start_date") >= pl.col("disposal_date")) & (pl.col("start_date") <= observation_end)
    open_then = pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date"))
    return ids.join(contacts, on="cluster_id").filter(at_or_after | open_then).select("requirement_id").unique()


def _band(column: str, dimension: str) -> pl.Expr:
    labels, edges = zip(*bands(dimension), strict=True)
    return pl.col(column).cast(pl.Float64).cut(list(edges[:-1]), labels=list(labels)).cast(pl.String)
