"""Random draws for pseudonyms and samples: the same for the same records and seed, and not to be repeated without them.

Belongs here: the random generator. Does not belong here: what is drawn with it.
"""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np


def generator_for(ids: Sequence[str], seed: int, purpose: str) -> np.random.Generator:
    """Generator of a purpose, started from the seed and from all `ids` together.

    The seed stands in study.toml, which every zone reads. A reader of pseudonyms who knew the whole start of the
    generator could tell each pseudonym's place in the order of the ids, so the ids are part of the start.
    """
    digest = sha256("\n".join([purpose, str(seed), *ids]).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest))
