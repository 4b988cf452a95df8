"""Tables of the extracts stage, made from the declarations in contracts/sources/justice."""

from contracts.extracts import JUSTICE_EXTRACTS
from resources.extracts.extract_schema import ExtractFit, QuarantinedRows, extract_table
from resources.zone.schema_check import Table

TABLES: dict[str, type[Table]] = {
    **{extract.name: extract_table(extract) for extract in JUSTICE_EXTRACTS},
    "quarantined_justice_rows": QuarantinedRows,
    "justice_extract_fit": ExtractFit,
}
