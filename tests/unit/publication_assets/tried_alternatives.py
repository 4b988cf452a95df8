"""Cells in which every association holds under every other assumption that was tried."""

import polars as pl

from publication_assets.catalogue.tables import TABLES

ALTERNATIVES = "alternative_odds_ratios"


def with_alternatives(cells: pl.DataFrame) -> pl.DataFrame:
    """`cells` and, of each level of its models, that no alternative changes anything: as table 27 says it."""
    models = {TABLES[key].number: TABLES[key].model for key in TABLES if TABLES[key].model}
    of_models = cells.filter(pl.col("measure_key") == "significance", pl.col("table").is_in([*models]))
    nothing = of_models.with_columns(
        row_key=pl.concat_str(pl.col("table").replace_strict(models), pl.lit("/"), pl.col("row_key")),
        table_key=pl.lit(ALTERNATIVES),
        measure_key=pl.lit("changes"),
        shown=pl.lit("Nothing"),
        table=pl.lit(TABLES[ALTERNATIVES].number, pl.Int32),
    )
    return pl.concat([cells, nothing])
