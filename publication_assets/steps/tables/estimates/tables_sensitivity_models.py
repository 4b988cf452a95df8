"""Table 27: the odds ratios of tables 16 to 19, 30 and 31 beside what other assumptions make of them (ours).

Belongs here: laying out the alternatives and saying what they change. Does not belong here: fitting
(sensitivity_models.py), titles, notes, disclosure control.
"""

from dataclasses import dataclass
from itertools import product

import polars as pl

from contracts.vocabulary import ALL
from modelling_assets.steps.models.fit_models import NO_DIFFERENCE
from modelling_assets.steps.records.requirements_where import count_where, of_type
from modelling_assets.steps.sensitivity import sensitivity_models as alternatives
from modelling_assets.steps.sensitivity.estimated_missed_links import BY_GROUP, BY_REVIEW, BY_SIMULATED_REVIEW
from modelling_assets.steps.sensitivity.other_imputations import imputed_by, more_imputations
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from publication_assets.catalogue.measures_of_models import CHANGES, alternative_measures
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_models import (
    counts_behind,
    factor_label,
    model_counts,
)
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row, noun_of
from resources.settings.modelling_settings import Modelling
from resources.settings.study_settings import StudySettings

OUTCOMES = {"linked_structured": "Linkage to structured treatment", "reconvicted": "Reconviction {within_period}"}
MAIN_MODEL = "main model"
KEY = ("model", "factor", "level", "alternative")
YEAR_LABEL = "Year of sentence"
NOTHING, NOT_ESTIMABLE = "Nothing", "Not estimable"
# What leaves the models of reconviction, or changes its outcome in them, under each alternative of theirs.
_HIT, _FULL = pl.col("reconvicted"), pl.col("followed_in_full")
_LEAVING = {"followed short, reconvicted": _HIT & ~_FULL, "followed short, not reconvicted": ~_HIT & ~_FULL}
_BY_FOLLOW_UP = {
    alternatives.FOLLOWED: _LEAVING,
    alternatives.CONVICTIONS: {
        **_LEAVING,
        "followed in full, reconvicted without a conviction": _HIT & _FULL & ~pl.col("convicted_again"),
    },
}
LOST, GAINED, TURNED, LEFT = "no longer significant", "becomes significant", "other direction", "not estimable"


@dataclass(frozen=True)
class Shown:
    """An alternative that table 27 shows: its name in the estimates, its words, and the outcome that alone has it."""

    name: str
    words: str
    outcome: str = ""


def shown_alternatives(modelling: Modelling, simulated: bool = False) -> list[Shown]:
    """The alternatives of table 27, in the order of its columns. simulated: a program played the reviewers of pairs."""
    settings, otherwise = modelling.sensitivity, imputed_by(modelling.imputation.other_method)
    middle = alternatives.middle_sensitivity(settings)
    lowest, highest = settings.link_thresholds[0], settings.link_thresholds[-1]
    missed_links = (*BY_GROUP.values(), BY_SIMULATED_REVIEW if simulated else BY_REVIEW)
    return [
        Shown(alternatives.REGION_EFFECTS, "region fixed effects"),
        Shown(alternatives.CLUSTERED, "errors clustered by person"),
        Shown(alternatives.COMPLETE, "complete cases"),
        Shown(more_imputations(settings.imputations), f"{settings.imputations} imputations"),
        Shown(otherwise, otherwise),
        *(
            Shown(alternatives.link_threshold(threshold), f"link threshold {threshold:g}", alternatives.LINKED)
            for threshold in (lowest, highest)
        ),
        *(Shown(each, each, alternatives.LINKED) for each in missed_links),
        *(
            Shown(
                alternatives.wrong_links(sensitivity, specificity),
                f"sensitivity of linkage {100 * sensitivity:g}%, specificity {100 * specificity:g}%",
                alternatives.LINKED,
            )
            for sensitivity, specificity in alternatives.wrong_links_tried(settings)
        ),
        Shown(
            alternatives.wrong_links_of_level(middle, settings.lower_by),
            f"sensitivity of linkage {100 * middle:g}%, "
            f"but {100 * (middle - settings.lower_by):g}% for the level itself",
            alternatives.LINKED,
        ),
        Shown(alternatives.FOLLOWED, alternatives.FOLLOWED, alternatives.RECONVICTED),
        Shown(alternatives.CONVICTIONS, alternatives.CONVICTIONS, alternatives.RECONVICTED),
        Shown(YEAR_ADDED, YEAR_ADDED),
    ]


