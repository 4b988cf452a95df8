"""Hashes that nobody can repeat without a key, and keys for one purpose each.

Belongs here: the two functions. Does not belong here: where a secret lies (zone_secrets.py), and what is hashed.

A plain hash of something of which there are few (a date of birth, a known sentence, a number that somebody else holds
too) can be undone by hashing all there are. Seeds that stand in study.toml are no key: every zone reads them.
"""

import hmac
from collections.abc import Iterable
from hashlib import blake2b


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


def keyed_names(prefix: str, texts: Iterable[str], key: bytes) -> list[str]:
    """keyed_digests of each text with `prefix` before it, as hexadecimal digits: for many texts in half the time."""
    begun = blake2b(prefix.encode(), key=key, digest_size=16, salt=bytes(blake2b.SALT_SIZE))

    def name(text: str) -> str:
        digest = begun.copy()
        digest.update(text.encode())
        return digest.hexdigest()

    return [name(text) for text in texts]
