"""The figures of the report: which cells each shows, in which chart, in which words.

Belongs here: figures 1, 2, 3, 17, 18, 22 and the four odds ratio plots. Does not belong here: figures 4 and 5
(note_figures.py), the look of charts.
"""

from modelling_assets.steps.charts import (
    DARK_BLUE,
    ORANGE,
    PALE_GREY,
    TURQUOISE,
    Bar,
    Figure,
    forest_plot,
    labelled_bars,
    stacked_bars,
    to_svg,
)  # fmt: skip
from modelling_assets.steps.declared_table import KIND_LABELS, TYPES
from modelling_assets.steps.drawn_figures import bar_figure, figure_title
from modelling_assets.steps.note_figures import notes_figure, termination_figure
from modelling_assets.steps.run_facts import RunFacts, words
from modelling_assets.steps.shown_cells import ShownCells
from modelling_assets.steps.tables_models import CI_HIGH, CI_LOW, KIND, NOT_ESTIMABLE, ODDS_RATIO, REFERENCE
from modelling_assets.steps.tables_outcomes import LINKED, NOT_LINKED, STATUS_LABELS, UNLINKED_LABELS, WIDE_LABEL
from modelling_assets.steps.tables_reconviction import NOT_RECONVICTED, RECONVICTED, RECONVICTION_LABELS, STATUS_ROWS

IDENTIFICATION = {
    "Linked to structured treatment (% of requirements)": ("Linked to structured treatment", DARK_BLUE),
    "Not linked, engaged according to contact notes, estimate (% of requirements)":
        ("Not linked, engaged according to contact notes (estimate)", TURQUOISE),
    "Not linked, not engaged, estimate (% of requirements)": ("Not linked, not engaged (estimate)", PALE_GREY),
}  # fmt: skip
MODEL_TITLES = {
    16: ("linkage to structured treatment", "ATRs"), 17: ("linkage to structured treatment", "DRRs"),
    18: ("reconviction within 12 months", "ATRs"), 19: ("reconviction within 12 months", "DRRs"),
}  # fmt: skip


def report_figures(cells: ShownCells, facts: RunFacts) -> dict[str, Figure]:
    """The figures by number; the odds ratio plots are "T16" to "T19" after their tables, those of fitted models
    only."""
    figures = [
        identification_figure(cells, facts),
        *(outcome_figure(cells, kind, facts) for kind in TYPES),
        notes_figure(cells, facts),
        termination_figure(cells, facts),
        *(reconviction_figure(cells, kind, facts) for kind in TYPES),
        status_figure(cells, facts),
        *(odds_ratio_figure(cells, table, facts) for table in MODEL_TITLES if table in cells.tables),
    ]
    return {figure.number: figure for figure in figures}


def identification_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 1: identification in any treatment."""
    bars = [
        Bar(label, part, cells.value(1, label, measure), cells.percent(1, label, measure))
        for label in KIND_LABELS.values()
        for measure, (part, _) in IDENTIFICATION.items()
    ]
    chart = stacked_bars(bars, dict(IDENTIFICATION.values()), "Percentage of requirements")
    title = figure_title("Identification in any treatment, by requirement type", facts, reads_notes=True)
    return bar_figure("1", title, chart, "Stacked bar chart", bars, "Percentage of requirements", "Table 1")


def outcome_figure(cells: ShownCells, kind: str, facts: RunFacts) -> Figure:
    """Figures 2 (ATR) and 3 (DRR): treatment outcomes of linked requirements, what is known of the others."""
    count, percent = f"{kind}s (count)", f"{kind}s (% of all {kind}s)"
    bars = []
    for group, labels in ((LINKED, STATUS_LABELS), (NOT_LINKED, UNLINKED_LABELS)):
        for label in labels.values():
            text = f"{cells.text(2, label, count)} ({cells.percent(2, label, percent)})"
            bars.append(Bar(label.removesuffix(" (narrow definition)"), group, cells.value(2, label, count), text))
    chart = labelled_bars(bars, {LINKED: DARK_BLUE, NOT_LINKED: ORANGE}, f"Number of {kind}s")
    period = f"between sentencing and {words(facts.observation_end)}"
    title = figure_title(f"Treatment engagement outcomes for {kind}s {period}", facts)
    unit = f"{kind}s, count (percentage of all {kind}s)"
    return bar_figure("2" if kind == "ATR" else "3", title, chart, "Bar chart", bars, unit, "Table 2")


def reconviction_figure(cells: ShownCells, kind: str, facts: RunFacts) -> Figure:
    """Figures 17 (ATR) and 18 (DRR): reconvictions by linkage."""
    measure = f"{kind}s (% of {kind}s in the linkage group)"
    parts = {RECONVICTION_LABELS[RECONVICTED]: ORANGE, RECONVICTION_LABELS[NOT_RECONVICTED]: PALE_GREY}
    rows = {LINKED: "Linked to structured treatment", NOT_LINKED: "Not linked", "All": f"All {kind}s"}
    bars = [
        Bar(row, part, cells.value(12, part, measure, group), cells.percent(12, part, measure, group))
        for group, row in rows.items()
        for part in parts
    ]
    unit = f"Percentage of {kind}s in the row"
    within = f"within {facts.reconviction_months} months"
    title = figure_title(f"Identified reconvictions {within} for {kind}s, by linkage", facts)
    number = "17" if kind == "ATR" else "18"
    return bar_figure(number, title, stacked_bars(bars, parts, unit), "Stacked bar chart", bars, unit, "Table 12")


def status_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 22: reconvictions by treatment status, dropout in the wide definition."""
    rows = {
        STATUS_LABELS["Remained"]: "Remained in treatment",
        STATUS_LABELS["Completed"]: "Completed treatment",
        STATUS_ROWS["not linked"][1]: "Not linked",
        WIDE_LABEL: "Dropped out (wide definition)",
    }
    bars = []
    for label, row in rows.items():
        for kind in TYPES:
            measure = f"{kind}s reconvicted within 12 months (% of {kind}s in the row)"
            bars.append(Bar(row, f"{kind}s", cells.value(15, label, measure), cells.percent(15, label, measure)))
    unit = f"Percentage reconvicted within {facts.reconviction_months} months"
    chart = labelled_bars(bars, {"ATRs": DARK_BLUE, "DRRs": ORANGE}, unit)
    end = words(facts.observation_end)
    title = figure_title(f"Identified reconvictions, by structured treatment status on {end}", facts)
    return bar_figure("22", title, chart, "Grouped bar chart", bars, unit, "Table 15")


