"""How much of a cumulative release a reader learns by subtracting the one before: counts that differ by a few.

    python benchmarks/published/releases_subtracted.py --before 2023Q1 --after 2023Q2 [--rounding 5]

Prints one JSON line: counts that both releases show, how many of them differ by less than the disclosure threshold and
are not the same, and by table how many. With --rounding both releases are rounded first, each count for itself, as
`publication.rounding_base` does; what then differs is a multiple of it. Reads `published_tables` below PATHWAYS_VAR.
"""

import argparse
import json

import polars as pl

from resources.process.data_root import data_root
from resources.records.shown_counts import rounded
from resources.settings.study_settings import load_study_settings


def shown_counts(quarter: str, rounding: int) -> pl.DataFrame:
    """quantity, table and value of every count that the tables of a quarter show."""
    cells = pl.read_parquet(data_root() / "modelling" / quarter / "published_tables.parquet")
    counts = cells.filter(pl.col("quantity").is_not_null(), pl.col("status") == "shown").unique("quantity")
    values = [rounded(int(value), rounding) if rounding else int(value) for value in counts["value"]]
    return counts.select("quantity", "table").with_columns(value=pl.Series(values, dtype=pl.Int64))


def subtracted(before: pl.DataFrame, after: pl.DataFrame, threshold: int) -> dict[str, object]:
    """What the difference of two releases tells."""
    both = before.join(after, on="quantity", suffix="_after")
    small = both.filter((pl.col("value_after") - pl.col("value")).abs().is_between(1, threshold - 1))
    by_table = small["table"].value_counts().sort("table")
    return {
        "counts in both": both.height,
        "that differ by a few": small.height,
        "by table": {str(table): number for table, number in by_table.iter_rows()},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", required=True)
    parser.add_argument("--after", required=True)
    parser.add_argument("--rounding", type=int, default=0)
    chosen = parser.parse_args()
    before, after = (shown_counts(quarter, chosen.rounding) for quarter in (chosen.before, chosen.after))
    print(json.dumps(subtracted(before, after, load_study_settings().publication.disclosure_threshold)))
