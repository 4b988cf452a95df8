"""Who is one person, at three thresholds at once.

Belongs here: records, their forms and what keeps them apart. Does not belong here: clustering (record_linkage), random
ids (steps/release).
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from justice_assets.steps.clusters.overrides import decided_rows
from justice_assets.steps.linking.score_justice_pairs import split_own
from record_linkage.entities.nested_clusters import CERTAIN, Apart, NestedClusters, nested_clusters
from record_linkage.identities.places import places_of
from record_linkage.identities.score_identities import as_rows
from resources.settings.justice_settings import JusticeLinkage

LEVELS = ("high", "medium", "low")
CONTRADICTING = ("pnc", "cro")  # of which a person has one; several prison and probation numbers are no news


@dataclass(frozen=True)
class Clustered:
    """records: cluster_high, cluster_medium, cluster_low of each record, in their order: equal numbers are one person.

    clusters: of identities. keys: source and record_key.
    """

    records: pl.DataFrame
    clusters: NestedClusters
    keys: pl.DataFrame | None = None

    @property
    def by_record(self) -> pl.DataFrame:
        """source, record_key and the clusters of every record, sorted."""
        assert self.keys is not None
        return pl.concat([self.keys, self.records], how="horizontal").sort("source", "record_key")

    @property
    def refused(self) -> pl.DataFrame:
        """Pairs at or above the lowest threshold that were kept apart."""
        return self.clusters.refused


def cluster_records(
    identities: pl.DataFrame,
    members: pl.DataFrame,
    scored: pl.DataFrame,
    settings: JusticeLinkage,
    overrides: pl.DataFrame,
) -> Clustered:
    """As cluster_persons, of the tables of the zone: JusticeIdentities, JusticeMembers, ScoredIdentities, overrides."""
    first, forms = forms_of_members(identities["identity"], members)
    keys = members.select("source", "record_key").filter(first)
    found = cluster_persons(identities, forms, scored, settings, decided_rows(overrides, keys))
    return replace(found, keys=keys)


def not_followed(by_record: pl.DataFrame, decided: pl.DataFrame) -> int:
    """How many decisions (overrides.py) clusters do not follow, though both records are there: they are as people said
    at all thresholds, unless others that they contradict came in between.
    """
    rows = decided_rows(decided, by_record)
    levels = [by_record[f"cluster_{level}"] for level in LEVELS]
    as_said = [(level[rows["l"]] == level[rows["r"]]) == rows["same"] for level in levels]
    return rows.height - int(
        pl.DataFrame({str(place): said for place, said in enumerate(as_said)})
        .select(pl.all_horizontal(pl.all()))
        .to_series()
        .sum()
    )


def forms_of_members(ids: pl.Series, members: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """Whether a row of JusticeMembers is the first of its record; and record and identity (row of `ids`) of each."""
    another = pl.any_horizontal(pl.col(name) != pl.col(name).shift() for name in ("source", "record_key"))
    first = members.select(another.fill_null(True)).to_series()
    rows = places_of(members["identity"].to_numpy(), ids.to_numpy())
    return first, pl.DataFrame({"record": first.cum_sum(), "identity": rows})


def cluster_persons(
    identities: pl.DataFrame,
    members: pl.DataFrame,
    scored: pl.DataFrame,
    settings: JusticeLinkage,
    decided: pl.DataFrame | None = None,
) -> Clustered:
    """Clusters of records at the three thresholds. `members` and `scored` as condense_persons and score_justice_pairs.

    decided: what people have said of pairs of records (l, r: row numbers of records; same). Forms of one record are one
    person whatever they look like: each holds a number of that record alone.
    """
    own, pairs = split_own(scored, identities)
    edges = [as_rows(pairs, identities), forms_of_one_record(members)]
    identity_of = members["identity"].to_numpy()[first_forms(members)]
    apart: list[tuple[int, int]] = []
    if decided is not None and decided.height:
        rows = decided.with_columns(pl.Series(name, identity_of[decided[name].to_numpy()]) for name in ("l", "r"))
        apart = rows.filter(~pl.col("same") & (pl.col("l") != pl.col("r"))).select("l", "r").rows()
        said = rows.filter(pl.col("same")).select(
            pl.col("l", "r").cast(pl.UInt32), match_weight=pl.lit(CERTAIN, pl.Float64)
        )
        edges.append(said)
    numbers = {name: identities[name] for name in CONTRADICTING}
    clusters = nested_clusters(own, pl.concat(edges), settings.thresholds, Apart(numbers, apart))
    return Clustered(_of_records(clusters, identity_of), clusters)


def forms_of_one_record(members: pl.DataFrame) -> pl.DataFrame:
    """A certain pair for each further form of a record with the first."""
    starts = first_forms(members)
    identity = members["identity"].to_numpy()
    first = np.repeat(identity[starts], np.diff(np.append(starts, identity.size)))
    other = first != identity
    pairs = pl.DataFrame({"l": first[other], "r": identity[other]}).unique(maintain_order=True)
    return pairs.with_columns(match_weight=pl.lit(CERTAIN, pl.Float64))


def first_forms(members: pl.DataFrame) -> np.ndarray:
    """Rows of the first form of each record."""
    record = members["record"].to_numpy()
    return np.flatnonzero(np.concatenate([[True], record[1:] != record[:-1]])) if record.size else np.empty(0, int)


def _of_records(clusters: NestedClusters, identity_of: np.ndarray) -> pl.DataFrame:
    columns: dict[str, np.ndarray] = {}
    for level, labels, alone in zip(LEVELS, clusters.labels, clusters.falls_apart, strict=True):
        own_cluster = len(labels) + np.arange(len(identity_of))
        columns[f"cluster_{level}"] = np.where(alone[identity_of], own_cluster, labels[identity_of])
    return pl.DataFrame(columns)