def odds_ratio_figure(cells: ShownCells, table: int, facts: RunFacts) -> Figure:
    """Odds ratio plot of one of tables 16-19."""
    outcome, kind = MODEL_TITLES[table]
    levels, rows = [], []
    for factor, level in cells.rows(table):
        row_kind = cells.text(table, level, KIND, factor)
        odds_ratio, low, high = (
            cells.value(table, level, measure, factor) for measure in (ODDS_RATIO, CI_LOW, CI_HIGH)
        )
        note = {REFERENCE: "reference", NOT_ESTIMABLE: "not estimable"}.get(row_kind, "")
        # A limit that rounds to zero has no place on a log scale.
        drawn = (
            (odds_ratio, low, high)
            if odds_ratio and low and high
            else (1.0 if row_kind == REFERENCE else None, None, None)
        )
        point = dict(zip(("odds_ratio", "low", "high"), drawn, strict=True))
        levels.append({"factor": factor, "level": level, "note": note, "reference": row_kind == REFERENCE, **point})
        rows.append(
            [
                factor,
                level,
                *(cells.text(table, level, name, factor) for name in (ODDS_RATIO, CI_LOW, CI_HIGH, "Significance")),
            ]
        )
    alternative = (
        f"Odds ratio plot with {len(levels)} levels of {len({factor for factor, _ in cells.rows(table)})} factors. "
        f"{strongest_in_words(cells, table)} All values are in the table below."
    )
    title = figure_title(f"Factors associated with {outcome}, {kind}: adjusted odds ratios", facts)
    headers = ["Factor", "Level", "Adjusted odds ratio", "95% CI, lower", "95% CI, upper", "Significance"]
    svg = to_svg(forest_plot(levels), f"figure-t{table}", alternative)
    return Figure(f"T{table}", title, alternative, svg, headers, rows, f"Table {table}")


def strongest_associations(cells: ShownCells, table: int, how_many: int = 4) -> list[tuple[str, str, float]]:
    """Significant levels of a model with the odds ratios furthest from 1: factor, level, odds ratio."""
    found = [
        (factor, level, odds_ratio)
        for factor, level in cells.rows(table)
        if cells.text(table, level, "Significance", factor) == "Significant"
        and (odds_ratio := cells.value(table, level, ODDS_RATIO, factor))
    ]
    return sorted(found, key=lambda row: -max(row[2], 1 / row[2]))[:how_many]


def strongest_in_words(cells: ShownCells, table: int) -> str:
    """One sentence on the strongest significant associations of a model."""
    found = strongest_associations(cells, table)
    if not found:
        return "No level differs significantly from its reference level."
    listed = "; ".join(
        f"{level} ({factor.lower()}), odds ratio {odds_ratio:.2f}" for factor, level, odds_ratio in found
    )
    return f"Significant associations furthest from 1, against the reference level: {listed}."
