"""Each way in which tables can contradict each other, made on purpose."""

from dataclasses import replace

import pytest

from publication_assets.catalogue.measures_of_models import RECORDS
from publication_assets.steps.tables.check_tables_agree import TablesDisagree, check_tables_agree
from publication_assets.steps.tables.contents.tables_breakdowns import linked_by_length, time_to_treatment
from publication_assets.steps.tables.contents.tables_details import (
    termination_against_discharge,
    time_to_treatment_by_length,
)
from publication_assets.steps.tables.contents.tables_identification import identification_in_any_treatment
from publication_assets.steps.tables.contents.tables_outcomes import treatment_outcomes
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_estimates import estimates_with_uncertainty
from publication_assets.steps.tables.tie_model_counts import tie_model_counts
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row

ROW = Row("row", "row")
SHARE_A, SHARE_B, SHARE_C = (Measure(f"{name}_share", "percent", f"{name} (%)") for name in "abc")


def table_of(*cells: Cell, **counts: int) -> PublishedTable:
    return PublishedTable("identification", counts, list(cells))


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (Cell(ROW, Measure("a", "count", "a (count)"), "count", 4.0, quantity="a"), "is not the count that it names"),
        (Cell(ROW, SHARE_A, "percent", 60.0, depends_on=("a", "b"), is_share=True), "is not the share"),
        (Cell(ROW, SHARE_B, "percent", 200.0, depends_on=("b", "a")), "outside what is possible"),
        (Cell(ROW, Measure("days", "days", "days"), "days", -1.0, depends_on=("b",)), "outside what is possible"),
        (Cell(ROW, SHARE_C, "percent", 1.0, depends_on=("c", "b")), "names a count that no table holds"),
    ],
)
def test_a_figure_that_does_not_fit_its_counts_is_found(cell, fault):
    with pytest.raises(TablesDisagree, match=fault):
        check_tables_agree([table_of(cell, a=5, b=10)])


def test_a_part_that_exceeds_its_base_is_found():
    table = table_of(Cell(ROW, SHARE_A, "percent", 100.0, depends_on=("a", "b"), is_share=True), a=11, b=10)
    with pytest.raises(TablesDisagree, match="is not the share"):
        check_tables_agree([table])


def test_limits_that_do_not_enclose_their_estimate_are_found():
    cells = [
        Cell(ROW, Measure(f"share{limit}", "percent", "share (%)"), "percent", value, depends_on=("a",))
        for limit, value in (("", 50.0), ("_lower", 40.0), ("_upper", 45.0))
    ]
    with pytest.raises(TablesDisagree, match="does not enclose its estimate"):
        check_tables_agree([table_of(*cells, a=5)])


def test_a_mean_that_differs_between_tables_is_found(study_frame):
    first, second = time_to_treatment(study_frame, 0.95), time_to_treatment_by_length(study_frame)
    check_tables_agree([first, second, linked_by_length(study_frame, 0.95)])
    second.cells = [
        replace(cell, value=11.0) if "mean" in cell.measure and cell.value == 10 else cell for cell in second.cells
    ]
    with pytest.raises(TablesDisagree, match="mean of 'ATR/linked/not already in treatment' differs"):
        check_tables_agree([first, second])


def test_an_estimate_that_differs_between_tables_1_and_20_is_found(study_frame, estimate):
    estimates = estimate(study_frame)
    first = identification_in_any_treatment(study_frame, 0.95)
    check_tables_agree([first, estimates_with_uncertainty(study_frame, estimates)])
    other = estimates.with_columns(value=estimates["value"] * 0.9)
    tables = [first, estimates_with_uncertainty(study_frame, other)]
    with pytest.raises(TablesDisagree, match="differs between the tables of identification and of estimates"):
        check_tables_agree(tables)


def test_a_model_with_more_records_than_there_are_requirements_is_found(study_frame, settings):
    prefix = "linked_atr/sex/Male"
    model = PublishedTable("odds_ratios_linked_atr", {f"{prefix}/records": 500, "linked_atr/sex/records": 500})
    model.count(ROW, RECORDS, f"{prefix}/records")
    tables = [treatment_outcomes(study_frame), model]
    tie_model_counts(tables, settings.modelling)
    with pytest.raises(TablesDisagree, match="more records than there are"):
        check_tables_agree(tables)


def test_terminations_add_up_to_the_outcomes_of_table_2(study_frame):
    against, outcomes = termination_against_discharge(study_frame), treatment_outcomes(study_frame)
    check_tables_agree([against, outcomes])
    shared = set(against.counts) & set(outcomes.counts)
    assert {"DRR/linked", "DRR/linked/Completed", "DRR/linked/wide dropout"} <= shared
