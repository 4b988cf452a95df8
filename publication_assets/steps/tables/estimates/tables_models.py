"""Tables 16-19, 30 and 31: adjusted odds ratios of linkage and of reconviction (report 3.1 and 4.2).

Belongs here: laying out the pooled odds ratios. Does not belong here: fitting and pooling, titles, notes, disclosure
control.
"""

import polars as pl

from modelling_assets.steps.models.fit_models import NO_DIFFERENCE
from publication_assets.catalogue.measures_of_models import (
    DIRECTION,
    KIND_OF_ROW,
    ODDS_RATIO,
    ODDS_RATIO_LIMITS,
    OUTCOME_RECORDS,
    P_VALUE,
    RECORDS,
    SIGNIFICANCE,
    STRENGTH,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row
from resources.settings.modelling_settings import Modelling

REFERENCE, ESTIMATED, NOT_ESTIMABLE = "Reference level", "Estimated", "Not estimable"
REGION_LABEL = "Probation region"
OF_REGIONS = "Estimated, against the average region"
NOT_COMPARED = "Not compared: the model finds no variation between regions beyond chance"
NO_CLEAR_DIFFERENCE = "No clear difference"  # what direction says of an association that is not significant


def factor_label(name: str, settings: Modelling) -> str:
    """Name of a factor in tables; of the regions, which are compared with their average, too."""
    return REGION_LABEL if name == settings.random_intercept else settings.factors[name].label


def counts_behind(model: str, factor: str, level: str, reference: str) -> tuple[str, ...]:
    """Names of the counts that an odds ratio, its interval or words on it would give away.

    The squared standard error of a log odds ratio is about the sum of 1/n over the records of the level and of the
    reference level, with and without the outcome: with three of these known, the fourth follows. "Estimated" says that
    none is below the minimum. A region has no reference level: `level` stands for both.
    """
    return tuple(
        f"{model}/{factor}/{each}/{ending}"
        for each in dict.fromkeys((reference, level))
        for ending in ("outcome", "no outcome", "records")
    )


def model_counts(results: pl.DataFrame) -> dict[str, int]:
    """Records, and those with and without the outcome, of every level of one model's pooled odds ratios."""
    counts = {}
    for result in results.iter_rows(named=True):
        records, outcome = (int(result[column] or 0) for column in ("records", "outcome_records"))
        numbers = {"records": records, "outcome": outcome, "no outcome": records - outcome}
        counts |= {f"{_prefix(result['model'], result)}/{ending}": number for ending, number in numbers.items()}
    return counts


def odds_ratio_table(pooled: pl.DataFrame, model: str, modelling: Modelling) -> PublishedTable:
    """One of tables 16-19, 30 and 31 from the pooled odds ratios of `model`.

    Rows that are no factor of the study (the intercept) are left out; regions come last. Reference levels show an odds
    ratio of 1 and "[z]" for the rest; levels that cannot be estimated show "[x]", and why; regions without variation,
    of which none is tested, "[z]". Everything said of a level goes with the counts of the level and of its reference
    level.
    """
    table = PublishedTable(f"odds_ratios_{model}")
    rows = pooled.filter(pl.col("model") == model)
    table.counts |= model_counts(rows)
    for name in (*modelling.models[model].factors, modelling.random_intercept):
        factor, results = modelling.factors.get(name), rows.filter(pl.col("factor") == name)
        reference = next(iter(results.filter("reference")["level"]), factor.reference if factor else None)
        for result in results.iter_rows(named=True):
            row = Row(f"{name}/{result['level']}", result["level"], factor_label(name, modelling))
            _record_counts(table, model, modelling.models[model].outcome, row, result)
            if result["records"] and factor and factor.when_rare == "exclude":
                # Readers know that rarer levels have left the model.
                table.least[f"{_prefix(model, result)}/records"] = modelling.rare_level_records
            others = reference or result["level"]
            behind = () if result["reference"] else counts_behind(model, name, result["level"], others)
            _odds_ratio_cells(table, row, result, behind)
        _counts_of_a_factor_add_up(table, model, results)
    return table


def _record_counts(table: PublishedTable, model: str, outcome: str, row: Row, result: dict) -> None:
    prefix = _prefix(model, result)
    table.add_up(f"{prefix}/records", f"{prefix}/outcome", f"{prefix}/no outcome")
    table.count(row, RECORDS, f"{prefix}/records")
    table.count(row, OUTCOME_RECORDS[outcome], f"{prefix}/outcome")


def _odds_ratio_cells(table: PublishedTable, row: Row, result: dict, behind: tuple[str, ...]) -> None:
    kind = _kind_of_row(row, result)
    estimated = kind in (ESTIMATED, OF_REGIONS)
    absent = "[z]" if result["reference"] or kind == NOT_COMPARED else "[x]"
    numbers = {
        ODDS_RATIO: 1.0 if result["reference"] else result["odds_ratio"],
        ODDS_RATIO_LIMITS["lower"]: result["ci_low"],
        ODDS_RATIO_LIMITS["upper"]: result["ci_high"],
        P_VALUE: result["p_value"],
    }
    for measure, number in numbers.items():
        shown = number if estimated or (result["reference"] and measure == ODDS_RATIO) else None
        table.cells.append(Cell(row, measure, measure.unit, shown, depends_on=behind, text=absent))
    significant = "Significant" if result["significant"] else "Not significant"
    table.words(row, SIGNIFICANCE, significant if estimated else absent, behind)
    table.words(row, DIRECTION, _direction(result) if estimated else absent, behind)
    # Strength is empty where an association is not significant: not applicable, not the same as not available.
    strength = str(result["strength"]).capitalize() or "[z]"
    table.words(row, STRENGTH, strength if estimated else absent, behind)
    table.words(row, KIND_OF_ROW, kind, behind)


def _direction(result: dict) -> str:
    return NO_CLEAR_DIFFERENCE if result["direction"] == NO_DIFFERENCE else str(result["direction"]).capitalize()


def _kind_of_row(row: Row, result: dict) -> str:
    if result["reference"]:
        return REFERENCE
    if result["status"] == NO_DIFFERENCE:
        return NOT_COMPARED
    if result["status"] != "ok":
        return not_estimable(result.get("reason"))
    return OF_REGIONS if row[0] == REGION_LABEL else ESTIMATED


def not_estimable(reason: str | None) -> str:
    """The kind of row of a level without an odds ratio: NOT_ESTIMABLE, and why."""
    return f"{NOT_ESTIMABLE}: {reason}" if reason else NOT_ESTIMABLE


def _counts_of_a_factor_add_up(table: PublishedTable, model: str, results: pl.DataFrame) -> None:
    """The levels of a factor add up to the model's records, which a reader knows from the other factors."""
    if results.is_empty():
        return
    prefixes = [_prefix(model, result) for result in results.iter_rows(named=True)]
    factor = f"{model}/{results['factor'][0]}"
    for ending in ("records", "outcome", "no outcome"):
        parts = [f"{prefix}/{ending}" for prefix in prefixes]
        table.counts[f"{factor}/{ending}"] = sum(table.counts[part] for part in parts)
        table.add_up(f"{factor}/{ending}", *parts)


def _prefix(model: str, result: dict) -> str:
    return f"{model}/{result['factor']}/{result['level']}"
