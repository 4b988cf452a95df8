"""The tables of a zone on disk, by their receipts: where each lies, whether it is what was written, and may be read.

Belongs here: what receipts say together. Does not belong here: writing tables and receipts (zone_store.py), one receipt
(receipts.py), and Dagster.

A table may be read while every blocking check has passed on just this content, and no table before it is refused: so a
check that failed holds until its cause is gone, whoever asks again, from the command line or the UI.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from resources.deletion.deleted_quarters import TREATMENT
from resources.receipts.receipt_book import ReceiptBook, ReceiptRefused
from resources.receipts.receipts import Receipt, file_hash
from resources.zone.gates import DecisionsFolder
from resources.zone.partitions import known_quarter

if TYPE_CHECKING:  # what only looks at receipts starts without pandera
    from resources.zone.schema_check import Table


class TableNotUsable(Exception):
    """A table is not there, is not what its receipt says, or is held by a check; names it and says what to do."""


@dataclass(frozen=True)
class Zone:
    """What identifies the tables of a zone on disk: folder, fingerprints, and which tables cross to other zones.

    `crossings` maps every crossing table to its schema, whoever makes it. `code` and `settings` are hashes; `made_with`
    and `judged_with` map a table to the hash of the code that makes it, and of the code of its checks, which are `code`
    where they say nothing.
    `files` maps a table to files below the root that it is made from besides extracts and tables, with {quarter} or
    {before}, the quarter before, in them.
    `settings_now` gives `settings` as the files say now: a run that outlives an edit of them writes nothing more.
    `checks` maps a table to the names of its blocking checks, `after` to all tables of the zone made from it.
    `quoted` maps a table to sections of study.toml that it reads or quotes besides the zone's, each with its hash.
    `made_by` maps a crossing table to the name of the zone that makes it, where that is another.
    `lists` maps a table that lists files (columns file, sha256) to the folder that they lie in, with {quarter} in it:
    it is what was written only while each of them is as it says.
    `sources` is the folder below the root that holds `extracts`; "" where the root itself does. `study` is that whose
    quarters are deleted as one.
    """

    name: str
    root: Path
    code: str
    settings: str
    crossings: Mapping[str, "type[Table]"]
    files: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    settings_now: Callable[[], str] | None = None
    quoted: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    checks: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    after: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    made_by: Mapping[str, str] = field(default_factory=dict[str, str])
    made_with: Mapping[str, str] = field(default_factory=dict[str, str])
    judged_with: Mapping[str, str] = field(default_factory=dict[str, str])
    lists: Mapping[str, str] = field(default_factory=dict[str, str])
    sources: str = ""
    study: str = TREATMENT

    def code_of(self, table: str) -> str:
        """Hash of the code that makes a table of this zone."""
        return self.made_with.get(table, self.code)

    def code_of_checks(self, table: str) -> str:
        """Hash of the code of a table's checks."""
        return self.judged_with.get(table, self.code)

    @property
    def book(self) -> ReceiptBook:
        """The receipts that this zone writes and reads."""
        return ReceiptBook(self.root, self.name)

    def table_path(self, table: str, quarter: str) -> Path:
        """File of a table. A crossing table has a folder of its own, so that a zone is given only those it may read.

        Raises NotAQuarter.
        """
        folder = Path("crossings") / table if table in self.crossings else Path(self.name)
        return self.root / folder / known_quarter(quarter) / f"{table}.parquet"

    def receipt_path(self, table: str, quarter: str) -> Path:
        """File of a table's receipt."""
        return self.table_path(table, quarter).with_suffix(".json")

    def signed(self, table: str, quarter: str) -> Receipt:
        """The receipt that the table's zone signed; the table itself is not looked at. Raises ReceiptRefused."""
        return self.book.read(table, quarter, self.receipt_path(table, quarter), self.made_by.get(table, self.name))

    def receipt(self, table: str, quarter: str) -> Receipt | None:
        """The receipt of a table, or None when the table was never written whole or is not what was written."""
        try:
            return self._of_what_is_there(table, quarter)
        except ReceiptRefused:
            return None

    def _of_what_is_there(self, table: str, quarter: str) -> Receipt:
        receipt, path = self.signed(table, quarter), self.table_path(table, quarter)
        if not _is_of(receipt, path):
            self.book.kept.bring(path, anew=True)
        if not _is_of(receipt, path):
            raise ReceiptRefused("its file is not the one that was written. Run the refresh, which makes it again")
        if table in self.lists and not self._has_what_it_lists(table, quarter):
            raise ReceiptRefused(
                "a file that it lists is not the one that was written. Run the refresh, which makes it"
            )
        return receipt

    def _has_what_it_lists(self, table: str, quarter: str) -> bool:
        folder, path = self.root / self.lists[table].format(quarter=quarter), self.table_path(table, quarter)
        files = ((folder / name, sha256) for name, sha256 in _listed_files(path, file_hash(path)))
        return all(file.is_file() and file_hash(file) == sha256 for file, sha256 in files)

    def receipts_of(self, quarter: str) -> list[Receipt]:
        """Receipts of all tables in the zone's folder of a quarter that the zone signed, by name."""
        folder = self.root / self.name / known_quarter(quarter)
        found = (self.receipt(path.stem, quarter) for path in sorted(folder.glob("*.json")))
        return [receipt for receipt in found if receipt]

    def is_of_what_is_there(self, table: str, quarter: str) -> bool:
        """Whether the tables that a table was made of, and those before them in this zone, are still the same."""
        receipt = self.receipt(table, quarter)
        if receipt is None:
            return False
        if self.made_by.get(table, self.name) != self.name:
            return True  # what another zone made it of is not for this one to read
        sources = {name: content for name, content in receipt.made_from.items() if ":" not in name}
        return all(self._is_still(name, quarter, content) for name, content in sources.items())

    def _is_still(self, table: str, quarter: str, content: str) -> bool:
        receipt = self.receipt(table, quarter)
        return receipt is not None and receipt.sha256 == content and self.is_of_what_is_there(table, quarter)

    def not_believed(self, quarter: str) -> list[str]:
        """Tables of this zone whose receipt is there and is none that this zone signed last, sorted."""
        own = [table for table in self.after if self.receipt_path(table, quarter).exists()]
        return sorted(table for table in own if self._is_refused(table, quarter))

    def _is_refused(self, table: str, quarter: str) -> bool:
        try:
            self.signed(table, quarter)
        except ReceiptRefused:
            return True
        return False

    def unjudged(self, table: str, quarter: str) -> list[str]:
        """Blocking checks of a stored table that have not passed on what they would judge now."""
        receipt = self.receipt(table, quarter)
        if receipt is None:
            return list(self.checks.get(table, ()))
        return [check for check in self.checks.get(table, ()) if not self._holds(receipt, check)]

    def _holds(self, receipt: Receipt, check: str) -> bool:
        """Whether a check passed, on code, settings and tables as they are, by decisions that still stand."""
        record = receipt.checks.get(check)
        if record is None or not record.passed or record.judged != self._judged(receipt, record.judged):
            return False
        return set(record.accepted) <= set(DecisionsFolder(self.root).of_quarter(receipt.quarter).accepted)

    def _judged(self, judged: Receipt, tables: Mapping[str, str]) -> dict[str, str]:
        now = {"code": self.code_of_checks(judged.table), "settings": self.settings}
        for table in tables.keys() - now.keys():
            receipt = self.receipt(table, judged.quarter)
            now[table] = receipt.sha256 if receipt else ""
        return now

    def written(self, table: str, quarter: str) -> Receipt:
        """The receipt of a table that is there, judged or not. Raises TableNotUsable."""
        try:
            return self._of_what_is_there(table, quarter)
        except ReceiptRefused as refused:
            raise TableNotUsable(f"table {table} of {quarter} cannot be read: {refused}.") from None

    def passed(self, table: str, quarter: str, now: bool = False) -> Receipt:
        """The receipt of a table that its checks let pass and no check before it holds. Raises TableNotUsable.

        `now`: by code, settings and decisions as they are, not only as they were when it was judged. A table of another
        zone is judged by what that zone recorded.
        """
        receipt = self.written(table, quarter)
        held = [*(f"{table}: {check}" for check in self.unjudged(table, quarter) if now), *receipt.open_checks()]
        if held:
            checks = ", ".join(dict.fromkeys(held))
            raise TableNotUsable(
                f"table {table} of {quarter} is held by a check that has not passed ({checks}). "
                "Run the refresh, which says what was found and what to do."
            )
        return receipt


@lru_cache(maxsize=256)
def _listed_files(path: Path, _content: str) -> list[tuple[str, str]]:
    """Name and hash of each file that a table lists, read once while the table has that content."""
    import polars as pl  # what only looks at receipts starts without it

    return pl.read_parquet(path, columns=["file", "sha256"]).rows()


def _is_of(receipt: Receipt, path: Path) -> bool:
    return path.is_file() and path.stat().st_size == receipt.bytes and file_hash(path) == receipt.sha256
