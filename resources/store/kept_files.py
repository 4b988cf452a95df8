"""The tables and receipts of a zone: in the folder of this machine, or in a bucket that the folder follows.

Belongs here: bringing a file here before it is read, and where a file is written. Does not belong here: what a table or
a receipt is (resources/zone, resources/receipts), and how a bucket is spoken to (bucket.py).

With a bucket, the folder is a copy. What is written goes to the bucket first, on the condition that it holds what was
last seen there, and then to its place here: a machine that is killed in between fetches it when it next reads it. So a
zone can be moved to another machine, and zones on different machines read each other's tables. Bytes are the same.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from resources.secrets.private_files import make_folder, put_in_place
from resources.store.bucket import Bucket

STORE = "PATHWAYS_STORE"


@dataclass(frozen=True)
class KeptFiles:
    """Files under the data root `root`, as the zone `zone` reads and writes them."""

    root: Path
    zone: str

    @property
    def bucket(self) -> Bucket | None:
        """The bucket that PATHWAYS_STORE names, if it names one."""
        return Bucket.named(STORE, os.environ)

    def put(self, partial: Path, path: Path) -> None:
        """Move a whole file to its place, where those whom it is for can read it from the first moment.

        Raises WrittenMeanwhile where the bucket holds another file there than was last seen.
        """
        bucket = self.bucket
        mark = bucket.write(self._name(path), partial, self._seen(path)) if bucket else ""
        put_in_place(self.root, partial, path)
        if bucket:
            self._see(path, mark)

    def bring(self, path: Path, anew: bool = False) -> None:
        """Have a file here as the bucket has it; without a bucket nothing happens.

        What the bucket no longer has goes here as well; what it never had stays. `anew`: whatever was seen of it.
        """
        bucket = self.bucket
        if not bucket:
            return
        found, seen = bucket.find(self._name(path)), self._seen(path)
        if found is None and seen is not None:
            path.unlink(missing_ok=True)
            self._mark_file(path).unlink(missing_ok=True)
        elif found is not None and (anew or found.mark != seen or not path.exists()):
            self._fetch(bucket, path)

    def look(self, path: Path) -> None:
        """Take what the bucket has of a file as seen, before it is written over unread."""
        bucket = self.bucket
        if not bucket:
            return
        if found := bucket.find(self._name(path)):
            self._see(path, found.mark)
        else:
            self._mark_file(path).unlink(missing_ok=True)

    def remove(self, path: Path) -> None:
        """Take a file away, in the bucket first."""
        if bucket := self.bucket:
            bucket.remove(self._name(path))
            self._mark_file(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    def _fetch(self, bucket: Bucket, path: Path) -> None:
        make_folder(self.root, path.parent)
        partial = path.with_name(f"{path.name}.{os.getpid()}.fetched")
        mark = bucket.read(self._name(path), partial)
        if mark is None:  # it was taken away meanwhile
            partial.unlink(missing_ok=True)
            return
        put_in_place(self.root, partial, path)
        self._see(path, mark)

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.root))

    def _mark_file(self, path: Path) -> Path:
        address = self.bucket.address if self.bucket else ""
        folder = self.root / self.zone / "secrets" / "seen_in_bucket" / sha256(address.encode()).hexdigest()[:12]
        return folder / f"{self._name(path)}.mark"

    def _seen(self, path: Path) -> str | None:
        file = self._mark_file(path)
        return file.read_text(encoding="ascii") if file.exists() else None

    def _see(self, path: Path, mark: str) -> None:
        file = self._mark_file(path)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        partial.write_text(mark, encoding="ascii")
        partial.replace(file)
