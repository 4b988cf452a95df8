"""Tables 16-19: adjusted odds ratios of linkage to structured treatment and of reconviction (report 3.1 and 4.2).

Belongs here: laying out the pooled odds ratios. Does not belong here: fitting and pooling, titles, notes, disclosure
control.
"""

import polars as pl

from modelling_assets.steps.tables.declared_table import Cell, PublishedTable
from resources.modelling_settings import Modelling

MODEL_TABLES = {"linked_atr": 16, "linked_drr": 17, "reconvicted_atr": 18, "reconvicted_drr": 19}
OUTCOME_MEASURES = {
    "linked_structured": "Records linked to structured treatment (count)",
    "reconvicted": "Records reconvicted {within_period} (count)",
}
ODDS_RATIO = "Adjusted odds ratio"
CI_LOW, CI_HIGH = "{level} confidence interval, lower limit", "{level} confidence interval, upper limit"
RECORDS, KIND = "Records in the model (count)", "Kind of row"
REFERENCE, ESTIMATED, NOT_ESTIMABLE = "Reference level", "Estimated", "Not estimable"


def odds_ratio_table(pooled: pl.DataFrame, model: str, settings: Modelling) -> PublishedTable:
    """One of tables 16-19 from the pooled odds ratios of `model`.

    Rows that are no factor of the study (the intercept) are left out. Reference levels show an odds ratio of 1 and
    "[z]" for the rest; levels that cannot be estimated show "[x]".
    """
    table = PublishedTable(MODEL_TABLES[model])
    rows = pooled.filter(pl.col("model") == model)
    for factor in settings.models[model].factors:
        for result in rows.filter(pl.col("factor") == factor).iter_rows(named=True):
            _odds_ratio_row(table, model, settings.models[model].outcome, settings.factors[factor].label, result)
        _counts_of_a_factor_add_up(table, model, rows.filter(pl.col("factor") == factor))
    return table


def _odds_ratio_row(table: PublishedTable, model: str, outcome: str, label: str, result: dict) -> None:
    row, prefix = (label, result["level"]), _prefix(model, result)
    estimated = result["status"] == "ok" and not result["reference"]
    absent = "[z]" if result["reference"] else "[x]"
    names = {f"{prefix}/records": result["records"], f"{prefix}/outcome": result["outcome_records"]}
    table.counts |= {name: int(number or 0) for name, number in names.items()}
    table.counts[f"{prefix}/no outcome"] = table.counts[f"{prefix}/records"] - table.counts[f"{prefix}/outcome"]
    table.add_up(f"{prefix}/records", f"{prefix}/outcome", f"{prefix}/no outcome")

    table.count(row, RECORDS, f"{prefix}/records")
    table.count(row, OUTCOME_MEASURES[outcome], f"{prefix}/outcome")
    odds_ratio = 1.0 if result["reference"] else result["odds_ratio"] if estimated else None
    table.cells.append(Cell(row, ODDS_RATIO, "odds ratio", odds_ratio, text=absent))
    for measure, column in ((CI_LOW, "ci_low"), (CI_HIGH, "ci_high")):
        table.cells.append(Cell(row, measure, "odds ratio", result[column] if estimated else None, text=absent))
    table.cells.append(Cell(row, "P value", "p value", result["p_value"] if estimated else None, text=absent))
    significant = "Significant" if result["significant"] else "Not significant"
    table.words(row, "Significance", significant if estimated else absent)
    for measure, column in (("Direction of association", "direction"), ("Strength of association", "strength")):
        # Strength is empty where an association is not significant: not applicable, not the same as not available.
        text = str(result[column]).capitalize() if result[column] else "[z]"
        table.words(row, measure, text if estimated else absent)
    table.words(row, KIND, REFERENCE if result["reference"] else ESTIMATED if estimated else NOT_ESTIMABLE)


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
