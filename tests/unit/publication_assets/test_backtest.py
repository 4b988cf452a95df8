import polars as pl

from pathways.backtest import tables_as_rows, what_changed


def test_tables_that_are_as_held_have_not_changed(cells):
    assert what_changed(tables_as_rows(cells), cells) == []


def test_one_changed_cell_is_found_with_its_table_and_row(cells):
    place = (pl.col("table") == 2) & (pl.col("row_order") == 1) & (pl.col("measure_order") == 1)
    changed = what_changed(
        tables_as_rows(cells), cells.with_columns(shown=pl.when(place).then(pl.lit("1")).otherwise("shown"))
    )
    assert len(changed) == 1 and changed[0].startswith("table 2, Linked to structured treatment Completed")


def test_a_table_that_is_new_or_gone_is_a_change(cells):
    fewer = cells.filter(pl.col("table") != 24)
    assert all(fault.startswith("table 24") for fault in what_changed(tables_as_rows(cells), fewer))
    assert len(what_changed(tables_as_rows(fewer), cells)) == len(what_changed(tables_as_rows(cells), fewer)) > 0