def model_label(model: str, settings: Modelling) -> str:
    """Group label of a model in table 27."""
    found = settings.models[model]
    return f"{OUTCOMES[found.outcome]}, {noun_of(found.requirement_type)}"


def alternative_odds_ratios(
    frame: pl.DataFrame, pooled: pl.DataFrame, sensitivity: pl.DataFrame, settings: StudySettings
) -> PublishedTable:
    """Table 27 from the analysis frame and the tables pooled_odds_ratios and sensitivity_estimates.

    One row per model and level, headed by its factor; reference levels are left out. "[x]" where a model could not
    estimate the level, "[z]" where an alternative has nothing to do with the outcome. An odds ratio goes with the
    counts behind it, as in tables 16-19; one of other links or records also with what these add or take away at its
    levels, which two odds ratios side by side would tell.
    """
    table, modelling = PublishedTable("alternative_odds_ratios"), settings.modelling
    shown = shown_alternatives(modelling, BY_SIMULATED_REVIEW in sensitivity["alternative"])
    found = {tuple(row[name] for name in KEY): row for row in sensitivity.iter_rows(named=True)}
    for model in (declared.model for declared in TABLES.values() if declared.model in modelling.models):
        results = pooled.filter(pl.col("model") == model)
        references = dict(results.filter("reference").select("factor", "level").iter_rows())
        table.counts |= model_counts(results)
        for result in results.filter(~pl.col("reference")).iter_rows(named=True):
            key = (model, result["factor"], result["level"])
            # A region is compared with the average of all.
            reference = references.get(result["factor"], result["level"])
            behind = counts_behind(*key, reference)
            moved = _moved(table, frame, key, reference, settings)
            label = f"{factor_label(key[1], modelling)}: {key[2]}"
            row = Row("/".join(key), label, model_label(model, modelling))
            alike = result["status"] == NO_DIFFERENCE
            _odds_ratios(table, row, MAIN_MODEL, result, "[z]" if alike else "[x]", behind)
            outcome = modelling.models[model].outcome
            applying = [each for each in shown if each.outcome in ("", outcome)]
            for each in shown:
                alternative = found.get((*key, each.name))
                names = (*behind, *moved.get(each.name, ())) if each in applying else ()
                _odds_ratios(table, row, each.words, alternative, "[x]" if names else "[z]", names)
            others = {each.words: found[*key, each.name] for each in applying if (*key, each.name) in found}
            all_moved = dict.fromkeys(name for names in moved.values() for name in names)
            table.words(row, CHANGES, changes_in_words(result, others), (*behind, *all_moved))
        if (trend := found.get((model, *YEAR, YEAR_ADDED))) is not None:
            _trend_row(table, model, trend, shown, modelling)
    return table


def _trend_row(table: PublishedTable, model: str, trend: dict, shown: list[Shown], settings: Modelling) -> None:
    """The year of sentence, which one alternative has. It is of all records of the model: no count is behind it."""
    row = Row("/".join((model, *YEAR)), f"{YEAR_LABEL}: {YEAR[1]}", model_label(model, settings))
    _odds_ratios(table, row, MAIN_MODEL, None, "[z]", ())
    for each in shown:
        is_trend = each.name == YEAR_ADDED
        _odds_ratios(table, row, each.words, trend if is_trend else None, "[x]" if is_trend else "[z]", ())
    table.words(row, CHANGES, "[z]")


