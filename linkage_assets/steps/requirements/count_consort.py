"""Counts the records that every step of the zone kept and removed: the consort diagram (methodology figure M1).

Belongs here: counts, and whether they add up. Does not belong here: any rule that removes a record.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from linkage_assets.schemas.combining import EXCLUSIONS, NO_PERSON
from resources.settings.study_settings import Cohort

NOT_IN_PERIOD = "linked, without a treatment record in the period of sentences"
STREAMS = ["offenders", "clients", "requirements", "people"]


def count_consort(
    offender: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    clients: Sequence[pl.DataFrame],
    standardised_clients: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    person_key: pl.DataFrame,
    requirement: pl.DataFrame,
    combined_requirements: pl.DataFrame,
    quarantined_rows: pl.DataFrame,
    treatment_episodes: pl.DataFrame,
    cohort: Cohort,
) -> pl.DataFrame:
    """Counts as contracts/crossings.py ConsortCounts, in the order of figure M1.

    `clients` are the NDTMS extracts. Offenders and clients are counted as identifiers until they are merged, then as
    people; requirements as rows; people as persons who have a requirement left after each step of the requirements,
    from those of the types studied. People who are linked, but have no treatment record that overlaps the time from
    the first to the last sentence of `cohort`, leave the offenders last (methodology 2.5.4). NDTMS rows that were
    quarantined have no row here, since a client can have other rows.
    """
    in_period = person_key.join(episodes_in_period(treatment_episodes, cohort), on="client_pseudonym", how="semi")
    rows = [
        *_chain("offenders", *_offenders(offender, probation_pseudonyms, person_key, in_period, quarantined_rows)),
        *_chain("clients", *_clients(clients, standardised_clients, treatment_pseudonyms, person_key)),
        *_chain("requirements", *_requirements(requirement, combined_requirements, quarantined_rows)),
        *_chain("people", *_people(combined_requirements)),
    ]
    return pl.DataFrame(
        [(number, *row) for number, row in enumerate(rows, start=1)],
        schema={
            "order": pl.Int32,
            "stream": pl.String,
            "step": pl.String,
            "before": pl.Int64,
            "removed": pl.Int64,
            "after": pl.Int64,
        },
        orient="row",
    )


def find_broken_chains(consort_counts: pl.DataFrame, analysed: int, people: int) -> list[str]:
    """What does not add up in the counts, in words and numbers of rows; nothing when all is well.

    Every row must remove no more than there was and leave before - removed; every row must start with what the row
    before it of the same stream left; and the streams requirements and people must end with `analysed` requirements of
    `people` people.
    """
    starts = consort_counts.sort("order").with_columns(left=pl.col("after").shift(1).over("stream"))
    ends = dict(starts.group_by("stream", maintain_order=True).agg(pl.col("after").last()).rows())
    faults = {
        "row(s) where after is not before - removed": starts.filter(
            (pl.col("after") != pl.col("before") - pl.col("removed")) | (pl.col("removed") < 0)
        ).height,
        "row(s) that do not start with what the row before left": starts.filter(
            pl.col("left").is_not_null() & (pl.col("left") != pl.col("before"))
        ).height,
        "stream(s) missing": len(set(STREAMS) - set(ends)),
        "count(s) of analysed requirements not reached": int(ends.get("requirements", analysed) != analysed),
        "count(s) of people with an analysed requirement not reached": int(ends.get("people", people) != people),
    }
    return [f"{count} {what}" for what, count in faults.items() if count]


def _chain(stream: str, received: int, removals: list[tuple[str, int]]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    before = received
    for step, removed in removals:
        rows.append((stream, step, before, removed, before - removed))
        before -= removed
    return rows


def episodes_in_period(treatment_episodes: pl.DataFrame, cohort: Cohort) -> pl.DataFrame:
    """Episodes and contacts of any NDTMS data set that overlap the time from the first to the last sentence.

    `cohort` is that of a quarter. Raises StudySettingsError before one was chosen.
    """
    ended_before = (pl.col("end_date") < cohort.cohort_start).fill_null(False)
    return treatment_episodes.filter((pl.col("start_date") <= cohort.last_sentence) & ~ended_before)


def _offenders(
    offender: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    person_key: pl.DataFrame,
    in_period: pl.DataFrame,
    quarantined_rows: pl.DataFrame,
) -> tuple[int, list[tuple[str, int]]]:
    quarantined = _quarantined(quarantined_rows, "offender")
    people = probation_pseudonyms.select("person_pseudonym", "linkable").unique()
    linkable = people.filter("linkable")
    linked = linkable.join(person_key, on="person_pseudonym", how="semi")
    treated = linked.join(in_period, on="person_pseudonym", how="semi")
    return offender.height + quarantined, [
        ("row not as agreed (quarantined)", quarantined),
        ("record deleted in nDelius", offender.height - probation_pseudonyms.height),
        ("merged: identifiers of the same person", probation_pseudonyms.height - people.height),
        ("without enough identifiers to be linked", people.height - linkable.height),
        ("not linked to any treatment record", linkable.height - linked.height),
        (NOT_IN_PERIOD, linked.height - treated.height),
    ]


def _clients(
    clients: Sequence[pl.DataFrame],
    standardised_clients: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    person_key: pl.DataFrame,
) -> tuple[int, list[tuple[str, int]]]:
    rows = pl.concat([table.select("CLIENTID", "CONSENT") for table in clients])
    ids = rows.group_by("CLIENTID").agg(consented=(pl.col("CONSENT") == "Y").any())
    consented = ids.filter("consented").select(client_id="CLIENTID")
    enough = standardised_clients.filter("linkable").select(client_id="person_id").unique()
    linkable = consented.join(enough, on="client_id", how="semi")
    people = linkable.join(treatment_pseudonyms, on="client_id").select("client_pseudonym").unique()
    linked = people.join(person_key, on="client_pseudonym", how="semi")
    return ids.height, [
        ("refused to share", ids.height - consented.height),
        ("without enough identifiers to be linked", consented.height - linkable.height),
        ("merged: identifiers of the same person", linkable.height - people.height),
        ("not linked to anyone on probation", people.height - linked.height),
    ]


def _requirements(
    requirement: pl.DataFrame, combined: pl.DataFrame, quarantined_rows: pl.DataFrame
) -> tuple[int, list[tuple[str, int]]]:
    quarantined = _quarantined(quarantined_rows, "requirement")
    excluded = dict(combined.drop_nulls("exclusion")["exclusion"].value_counts().rows())
    return requirement.height + quarantined, [
        ("row not as agreed (quarantined)", quarantined),
        ("of a type that is not studied", requirement.height - combined.height),
        *((reason, excluded.get(reason, 0)) for reason in EXCLUSIONS),
    ]


def _people(combined: pl.DataFrame) -> tuple[int, list[tuple[str, int]]]:
    """A person leaves at the step that takes the person's last requirement. Nobody leaves for want of a person."""
    analysed = pl.lit(len(EXCLUSIONS))
    step = pl.col("exclusion").replace_strict({reason: place for place, reason in enumerate(EXCLUSIONS)}, default=None)
    last = (
        combined.drop_nulls("person_pseudonym")
        .group_by("person_pseudonym")
        .agg(last=pl.coalesce(step.cast(pl.Int32), analysed).max())
    )
    left = dict(last["last"].value_counts().rows())
    steps = [(place, reason) for place, reason in enumerate(EXCLUSIONS) if reason != NO_PERSON]
    return last.height, [
        (f"no requirement left, the last one was {reason}", left.get(place, 0)) for place, reason in steps
    ]


def _quarantined(quarantined_rows: pl.DataFrame, extract: str) -> int:
    return quarantined_rows.filter(pl.col("extract") == extract)["row_number"].n_unique()
