"""Hashes the text of notes, so that equal texts are known to be equal and nothing else is known of them.

Belongs here: the hash. Does not belong here: where its key is kept (resources/secrets/zone_secrets.py).

Under a key of the notes zone: many notes are short and alike, and who could hash such a sentence himself could see
whether it was ever labelled, and how.
"""

from collections.abc import Iterable

import polars as pl

from resources.secrets.keyed_hash import keyed_digests

BYTES = 32


def note_hash(texts: Iterable[str], key: bytes) -> pl.Series:
    """Keyed hash of each text, 64 hexadecimal digits. The key is of the zone, so that labels serve every quarter."""
    return pl.Series("note_hash", [digest.hex() for digest in keyed_digests(texts, key, BYTES)], dtype=pl.String)
