"""The table that sets the published study beside this run, and the page made of it."""

import pandera.polars as pa
import polars as pl

from publication_assets.schemas.publication import PublishedFiles
from resources.zone.schema_check import Table


class PublishedComparison(Table):
    """One row per figure of the published study, in the order of reference/published/published_figures.csv."""

    id: str = pa.Field(unique=True, description="id of the figure in published_figures.csv")
    document: str = pa.Field(
        isin=["report of 2026", "methodology of 2026", "other source"], description="where it was published"
    )
    section: str = pa.Field(description="section of that document")
    place: str = pa.Field(description="figure, table or footnote; empty for running text")
    population: str = pa.Field(description="requirement type and group that the figure is of")
    measure: str = pa.Field(description="what was measured")
    published: str = pa.Field(description="the published figure")
    unit: str = pa.Field(description="unit of the published figure")
    ours: str = pa.Field(description="what this run publishes in its place, after disclosure control; empty for none")
    ours_from: str = pa.Field(description="published table, or other published place, that ours is read from")
    difference: pl.Float64 = pa.Field(
        nullable=True, description="ours less the published figure, in its unit; empty when not compared or in words"
    )
    tolerance: str = pa.Field(description="largest difference that counts as agreement; empty when there is no ours")
    agreement: str = pa.Field(
        isin=[
            "within tolerance",
            "outside tolerance",
            "inconsistent in source",
            "withheld",
            "not compared",
            "other study",
        ],
        description="result of the comparison",
    )
    explanation: str = pa.Field(description="what the source contradicts, how the two differ, why there is no ours")


TABLES = {"published_comparison": PublishedComparison, "comparison_page": PublishedFiles}
