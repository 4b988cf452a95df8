"""Chooses the treatment journey that answers for each requirement, and finds contact with a CJIT.

Belongs here: requirements, journeys and person key in, treatment columns out. Does not belong here: building the
journeys of an NDTMS person (steps/combining/build_journeys.py).
"""

from datetime import date

import polars as pl

from contracts.vocabulary import FOLLOWED_FOR, HORIZONS
from linkage_assets.steps.requirements.combining_code_lists import bands
from linkage_assets.steps.treatment.build_journeys import join_spells
from resources.settings.study_settings import Combining

TREATMENT_COLUMNS = [
    "linked_any",
    "linked_structured",
    "linked_cjit",
    "treatment_status",
    "time_band",
    "days_to_treatment",
    "days_in_treatment",
    "followed_in_treatment",
    "substance_group",
]
ANSWERING_COLUMNS = ["requirement_pseudonym", "start_date", "end_date", "outcome", "substance_group"]
# Whether it had not ended before is asked besides.
OPEN_ON_DISPOSAL = pl.col("start_date") <= pl.col("disposal_date")


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
    chosen = answering_journeys(ids, treatment_journeys, person_key, settings)
    contacts = treatment_journeys.filter(kind="cjit").join(
        person_key.select("client_pseudonym", "person_pseudonym"), on="client_pseudonym"
    )
    contacted = _in_contact(ids, contacts, observation_end)
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
            treatment_status=with_transfers_counted(settings),
            days_to_treatment=days_from("disposal_date", "start_date").clip(0),
            # Nobody could leave treatment for this sentence before it, so those already in treatment start with it.
            clock=pl.max_horizontal("start_date", "disposal_date"),
        )
        .with_columns(
            time_band=_band("days_to_treatment", "time_to_treatment"),
            days_in_treatment=days_from("clock", "end_date"),
            followed_in_treatment=pl.when("linked_structured").then(followed_for("clock", observation_end)),
        )
        .select("requirement_pseudonym", *TREATMENT_COLUMNS)
    )


def answering_journeys(
    requirements: pl.DataFrame, treatment_journeys: pl.DataFrame, person_key: pl.DataFrame, settings: Combining
) -> pl.DataFrame:
    """The structured journey that answers for each requirement that has one: ANSWERING_COLUMNS. `requirements` as in
    choose_journeys, which says which journey it is."""
    could = find_answering_journeys(requirements, treatment_journeys, person_key, settings)
    return _one_journey(requirements, could, settings)


def find_answering_journeys(
    requirements: pl.DataFrame, treatment_journeys: pl.DataFrame, person_key: pl.DataFrame, settings: Combining
) -> pl.DataFrame:
    """Every structured journey that could answer for each requirement: ANSWERING_COLUMNS, one row per pair.

    `requirements` as in choose_journeys, which says what is joined and which journeys these are.
    """
    own = treatment_journeys.filter(kind="structured").join(
        person_key.select("client_pseudonym", "person_pseudonym"), on="client_pseudonym"
    )
    structured = join_spells(
        own.drop("spells", "kind", "client_pseudonym"), "person_pseudonym", settings.journey_gap_days
    )
    not_over = pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date"))
    in_time = pl.lit(True)
    if settings.journey_within_months:
        in_time = pl.col("start_date") <= pl.col("disposal_date").dt.offset_by(f"{settings.journey_within_months}mo")
    # A requirement has dates of its own under the names of those of a journey.
    ids = requirements.select("requirement_pseudonym", "person_pseudonym", "disposal_date")
    return (
        ids.join(structured, on="person_pseudonym")
        .filter(pl.when(OPEN_ON_DISPOSAL).then(not_over).otherwise(in_time))
        .select(ANSWERING_COLUMNS)
    )


def _one_journey(ids: pl.DataFrame, answering: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    preferred = OPEN_ON_DISPOSAL if settings.journey_choice == "open_else_first_after" else ~OPEN_ON_DISPOSAL
    return (
        answering.join(ids.select("requirement_pseudonym", "disposal_date"), on="requirement_pseudonym")
        .sort("requirement_pseudonym", ~preferred, "start_date")
        .unique("requirement_pseudonym", keep="first", maintain_order=True)
        .select(ANSWERING_COLUMNS)
    )


def with_transfers_counted(settings: Combining) -> pl.Expr:
    """The outcome of a journey as a treatment status: a transfer that nothing followed counts as the setting says."""
    return pl.col("outcome").replace("Transferred", settings.transferred_counts_as.replace("_", " ").capitalize())


def days_from(start: str, end: str) -> pl.Expr:
    """Days from one date to another, empty where either is."""
    return (pl.col(end) - pl.col(start)).dt.total_days().cast(pl.Int32)


def followed_for(start: str, observation_end: date) -> pl.Expr:
    """The longest of contracts/crossings.py HORIZONS, from a date on, that ends by `observation_end`."""
    observed = (pl.lit(observation_end) - pl.col(start)).dt.total_days()
    return observed.cast(pl.Float64).cut(list(HORIZONS.values()), labels=FOLLOWED_FOR, left_closed=True).cast(pl.String)  # pyright: ignore[reportDeprecated]


def _in_contact(ids: pl.DataFrame, contacts: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    at_or_after = (pl.col("start_date") >= pl.col("disposal_date")) & (pl.col("start_date") <= observation_end)
    open_then = pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date"))
    found = ids.join(contacts, on="person_pseudonym").filter(at_or_after | open_then)
    return found.select("requirement_pseudonym").unique()


def _band(column: str, dimension: str) -> pl.Expr:
    labels, edges = zip(*bands(dimension), strict=True)
    return pl.col(column).cast(pl.Float64).cut(list(edges[:-1]), labels=list(labels)).cast(pl.String)  # pyright: ignore[reportDeprecated]
