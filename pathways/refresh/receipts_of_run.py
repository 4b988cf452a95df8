"""Receipts and tables of all zones of a quarter, for commands that look at a whole run.

Where the folder of a zone may not be entered, as in the image of another, its receipts are those that it told of
(contracts/zones.py, RECEIPTS). Belongs here: finding and believing them. Does not belong here: what is made of them
(refusals, reviews, lineage).
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from contracts.zones import CROSSING_TABLES, MADE_BY, RECEIPTS
from pathways.refresh.zone_order import ZONE_NAMES
from resources.receipts.receipt_book import ReceiptBook, ReceiptRefused
from resources.receipts.receipts import Receipt
from resources.receipts.told_receipts import receipts_told
from resources.zone.zone_tables import TableNotUsable, Zone

TOLD_TO = "modelling"  # the zone that the receipts of others cross to


def receipts_of(root: Path, quarter: str, zones: Sequence[str] = ZONE_NAMES) -> Iterator[tuple[str, Receipt]]:
    """Folder ("linkage", "crossings") and receipt of every table of a quarter, signed by its zone, in this order.

    Of these `zones`: those of one study.
    """
    for zone in zones:
        if _is_closed(root, zone):
            yield from _told(root, zone, quarter)
        else:
            for path in sorted((root / zone / quarter).glob("*.json")):
                yield from _believed(root, zone, zone, path)
    for table, zone in sorted((table, zone) for table, zone in MADE_BY.items() if zone in zones):
        yield from _believed(root, zone, "crossings", root / "crossings" / table / quarter / f"{table}.json")


def believed_table(root: Path, zone: str, table: str, quarter: str) -> pl.DataFrame:
    """A table as the zone that makes it wrote it, whatever its checks said. Raises TableNotUsable."""
    return scanned_table(root, zone, table, quarter).collect()


def scanned_table(root: Path, zone: str, table: str, quarter: str) -> pl.LazyFrame:
    """The same of a table that may be too large to be read whole. Raises TableNotUsable."""
    reader = Zone(_reader(root, zone), root, code="", settings="", crossings=CROSSING_TABLES, made_by=MADE_BY)
    reader.written(table, quarter)
    return pl.scan_parquet(reader.table_path(table, quarter))


def _told(root: Path, zone: str, quarter: str) -> Iterator[tuple[str, Receipt]]:
    with suppress(TableNotUsable):
        for receipt in receipts_told(believed_table(root, zone, RECEIPTS[zone], quarter)):
            if receipt.table not in CROSSING_TABLES:  # of these the receipts themselves are there
                yield zone, receipt


def _believed(root: Path, zone: str, folder: str, path: Path) -> Iterator[tuple[str, Receipt]]:
    with suppress(ReceiptRefused):
        yield folder, ReceiptBook(root, _reader(root, zone)).read(path.stem, path.parent.name, path, zone)


def _reader(root: Path, zone: str) -> str:
    """As which zone a receipt is read: as its own where that may be entered."""
    return TOLD_TO if zone in RECEIPTS and _is_closed(root, zone) else zone


def _is_closed(root: Path, zone: str) -> bool:
    """Whether a zone that tells of its receipts has a folder that may not be entered here, or none while there is one
    of the zone that is told.
    """
    open_here = os.access(root / zone, os.R_OK | os.X_OK)
    return zone in RECEIPTS and not open_here and (root / TOLD_TO).is_dir()
