"""What the models say in sentences and lists: under each plot, and in the key findings.

Belongs here: which associations are named where. Does not belong here: the sentence of one association, which the plots
share (figures_models.py), fitting and pooling. A key finding names what holds for every type of requirement, in the
same direction; section 3.1 or 4.2 names the rest.
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.comparisons import capital, counted, listed
from publication_assets.steps.figures.of_report.figures_models import (
    ALTERNATIVES,
    STATUS,
    associations,
    is_missing,
    model_title,
    other_levels,
    reference_of,
    regions_in_words,
    significant_levels,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.documents.document import Block, Bullets, Drawing, Paragraph
from publishing.documents.fill_template import Value
from publishing.tables.declared import and_limits, as_key, noun_of
from resources.settings.modelling_settings import POOLED_FACTOR

ATR, DRR = TYPES
OF_TYPE = {kind: as_key(f"{POOLED_FACTOR}/{kind}") for kind in TYPES}
MODELS_OF_LINKAGE, MODELS_OF_RECONVICTION = (
    tuple(f"odds_ratios_{outcome}_{kind.lower()}" for kind in (*TYPES, ALL)) for outcome in ("linked", "reconvicted")
)


def association_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of the key findings on linkage and on reconviction: empty where no model was fitted."""
    models = {"linkage": MODELS_OF_LINKAGE, "reconviction": MODELS_OF_RECONVICTION}
    return {
        f"{outcome}_{name}": value
        for outcome, tables in models.items()
        for name, value in _finding(cells, tables).items()
    }


def _finding(cells: ShownCells, tables: tuple[str, ...]) -> Mapping[str, Value]:
    fitted = [table for table in tables if table in cells.tables]
    of_types = [table for table in tables[: len(TYPES)] if table in cells.tables]
    if not fitted:
        return {"models": False, "heading": "", "associations": [], "others": "", "model_tables": ""}
    shared = _shared(cells, of_types)
    numbers = [str(TABLES[table].number) for table in (*tables, ALTERNATIVES) if table in cells.tables]
    return {
        "models": True,
        "heading": _heading(cells, of_types or fitted, shared),
        "associations": [*(_in_each(cells, of_types, row) for row in shared), *_types_compared(cells, fitted)],
        "others": " ".join(_others(cells, table, shared) for table in of_types),
        "model_tables": f"Tables {listed(numbers)}" if len(numbers) > 1 else f"Table {''.join(numbers)}",
    }


def _shared(cells: ShownCells, tables: list[str]) -> list[str]:
    """Rows whose association holds in every table in the same direction."""

    def above_one(table: str, row: str) -> bool:
        return (cells.value(table, row, "odds_ratio") or 0) > 1

    held = [{row for row, holds in significant_levels(cells, table, STATUS).items() if holds} for table in tables]
    return (
        [
            row
            for row in significant_levels(cells, tables[0], STATUS)
            if all(row in each for each in held) and len({above_one(table, row) for table in tables}) == 1
        ]
        if tables
        else []
    )


def _heading(cells: ShownCells, tables: list[str], shared: list[str]) -> str:
    outcome = model_title(tables[0])[0]
    types = listed([model_title(table)[1] for table in tables])
    factors = dict.fromkeys(_lowered(cells.group(tables[0], row)) for row in shared)
    if not factors:
        return f"No characteristic is clearly associated with {outcome} for {types} alike, others being equal"
    return f"For {types}, {outcome} is associated with {listed([*factors])}, other characteristics being equal"


def _lowered(factor: str) -> str:
    return factor[:1].lower() + factor[1:]


def _in_each(cells: ShownCells, tables: list[str], row: str) -> str:
    """E.g. "No fixed address (accommodation at sentence), compared with settled: linked less often. Odds ratio 0.67
    (0.46 to 0.97) for ATRs (140 records) and 0.76 (0.59 to 0.98) for DRRs (332 records)."."""
    first = tables[0]
    outcome = first.removeprefix("odds_ratios_").partition("_")[0]
    how = "more" if (cells.value(first, row, "odds_ratio") or 0) > 1 else "less"
    ratios = [
        f"{_ratio(cells, table, row)} for {model_title(table)[1]} ({cells.text(table, row, 'records')} records)"
        for table in tables
    ]
    return (
        f"{cells.label(first, row)} ({_lowered(cells.group(first, row))}), compared with "
        f"{reference_of(cells, first, row)}: {outcome} {how} often. Odds ratio {' and '.join(ratios)}."
    )


