"""The odds ratio plots of tables 16 to 19, 30 and 31, and the associations that hold in words.

Belongs here: which cells each plot shows, and what is said beside it. Does not belong here: how odds ratios are drawn
(forest_plot.py).
"""

from drawing.svg import DrawnChart
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.comparisons import capital, counted, group_words, listed, row_words
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.drawn_figures import Frame, figure_of
from publication_assets.steps.figures.of_report.figure_findings import MOST_NAMED
from publication_assets.steps.tables.estimates.tables_models import NOT_COMPARED, NOT_ESTIMABLE, REFERENCE
from publication_assets.steps.tables.estimates.tables_sensitivity_models import (
    LEFT,
    LOST,
    MAIN_MODEL,
    TURNED,
    alternatives_by_change,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.charts.forest_plot import forest_plot
from publishing.disclosure.disclosure_control import CONFIDENTIAL
from publishing.tables.declared import and_limits, as_key

REGIONS, STATUS, ALTERNATIVES = "region", "treatment_status", "alternative_odds_ratios"


def model_title(table: str) -> tuple[str, str]:
    """Outcome of the model of a table, and the requirements that it is of."""
    model = TABLES[table].model
    return f"{{outcome_of_{model}}}", f"{{types_of_{model}}}"


def odds_ratio_figure(cells: ShownCells, table: str, facts: RunFacts) -> Figure:
    """Odds ratio plot of the table of a model."""
    outcome, kind = model_title(table)
    levels = [_level(cells, table, row) for row in cells.rows(table)]
    rows = [
        [
            cells.group(table, row),
            cells.label(table, row),
            *(cells.text(table, row, measure) for measure in (*and_limits("odds_ratio"), "significance")),
        ]
        for row in cells.rows(table)
    ]
    factors = {level["factor"] for level in levels}
    differing = len(significant_levels(cells, table))
    alternative = (
        f"Odds ratio plot with {len(levels)} levels of {len(factors)} factors. {differing} of the levels "
        f"{'differs' if differing == 1 else 'differ'} significantly from the reference level."
        f"{regions_in_words(cells, table)} All values are in the table below."
    )
    frame = Frame(
        TABLES[table].figures[0],
        f"Factors associated with {outcome}, {kind}",
        "Factor",
        "Adjusted odds ratios with {level} confidence intervals",
        TABLES[table].name,
        factors_finding(cells, table),
    )
    headers = ["Factor", "Level", "Adjusted odds ratio", "{level} CI, lower", "{level} CI, upper", "Significance"]
    headers = [facts.wording(header) for header in headers]

    def chart(narrow: bool) -> DrawnChart:
        return forest_plot(levels, facts.wording("{level}"), narrow)

    return figure_of(frame, facts, alternative, chart, headers, rows)


def _level(cells: ShownCells, table: str, row: str) -> dict:
    """What is drawn of a level: see forest_plot."""
    kind = cells.text(table, row, "kind_of_row")
    odds_ratio, low, high = (cells.value(table, row, measure) for measure in and_limits("odds_ratio"))
    said = "{} ({} to {})".format(*(cells.text(table, row, measure) for measure in and_limits("odds_ratio")))
    text = NOT_ESTIMABLE.lower() if is_missing(kind) else kind if kind.startswith("[") else said
    text = {REFERENCE: "reference", NOT_COMPARED: "not compared"}.get(kind, text)
    # A limit that rounds to zero has no place on a log scale.
    drawn = (odds_ratio, low, high) if odds_ratio and low and high else (None, None, None)
    drawn = (1.0, None, None) if kind == REFERENCE else drawn
    point = dict(zip(("odds_ratio", "low", "high"), drawn, strict=True))
    place = {"factor": cells.group(table, row), "level": cells.label(table, row)}
    return {**place, "text": text, "reference": kind == REFERENCE, **point}


def factors_finding(cells: ShownCells, table: str) -> str:
    """Factors with a level that differs significantly from its reference level whatever else is assumed, e.g. "Linkage
    to structured treatment is associated with sex and age, others being equal"; nothing where none has. Treatment
    status is no characteristic: it is measured after the outcome that it would be set against."""
    outcome, kind = model_title(table)
    held = [row for row, holds in significant_levels(cells, table, STATUS).items() if holds]
    factors = list(dict.fromkeys(row_words(cells.group(table, row)) for row in held))
    if not factors:
        return ""
    every = {cells.group(table, row) for row in _rows_but_regions(cells, table) if not row.startswith(f"{STATUS}/")}
    named = listed([factor[:1].lower() + factor[1:] if factor[1:2].islower() else factor for factor in factors])
    which = named if len(factors) <= MOST_NAMED else f"{len(factors)} of {len(every)} characteristics"
    return f"For {kind}, {outcome} is associated with {which} under every assumption tried, others being equal"


def significant_levels(cells: ShownCells, table: str, but: str = "") -> dict[str, bool | None]:
    """Significant levels of a model but of the factor `but`, in the order of the table, and whether each stays so under
    every other assumption of table 27; None where that was not analysed or is withheld. No regions, which are compared
    with their average."""
    rows = [row for row in _rows_but_regions(cells, table) if not (but and row.startswith(f"{but}/"))]
    return {row: _holds(cells, table, row) for row in rows if cells.text(table, row, "significance") == "Significant"}


def compared_levels(cells: ShownCells, table: str, but: str = "") -> list[str]:
    """Levels of a model, but of the factor `but` and regions, of which it is shown whether they differ from their
    reference level."""
    rows = [row for row in _rows_but_regions(cells, table) if not (but and row.startswith(f"{but}/"))]
    return [row for row in rows if not cells.text(table, row, "significance").startswith("[")]


def _holds(cells: ShownCells, table: str, row: str) -> bool | None:
    if ALTERNATIVES not in cells.tables:
        return None
    tried = f"{TABLES[table].model}/{row}"
    said = cells.text(ALTERNATIVES, tried, "changes")
    if said.startswith("["):
        return _holds_by_limits(cells, tried, (cells.value(table, row, "odds_ratio") or 0) > 1)
    changed = alternatives_by_change(said)
    return not any(kind in changed for kind in (LOST, TURNED, LEFT))


def _holds_by_limits(cells: ShownCells, tried: str, is_above: bool) -> bool | None:
    """Whether an association holds by the alternatives that are shown: one that does not is enough to say no, and none
    that is withheld may be taken for a yes."""
    answers: list[bool | None] = []
    for measure in cells.measures(ALTERNATIVES):
        family, _, words = measure.partition("/")
        if family != "alternative" or words == as_key(MAIN_MODEL) or cells.text(ALTERNATIVES, tried, measure) == "[z]":
            continue
        _, low, high = (cells.value(ALTERNATIVES, tried, name) for name in and_limits(measure))
        answers.append(None if low is None or high is None else low > 1 if is_above else high < 1)
    return False if False in answers else None if None in answers or not answers else True


def _rows_but_regions(cells: ShownCells, table: str) -> list[str]:
    return [row for row in cells.rows(table) if not row.startswith(f"{REGIONS}/")]


def associations(cells: ShownCells, table: str, but: str = "") -> list[str]:
    """Associations that hold under every other assumption, one a sentence, in the order of the table, each with its
    interval and count. `but`: a factor that is left out."""
    held = [row for row, holds in significant_levels(cells, table, but).items() if holds]
    return [_association(cells, table, row) for row in held]


def other_levels(cells: ShownCells, table: str, but: str = "") -> str:
    """What is said beside associations: how many do not hold, and for how many there is no clear difference."""
    found = significant_levels(cells, table, but)
    if not found:
        withheld = any(cells.text(table, row, "kind_of_row") == CONFIDENTIAL for row in _rows_but_regions(cells, table))
        return (
            f"{'Of the levels that are shown, none' if withheld else 'No level'} shows a clear difference from its "
            "reference level."
        )
    said: list[str] = []
    more = "more " if any(found.values()) else ""
    lost, unknown = (sum(holds is answer for holds in found.values()) for answer in (False, None))
    others = _without_clear_difference(cells, table, found, but)
    if lost:
        said.append(
            f"{capital(counted(lost))} {more}{'is' if lost == 1 else 'are'} significant, but not under every other "
            "assumption."
        )
    if unknown:
        are = "is" if unknown == 1 else "are"
        said.append(
            f"{capital(counted(unknown))} {more}{are} significant. Whether that holds under every other assumption was "
            "not tried or is withheld."
        )
    if others:
        levels = "level" if others == 1 else "levels"
        said.append(f"For {counted(others)} other {levels} there is no clear difference from the reference level.")
    return " ".join(said)


def reference_of(cells: ShownCells, table: str, row: str) -> str:
    """What the reference level of the factor of a row is called in a sentence."""
    factor = row.partition("/")[0]
    return next(
        (
            group_words(cells.label(table, other))
            for other in cells.rows(table, within=factor)
            if cells.text(table, other, "kind_of_row") == REFERENCE
        ),
        "the reference level",
    )


def _association(cells: ShownCells, table: str, row: str) -> str:
    """E.g. "Female (sex): linked less often than male, odds ratio 0.45 (0.30 to 0.62), 90 records."."""
    outcome, reference = table.removeprefix("odds_ratios_").partition("_")[0], reference_of(cells, table, row)
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


def is_missing(kind: str) -> bool:
    """Whether a kind of row is that of a level that could not be estimated."""
    return kind.startswith(NOT_ESTIMABLE)
