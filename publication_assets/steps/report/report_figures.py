"""The figures of the report, in order.

Belongs here: which figures there are. Does not belong here: any of them (figures_*.py, outcome_tree.py,
note_figures.py), the consort diagram, the look of charts (charts.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_quality.note_figures import (
    identification_figure,
    notes_figure,
    termination_figure,
)
from publication_assets.steps.figures.of_quality.sensitivity_figures import sensitivity_figures
from publication_assets.steps.figures.of_report.figures_linkage import linkage_figures
from publication_assets.steps.figures.of_report.figures_models import odds_ratio_figure
from publication_assets.steps.figures.of_report.figures_quarters import quarter_figures
from publication_assets.steps.figures.of_report.figures_reconviction import (
    followed_in_full_figure,
    reconviction_figures,
)
from publication_assets.steps.figures.of_report.figures_status import status_figures
from publication_assets.steps.figures.of_report.figures_substance_use import substance_use_figures
from publication_assets.steps.figures.of_report.figures_treatment import treatment_figures
from publication_assets.steps.figures.of_report.outcome_tree import outcome_tree
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure

MODELS = tuple(table.key for table in TABLES.values() if table.model)
OF_SOME_RUNS = ("S1", "S2", "U1", "U2", "F4", "F5")


def report_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """Figures 1 to 22 by number; the odds ratio plots are "T16" to "T19", "T30" and "T31" after their tables, those of
    fitted models only; "F1" and "F2" on staying in treatment; "F3" on
    reconvictions of those followed in full; "U1" and "U2" where substance use is shown; "S1" and "S2"
    where sensitivity was analysed; "F4" and "F5" where requirements were counted by quarter."""
    figures = [
        identification_figure(cells, facts),
        *(outcome_tree(cells, kind, facts) for kind in TYPES),
        notes_figure(cells, facts),
        termination_figure(cells, facts),
        *linkage_figures(cells, facts),
        *status_figures(cells, facts),
        *reconviction_figures(cells, facts),
        *treatment_figures(cells, facts),
        followed_in_full_figure(cells, facts),
        *(odds_ratio_figure(cells, table, facts) for table in MODELS if table in cells.tables),
    ]
    further = substance_use_figures(cells, facts) | sensitivity_figures(cells, facts) | quarter_figures(cells, facts)
    return {figure.number: figure for figure in figures} | further
