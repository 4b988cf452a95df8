"""Builds treatment journeys of NDTMS clients from their episodes, as they stood at the end of observation.

Belongs here: episodes and CJIT contacts in, journeys out. Does not belong here: which journey answers for a
requirement (steps/choose_journeys.py), nor linkage.
"""

from datetime import date

import polars as pl

from linkage_assets.steps.combining_code_lists import (
    discharge_outcomes,
    discharges_without_treatment,
    substance_classes,
)

SPELL_COLUMNS = ["start_date", "end_date", "outcome", "substance_group"]
DRUGS = ("DRUG1", "DRUG2", "DRUG3")
SUBSTANCES_CITED = ["Opiates", "Non-opiates only", "Non-opiates and alcohol", "Alcohol only"]
DAYS_APART = 10_000_000


def build_journeys(
    adult_community: pl.DataFrame, yp_community: pl.DataFrame, cjit: pl.DataFrame, gap_days: int, observation_end: date
) -> pl.DataFrame:
    """Journeys of every NDTMS client, sorted by client, kind and start (data dictionary 2.5-2.7).

    Structured journeys join the community episodes of a client that are at most `gap_days` apart, from the first
    triage to the last discharge. CJIT contacts are not joined: one row each, of kind "cjit".

    Columns: client_id, kind, start_date, end_date (null while open at `observation_end`), outcome ("Remained" while
    open; null for CJIT), substance_group (null for CJIT and when no drug is named), spells (episodes in it).

    Nothing after `observation_end` is looked at: a later episode does not exist and a later discharge has not
    happened. Rows without consent, without a triage date or that were an inappropriate referral are no treatment.
    """
    episodes = pl.concat([_observed_episodes(table, observation_end) for table in (adult_community, yp_community)])
    structured = join_spells(episodes, "client_id", gap_days).with_columns(kind=pl.lit("structured"))
    contacts = _cjit_contacts(cjit, observation_end).with_columns(
        kind=pl.lit("cjit"), outcome=pl.lit(None, pl.String), substance_group=pl.lit(None, pl.String),
        spells=pl.lit(1, pl.UInt32),
    )
    columns = ["client_id", "kind", *SPELL_COLUMNS, "spells"]
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
            *(pl.col("substance_group").eq(group).any().alias(group) for group in SUBSTANCES_CITED),
            spells=pl.len(),
        )
        .select(
            key,
            "start_date",
            end_date=pl.when(pl.col("closes") < open_end).then("closes"),
            outcome=pl.when(pl.col("closes") < open_end).then("outcome").otherwise(pl.lit("Remained")),
            substance_group=_group_of(
                pl.col("Opiates"),
                pl.col("Non-opiates only") | pl.col("Non-opiates and alcohol"),
                pl.col("Alcohol only") | pl.col("Non-opiates and alcohol"),
            ),
            spells="spells",
        )
    )


def _group_of(opiate: pl.Expr, non_opiate: pl.Expr, alcohol: pl.Expr) -> pl.Expr:
    """NDTMS hierarchy of substances (reference/code_lists/substance_groups.csv)."""
    return (
        pl.when(opiate).then(pl.lit("Opiates"))
        .when(non_opiate & alcohol).then(pl.lit("Non-opiates and alcohol"))
        .when(non_opiate).then(pl.lit("Non-opiates only"))
        .when(alcohol).then(pl.lit("Alcohol only"))
    )