def _ratio(cells: ShownCells, table: str, row: str) -> str:
    odds_ratio, low, high = (cells.text(table, row, measure) for measure in and_limits("odds_ratio"))
    return f"{odds_ratio} ({low} to {high})"


def _others(cells: ShownCells, table: str, shared: list[str]) -> str:
    """How many other levels differ in the model of one type, and how many do not under every other assumption."""
    found = significant_levels(cells, table, STATUS)
    more = sum(holds is True for row, holds in found.items() if row not in shared)
    lost, unknown = (sum(holds is answer for holds in found.values()) for answer in (False, None))
    other = "other " if shared else ""
    differ = "level differs" if more == 1 else "levels differ"
    number = f"{counted(more)} {other}{differ} from the reference level"
    parts = [
        number,
        *([f"{counted(lost)} {'does' if lost == 1 else 'do'} under some assumptions only"] if lost else []),
    ]
    said = f"In the model of {model_title(table)[1]}, {listed(parts)}."
    if unknown:
        said += f" For {counted(unknown)} of the levels that differ, other assumptions are withheld or were not tried."
    return said


def _types_compared(cells: ShownCells, tables: list[str]) -> list[str]:
    """What a model of both types says of having one and not the other."""
    found = (_of_both_types(cells, table) for table in tables if OF_TYPE[ATR] in cells.rows(table))
    return [capital(f"{said} in the model of both.") for said in found if said]


def _of_both_types(cells: ShownCells, table: str) -> str:
    """E.g. "ATRs were linked more often than DRRs, odds ratio 1.40 (1.22 to 1.62)"; nothing where it is withheld."""
    if any(
        cells.text(table, OF_TYPE[ATR], name).startswith("[") for name in (*and_limits("odds_ratio"), "significance")
    ):
        return ""
    outcome = {"linked": "linked", "reconvicted": "followed by a reconviction"}[TABLES[table].model.partition("_")[0]]
    how = "more" if (cells.value(table, OF_TYPE[ATR], "odds_ratio") or 0) > 1 else "less"
    says = f"{noun_of(ATR)} were {outcome} {how} often than {noun_of(DRR)}"
    if cells.text(table, OF_TYPE[ATR], "significance") != "Significant":
        says = f"there is no clear difference between {noun_of(ATR)} and {noun_of(DRR)}"
    return f"{says}, odds ratio {_ratio(cells, table, OF_TYPE[ATR])},"


def model_blocks(cells: ShownCells, figures: dict[str, Figure], tables: tuple[str, ...]) -> list[Block]:
    """Of each fitted model what it says, as a list, and its plot."""
    return [block for table in tables if table in cells.tables for block in _of_model(cells, table, figures)]


def _of_model(cells: ShownCells, table: str, figures: dict[str, Figure]) -> list[Block]:
    said = associations(cells, table, POOLED_FACTOR)
    blocks: list[Block] = [Paragraph(_introduced(cells, table, bool(said)))]
    if said:
        blocks.append(Bullets([*said]))
    return [*blocks, Paragraph(_beside(cells, table)), Drawing(figures[TABLES[table].figures[0]])]


def _introduced(cells: ShownCells, table: str, any_named: bool) -> str:
    outcome, kind = model_title(table)
    said = f"Model of {outcome}, {kind}."
    if OF_TYPE[ATR] in cells.rows(table):
        said += (
            " This is one of the two consolidated sets of estimates that the published methodology names (2.8.4): one "
            "of linkage, one of reconviction."
        )
        compared = _of_both_types(cells, table)
        said += f" {capital(compared)} other factors being equal." if compared else ""
    return f"{said} Other factors being equal, these levels differ from the reference level:" if any_named else said


def _beside(cells: ShownCells, table: str) -> str:
    missing = sum(is_missing(cells.text(table, row, "kind_of_row")) for row in cells.rows(table))
    levels, have = ("level", "has") if missing == 1 else ("levels", "have")
    said = f" {capital(counted(missing))} {levels} could not be estimated and {have} no number."
    not_estimable = said if missing else ""
    return (
        f"{other_levels(cells, table, POOLED_FACTOR)}{regions_in_words(cells, table)}{not_estimable} "
        f"All levels are in table {TABLES[table].number} of the data tables."
    ).strip()