def _moved(
    table: PublishedTable, frame: pl.DataFrame, key: tuple[str, str, str], reference: str, settings: StudySettings
) -> dict[str, tuple[str, ...]]:
    """Names of the counts that each alternative moves at a level and at its reference level, by alternative."""
    model, factor, level = key
    found = settings.modelling.models[model]
    conditions = _by_threshold(settings) if found.outcome == alternatives.LINKED else _BY_FOLLOW_UP
    named: dict[str, tuple[str, ...]] = {}
    for alternative, moving in conditions.items():
        names: list[str] = []
        for (what, condition), each in product(moving.items(), (reference, level)):
            name = f"{found.requirement_type}/{factor}/{each}/{what}"
            at_level = of_type(frame, found.requirement_type).filter(pl.col(factor) == each)
            table.counts[name] = count_where(at_level, condition)
            parts = [name.replace(ALL, settings.modelling.models[part].requirement_type, 1) for part in found.pools]
            if parts and set(parts) <= table.counts.keys():
                table.add_up(name, *parts)
            names.append(name)
        named[alternative] = tuple(dict.fromkeys(names))
    return named


def _by_threshold(settings: StudySettings) -> dict[str, dict[str, pl.Expr]]:
    """Of each link threshold, what it moves: requirements that are linked there or at the study's, not at both."""
    study, linked = settings.linkage.threshold, pl.col("linked_structured")
    return {
        alternatives.link_threshold(threshold): {
            f"linked from {threshold:g} or {study:g} but not both": (
                (pl.col("linked_up_to_threshold").fill_null(0) >= threshold) != linked
            )
        }
        for threshold in settings.modelling.sensitivity.link_thresholds
    }


def _odds_ratios(
    table: PublishedTable, row: Row, words: str, result: dict | None, absent: str, behind: tuple[str, ...]
) -> None:
    for measure, column in zip(alternative_measures(words), ("odds_ratio", "ci_low", "ci_high"), strict=True):
        value = result[column] if result and result["status"] == "ok" else None
        table.cells.append(Cell(row, measure, "odds ratio", value, depends_on=behind, text=absent))


def changes(published: dict, others: dict[str, dict]) -> dict[str, list[str]]:
    """Which alternatives change what: the kind of change to their words, in order.

    An association that is significant in the main model can lose its significance, or take the other direction, if it
    is significant there too: one that only crosses 1 by chance has no direction. One that is not significant can become
    so; any can become not estimable.
    """
    found: dict[str, list[str]] = {LOST: [], TURNED: [], GAINED: [], LEFT: []}
    if published["status"] not in ("ok", NO_DIFFERENCE):
        return {}
    for words, other in others.items():
        if other["status"] != "ok":
            found[LEFT].append(words)
        elif published["significant"] and not other["significant"]:
            found[LOST].append(words)
        elif published["significant"] and (other["odds_ratio"] > 1) != (published["odds_ratio"] > 1):
            found[TURNED].append(words)
        elif other["significant"] and not published["significant"]:
            found[GAINED].append(words)
    return {kind: names for kind, names in found.items() if names}


def changes_in_words(published: dict, others: dict[str, dict]) -> str:
    """What the alternatives change, e.g. "No longer significant: complete cases; 20 imputations. Becomes ..."."""
    if published["status"] not in ("ok", NO_DIFFERENCE):
        return NOT_ESTIMABLE
    said = [f"{kind[0].upper()}{kind[1:]}: {'; '.join(names)}" for kind, names in changes(published, others).items()]
    return ". ".join(said) or NOTHING


def alternatives_by_change(words: str) -> dict[str, list[str]]:
    """What `changes_in_words` said, taken apart again: kind of change to the alternatives' words."""
    if words in (NOTHING, NOT_ESTIMABLE) or words.startswith("["):
        return {}
    parts = [part.split(": ", 1) for part in words.split(". ")]
    return {kind.lower(): names.split("; ") for kind, names in parts}
