"""An S3 bucket, or a part of one: its objects by name, each with the mark (ETag) that changes when it is written.

Belongs here: reading, writing under a condition, and what a bucket refuses, in words. Does not belong here: which files
are kept in it (kept_files.py), and credentials: obstore takes AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and
AWS_ENDPOINT_URL from the environment, which the deployment fills from files.

No message of a bucket is passed on: it may hold keys of objects, which people may name after people.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from resources.process.storage_faults import GO_ON, StorageFault

if TYPE_CHECKING:
    from obstore import PutMode
    from obstore.store import S3Store

SCHEME = "s3://"


class WrittenMeanwhile(Exception):
    """Another machine wrote an object since it was last read; names it and says what to do."""


@dataclass(frozen=True)
class Found:
    """An object: name below the bucket's prefix, bytes, mark, and when it was written, seconds since 1970."""

    name: str
    size: int
    mark: str
    written: float


@dataclass(frozen=True)
class Bucket:
    """The objects at `address`, such as s3://bucket/prefix, which the variable `variable` names."""

    variable: str
    address: str

    @classmethod
    def named(cls, variable: str, environment: Mapping[str, str]) -> "Bucket | None":
        """The bucket that a variable names; None where it is empty. Raises StorageFault for any other address."""
        address = environment.get(variable, "").rstrip("/")
        if not address:
            return None
        if not address.startswith(SCHEME) or address == SCHEME:
            raise StorageFault(f"{variable} is no address of a bucket. Set it to s3://BUCKET/PREFIX, or unset it.")
        return cls(variable, address)

    def find(self, name: str) -> Found | None:
        """An object, None where there is none. Raises StorageFault."""
        import obstore

        with self._in_words():
            try:
                found = obstore.head(_store(self.address), name)
            except FileNotFoundError:
                return None
        return Found(name, found["size"], str(found["e_tag"]), found["last_modified"].timestamp())

    def read(self, name: str, into: Path) -> str | None:
        """Write an object into a file; its mark, None where there is no such object. Raises StorageFault."""
        import obstore

        with self._in_words():
            try:
                answer = obstore.get(_store(self.address), name)
            except FileNotFoundError:
                return None
            with into.open("wb") as file:
                for block in answer:
                    file.write(block)
            return str(answer.meta["e_tag"])

    def write(self, name: str, content: Path, over: str | None) -> str:
        """Write a file as an object whose mark is `over`, or which is not there where that is None; the new mark.

        Raises WrittenMeanwhile, and then nothing was written; StorageFault.
        """
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._in_words():
            try:
                mode: PutMode = "create" if over is None else {"e_tag": over}
                return str(obstore.put(_store(self.address), name, content.read_bytes(), mode=mode)["e_tag"])
            except (AlreadyExistsError, PreconditionError):
                raise WrittenMeanwhile(
                    f"{name} in the bucket of {self.variable} was written by another machine meanwhile. Let only one "
                    "refresh a quarter, and run the same command again."
                ) from None

    def remove(self, name: str) -> None:
        """Take an object away, if there is one. Raises StorageFault."""
        import obstore

        with self._in_words():
            obstore.delete(_store(self.address), name)

    def under(self, folder: str) -> list[Found]:
        """The objects in a folder and those below it, by name. Raises StorageFault."""
        import obstore

        with self._in_words():
            listed = obstore.list(_store(self.address), folder).collect()  # pyright: ignore[reportUnknownMemberType]
        found = [Found(one["path"], one["size"], str(one["e_tag"]), one["last_modified"].timestamp()) for one in listed]
        return sorted(found, key=lambda one: one.name)

    @contextmanager
    def _in_words(self) -> Generator[None]:
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError):
            raise StorageFault(
                f"The bucket of {self.variable} does not let this account in. Correct AWS_ACCESS_KEY_ID, "
                f"AWS_SECRET_ACCESS_KEY, or the rights of that account. {GO_ON}"
            ) from None
        except (BaseError, OSError) as error:
            raise StorageFault(
                f"The bucket of {self.variable} cannot be used ({type(error).__name__}). Look whether it is there, "
                f"and at AWS_REGION and AWS_ENDPOINT_URL. {GO_ON}"
            ) from None


def _store(address: str) -> "S3Store":
    """The store at an address, as the environment says now: another service, or other keys, are another store."""
    return _opened(address, tuple(sorted(each for each in os.environ.items() if each[0].startswith("AWS_"))))


@lru_cache(maxsize=8)
def _opened(address: str, _: tuple[tuple[str, str], ...]) -> "S3Store":
    from obstore.store import S3Store

    return S3Store.from_url(address)
