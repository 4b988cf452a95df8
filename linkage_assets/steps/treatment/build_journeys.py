"""Builds treatment journeys of NDTMS people from their episodes.

Belongs here: episodes and CJIT contacts in, journeys out. Does not belong here: reading the extracts
(steps/combining/read_episodes.py), nor which journey answers for a requirement (steps/combining/choose_journeys.py).
"""

import polars as pl

from contracts.vocabulary import SUBSTANCE_GROUPS
from linkage_assets.steps.treatment.substance_groups import substance_group
from resources.settings.study_settings import Combining

SPELL_COLUMNS = ["start_date", "end_date", "outcome", "substance_group"]
DAYS_APART = 10_000_000


def build_journeys(treatment_episodes: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    """Journeys of every NDTMS person, sorted by person, kind and start (data dictionary 2.5).

    Structured journeys join the episodes of a person in the data sets `structured_data_sets` that are at most
    `journey_gap_days` apart, from the first triage to the last discharge. CJIT contacts are not joined: one row each,
    of kind "cjit".

    Columns: client_pseudonym, kind, start_date, end_date (null while open), outcome ("Remained" while open; null for
    CJIT), substance_group (null for CJIT and when no drug is named), spells (different episodes in it).
    """
    key = "client_pseudonym"
    episodes = treatment_episodes.filter(pl.col("data_set").is_in(settings.structured_data_sets))
    spells = episodes.drop("data_set").unique()  # an episode that two data sets hold is one
    structured = join_spells(spells, key, settings.journey_gap_days).with_columns(kind=pl.lit("structured"))
    contacts = (
        treatment_episodes.filter(data_set="cjit")
        .unique()
        .with_columns(kind=pl.lit("cjit"), spells=pl.lit(1, pl.UInt32))
    )
    columns = [key, "kind", *SPELL_COLUMNS, "spells"]
    journeys = pl.concat([structured.select(columns), contacts.select(columns)])
    return journeys.with_columns(pl.col("spells").cast(pl.Int32)).sort(columns)


def join_spells(spells: pl.DataFrame, key: str, gap_days: int) -> pl.DataFrame:
    """Join the spells of each `key` that are at most `gap_days` apart or overlap.

    `spells` has `key`, start_date, end_date (null while open), outcome (null while open) and substance_group. Returns
    the same columns and `spells`, how many were joined. A joined spell is open while any part is; else it ends with
    the part that closed last (the later started of two on one day), whose outcome it has. Its substance group is
    that of all parts together.
    """
    open_end = pl.date(9999, 12, 31)
    # All people lie on one line of days, far apart, so that one running maximum serves all: a window for each of half
    # a million people took most of the step's time.
    offset = (pl.col(key) != pl.col(key).shift(1)).cum_sum().fill_null(0).cast(pl.Int64) * DAYS_APART
    start, close = (pl.col(column).dt.epoch("d").cast(pl.Int64) + offset for column in ("start_date", "closes"))
    return (
        spells.with_columns(closes=pl.col("end_date").fill_null(open_end))
        .sort(key, "start_date", "closes", "outcome", "substance_group")
        .with_columns(number=(start - close.cum_max().shift(1) > gap_days).fill_null(True).cum_sum())
        .sort("number", "closes", "start_date", "outcome", "substance_group")
        .group_by("number", key, maintain_order=True)
        .agg(
            pl.col("start_date").min(),
            pl.col("closes").last(),
            pl.col("outcome").last(),
            *(pl.col("substance_group").eq(group).any().alias(group) for group in SUBSTANCE_GROUPS),
            spells=pl.len(),
        )
        .select(
            key,
            "start_date",
            end_date=pl.when(pl.col("closes") < open_end).then("closes"),
            outcome=pl.when(pl.col("closes") < open_end).then("outcome").otherwise(pl.lit("Remained")),
            substance_group=substance_group(
                pl.col("Opiates"),
                pl.col("Non-opiates only") | pl.col("Non-opiates and alcohol"),
                pl.col("Alcohol only") | pl.col("Non-opiates and alcohol"),
            ),
            spells="spells",
        )
    )
