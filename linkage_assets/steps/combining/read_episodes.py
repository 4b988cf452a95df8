"""Reads the episodes of NDTMS clients from its five data sets, under pseudonyms, as they stood at the end of
observation.

Belongs here: rows of the extracts in, episodes and contacts out. Does not belong here: journeys
(steps/combining/build_journeys.py).
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from linkage_assets.steps.combining.combining_code_lists import (
    discharge_outcomes,
    discharges_without_treatment,
    substance_classes,
)
from linkage_assets.steps.combining.substance_groups import substance_group

DRUGS = ("DRUG1", "DRUG2", "DRUG3")
COLUMNS = ["client_pseudonym", "data_set", "start_date", "end_date", "outcome", "substance_group"]


def read_episodes(
    structured: Mapping[str, pl.DataFrame],
    cjit: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    observation_end: date,
) -> pl.DataFrame:
    """Episodes and CJIT contacts of every NDTMS person, sorted by all columns (data dictionary 2.1-2.6).

    `structured` maps the name of each data set with care-planned episodes to its rows.

    Columns: client_pseudonym, data_set, start_date (triage, or contact), end_date (null while open at
    `observation_end`), outcome (null while open, and for CJIT), substance_group (null for CJIT and when no drug is
    named).

    Nothing after `observation_end` is looked at: a later episode does not exist and a later discharge has not
    happened. Rows without consent, without a triage date or that were an inappropriate referral are no treatment. Of a
    client without a pseudonym nothing is kept.
    """
    episodes = [
        _observed_episodes(table, observation_end).with_columns(data_set=pl.lit(name))
        for name, table in structured.items()
    ]
    contacts = _cjit_contacts(cjit, observation_end).with_columns(
        data_set=pl.lit("cjit"), outcome=pl.lit(None, pl.String), substance_group=pl.lit(None, pl.String)
    )
    people = treatment_pseudonyms.select("client_id", "client_pseudonym")
    read = pl.concat([*episodes, contacts], how="diagonal").join(people, on="client_id", validate="m:1")
    return read.select(COLUMNS).sort(COLUMNS)


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
            substance_group=substance_group(*(_cites(kind) for kind in ("opiate", "non-opiate", "alcohol"))),
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


def count_unusual_episodes(structured: Mapping[str, pl.DataFrame], observation_end: date) -> dict[str, int]:
    """How many consented rows a reading of ours decided about: counts for the run's record, rows not episodes."""
    columns = ["CONSENT", "TRIAGED", "DISD", "DISRSN", *DRUGS]
    rows = pl.concat([table.select(columns) for table in structured.values()]).filter(pl.col("CONSENT") == "Y")
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
