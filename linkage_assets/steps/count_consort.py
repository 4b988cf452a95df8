"""Counts the records that every step of the zone kept and removed: the consort diagram (methodology figure M1).

Belongs here: counts, and whether they add up. Does not belong here: any rule that removes a record.
"""

from collections.abc import Sequence

import polars as pl

from linkage_assets.schemas.combining import EXCLUSIONS

STREAMS = ["offenders", "clients", "requirements"]


def count_consort(
    offender: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    clients: Sequence[pl.DataFrame],
    standardised_clients: pl.DataFrame,
    person_key: pl.DataFrame,
    requirement: pl.DataFrame,
    combined_requirements: pl.DataFrame,
    quarantined_rows: pl.DataFrame,
) -> pl.DataFrame:
    """Counts as contracts/crossings.py ConsortCounts, in the order of figure M1.

    `clients` are the NDTMS extracts. Offenders are counted as nDelius identifiers until they are merged, then as
    people; clients as NDTMS identifiers; requirements as rows. The last row of the requirements counts people: its
    `after` is how many people the analysed requirements are of. NDTMS rows that were quarantined have no row here,
    since a client can have other rows.
    """
    rows = [
        *_chain("offenders", *_offenders(offender, offender_clusters, person_key, quarantined_rows)),
        *_chain("clients", *_clients(clients, standardised_clients, person_key)),
        *_chain("requirements", *_requirements(requirement, combined_requirements, quarantined_rows)),
    ]
    return pl.DataFrame(
        [(number, *row) for number, row in enumerate(rows, start=1)],
        schema={"order": pl.Int32, "stream": pl.String, "step": pl.String, "before": pl.Int64, "removed": pl.Int64,
                "after": pl.Int64},
        orient="row",
    )


def find_broken_chains(consort_counts: pl.DataFrame, analysed: int) -> list[str]:
    """What does not add up in the counts, in words and numbers of rows; nothing when all is well.

    Every row must remove no more than there was and leave before - removed; every row must start with what the row
    before it of the same stream left; and `analysed`, the number of analysed requirements, must be reached.
    """
    starts = consort_counts.sort("order").with_columns(left=pl.col("after").shift(1).over("stream"))
    faults = {
        "row(s) where after is not before - removed": starts.filter(
            (pl.col("after") != pl.col("before") - pl.col("removed")) | (pl.col("removed") < 0)
        ).height,
        "row(s) that do not start with what the row before left": starts.filter(
            pl.col("left").is_not_null() & (pl.col("left") != pl.col("before"))
        ).height,
        "stream(s) missing": len(set(STREAMS) - set(consort_counts["stream"])),
        "count(s) of analysed requirements not reached": int(
            consort_counts.filter(stream="requirements", step=EXCLUSIONS[-1], after=analysed).is_empty()
        ),
    }
    return [f"{count} {what}" for what, count in faults.items() if count]


def _chain(stream: str, received: int, removals: list[tuple[str, int]]) -> list[tuple]:
    rows, before = [], received
    for step, removed in removals:
        rows.append((stream, step, before, removed, before - removed))
        before -= removed
    return rows


def _offenders(offender, offender_clusters, person_key, quarantined_rows) -> tuple[int, list[tuple[str, int]]]:
    quarantined = _quarantined(quarantined_rows, "offender")
    standing = offender.filter(pl.col("soft_deleted") == "0").select("crn")
    people = (
        standing.join(offender_clusters, on="crn", how="left")
        .group_by(cluster_id=pl.coalesce("cluster_id", "crn"))
        .agg(pl.col("linkable").any())
    )
    linkable = people.filter("linkable")
    linked = linkable.join(person_key, on="cluster_id", how="semi")
    return offender.height + quarantined, [
        ("row not as agreed (quarantined)", quarantined),
        ("record deleted in nDelius", offender.height - standing.height),
        ("merged: identifiers of the same person", standing.height - people.height),
        ("without enough identifiers to be linked", people.height - linkable.height),
        ("not linked to any treatment record", linkable.height - linked.height),
    ]


def _clients(clients, standardised_clients, person_key) -> tuple[int, list[tuple[str, int]]]:
    rows = pl.concat([table.select("CLIENTID", "CONSENT") for table in clients])
    ids = rows.group_by("CLIENTID").agg(consented=(pl.col("CONSENT") == "Y").any())
    consented = ids.filter("consented").select(client_id="CLIENTID")
    enough = standardised_clients.filter("linkable").select(client_id="person_id")
    linkable = consented.join(enough, on="client_id", how="semi")
    linked = linkable.join(person_key, on="client_id", how="semi")
    return ids.height, [
        ("refused to share", ids.height - consented.height),
        ("without enough identifiers to be linked", consented.height - linkable.height),
        ("not linked to anyone on probation", linkable.height - linked.height),
    ]


def _requirements(requirement, combined, quarantined_rows) -> tuple[int, list[tuple[str, int]]]:
    quarantined = _quarantined(quarantined_rows, "requirement")
    excluded = dict(combined.drop_nulls("exclusion")["exclusion"].value_counts().rows())
    analysed = combined.filter(pl.col("exclusion").is_null())
    return requirement.height + quarantined, [
        ("row not as agreed (quarantined)", quarantined),
        ("of a type that is not studied", requirement.height - combined.height),
        *((reason, excluded.get(reason, 0)) for reason in EXCLUSIONS),
        ("merged: requirements of the same person", analysed.height - analysed["cluster_id"].n_unique()),
    ]


def _quarantined(quarantined_rows: pl.DataFrame, extract: str) -> int:
    return quarantined_rows.filter(pl.col("extract") == extract)["row_number"].n_unique()
