"""The backtest: the tables of the small synthetic quarter are, cell by cell, what they were when last renewed.

Tables that changed for a good reason are held anew with `make backtest REASON="..."`, which adds the reason to
small_quarter_tables_reasons.txt.
"""

import polars as pl

from pathways.backtest import read_snapshot, what_changed


def test_the_tables_of_the_small_quarter_are_as_held(small_quarter):
    cells = pl.read_parquet(small_quarter / "modelling" / "2023Q1" / "published_tables.parquet")
    changed = what_changed(read_snapshot(), cells)
    assert not changed, f"{len(changed)} row(s): " + "; ".join(changed[:10])


def test_one_changed_cell_is_found(small_quarter):
    cells = pl.read_parquet(small_quarter / "modelling" / "2023Q1" / "published_tables.parquet")
    place = (pl.col("table") == 2) & (pl.col("row_order") == 1) & (pl.col("measure_order") == 1)
    other = cells.with_columns(shown=pl.when(place).then(pl.lit("1")).otherwise("shown"))
    assert len(what_changed(read_snapshot(), other)) == len(what_changed(read_snapshot(), cells)) + 1


def test_the_suppression_log_accounts_for_every_withheld_cell(small_quarter):
    folder = small_quarter / "modelling" / "2023Q1"
    cells, log = (pl.read_parquet(folder / f"{name}.parquet") for name in ("published_tables", "suppression_log"))
    assert log["cells"].sum() == cells.filter(pl.col("status").is_in(["[c]", "[u]"])).height
    assert cells.filter(pl.col("status").is_in(["[c]", "[u]", "[x]", "[z]"]))["value"].null_count() > 0
    assert cells.filter(pl.col("status").is_in(["[c]", "[u]"]))["value"].drop_nulls().is_empty()
