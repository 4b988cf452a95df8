"""Reads the episodes of NDTMS clients from its five data sets, under pseudonyms, as they stood at the end of
observation.

Belongs here: rows of the extracts in, episodes and contacts out. Does not belong here: journeys
(steps/combining/build_journeys.py).
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from linkage_assets.steps.requirements.combining_code_lists import (
    discharge_code,
    discharge_outcomes,
    discharges_without_treatment,
    drug_class,
    substance_classes,
)
from linkage_assets.steps.treatment.substance_groups import substance_group

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
        _observed_episodes(_with_discharge_codes(table), observation_end).with_columns(data_set=pl.lit(name))
        for name, table in structured.items()
    ]
    contacts = _cjit_contacts(cjit, observation_end).with_columns(
        data_set=pl.lit("cjit"), outcome=pl.lit(None, pl.String), substance_group=pl.lit(None, pl.String)
    )
    people = treatment_pseudonyms.select("client_id", "client_pseudonym")
    read = pl.concat([*episodes, contacts], how="diagonal").join(people, on="client_id", validate="m:1")
    # Two services that send the same episode differ in nothing that is kept of it.
    return read.select(COLUMNS).unique().sort(COLUMNS)


def _observed_episodes(table: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    treated = treated_episodes(table)
    classes = _drug_classes(treated)
    return (
        treated.filter(pl.col("TRIAGED") <= observation_end)
        .with_columns(end_date=pl.when(pl.col("DISD") <= observation_end).then("DISD"))
        .select(
            client_id="CLIENTID",
            start_date="TRIAGED",
            end_date="end_date",
            outcome=pl.when(pl.col("end_date").is_not_null()).then(
                pl.col("DISRSN").replace_strict(discharge_outcomes(), default="Dropped out", return_dtype=pl.String)
            ),
            substance_group=substance_group(*(_cites(kind, classes) for kind in ("opiate", "non-opiate", "alcohol"))),
        )
    )


def _with_discharge_codes(table: pl.DataFrame) -> pl.DataFrame:
    """DISRSN as its code where the list holds what is written; each distinct text is read once."""
    texts = table.select(pl.col("DISRSN").drop_nulls().unique())
    codes = dict(texts.with_columns(code=discharge_code(pl.col("DISRSN"))).drop_nulls().sort("DISRSN").rows())
    return table.with_columns(pl.col("DISRSN").replace(codes))


def treated_episodes(table: pl.DataFrame) -> pl.DataFrame:
    """One row per consented episode, with its keys, dates, DISRSN and DRUG1 to DRUG3: it is repeated for every address,
    sometimes before and after its discharge, and sometimes by two services. Without a key its triage date tells it."""
    triaged = pl.col("TRIAGED")
    rows = (
        table.filter(
            (pl.col("CONSENT") == "Y")
            & triaged.is_not_null()
            & ~pl.col("DISRSN").is_in(discharges_without_treatment()).fill_null(False)
        )
        .select(
            "CLIENTID",
            "AGNCY",
            "EPISODID",
            "TRIAGED",
            "DISD",
            "DISRSN",
            *DRUGS,
            episode=pl.coalesce("EPISODID", triaged.cast(pl.String)),
        )
        .sort("DISD", "TRIAGED", "DISRSN", *DRUGS, "AGNCY")
    )
    of_one_service = _numbered(rows).unique(["CLIENTID", "AGNCY", "episode", "part"], keep="last", maintain_order=True)
    sent_by_two = pl.struct("CLIENTID", "EPISODID", "TRIAGED").is_last_distinct() | pl.col("EPISODID").is_null()
    return of_one_service.filter(sent_by_two)


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `part`: rows of one key that begin after all before them had ended are another episode, as a service
    that fills the key with a constant sends them."""
    key = ["CLIENTID", "AGNCY", "episode"]
    several = rows.group_by(key).agg(pl.col("TRIAGED").n_unique()).filter(pl.col("TRIAGED") > 1).drop("TRIAGED")
    latest = pl.col("DISD").fill_null(pl.date(9999, 12, 31)).cum_max().shift(1)
    parts = (
        rows.join(several, on=key)
        .select(*key, "TRIAGED", "DISD")
        .unique()
        .sort(*key, "TRIAGED", "DISD")
        .with_columns(part=(latest < pl.col("TRIAGED")).fill_null(False).cum_sum().over(key))
        .unique([*key, "TRIAGED"], keep="first", maintain_order=True)
    )
    return rows.join(parts.drop("DISD"), on=[*key, "TRIAGED"], how="left", maintain_order="left").with_columns(
        pl.col("part").fill_null(0)
    )


def _cites(kind: str, classes: dict[str, str]) -> pl.Expr:
    return pl.any_horizontal(
        (pl.col(drug).replace_strict(classes, default=None, return_dtype=pl.String) == kind) for drug in DRUGS
    ).fill_null(False)


def _drug_classes(table: pl.DataFrame) -> dict[str, str]:
    """Class of each text in DRUG1 to DRUG3 that is a drug: each distinct text is read once."""
    texts = pl.concat([table[drug].alias("text") for drug in DRUGS]).drop_nulls().unique().to_frame()
    return dict(texts.with_columns(kind=drug_class(pl.col("text"))).drop_nulls().sort("text").rows())


def _cjit_contacts(cjit: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    """A contact without case management is over on its day; with it, it is open from contact to closure."""
    start = pl.coalesce("CJITTRD", "CMSTARTD")
    end = pl.coalesce("CMENDD", pl.when(pl.col("CMSTARTD").is_null()).then(start))
    return (
        cjit.filter(pl.col("CONSENT") == "Y")
        .select(client_id="CLIENTID", start_date=start, end_date=end)
        .filter(pl.col("start_date") <= observation_end)
        .with_columns(end_date=pl.when(pl.col("end_date") <= observation_end).then("end_date"))
        .unique()
    )


def count_unusual_episodes(structured: Mapping[str, pl.DataFrame], observation_end: date) -> dict[str, int]:
    """How many consented rows a reading of ours decided about: counts for the run's record, rows not episodes."""
    columns = ["CONSENT", "TRIAGED", "DISD", "DISRSN", *DRUGS]
    tables = [_with_discharge_codes(table.select(columns)) for table in structured.values()]
    rows = pl.concat(tables).filter(pl.col("CONSENT") == "Y")
    known_discharges = [*discharge_outcomes(), *discharges_without_treatment()]
    closed = pl.col("DISD") <= observation_end
    drugs = _drug_classes(rows)
    unlisted = [text for text in drugs if text[:4].isdigit() and text[:4] not in substance_classes()]
    no_drug = (pl.col(drug).is_not_null() & ~pl.col(drug).is_in(list(drugs)) for drug in DRUGS)
    return rows.select(
        rows_without_triage_date=pl.col("TRIAGED").is_null().sum(),
        rows_with_inappropriate_referral=pl.col("DISRSN").is_in(discharges_without_treatment()).sum(),
        rows_with_unknown_discharge_reason=(closed & ~pl.col("DISRSN").is_in(known_discharges).fill_null(False)).sum(),
        rows_with_unlisted_drug_code=pl.any_horizontal(pl.col(drug).is_in(unlisted) for drug in DRUGS).sum(),
        rows_with_text_that_is_no_drug=pl.any_horizontal(no_drug).sum(),
    ).row(0, named=True)
