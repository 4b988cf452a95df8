"""Hashes that nobody can repeat without a key, and keys for one purpose each.

Belongs here: the functions. Does not belong here: where a secret lies (zone_secrets.py), and what is hashed.

A plain hash of something of which there are few (a date of birth, a known sentence, a number that somebody else holds
too) can be undone by hashing all there are. Seeds that stand in study.toml are no key: every zone reads them.
"""

import hmac
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16  # bytes of a name


def subkey(secret: bytes, purpose: str) -> bytes:
    """The key (32 bytes) of one purpose: HMAC-SHA256. Who comes by it has neither the secret nor another key."""
    return hmac.digest(secret, purpose.encode(), "sha256")


def key_digest(key: bytes) -> str:
    """What says which key made something, and nothing else of it: 32 hexadecimal digits."""
    return subkey(key, "digest").hex()[:32]


def keyed_digests(texts: Iterable[str], key: bytes, size: int = 16, attempt: int = 0) -> list[bytes]:
    """BLAKE2b of each text under `key` (at most 64 bytes), `size` bytes each, in their order. Another `attempt` gives
    others.
    """
    salt = attempt.to_bytes(blake2b.SALT_SIZE)
    return [blake2b(text.encode(), key=key, digest_size=size, salt=salt).digest() for text in texts]


def keyed_names(purpose: str, texts: pl.Series, key: bytes) -> pl.Series:
    """A name of each text for one purpose under `key`: 32 hexadecimal digits that without it nobody can tell from
    random ones. In a tenth of the time of keyed_digests.

    A text that fits into a block of AES, and says there where it ends, is that block's cipher, exclusive or the block:
    this cannot be undone even with the key. A longer one is its keyed digest.
    """
    ours = subkey(key, purpose)
    ended = (texts + "\x01").str
    fits = (ended.len_bytes() <= BLOCK) & (ended.len_chars() == ended.len_bytes())
    blocks = (texts.filter(fits) + "\x01").str.pad_end(BLOCK, "\0").str.join("").item().encode()
    # One block each, under a key for this alone: ECB is AES itself.
    cipher = Cipher(algorithms.AES(ours), modes.ECB()).encryptor().update(blocks)  # noqa: S305
    mixed = np.frombuffer(cipher, dtype=np.uint64) ^ np.frombuffer(blocks, dtype=np.uint64)
    names = np.frombuffer(mixed.tobytes().hex().encode(), dtype=f"S{2 * BLOCK}")
    longer = [digest.hex() for digest in keyed_digests(texts.filter(~fits), subkey(ours, "longer"), BLOCK)]
    every = pl.concat([pl.Series(names).cast(pl.String), pl.Series(longer, dtype=pl.String)])
    return every[np.argsort(np.argsort(~fits.to_numpy(), kind="stable"))].alias("name")
