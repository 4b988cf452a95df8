"""Tables of the extracts stage, made from the declarations in contracts/extracts.py."""

from contracts.extracts import LINKAGE_EXTRACTS
from resources.extract_schema import QuarantinedRows, extract_table
from resources.schema_check import Table

TABLES: dict[str, type[Table]] = {
    **{extract.name: extract_table(extract) for extract in LINKAGE_EXTRACTS},
    "quarantined_rows": QuarantinedRows,
}
