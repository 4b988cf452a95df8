"""Tables of the extracts stage, made from the declarations in contracts/sources."""

import pandera.polars as pa
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from resources.extracts.extract_schema import ExtractAges, QuarantinedRows, extract_table
from resources.zone.schema_check import Table


class ExtractFit(Table):
    """One row per reference, agreement, code list and identity number of the extracts, in order. Counts only."""

    measure: str = pa.Field(unique=True, description="what must fit, in words")
    extract: str = pa.Field(description="file that is judged")
    column: str = pa.Field(description="column that is judged")
    rows: pl.Int64 = pa.Field(gt=0, description="rows with a value")
    fitting: pl.Int64 = pa.Field(ge=0, description="of these, rows that fit")
    least: float = pa.Field(ge=0, le=1, description="share that must fit")
    stops: bool = pa.Field(description="too few fit: a refresh stops unless somebody accepts it")
    problem: str = pa.Field(description="what was found, in words and counts; empty text when nothing is to be said")
    remedy: str = pa.Field(description="what to do")


TABLES: dict[str, type[Table]] = {
    **{extract.name: extract_table(extract) for extract in LINKAGE_EXTRACTS},
    "quarantined_rows": QuarantinedRows,
    "extract_ages": ExtractAges,
    "extract_fit": ExtractFit,
}
