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
from record_linkage.identities.value_codes import Rows, firsts_of_hashes, firsts_of_numbers, numbered, starts_of
from resources.secrets.keyed_hash import subkey

RECORD = ["source", "record_key"]
ID_BYTES, LETTERS = 8, np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
SEED = 11


def assign_person_ids(clusters: pl.DataFrame, last: pl.DataFrame | None, secret: bytes, release: str) -> pl.DataFrame:
    """source, record_key, person_high, person_medium, person_low of every record, sorted by the first two.

    `clusters`: source, record_key and the cluster at each level. last: person_link of the release before, None for the
    first. release: its name, so that no id comes twice.
    """
    place = places_in_release(clusters, last)
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


def places_in_release(records: pl.DataFrame, last: pl.DataFrame | None) -> npt.NDArray[np.int64]:
    """The row of each record in the last release, -1 where it has none."""
    if last is None:
        return np.full(records.height, -1)
    rows = pl.DataFrame({"record": last.select(RECORD).hash_rows(seed=SEED)}).with_row_index("row")
    found = pl.DataFrame({"record": records.select(RECORD).hash_rows(seed=SEED)})
    return found.join(rows, on="record", how="left", maintain_order="left")["row"].fill_null(-1).to_numpy()


def numbered_ids(ids: pl.Series) -> tuple[pl.Series, Rows]:
    """Distinct ids in the order in which they first come, and the number of each row's."""
    rows, number = numbered(firsts_of_hashes(ids.hash(SEED).to_numpy()))
    return ids[rows], number


def shared_records(cluster: Rows, last: Rows) -> pl.DataFrame:
    """cluster, last and records: how many records a cluster and a person of the last release share, where they do.

    cluster and last: their numbers, of each record that was there.
    """
    packed = np.sort((cluster.astype(np.uint64) << np.uint64(32)) | last)
    starts = starts_of(packed)
    clusters, people = (packed[starts] >> np.uint64(32)).astype(np.uint32), packed[starts].astype(np.uint32)
    return pl.DataFrame({"cluster": clusters, "last": people, "records": np.diff(np.append(starts, packed.size))})


def _of_level(
    cluster: pl.Series, place: npt.NDArray[np.int64], before: pl.Series, key: bytes, release: str
) -> pl.Series:
    """The id of each record. before: ids of the last release's records, place: row of each record among them."""
    people, number = numbered(firsts_of_numbers(cluster.to_numpy()))
    taken, last_number = numbered_ids(before)
    there = place >= 0
    both = _most_of_each_other(shared_records(number[there], last_number[place[there]]), cluster[people], taken)
    ids = np.full(people.size, -1)
    ids[both["cluster"].to_numpy()] = both["last"].to_numpy()
    kept = taken[pl.Series(ids).replace(-1, None).cast(pl.UInt32)]
    without = kept.is_null()
    fresh = random_ids(int(without.sum()), key, release, taken)
    return kept.scatter(without.arg_true(), fresh)[number].alias("person")


def _most_of_each_other(shared: pl.DataFrame, people: pl.Series, taken: pl.Series) -> pl.DataFrame:
    """cluster and last that have most of each other's records; of as many the first id, and the first cluster.

    shared: as shared_records. people and taken: what clusters and people of the last release are called.
    """
    single = np.ones(shared.height, dtype=np.bool_)
    for side in ("cluster", "last"):
        number = shared[side].to_numpy()
        single &= np.bincount(number)[number] == 1
    open_ = shared.filter(pl.Series(~single))
    named = open_.with_columns(id=taken[open_["last"]], label=people[open_["cluster"]])
    largest = named.sort("records", "id", "label", descending=[True, False, False])
    of_cluster = largest.unique("cluster", keep="first", maintain_order=True)
    of_last = largest.unique("last", keep="first", maintain_order=True)
    kept = of_cluster.join(of_last, on=["cluster", "last"], how="semi")
    both = ["cluster", "last"]
    return pl.concat([shared.filter(pl.Series(single)).select(both), kept.select(both)])


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
