"""The receipts of a zone on disk: signed by the zone that makes the table, numbered, and never older than one seen.

Belongs here: writing and reading receipts so that a table cannot be changed or replaced together with its receipt. Does
not belong here: what a receipt says (receipts.py), the form of an envelope (signed_statement.py).

A zone signs with a key that it makes for itself and that its user alone can read. Zones that read its crossing tables
find the public key beside them, keep it when they first read, and from then on take no other. Every receipt of a table
has the next number and the hash of the one before it; each zone keeps the last one that it wrote or read, so that an
old table with its old, well signed receipt is refused. Key, known keys and last numbers lie in `secrets` of the zone.

Several processes of one zone write at once: the UI and the command line, or runs of two quarters. Whatever is read to
be written again (the next number, a receipt that is changed, a published key) is read and written under one lock.

Left to the deployment: that what a zone reads first of another is that zone's. Whoever wants to be sure puts the public
key into `<zone>/secrets/zones` before the first run.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from resources.receipts.receipts import Receipt, file_state
from resources.receipts.signed_statement import (
    KeyNotUsable,
    StatementRefused,
    key_text,
    public_key,
    read_public_key,
    signed,
    verified,
)
from resources.secrets.kept_secret import kept_secret, read_secret
from resources.secrets.private_files import only_one
from resources.store.kept_files import KeptFiles

KIND = "application/vnd.pathways.receipt+json"


class ReceiptRefused(Exception):
    """There is no receipt of a table that may be believed; says why, and what to do."""


@dataclass(frozen=True)
class Last:
    """The last receipt of a table that was written or read: its number and the SHA-256 of its file."""

    number: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class ReceiptBook:
    """The receipts that the zone `zone` writes and reads, under the data root `root`."""

    root: Path
    zone: str

    @property
    def secrets(self) -> Path:
        """Folder of the zone that its user alone can enter."""
        return self.root / self.zone / "secrets"

    @property
    def kept(self) -> KeptFiles:
        """Where receipts and tables are kept."""
        return KeptFiles(self.root, self.zone)

    @property
    def key(self) -> Path:
        """The key that the zone signs with."""
        return self.secrets / "receipts.key"

    def known(self, maker: str) -> Path:
        """The public key of another zone, as it was when a table of it was first read."""
        return self.secrets / "zones" / f"{maker}.pub"

    def last(self, table: str, quarter: str) -> Path:
        """Number and hash of the last receipt of a table."""
        return self.secrets / "last_receipts" / quarter / table

    def write(self, receipt: Receipt, path: Path) -> None:
        """Sign a receipt of a table of this zone as the next one, and write it by rename: a kill leaves the old or the
        new, never half. Raises SecretNotReadable, GroupNotUsable.
        """
        seed = self._seed(path)
        with self._one_at_a_time(receipt.quarter):
            self._catch_up(receipt.table, receipt.quarter, path)
            self._write_next(receipt, path, seed)

    def replace(self, receipt: Receipt, by: Receipt, path: Path) -> bool:
        """Write `by` as the next receipt of the table if `receipt` is still its receipt. Returns whether it was.

        Whoever changes a receipt reads it, changes it, and where this is False reads it again: what another process
        wrote meanwhile is not lost. Raises SecretNotReadable, GroupNotUsable.
        """
        seed = self._seed(path)
        with self._one_at_a_time(receipt.quarter):
            if self._catch_up(receipt.table, receipt.quarter, path) != receipt:
                return False
            self._write_next(by, path, seed)
        return True

    def remove(self, table: str, quarter: str, path: Path) -> None:
        """Take a receipt of this zone away, as its table is about to be replaced."""
        with self._one_at_a_time(quarter):
            self._catch_up(table, quarter, path)
            self.kept.remove(path)

    @contextmanager
    def one_writer(self, table: str, quarter: str) -> Generator[None]:
        """Be the only one who writes a table and its receipt; another process waits."""
        with only_one(self._numbers(quarter) / f".{table}.lock"):
            yield

    def read(self, table: str, quarter: str, path: Path, maker: str) -> Receipt:
        """The receipt of a table that the zone `maker` makes.

        Raises ReceiptRefused; KeyNotUsable and SecretNotReadable where a key is damaged.
        """
        receipt, newer = self._believed(table, quarter, path, maker)
        if newer:
            with self._one_at_a_time(quarter):
                self._remember_newer(table, quarter, newer)
        return receipt

    def _believed(self, table: str, quarter: str, path: Path, maker: str) -> tuple[Receipt, Last | None]:
        """A receipt that may be believed, and what is to be remembered of it, if it is newer than the last one known.

        Raises ReceiptRefused.
        """
        last = self._last(table, quarter)  # first: a receipt that is written meanwhile is newer, not older
        self.kept.bring(path)
        try:
            content = path.read_bytes()
        except OSError:
            raise ReceiptRefused("it has not been written. Run the refresh, which makes it") from None
        receipt = self._verified(content, path, maker)
        if (receipt.table, receipt.quarter) != (table, quarter):
            raise ReceiptRefused("its receipt is of another table or quarter. Run the refresh, which makes it again")
        seen = Last(receipt.number, _sha256(content))
        if seen == last:
            return receipt, None
        self._require_next(receipt, last, maker)
        return receipt, seen

    def _verified(self, content: bytes, path: Path, maker: str) -> Receipt:
        own = maker == self.zone
        try:
            key = self._own_key() if own else self._known_key(maker, path.parent.parent, content)
            return Receipt.model_validate(_statement(content, key))
        except (StatementRefused, ValidationError):
            pass
        if own:
            why = "its receipt was not signed by this zone, or was changed. Run the refresh, which makes it again"
        else:
            why = (
                f"its receipt was not signed with the key of the {maker} zone that is known here, or was changed. Have "
                f"that zone make it again. If it was set up anew, remove {self.known(maker)} first"
            )
        raise ReceiptRefused(why)

    def _require_next(self, receipt: Receipt, last: Last, maker: str) -> None:
        """Raise ReceiptRefused unless a receipt comes after the last one."""
        next_one = receipt.number == last.number + 1
        if receipt.before == last.sha256 if next_one else receipt.number > last.number:
            return
        raise ReceiptRefused(
            f"its receipt is number {receipt.number}, and does not follow the last one known here, number "
            f"{last.number}: an old or another table was put in its place. Have the {maker} zone make it again. If it "
            f"was put back on purpose, remove {self.last(receipt.table, receipt.quarter)} first"
        )

    def _seed(self, path: Path) -> bytes:
        """What the zone signs with. Beside a crossing table the key to verify with is published."""
        seed = kept_secret(self.key)
        if path.is_relative_to(self.root / "crossings"):
            self._publish(path.parent.parent, key_text(public_key(seed)))
        return seed

    def _write_next(self, receipt: Receipt, path: Path, seed: bytes) -> None:
        last = self._last(receipt.table, receipt.quarter)
        numbered = receipt.model_copy(update={"number": last.number + 1, "before": last.sha256})
        content = signed(numbered.model_dump(mode="json"), KIND, seed)
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(content, encoding="ascii")
        self.kept.put(partial, path)
        self._remember(receipt.table, receipt.quarter, Last(numbered.number, _sha256(content.encode())))

    def _catch_up(self, table: str, quarter: str, path: Path) -> Receipt | None:
        """The receipt that is there, if it may be believed. One that was written when a kill came before its number
        was kept is known from then on: the next has another number.
        """
        try:
            receipt, newer = self._believed(table, quarter, path, self.zone)
        except ReceiptRefused:
            return None
        if newer:
            self._remember_newer(table, quarter, newer)
        return receipt

    def _own_key(self) -> bytes:
        if not self.key.exists():
            raise StatementRefused("this zone has signed nothing yet")
        return _public_bytes(self.key, file_state(self.key))

    def _known_key(self, maker: str, folder: Path, content: bytes) -> bytes:
        """The public key of another zone: the known one; at first the one that lies beside its tables, if it fits."""
        known = self.known(maker)
        if not known.exists():
            try:
                self.kept.bring(folder / f"{maker}.pub")
                key = read_public_key(folder / f"{maker}.pub")
            except KeyNotUsable:
                raise StatementRefused("no key is published") from None
            verified(content, KIND, key)
            self._know(known, key_text(key))
        return read_public_key(known).public_bytes_raw()

    def _know(self, known: Path, text: str) -> None:
        """Keep the key of another zone; one that another process keeps at this moment stays, and is never half."""
        known.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with only_one(known.parent / ".lock"):
            if not known.exists():
                partial = known.with_suffix(".partial")
                partial.write_text(text, encoding="ascii")
                partial.replace(known)

    def _publish(self, folder: Path, text: str) -> None:
        path = folder / f"{self.zone}.pub"
        with only_one(self.secrets / ".publish.lock"):
            self.kept.bring(path)
            if path.exists() and path.read_text(encoding="ascii") == text:
                return
            partial = path.with_suffix(".partial")
            partial.write_text(text, encoding="ascii")
            self.kept.put(partial, path)

    def _last(self, table: str, quarter: str) -> Last:
        path = self.last(table, quarter)
        try:
            number, digest = path.read_text(encoding="ascii").split()
            return Last(int(number), digest)
        except FileNotFoundError:
            return Last()
        except ValueError:
            raise ReceiptRefused(
                f"{path}, which says what was last known of it, is damaged. Look whether the table is as it was made, "
                "then remove that file"
            ) from None

    def _remember(self, table: str, quarter: str, last: Last) -> None:
        path = self.last(table, quarter)
        partial = path.with_name(f".{path.name}")
        partial.write_text(f"{last.number} {last.sha256}\n", encoding="ascii")
        partial.replace(path)

    def _remember_newer(self, table: str, quarter: str, newer: Last) -> None:
        if self._last(table, quarter).number < newer.number:
            self._remember(table, quarter, newer)

    def _numbers(self, quarter: str) -> Path:
        """The folder of a quarter's last numbers, made if need be."""
        folder = self.secrets / "last_receipts" / quarter
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    @contextmanager
    def _one_at_a_time(self, quarter: str) -> Generator[None]:
        with only_one(self._numbers(quarter) / ".lock"):
            yield


def _sha256(content: bytes) -> str:
    return sha256(content).hexdigest()


@lru_cache(maxsize=64)
def _public_bytes(path: Path, _state: tuple[Any, ...]) -> bytes:
    """Public key of a secret that has not changed since."""
    return public_key(read_secret(path)).public_bytes_raw()


@lru_cache(maxsize=2048)  # a refresh reads each receipt dozens of times
def _statement(content: bytes, key: bytes) -> dict[str, Any]:
    return verified(content, KIND, Ed25519PublicKey.from_public_bytes(key))
