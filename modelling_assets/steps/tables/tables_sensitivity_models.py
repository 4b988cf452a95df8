"""Table 27: the published odds ratios beside what other assumptions make of them (ours).

Belongs here: laying out the alternatives and saying what they change. Does not belong here: fitting
(sensitivity_models.py), titles, notes, disclosure control.
"""

from dataclasses import dataclass

import polars as pl

from modelling_assets.steps.sensitivity import sensitivity_models as alternatives
from modelling_assets.steps.tables.declared_table import Cell, PublishedTable
from modelling_assets.steps.tables.tables_models import MODEL_TABLES
from resources.modelling_settings import Modelling
from resources.sensitivity_settings import Sensitivity

OUTCOMES = {"linked_structured": "Linkage to structured treatment", "reconvicted": "Reconviction {within_period}"}
PUBLISHED = "as published"
KEY = ("model", "factor", "level", "alternative")
CHANGES = "What the alternatives change"
NOTHING, NOT_ESTIMABLE = "Nothing", "Not estimable"
LOST, GAINED, TURNED, LEFT = "no longer significant", "becomes significant", "other direction", "not estimable"


@dataclass(frozen=True)
class Shown:
    """An alternative that table 27 shows: its name in the estimates, its words, and whether only linkage has it."""

    name: str
    words: str
    of_linkage: bool = False


def shown_alternatives(settings: Sensitivity) -> list[Shown]:
    """The alternatives of table 27, in the order of its columns."""
    middle = alternatives.middle_sensitivity(settings)
    lowest, highest = settings.link_thresholds[0], settings.link_thresholds[-1]
    return [
        Shown(alternatives.REGION_EFFECTS, "region fixed effects"),
        Shown(alternatives.CLUSTERED, "errors clustered by person"),
        Shown(alternatives.COMPLETE, "complete cases"),
        Shown(alternatives.more_imputations(settings.imputations), f"{settings.imputations} imputations"),
        *(
            Shown(alternatives.link_threshold(threshold), f"link threshold {threshold:g}", of_linkage=True)
            for threshold in (lowest, highest)
        ),
        *(
            Shown(
                alternatives.wrong_links(sensitivity, specificity),
                f"sensitivity of linkage {100 * sensitivity:g}%, specificity {100 * specificity:g}%",
                of_linkage=True,
            )
            for sensitivity, specificity in alternatives.wrong_links_tried(settings)
        ),
        Shown(
            alternatives.wrong_links_of_level(middle, settings.lower_by),
            f"sensitivity of linkage {100 * middle:g}%, {100 * (middle - settings.lower_by):g}% at the level",
            of_linkage=True,
        ),
    ]


def odds_ratio_measures(words: str) -> tuple[str, str, str]:
    """Column headers of one alternative: odds ratio and limits."""
    return f"Odds ratio, {words}", f"Odds ratio, {words}, lower limit", f"Odds ratio, {words}, upper limit"


def model_label(model: str, settings: Modelling) -> str:
    """Group label of a model in table 27."""
    found = settings.models[model]
    return f"{OUTCOMES[found.outcome]}, {found.requirement_type}s"


def alternative_odds_ratios(pooled: pl.DataFrame, sensitivity: pl.DataFrame, settings: Modelling) -> PublishedTable:
    """Table 27 from the tables pooled_odds_ratios and sensitivity_estimates.

    One row per model and level, headed by its factor; reference levels are left out. "[x]" where a model could not
    estimate the level, "[z]" where an alternative has nothing to do with the outcome.
    """
    table, shown = PublishedTable(27), shown_alternatives(settings.sensitivity)
    found = {tuple(row[name] for name in KEY): row for row in sensitivity.iter_rows(named=True)}
    for model in (name for name in MODEL_TABLES if name in settings.models):
        of_linkage = settings.models[model].outcome == alternatives.LINKED
        for result in pooled.filter(pl.col("model") == model, ~pl.col("reference")).iter_rows(named=True):
            key = (model, result["factor"], result["level"])
            row = (model_label(model, settings), f"{settings.factors[key[1]].label}: {key[2]}")
            _odds_ratios(table, row, PUBLISHED, result, "[x]")
            for each in shown:
                applies = of_linkage or not each.of_linkage
                _odds_ratios(table, row, each.words, found.get((*key, each.name)), "[x]" if applies else "[z]")
            others = {each.words: found[*key, each.name] for each in shown if (*key, each.name) in found}
            table.words(row, CHANGES, changes_in_words(result, others))
    return table


def _odds_ratios(table: PublishedTable, row: tuple[str, str], words: str, result: dict | None, absent: str) -> None:
    for measure, column in zip(odds_ratio_measures(words), ("odds_ratio", "ci_low", "ci_high"), strict=True):
        value = result[column] if result and result["status"] == "ok" else None
        table.cells.append(Cell(row, measure, "odds ratio", value, text=absent))


def changes(published: dict, others: dict[str, dict]) -> dict[str, list[str]]:
    """Which alternatives change what: the kind of change to their words, in order.

    An association that is significant as published can lose its significance or take the other direction; one that is
    not can become significant; any can become not estimable.
    """
    found: dict[str, list[str]] = {LOST: [], TURNED: [], GAINED: [], LEFT: []}
    if published["status"] != "ok":
        return {}
    for words, other in others.items():
        if other["status"] != "ok":
            found[LEFT].append(words)
        elif published["significant"] and (other["odds_ratio"] > 1) != (published["odds_ratio"] > 1):
            found[TURNED].append(words)
        elif published["significant"] and not other["significant"]:
            found[LOST].append(words)
        elif other["significant"] and not published["significant"]:
            found[GAINED].append(words)
    return {kind: names for kind, names in found.items() if names}


def changes_in_words(published: dict, others: dict[str, dict]) -> str:
    """What the alternatives change, e.g. "No longer significant: complete cases; 20 imputations. Becomes ..."."""
    if published["status"] != "ok":
        return NOT_ESTIMABLE
    said = [f"{kind[0].upper()}{kind[1:]}: {'; '.join(names)}" for kind, names in changes(published, others).items()]
    return ". ".join(said) or NOTHING


def alternatives_by_change(words: str) -> dict[str, list[str]]:
    """What `changes_in_words` said, taken apart again: kind of change to the alternatives' words."""
    if words in (NOTHING, NOT_ESTIMABLE):
        return {}
    parts = [part.split(": ", 1) for part in words.split(". ")]
    return {kind.lower(): names.split("; ") for kind, names in parts}
