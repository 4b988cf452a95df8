"""Gives people random ids that stay theirs from release to release.

Belongs here: ids of clusters. Does not belong here: clusters, and what became of the ids of the last release
(compare_releases.py).

An id says nothing: not of whom it is, how many records it has, nor which came first. Where a cluster and a person of
the last release have most of each other's records the cluster keeps the id, so nobody who was left alone gets another.
"""

import numpy as np
import numpy.typing as npt
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from justice_assets.steps.clusters.cluster_persons import LEVELS
from resources.secrets.keyed_hash import subkey

RECORD = ["source", "record_key"]
ID_BYTES, LETTERS = 8, np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
SEED = 11


def assign_person_ids(clusters: pl.DataFrame, last: pl.DataFrame | None, secret: bytes, release: str) -> pl.DataFrame:
    """source, record_key, person_high, person_medium, person_low of every record, sorted by the first two.

    `clusters`: source, record_key and the cluster at each level. last: person_link of the release before, None for the
    first. release: its name, so that no id comes twice.
    """
    place = np.full(clusters.height, -1)  # row of each record in the last release
    if last is not None:
        rows = pl.DataFrame({"record": last.select(RECORD).hash_rows(seed=SEED)}).with_row_index("row")
        found = pl.DataFrame({"record": clusters.select(RECORD).hash_rows(seed=SEED)})
        place = found.join(rows, on="record", how="left", maintain_order="left")["row"].fill_null(-1).to_numpy()
    ids: dict[str, pl.Series] = {}
    for level in LEVELS:
        before = pl.Series([], dtype=pl.String) if last is None else last[f"person_{level}"]
        key = subkey(secret, f"person ids {level}")
        ids[f"person_{level}"] = _of_level(clusters[f"cluster_{level}"], place, before, key, release)
    named = clusters.select(RECORD).with_columns(**ids)
    out_of_order = (pl.col("source") < pl.col("source").shift()) | (
        (pl.col("source") == pl.col("source").shift()) & (pl.col("record_key") < pl.col("record_key").shift())
    )
    return named.sort(RECORD) if named.select(out_of_order.any()).item() else named


def _of_level(
    cluster: pl.Series, place: npt.NDArray[np.int64], before: pl.Series, key: bytes, release: str
) -> pl.Series:
    """The id of each record. before: ids of the last release's records, place: row of each record among them."""
    people, number = _numbered(cluster)
    taken, last_number = _numbered(before)
    there = place >= 0
    pairs = pl.DataFrame({"cluster": number[there], "last": last_number[place[there]]}) if there.any() else None
    ids = np.full(people.len(), -1)
    if pairs is not None:
        both = _most_of_each_other(pairs.group_by("cluster", "last").agg(records=pl.len()), people, taken)
        ids[both["cluster"].to_numpy()] = both["last"].to_numpy()
    kept = taken[pl.Series(ids).replace(-1, None).cast(pl.UInt32)]
    without = kept.is_null()
    fresh = random_ids(int(without.sum()), key, release, taken)
    return kept.scatter(without.arg_true(), fresh)[number].alias("person")


def _numbered(values: pl.Series) -> tuple[pl.Series, npt.NDArray[np.uint32]]:
    """Distinct values in the order in which they come, and the number of each one's."""
    column = pl.DataFrame({"value": values})
    distinct = column.unique(maintain_order=True).with_row_index("number")
    numbers = column.join(distinct, on="value", how="left", maintain_order="left")["number"]
    return distinct["value"], numbers.to_numpy()


def _most_of_each_other(shared: pl.DataFrame, people: pl.Series, taken: pl.Series) -> pl.DataFrame:
    """cluster and last that have most of each other's records; of as many the first id, and the first cluster.

    shared: cluster and last (numbers of `people` and `taken`), and how many records they share.
    """
    single = (pl.len().over("cluster") == 1) & (pl.len().over("last") == 1)
    marked = shared.with_columns(single=single)
    open_ = marked.filter(~pl.col("single"))
    named = open_.with_columns(id=taken[open_["last"]], label=people[open_["cluster"]])
    largest = named.sort("records", "id", "label", descending=[True, False, False])
    of_cluster = largest.unique("cluster", keep="first", maintain_order=True)
    of_last = largest.unique("last", keep="first", maintain_order=True)
    kept = of_cluster.join(of_last, on=["cluster", "last"], how="semi")
    both = ["cluster", "last"]
    return pl.concat([marked.filter("single").select(both), kept.select(both)])


def random_ids(number: int, key: bytes, release: str, taken: pl.Series) -> pl.Series:
    """So many ids that differ from each other and from `taken`, the same for the same key and release."""
    cipher = Cipher(algorithms.AES(subkey(key, release)), modes.CTR(bytes(16))).encryptor()
    ids = pl.Series("person", [], dtype=pl.String)
    while ids.len() < number:
        drawn = _letters(cipher.update(bytes(ID_BYTES * (number - ids.len() + 8))))
        ids = pl.concat([ids, drawn.filter(~drawn.is_in(taken.implode()))]).unique(maintain_order=True)
    return ids.head(number)


def _letters(drawn: bytes) -> pl.Series:
    """Twelve letters and digits for each eight bytes: 60 bits, which polars holds without a pointer."""
    numbers = np.frombuffer(drawn, dtype="<u8")
    places = [LETTERS[(numbers >> np.uint64(5 * place)) & np.uint64(31)] for place in range(12)]
    texts = np.stack(places, axis=1).reshape(-1).view("S12")
    return pl.Series("person", texts).cast(pl.String)
