"""Gives people random ids that stay theirs from release to release.

Belongs here: ids of clusters. Does not belong here: clusters, and what became of the ids of the last release
(compare_releases.py).

An id says nothing: not of whom it is, how many records it has, nor which came first. Where a cluster and a person of
the last release have most of each other's records the cluster keeps the id, so nobody who was left alone gets another.
"""

import numpy as np
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
    record = clusters.select(RECORD).hash_rows(seed=SEED)
    earlier = None if last is None else last.select(RECORD).hash_rows(seed=SEED)
    ids: dict[str, pl.Series] = {}
    for level in LEVELS:
        found = pl.DataFrame({"record": record, "cluster": clusters[f"cluster_{level}"]})
        before = pl.DataFrame(schema={"record": pl.UInt64, "last_id": pl.String})
        if last is not None and earlier is not None:
            before = pl.DataFrame({"record": earlier, "last_id": last[f"person_{level}"]})
        ids[f"person_{level}"] = _of_level(found, before, subkey(secret, f"person ids {level}"), release)
    return clusters.select(RECORD).with_columns(**ids).sort(RECORD)


def _of_level(found: pl.DataFrame, before: pl.DataFrame, key: bytes, release: str) -> pl.Series:
    """The id of each record."""
    shared = found.join(before, on="record").group_by("cluster", "last_id").agg(records=pl.len())
    largest = shared.sort("records", "last_id", "cluster", descending=[True, False, False])
    of_cluster = largest.unique("cluster", keep="first", maintain_order=True)
    of_last = largest.unique("last_id", keep="first", maintain_order=True)
    kept = of_cluster.join(of_last, on=["cluster", "last_id"], how="semi").select("cluster", person="last_id")
    people = found.select("cluster").unique(maintain_order=True)
    named = people.join(kept, on="cluster", how="left", maintain_order="left")
    without = named["person"].is_null()
    fresh = random_ids(int(without.sum()), key, release, before["last_id"].unique())
    ids = named.with_columns(named["person"].scatter(without.arg_true(), fresh))
    return found.join(ids, on="cluster", how="left", maintain_order="left")["person"]


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
