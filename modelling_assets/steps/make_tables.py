"""Makes every published table as one long frame: one row per cell, with what is shown in it and why.

Belongs here: which tables there are, and the order check, protect, show. Does not belong here: counting (tables_*.py).
"""

import polars as pl

from modelling_assets.steps import tables_breakdowns as breakdowns
from modelling_assets.steps.check_tables_agree import check_tables_agree
from modelling_assets.steps.declared_table import PublishedTable
from modelling_assets.steps.disclosure_control import hidden_counts, shown_and_status
from modelling_assets.steps.tables_estimates import estimates_with_uncertainty, label_errors
from modelling_assets.steps.tables_identification import contact_note_evidence, identification_in_any_treatment
from modelling_assets.steps.tables_models import MODEL_TABLES, odds_ratio_table
from modelling_assets.steps.tables_outcomes import treatment_outcomes
from modelling_assets.steps.tables_reconviction import reconvictions_by_linkage, reconvictions_by_treatment_status
from modelling_assets.steps.tables_termination import engagement_by_termination
from resources.study_settings import StudySettings

COUNTED_TABLES = [
    identification_in_any_treatment,
    treatment_outcomes,
    contact_note_evidence,
    engagement_by_termination,
    breakdowns.linked_by_region,
    breakdowns.linked_by_accommodation,
    breakdowns.linked_by_length,
    breakdowns.time_to_treatment,
    breakdowns.status_by_age,
    breakdowns.status_by_sex,
    breakdowns.status_by_time_to_treatment,
    reconvictions_by_linkage,
    breakdowns.reconvicted_by_region,
    breakdowns.reconvicted_by_length,
    reconvictions_by_treatment_status,
]
CELL_COLUMNS = {
    "table": pl.Int32, "row_order": pl.Int32, "row_group": pl.String, "row_label": pl.String, "measure_order": pl.Int32,
    "measure": pl.String, "unit": pl.String, "quantity": pl.String, "depends_on": pl.String, "value": pl.Float64,
    "shown": pl.String, "status": pl.String,
}  # fmt: skip


def make_tables(
    analysis_frame: pl.DataFrame, pooled: pl.DataFrame, estimates: pl.DataFrame, settings: StudySettings
) -> pl.DataFrame:
    """Cells of all published tables, sorted by table, row and column; see the class PublishedCells for the columns.

    `analysis_frame`, `pooled` and `estimates` are the assets analysis_frame, pooled_odds_ratios and
    engagement_estimates. Models without rows in `pooled` have no table. Raises TablesDisagree when tables contradict
    each other, CannotProtect when a small count cannot be hidden.
    """
    models = [name for name in MODEL_TABLES if name in settings.modelling.models and (pooled["model"] == name).any()]
    tables = [
        *(count(analysis_frame) for count in COUNTED_TABLES),
        *(odds_ratio_table(pooled, name, settings.modelling) for name in models),
        estimates_with_uncertainty(analysis_frame, estimates),
        label_errors(estimates),
    ]
    _tie_model_counts(tables)
    check_tables_agree(tables)
    return show_tables(tables, settings.publication.disclosure_threshold, settings.publication.minimum_base)


def _tie_model_counts(tables: list[PublishedTable]) -> None:
    """Declare model counts equal to the counts of other tables that they equal, so that both are shown or neither.

    They differ only where levels were imputed or records left the model.
    """
    counted = {name: number for table in tables for name, number in table.counts.items()}
    for table in tables:
        for model, kind in (("linked_atr", "ATR"), ("linked_drr", "DRR")):
            for name in [name for name in table.counts if name.startswith(f"{model}/") and name.count("/") == 3]:
                _, factor, level, what = name.split("/")
                same = {"records": "", "outcome": "/linked", "no outcome": "/not linked"}[what]
                other = f"{kind}/{factor}/{level}{same}"
                if counted.get(other) == table.counts[name]:
                    table.add_up(name, other)


def show_tables(tables: list[PublishedTable], threshold: int, minimum_base: int) -> pl.DataFrame:
    """The tables as cells after disclosure control, which looks at all tables together."""
    counts = {name: number for table in tables for name, number in table.counts.items()}
    public = {cell.quantity for table in tables for cell in table.cells if cell.quantity} | {
        name for table in tables for name in table.known
    }
    sums = dict.fromkeys(total for table in tables for total in table.sums)
    hidden = hidden_counts(counts, sums, public, threshold)
    rows = []
    for table in sorted(tables, key=lambda table: table.number):
        row_order = {row: position for position, row in enumerate(dict.fromkeys(cell.row for cell in table.cells), 1)}
        measure_order = {
            name: position for position, name in enumerate(dict.fromkeys(cell.measure for cell in table.cells), 1)
        }
        for cell in table.cells:
            shown, status = shown_and_status(cell, counts, hidden, minimum_base)
            rows.append(
                (table.number, row_order[cell.row], *cell.row, measure_order[cell.measure], cell.measure, cell.unit,
                 cell.quantity, "; ".join(cell.depends_on) or None, cell.value, shown, status)
            )  # fmt: skip
    return pl.DataFrame(rows, schema=CELL_COLUMNS, orient="row").sort("table", "row_order", "measure_order")
