"""Tables of the extracts stage, made from the declarations in contracts/sources."""

from contracts.extracts import LINKAGE_EXTRACTS
from resources.extracts.extract_schema import ExtractAges, ExtractFit, QuarantinedRows, extract_table
from resources.zone.schema_check import Table

TABLES: dict[str, type[Table]] = {
    **{extract.name: extract_table(extract) for extract in LINKAGE_EXTRACTS},
    "quarantined_rows": QuarantinedRows,
    "extract_ages": ExtractAges,
    "extract_fit": ExtractFit,
}
