"""Tables of the publication: every cell that is published, and the files written."""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table

UNITS = [
    "count",
    "percent",
    "points",
    "odds ratio",
    "p value",
    "days",
    "days of use",
    "change in days",
    "text",
]


class PublishedCells(Table):
    """One row per cell of the published tables, sorted by table, row_order, measure_order."""

    table: pl.Int32 = pa.Field(ge=1, description="number of the published table")
    row_order: pl.Int32 = pa.Field(ge=1, description="position of the row in its table")
    row_group: str = pa.Field(description="first row label where a table has two, else empty text")
    row_label: str = pa.Field(description="row label")
    measure_order: pl.Int32 = pa.Field(ge=1, description="position of the column in its table")
    measure: str = pa.Field(description="column header, with what is counted and the unit")
    unit: str = pa.Field(isin=UNITS, description="unit of value")
    quantity: str = pa.Field(
        nullable=True, description="name of the count; the same name is the same number in every table"
    )
    depends_on: str = pa.Field(
        nullable=True, description="names of the counts that a derived figure is computed from; the last is its base"
    )
    is_share: bool = pa.Field(description="the value is the first count of depends_on as a percentage of the last")
    value: pl.Float64 = pa.Field(
        nullable=True, description="the number as published, rounded; empty when withheld or in words"
    )
    shown: str = pa.Field(description="what is published: rounded number, words or shorthand")
    status: str = pa.Field(
        isin=["shown", "[c]", "[u]", "[low]", "[x]", "[z]"],
        description="shown, or the shorthand that stands in its place",
    )
    table_key: str = pa.Field(description="key of the table, the same whatever the settings")
    row_key: str = pa.Field(description="key of the row in its table: what it is of, from the whole to the part")
    measure_key: str = pa.Field(description="key of the column; of a family, a / and what the member is of follow")


class CountedCells(PublishedCells):
    """PublishedCells with what was counted and what withheld it. Before disclosure control: not for publication."""

    unrounded: pl.Float64 = pa.Field(nullable=True, description="value before disclosure control and rounding")
    withheld_as: str = pa.Field(
        isin=["primary", "secondary", "derived", "small base", "whole table"],
        nullable=True,
        description="why the cell shows no number; empty when it is not withheld",
    )


class SuppressionLog(Table):
    """One row per count that is withheld, or set of counts whose derived figures are, sorted by kind and quantity.

    It says which counts are small: not for publication. The cover sheet publishes numbers of cells only.
    """

    quantity: str = pa.Field(description='name of the count; of a derived figure, its counts separated by "; "')
    kind: str = pa.Field(
        isin=["primary", "secondary", "derived", "small base", "whole table"],
        description="small itself; protects a small one; computed from a withheld count; base under the minimum",
    )
    reason: str = pa.Field(description="the kind in words")
    tables: str = pa.Field(description="numbers of the tables in which cells are withheld, separated by commas")
    cells: pl.Int32 = pa.Field(ge=1, description="cells withheld")


class InformationGovernance(Table):
    """One row per entry on the governance of the release, in the order of the methodology paper."""

    item: str = pa.Field(description="document, decision or basis")
    part: str = pa.Field(description="what the entry says of it, such as who approved it")
    setting: str = pa.Field(unique=True, description="where the entry is in study.toml")
    entry: str = pa.Field(description="the entry, or that none is given")
    given: bool = pa.Field(description="there is an entry")
    required: bool = pa.Field(description="the release is refused without it; of synthetic data nothing is")


class PublishedFiles(Table):
    """One row per file of the publication, sorted by file."""

    file: str = pa.Field(
        unique=True, description="name of the file in the publication folder, with that of a folder in it"
    )
    bytes: pl.Int64 = pa.Field(ge=1, description="size")
    sha256: str = pa.Field(str_length=64, description="SHA-256 of the file")


TABLES = {
    "counted_tables": CountedCells,
    "published_tables": PublishedCells,
    "suppression_log": SuppressionLog,
    "information_governance": InformationGovernance,
    "publication": PublishedFiles,
    "linkage_quality_report": PublishedFiles,
    "note_reading_report": PublishedFiles,
    "lineage_page": PublishedFiles,
    "transparency_records": PublishedFiles,
    "release_manifest": PublishedFiles,
    "research_object": PublishedFiles,
}
