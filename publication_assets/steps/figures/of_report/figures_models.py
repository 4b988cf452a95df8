"""The odds ratio plots of tables 16 to 19, 30 and 31, and the associations that hold in words.

Belongs here: which cells each plot shows, and what is said beside it. Does not belong here: how odds ratios are drawn
(forest_plot.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.declared import and_limits, as_key
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.disclosure.disclosure_control import CONFIDENTIAL
from publication_assets.steps.documents.comparisons import listed, row_words
from publication_assets.steps.documents.document import Block, Drawing, Paragraph
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import Figure, to_svg
from publication_assets.steps.figures.forest_plot import forest_plot
from publication_assets.steps.figures.of_report.drawn_figures import figure_title
from publication_assets.steps.tables.estimates.tables_models import NOT_COMPARED, NOT_ESTIMABLE, REFERENCE
from publication_assets.steps.tables.estimates.tables_sensitivity_models import (
    LEFT,
    LOST,
    TURNED,
    alternatives_by_change,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from resources.settings.modelling_settings import POOLED_FACTOR

ATR, DRR = TYPES
REGIONS, ALTERNATIVES = "region", "alternative_odds_ratios"
OF_TYPE = {kind: as_key(f"{POOLED_FACTOR}/{kind}") for kind in TYPES}


def model_title(table: str) -> tuple[str, str]:
    """Outcome of the model of a table, and the requirements that it is of."""
    model = TABLES[table].model
    return f"{{outcome_of_{model}}}", f"{{types_of_{model}}}"


def odds_ratio_figure(cells: ShownCells, table: str, facts: RunFacts) -> Figure:
    """Odds ratio plot of the table of a model."""
    (outcome, kind), (number,) = model_title(table), TABLES[table].figures
    levels, rows = [], []
    for row in cells.rows(table):
        factor, level = cells.group(table, row), cells.label(table, row)
        row_kind = cells.text(table, row, "kind_of_row")
        odds_ratio, low, high = (cells.value(table, row, measure) for measure in and_limits("odds_ratio"))
        note = "reference" if row_kind == REFERENCE else NOT_ESTIMABLE.lower() if _is_missing(row_kind) else ""
        note = "not compared" if row_kind == NOT_COMPARED else note
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
                *(cells.text(table, row, measure) for measure in (*and_limits("odds_ratio"), "significance")),
            ]
        )
    factors = {level["factor"] for level in levels}
    alternative = (
        f"Odds ratio plot with {len(levels)} levels of {len(factors)} factors. "
        f"{associations_in_words(cells, table)}{regions_in_words(cells, table)} All values are in the table below."
    )
    title = figure_title(f"Factors associated with {outcome}, {kind}: adjusted odds ratios", facts)
    headers = ["Factor", "Level", "Adjusted odds ratio", "{level} CI, lower", "{level} CI, upper", "Significance"]
    svg = to_svg(forest_plot(levels, facts.wording("{level}")), f"figure-{number.lower()}", alternative)
    return Figure(number, title, alternative, svg, headers, rows, TABLES[table].name)


def significant_levels(cells: ShownCells, table: str, but: str = "") -> dict[str, bool | None]:
    """Significant levels of a model but of the factor `but`, in the order of the table, and whether each stays so under
    every other assumption of table 27; None where that was not analysed. No regions, which are compared with their
    average."""
    rows = [row for row in _rows_but_regions(cells, table) if not (but and row.startswith(f"{but}/"))]
    return {row: _holds(cells, table, row) for row in rows if cells.text(table, row, "significance") == "Significant"}


def _holds(cells: ShownCells, table: str, row: str) -> bool | None:
    if ALTERNATIVES not in cells.tables:
        return None
    said = cells.text(ALTERNATIVES, f"{TABLES[table].model}/{row}", "changes")
    if said.startswith("["):
        return None
    changed = alternatives_by_change(said)
    return not any(kind in changed for kind in (LOST, TURNED, LEFT))


def _rows_but_regions(cells: ShownCells, table: str) -> list[str]:
    return [row for row in cells.rows(table) if not row.startswith(f"{REGIONS}/")]


def associations_in_words(cells: ShownCells, table: str, but: str = "") -> str:
    """Associations that hold under every other assumption, in the order of the table, each with interval and count; how
    many do not hold; and where there is no clear difference. `but`: a factor that is left out."""
    found = significant_levels(cells, table, but)
    if not found:
        withheld = any(cells.text(table, row, "kind_of_row") == CONFIDENTIAL for row in _rows_but_regions(cells, table))
        return (
            f"{'Of the levels that are shown, none' if withheld else 'No level'} shows a clear difference from its "
            "reference level."
        )
    said = [_association(cells, table, row) for row, holds in found.items() if holds is not False]
    lost, unknown = (sum(holds is answer for holds in found.values()) for answer in (False, None))
    others = _without_clear_difference(cells, table, found, but)
    if lost:
        said.append(
            f"{lost} {'more ' if said else ''}{'is' if lost == 1 else 'are'} significant, but not under every other "
            "assumption."
        )
    if unknown:
        said.append(f"Other assumptions were not tried, or are withheld, for {unknown} of these.")
    if others:
        levels = "level" if others == 1 else "levels"
        said.append(f"For {others} other {levels} there is no clear difference from the reference level.")
    return " ".join(said)


def _association(cells: ShownCells, table: str, row: str) -> str:
    """E.g. "Female (sex): linked less often than male, odds ratio 0.45 (0.30 to 0.62), 90 records."."""
    factor, outcome = row.partition("/")[0], table.removeprefix("odds_ratios_").partition("_")[0]
    reference = next(
        (
            row_words(cells.label(table, other))
            for other in cells.rows(table, within=factor)
            if cells.text(table, other, "kind_of_row") == REFERENCE
        ),
        "the reference level",
    )
    how = "more" if (cells.value(table, row, "odds_ratio") or 0) > 1 else "less"
    odds_ratio, low, high = (cells.text(table, row, measure) for measure in and_limits("odds_ratio"))
    return (
        f"{cells.label(table, row)} ({cells.group(table, row).lower()}): {outcome} {how} often than {reference}, odds "
        f"ratio {odds_ratio} ({low} to {high}), {cells.text(table, row, 'records')} records."
    )


def _without_clear_difference(cells: ShownCells, table: str, found: dict[str, bool | None], but: str) -> int:
    return sum(
        cells.text(table, row, "significance") == "Not significant" and not (but and row.startswith(f"{but}/"))
        for row in _rows_but_regions(cells, table)
        if row not in found
    )


def regions_in_words(cells: ShownCells, table: str) -> str:
    """Which regions differ from the average region, as a sentence after others; nothing without regions."""
    regions = cells.rows(table, within=REGIONS)
    kinds = {cells.text(table, region, "kind_of_row") for region in regions}
    if not regions:
        return ""
    if kinds == {NOT_COMPARED}:
        return " The model finds no variation between regions beyond chance, so none is compared with the average."
    differing = {
        direction: [
            f"{cells.label(table, region)} ({cells.text(table, region, 'odds_ratio')})"
            for region in regions
            if cells.text(table, region, "significance") == "Significant"
            and cells.text(table, region, "direction") == direction
        ]
        for direction in ("Higher", "Lower")
    }
    said = [f"{direction.lower()} in {listed(named)}" for direction, named in differing.items() if named]
    among = "Of the regions that are shown, none" if CONFIDENTIAL in kinds else "No region"
    if not said:
        return f" {among} shows a clear difference from the average region."
    return f" Compared with the average region, the odds were {' and '.join(said)}."


def model_blocks(cells: ShownCells, figures: dict[str, Figure], tables: tuple[str, ...]) -> list[Block]:
    """Each plot below its sentence; nothing without fitted models."""
    return [
        block
        for table in tables
        if table in cells.tables
        for block in (Paragraph(_model_text(cells, table)), Drawing(figures[TABLES[table].figures[0]]))
    ]


def _of_both_types(cells: ShownCells, table: str) -> str:
    """What a model of ATRs and DRRs together is, and what it says of having one and not the other; else nothing."""
    rows = {row for row in cells.rows(table) if row in (OF_TYPE[ATR], OF_TYPE[DRR])}
    if len(rows) < len(OF_TYPE):
        return ""
    shown = {name: cells.text(table, OF_TYPE[ATR], name) for name in (*and_limits("odds_ratio"), "significance")}
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
        says = "there is no clear difference between ATRs and DRRs"
    return f"{consolidated} Other factors being equal, {says} (odds ratio {odds_ratio}, {low} to {high})."


def _model_text(cells: ShownCells, table: str) -> str:
    rows = cells.rows(table)
    outcome, kind = model_title(table)
    missing = sum(_is_missing(cells.text(table, row, "kind_of_row")) for row in rows)
    levels = "level" if missing == 1 else "levels"
    not_estimable = f" {missing} {levels} could not be estimated and {'has' if missing == 1 else 'have'} no number."
    return (
        f"Model of {outcome}, {kind}.{_of_both_types(cells, table)} {associations_in_words(cells, table)}"
        f"{regions_in_words(cells, table)}"
        f"{not_estimable if missing else ''} All levels are in table {TABLES[table].number} of the data tables."
    )


def _is_missing(kind: str) -> bool:
    return kind.startswith(NOT_ESTIMABLE)