def _observed_episodes(table: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    return (
        _treated(table)
        .filter(pl.col("TRIAGED") <= observation_end)
        .with_columns(observed_end=pl.when(pl.col("DISD") <= observation_end).then("DISD"))
        .select(
            client_id="CLIENTID",
            start_date="TRIAGED",
            # A discharge typed as earlier than the triage still closes the episode.
            end_date=pl.max_horizontal("observed_end", pl.when(pl.col("observed_end").is_not_null()).then("TRIAGED")),
            outcome=pl.when(pl.col("observed_end").is_not_null()).then(
                pl.col("DISRSN").replace_strict(discharge_outcomes(), default="Dropped out", return_dtype=pl.String)
            ),
            substance_group=_group_of(*(_cites(kind) for kind in ("opiate", "non-opiate", "alcohol"))),
        )
    )


def _treated(table: pl.DataFrame) -> pl.DataFrame:
    """One row per consented episode: it is repeated for every address, and sometimes before and after its discharge."""
    without_key = pl.concat_str("TRIAGED", "DISD", "DISRSN", separator="|", ignore_nulls=True)
    return (
        table.filter(
            (pl.col("CONSENT") == "Y")
            & pl.col("TRIAGED").is_not_null()
            & ~pl.col("DISRSN").is_in(discharges_without_treatment()).fill_null(False)
        )
        .select(
            "CLIENTID", "AGNCY", "TRIAGED", "DISD", "DISRSN", *DRUGS, episode=pl.coalesce("EPISODID", without_key)
        )
        .sort("DISD", "TRIAGED", "DISRSN", *DRUGS)
        .unique(["CLIENTID", "AGNCY", "episode"], keep="last", maintain_order=True)
    )


def _cites(kind: str) -> pl.Expr:
    return pl.any_horizontal(_substance_class(drug) == kind for drug in DRUGS).fill_null(False)


def _substance_class(drug: str) -> pl.Expr:
    """Class by the published list; the list is partial, so another code has the class of its thousands."""
    by_family = (
        pl.when(pl.col(drug).str.contains("^1[0-9]{3}$")).then(pl.lit("opiate"))
        .when(pl.col(drug).str.contains("^7[0-9]{3}$")).then(pl.lit("alcohol"))
        .when(pl.col(drug).is_not_null()).then(pl.lit("non-opiate"))
    )
    listed = pl.col(drug).replace_strict(substance_classes(), default=None, return_dtype=pl.String)
    return pl.coalesce(listed, by_family)


def _cjit_contacts(cjit: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    """A contact without case management is over on its day; with it, it is open from contact to closure."""
    start = pl.coalesce("CJITTRD", "CMSTARTD")
    end = pl.coalesce("CMENDD", pl.when(pl.col("CMSTARTD").is_null()).then(start))
    return (
        cjit.filter(pl.col("CONSENT") == "Y")
        .select(client_id="CLIENTID", start_date=start, end_date=end)
        .filter(pl.col("start_date") <= observation_end)
        .with_columns(
            end_date=pl.when(pl.col("end_date") <= observation_end).then(pl.max_horizontal("start_date", "end_date"))
        )
        .unique()
    )


def count_unusual_episodes(
    adult_community: pl.DataFrame, yp_community: pl.DataFrame, observation_end: date
) -> dict[str, int]:
    """How many consented rows a reading of ours decided about: counts for the run's record, rows not episodes."""
    columns = ["CONSENT", "TRIAGED", "DISD", "DISRSN", *DRUGS]
    rows = pl.concat([adult_community.select(columns), yp_community.select(columns)]).filter(pl.col("CONSENT") == "Y")
    known_discharges = [*discharge_outcomes(), *discharges_without_treatment()]
    closed = pl.col("DISD") <= observation_end
    listed = pl.all_horizontal(
        pl.col(drug).is_null() | pl.col(drug).is_in(list(substance_classes())) for drug in DRUGS
    )
    return rows.select(
        rows_without_triage_date=pl.col("TRIAGED").is_null().sum(),
        rows_with_inappropriate_referral=pl.col("DISRSN").is_in(discharges_without_treatment()).sum(),
        rows_with_unknown_discharge_reason=(closed & ~pl.col("DISRSN").is_in(known_discharges).fill_null(False)).sum(),
        rows_with_unlisted_drug_code=(~listed).sum(),
        rows_discharged_before_triage=(pl.col("DISD") < pl.col("TRIAGED")).sum(),
    ).row(0, named=True)
