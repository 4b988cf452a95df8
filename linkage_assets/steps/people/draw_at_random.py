"""Random draws for pseudonyms and samples: the same for the same records and seed, and not to be repeated without them.

Belongs here: the random generator and random keys. Does not belong here: what is drawn with them.
"""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import polars as pl

ALPHABET = np.array(list("ABCDEFGHJKMNPQRSTVWXYZ23456789"))
LETTERS = 10


def generator_for(ids: Sequence[str], seed: int, purpose: str) -> np.random.Generator:
    """Generator of a purpose, started from the seed and from all `ids` together.

    The seed stands in study.toml, which every zone reads. A reader of pseudonyms who knew the whole start of the
    generator could tell each pseudonym's place in the order of the ids, so the ids are part of the start.
    """
    digest = sha256("\n".join([purpose, str(seed), *ids]).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest))


def random_keys(prefix: str, ids: pl.Series, seed: int, purpose: str) -> pl.DataFrame:
    """id and key: one random key per distinct id, sorted by id; null is no id.

    A key is `prefix` and ten random letters and digits. Keys differ from each other, say nothing of the ids or their
    order, and are other ones for another seed, purpose or set of ids.
    """
    distinct = ids.drop_nulls().unique().sort()
    generator = generator_for(distinct.to_list(), seed, purpose)
    keys: dict[str, None] = {}
    while len(keys) < distinct.len():
        letters = ALPHABET[generator.integers(len(ALPHABET), size=(distinct.len() - len(keys), LETTERS))]
        keys |= dict.fromkeys(letters.view(f"<U{LETTERS}").ravel().tolist())
    return pl.DataFrame({"id": distinct, "key": pl.Series(list(keys), dtype=pl.String)}).with_columns(
        key=prefix + pl.col("key")
    )
