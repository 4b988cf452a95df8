"""Secrets that a zone makes for itself and keeps: random, in a file that this account alone can read.

Belongs here: making and reading such a file. Does not belong here: what a secret is used for, and secrets
that somebody gives us (they come as files or environment variables of the deployment).
"""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class SecretNotReadable(Exception):
    """A secret is missing, damaged or open to others; names the file and what to do, never its content."""


def kept_secret(path: Path) -> bytes:
    """The secret in a file (32 bytes), made at random on first use. Raises SecretNotReadable when it is damaged."""
    if not path.exists():
        keep_secret(path, secrets.token_bytes(KEY_BYTES))
    return read_secret(path)


def keep_secret(path: Path, secret: bytes) -> None:
    """Write a secret where there is none; one that is there already is kept, also when two processes write at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")  # two threads may write at once
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secret.hex())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)  # whole or not at all, and never over one that is there
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def read_secret(path: Path) -> bytes:
    """The secret in a file. Raises SecretNotReadable when it is missing, damaged or readable by others."""
    try:
        if path.stat().st_mode & 0o077:
            raise SecretNotReadable(
                f"The key {path.name} can be read by other users. Replace it, and let none but its user read it."
            )
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
        if len(secret) != KEY_BYTES:
            raise ValueError
    except FileNotFoundError:
        raise SecretNotReadable(f"The key {path.name} is not here. Put it back into {path.parent.name}.") from None
    except ValueError:
        raise SecretNotReadable(f"The key {path.name} is damaged. Put its copy back into {path.parent.name}.") from None
    return secret
