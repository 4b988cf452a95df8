"""Tables of the publication: every cell that is published, and the files written."""

import pandera.polars as pa
import polars as pl

from resources.schema_check import Table


class PublishedCells(Table):
    """One row per cell of the published tables, sorted by table, row_order, measure_order."""

    table: pl.Int32 = pa.Field(ge=1, description="number of the published table")
    row_order: pl.Int32 = pa.Field(ge=1, description="position of the row in its table")
    row_group: str = pa.Field(description="first row label where a table has two, else empty text")
    row_label: str = pa.Field(description="row label")
    measure_order: pl.Int32 = pa.Field(ge=1, description="position of the column in its table")
    measure: str = pa.Field(description="column header, with what is counted and the unit")
    unit: str = pa.Field(
        isin=["count", "percent", "odds ratio", "p value", "days", "text"], description="unit of value"
    )
    quantity: str = pa.Field(
        nullable=True, description="name of the count; the same name is the same number in every table"
    )
    depends_on: str = pa.Field(
        nullable=True, description="names of the counts that a derived figure is computed from; the last is its base"
    )
    value: pl.Float64 = pa.Field(
        nullable=True, description="unrounded value before disclosure control: not for publication"
    )
    shown: str = pa.Field(description="what is published: rounded number, words or shorthand")
    status: str = pa.Field(
        isin=["shown", "[c]", "[u]", "[low]", "[x]", "[z]"],
        description="shown, or the shorthand that stands in its place",
    )


class PublishedFiles(Table):
    """One row per file of the publication, sorted by file."""

    file: str = pa.Field(unique=True, description="name of the file in the publication folder")
    bytes: pl.Int64 = pa.Field(ge=1, description="size")
    sha256: str = pa.Field(str_length=64, description="SHA-256 of the file")


TABLES = {
    "published_tables": PublishedCells, "publication": PublishedFiles, "linkage_quality_report": PublishedFiles,
    "note_reading_report": PublishedFiles,
}
