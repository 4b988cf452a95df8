"""One of several processes that write and read receipts of one zone at once (test_receipts_of_two_processes.py).

    python receipt_writer.py ROOT write|read MARK

`write`: receipts of one crossing table in two quarters, and its own mark into a receipt that others mark too. `read`:
the receipts of that table, as the zone that it crosses to. Prints how many, and ends with an error when one is refused.
"""

import sys
from pathlib import Path
from time import sleep

from resources.receipts.receipt_book import ReceiptBook, ReceiptRefused
from resources.receipts.receipts import Receipt

TIMES, QUARTERS, MARKED = 60, ("2023Q1", "2023Q2"), "marked"


def receipt_of(table: str, quarter: str) -> Receipt:
    return Receipt(
        table=table,
        quarter=quarter,
        rows=1,
        columns=1,
        bytes=1,
        sha256="",
        code="",
        settings="",
        made_from={},
        seconds=0,
        peak_mb=0,
        checks={},
    )


def place(root: Path, table: str, quarter: str) -> Path:
    path = root / ("crossings" if table == "crossing" else "linkage") / table / quarter / f"{table}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write(root: Path, mark: str) -> int:
    """Marks that were put beside those of others."""
    book, marked = ReceiptBook(root, "linkage"), place(root, MARKED, QUARTERS[0])
    for number in range(TIMES):
        for quarter in QUARTERS:
            book.write(receipt_of("crossing", quarter), place(root, "crossing", quarter))
        while True:
            receipt = book.read(MARKED, QUARTERS[0], marked, "linkage")
            by = receipt.model_copy(update={"held_by": [*receipt.held_by, f"{mark}{number}"]})
            if book.replace(receipt, by, marked):
                break
    return TIMES


def read(root: Path) -> int:
    """Receipts that were read; the first may not have been written yet."""
    book = ReceiptBook(root, "nlp")
    paths = [(quarter, place(root, "crossing", quarter)) for quarter in QUARTERS]
    while not all(path.exists() for _, path in paths):
        sleep(0.01)
    for _ in range(TIMES * 3):
        for quarter, path in paths:
            book.read("crossing", quarter, path, "linkage")
    return TIMES * 3


if __name__ == "__main__":
    folder, task, *words = sys.argv[1:]
    try:
        print(write(Path(folder), words[0]) if task == "write" else read(Path(folder)))
    except ReceiptRefused as refused:
        sys.exit(str(refused))
