"""Receipts and tables of all zones of a quarter, for commands that look at a whole run on this machine.

Belongs here: finding and believing them. Does not belong here: what is made of them (manifest, refusals, reviews).
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl

from contracts.zones import CROSSING_TABLES, MADE_BY
from pathways.refresh.zone_order import ZONE_NAMES
from resources.receipts.receipt_book import ReceiptBook, ReceiptRefused
from resources.receipts.receipts import Receipt
from resources.zone.zone_tables import Zone


def receipts_of(root: Path, quarter: str) -> Iterator[tuple[str, Receipt]]:
    """Folder ("linkage", "crossings") and receipt of every table of a quarter, signed by its zone, in this order."""
    for zone in ZONE_NAMES:
        for path in sorted((root / zone / quarter).glob("*.json")):
            yield from _believed(root, zone, zone, path)
    for table, zone in sorted(MADE_BY.items()):
        yield from _believed(root, zone, "crossings", root / "crossings" / table / quarter / f"{table}.json")


def believed_table(root: Path, zone: str, table: str, quarter: str) -> pl.DataFrame:
    """A table as the zone that makes it wrote it, whatever its checks said. Raises TableNotUsable."""
    maker = Zone(zone, root, code="", settings="", crossings=CROSSING_TABLES)
    maker.written(table, quarter)
    return pl.read_parquet(maker.table_path(table, quarter))


def _believed(root: Path, zone: str, folder: str, path: Path) -> Iterator[tuple[str, Receipt]]:
    with suppress(ReceiptRefused):
        yield folder, ReceiptBook(root, zone).read(path.stem, path.parent.name, path, zone)
