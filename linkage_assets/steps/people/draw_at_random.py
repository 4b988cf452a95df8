"""Random keys and orders: the same for the same records and secret, and out of reach without the secret.

Belongs here: how a key and a place in an order are drawn. Does not belong here: what they are drawn for, and samples,
which decide figures and no identity: those start from seeds in study.toml.

Each is a keyed hash of the id (keyed_hash.py). Nothing that is known of records, code or settings helps to
find it: neither the ids, nor their order, nor the keys of others.
"""

import numpy as np
import polars as pl

from resources.secrets.keyed_hash import keyed_digests

ALPHABET = np.array(list("ABCDEFGHJKMNPQRSTVWXYZ23456789"))
LETTERS = 10  # 6 * 10^14 keys: with the prefix still in polars' short strings


def random_keys(prefix: str, ids: pl.Series, key: bytes) -> pl.DataFrame:
    """id and key: one random key per distinct id, sorted by id; null is no id.

    A key is `prefix` and ten random letters and digits. Keys differ from each other and say nothing of the ids or their
    order. Two ids that would get the same are told apart by drawing anew for all but the first.
    """
    distinct = ids.drop_nulls().unique().sort()
    keys = _letters(distinct, key, 0)
    attempt = 0
    while (taken := ~keys.is_first_distinct()).any():
        attempt += 1
        keys = keys.scatter(taken.arg_true(), _letters(distinct.filter(taken), key, attempt))
    return pl.DataFrame({"id": distinct, "key": prefix + keys})


def random_places(ids: pl.Series, key: bytes) -> pl.Series:
    """A random place of each id (16 bytes) in an order: sorted by it, distinct ids stand in random order."""
    return pl.Series(keyed_digests(ids, key), dtype=pl.Binary)


def _letters(ids: pl.Series, key: bytes, attempt: int) -> pl.Series:
    halves = np.frombuffer(b"".join(keyed_digests(ids, key, 16, attempt)), dtype="<u8").reshape(-1, 2)
    places = [half // len(ALPHABET) ** place % len(ALPHABET) for half in halves.T for place in range(LETTERS // 2)]
    return pl.Series("key", ALPHABET[np.stack(places, axis=1)].view(f"<U{LETTERS}").ravel().tolist(), dtype=pl.String)
