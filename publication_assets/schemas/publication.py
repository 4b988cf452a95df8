"""Tables of the publication: every cell that is published, and the files written."""

import pandera.polars as pa
import polars as pl

from publishing.disclosure.cell_tables import CountedCells, PublishedCells
from resources.zone.schema_check import Table


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
