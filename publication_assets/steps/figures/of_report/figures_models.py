"""The odds ratio plots of tables 16 to 19, 30 and 31, and the strongest associations in words.

Belongs here: which cells each plot shows, and what is said beside it. Does not belong here: how odds ratios are drawn
(forest_plot.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.steps.disclosure.disclosure_control import CONFIDENTIAL
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.document import Block, Drawing, Paragraph
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure, to_svg
from publication_assets.steps.figures.forest_plot import forest_plot
from publication_assets.steps.figures.of_report.drawn_figures import figure_title
from publication_assets.steps.tables.estimates.tables_models import (
    CI_HIGH,
    CI_LOW,
    KIND,
    MODEL_TABLES,
    NONE_DIFFERS,
    NOT_ESTIMABLE,
    ODDS_RATIO,
    REFERENCE,
    REGION_LABEL,
)
from publication_assets.steps.tables.shown_cells import ShownCells

ATR, DRR = TYPES
MODEL_TITLES = {table: (f"{{outcome_of_{model}}}", f"{{types_of_{model}}}") for model, table in MODEL_TABLES.items()}


def odds_ratio_figure(cells: ShownCells, table: int, facts: RunFacts) -> Figure:
    """Odds ratio plot of one of tables 16-19, 30 and 31."""
    outcome, kind = MODEL_TITLES[table]
    levels, rows = [], []
    for factor, level in cells.rows(table):
        row_kind = cells.text(table, level, KIND, factor)
        odds_ratio, low, high = (
            cells.value(table, level, measure, factor) for measure in (ODDS_RATIO, CI_LOW, CI_HIGH)
        )
        note = "reference" if row_kind == REFERENCE else NOT_ESTIMABLE.lower() if _is_missing(row_kind) else ""
        note = "no difference found" if row_kind == NONE_DIFFERS else note
        note = row_kind if row_kind.startswith("[") else note
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
        f"{strongest_in_words(cells, table)}{regions_in_words(cells, table)} All values are in the table below."
    )
    title = figure_title(f"Factors associated with {outcome}, {kind}: adjusted odds ratios", facts)
    headers = ["Factor", "Level", "Adjusted odds ratio", "{level} CI, lower", "{level} CI, upper", "Significance"]
    svg = to_svg(forest_plot(levels, facts.wording("{level}")), f"figure-t{table}", alternative)
    return Figure(f"T{table}", title, alternative, svg, headers, rows, f"Table {table}")


def strongest_associations(cells: ShownCells, table: int, how_many: int = 4) -> list[tuple[str, str, float]]:
    """Significant levels of a model with the odds ratios furthest from 1: factor, level, odds ratio. No regions, which
    are compared with their average."""
    found = [
        (factor, level, odds_ratio)
        for factor, level in cells.rows(table)
        if factor != REGION_LABEL
        and cells.text(table, level, "Significance", factor) == "Significant"
        and (odds_ratio := cells.value(table, level, ODDS_RATIO, factor))
    ]
    return sorted(found, key=lambda row: -max(row[2], 1 / row[2]))[:how_many]


def strongest_in_words(cells: ShownCells, table: int) -> str:
    """One sentence on the strongest significant associations of a model."""
    found = strongest_associations(cells, table)
    if not found:
        withheld = any(
            cells.text(table, level, KIND, factor) == CONFIDENTIAL
            for factor, level in cells.rows(table)
            if factor != REGION_LABEL
        )
        which = "Of the levels that are shown, none" if withheld else "No level"
        return f"{which} differs significantly from its reference level."
    listed = "; ".join(
        f"{level} ({factor.lower()}), odds ratio {odds_ratio:.2f}" for factor, level, odds_ratio in found
    )
    return f"Strongest significant associations, compared with the reference level: {listed}."


def regions_in_words(cells: ShownCells, table: int) -> str:
    """Which regions differ from the average region, as a sentence after others; nothing without regions."""
    regions = [level for factor, level in cells.rows(table) if factor == REGION_LABEL]
    kinds = {cells.text(table, region, KIND, REGION_LABEL) for region in regions}
    if not regions:
        return ""
    if kinds == {NONE_DIFFERS}:
        return " No difference between regions was found."
    differing = {
        direction: [
            f"{region} ({cells.text(table, region, ODDS_RATIO, REGION_LABEL)})"
            for region in regions
            if cells.text(table, region, "Significance", REGION_LABEL) == "Significant"
            and cells.text(table, region, "Direction of association", REGION_LABEL) == direction
        ]
        for direction in ("Higher", "Lower")
    }
    said = [f"{direction.lower()} in {listed(named)}" for direction, named in differing.items() if named]
    among = "Of the regions that are shown, none" if CONFIDENTIAL in kinds else "No region"
    if not said:
        return f" {among} differs significantly from the average region."
    return f" Compared with the average region, the odds were {' and '.join(said)}."


def model_blocks(cells: ShownCells, figures: dict[str, Figure], tables: tuple[int, ...]) -> list[Block]:
    """Each plot below its sentence; nothing without fitted models."""
    return [
        block
        for table in tables
        if table in cells.tables
        for block in (Paragraph(_model_text(cells, table)), Drawing(figures[f"T{table}"]))
    ]


def _of_both_types(cells: ShownCells, table: int) -> str:
    """What a model of ATRs and DRRs together is, and what it says of having one and not the other; else nothing."""
    row = next((row for row in cells.rows(table) if row[1] == ATR and (row[0], DRR) in cells.rows(table)), None)
    if row is None:
        return ""
    shown = {name: cells.text(table, ATR, name, row[0]) for name in (ODDS_RATIO, CI_LOW, CI_HIGH, "Significance")}
    consolidated = (
        " This is one of the two consolidated sets of estimates that the published methodology names (2.8.4): one of "
        "linkage, one of reconviction."
    )
    if any(text.startswith("[") for text in shown.values()):
        return consolidated
    odds_ratio, low, high, significance = shown.values()
    more = float(odds_ratio) > 1
    says = f"the outcome was {'more' if more else 'less'} common after an ATR than after a DRR"
    if significance != "Significant":
        says = "ATRs and DRRs do not differ significantly"
    return f"{consolidated} Other factors being equal, {says} (odds ratio {odds_ratio}, {low} to {high})."


def _model_text(cells: ShownCells, table: int) -> str:
    rows = cells.rows(table)
    outcome, kind = MODEL_TITLES[table]
    missing = sum(_is_missing(cells.text(table, level, KIND, factor)) for factor, level in rows)
    levels = "level" if missing == 1 else "levels"
    not_estimable = f" {missing} {levels} could not be estimated and {'has' if missing == 1 else 'have'} no number."
    return (
        f"Model of {outcome}, {kind}.{_of_both_types(cells, table)} {strongest_in_words(cells, table)}"
        f"{regions_in_words(cells, table)}"
        f"{not_estimable if missing else ''} All levels are in table {table} of the data tables."
    )


def _is_missing(kind: str) -> bool:
    return kind.startswith(NOT_ESTIMABLE)
