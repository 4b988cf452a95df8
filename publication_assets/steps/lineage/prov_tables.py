"""What the record of a release says of each table: read without the library that writes it, as `verify` starts often.

Does not belong here: writing it (prov_record.py).
"""

from collections.abc import Iterator
from typing import Any

PROV_FILE, RECORD = "prov.json", "lineage_page"  # the file, and the table that lists it with its hash
TABLE, NUMBER, CONTENT = "pathways:table/", "pathways:receipt", "pathways:sha256"


def tables_of_prov(record: dict[str, Any]) -> Iterator[tuple[str, tuple[int, str]]]:
    """Name of each table to the number of its receipt and the SHA-256 of its content. Raises KeyError and others for
    what is no such record.
    """
    for name, said in record["entity"].items():
        if name.startswith(TABLE):
            yield name.removeprefix(TABLE), (int(said[NUMBER]), said[CONTENT])
