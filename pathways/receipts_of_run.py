"""The receipts of all zones of a quarter, for commands that look at a whole run on this machine.

Belongs here: finding and believing them. Does not belong here: what is made of them (manifest.py, refusals.py).
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from contracts.zones import MADE_BY
from resources.receipt_book import ReceiptBook, ReceiptRefused
from resources.receipts import Receipt

ZONE_NAMES = ("linkage", "nlp", "modelling")


def receipts_of(root: Path, quarter: str) -> Iterator[tuple[str, Receipt]]:
    """Folder ("linkage", "crossings") and receipt of every table of a quarter, signed by its zone, in this order."""
    for zone in ZONE_NAMES:
        for path in sorted((root / zone / quarter).glob("*.json")):
            yield from _believed(root, zone, zone, path)
    for table, zone in sorted(MADE_BY.items()):
        yield from _believed(root, zone, "crossings", root / "crossings" / table / quarter / f"{table}.json")


def _believed(root: Path, zone: str, folder: str, path: Path) -> Iterator[tuple[str, Receipt]]:
    with suppress(ReceiptRefused):
        yield folder, ReceiptBook(root, zone).read(path.stem, path.parent.name, path, zone)
