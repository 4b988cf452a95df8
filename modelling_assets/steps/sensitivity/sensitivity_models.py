"""The published odds ratios under other assumptions: errors, region effects, records, imputations, links.

Belongs here: which models are fitted again, to what, and their pooling. Does not belong here: completing records anew
(other_imputations.py), the fits (ordinary_logistic.py, misrecorded_outcome.py), the design (sensitivity_design.py),
tables and words.

All alternatives are logistic regressions with a fixed effect per region; "region fixed effects" is the one that differs
from the published model in nothing else, the others differ from it in one thing:

- year of sentence added: a trend per later year (sensitivity_years.py), a row of its own.
- errors clustered by person: sandwich errors, clusters are person_key.
- complete cases: records with every factor recorded; nothing is imputed.
- more imputations: as many as `sensitivity.imputations`.
- imputed by the way of imputing that is not `imputation.method`, with as many data sets.
- followed in full (models of reconviction): records followed for all of the months in which a reconviction is
  looked for; convictions only: of these, with outcomes that follow a conviction as the only ones that count.
- link thresholds (models of linkage): linked is linked_up_to_threshold at or above each of `link_thresholds`; the
  completed factors are those of the study's threshold.
- missed links as estimated (models of linkage): what linkage says is the truth with the sensitivity that
  `linkage_quality`, the crossing table, estimates for each group of one characteristic (accommodation, ethnic group,
  sex, age or region), or that review of pairs found for all, and no wrong link; without an estimate there are no rows.
- sensitivity and specificity (models of linkage): what linkage says is the truth with known errors, the pairs of
  `wrong_links_tried`; and, at the highest specificity, a sensitivity lower by `lower_by` at one level, for that
  level.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy import sparse
from threadpoolctl import threadpool_limits

from modelling_assets.steps.models.sparse_levels import Level
from modelling_assets.steps.records.select_model_records import records_of_model
from modelling_assets.steps.sensitivity.estimated_missed_links import MISSED_LINKS, estimated_sensitivities
from modelling_assets.steps.sensitivity.misrecorded_outcome import MisrecordedFit, fit_misrecorded
from modelling_assets.steps.sensitivity.ordinary_logistic import OrdinaryFit
from modelling_assets.steps.sensitivity.other_imputations import imputations_again, imputed_again
from modelling_assets.steps.sensitivity.pool_alternatives import SENSITIVITY_COLUMNS, Found, pooled_rows
from modelling_assets.steps.sensitivity.sensitivity_design import Design, design_of
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR_ADDED, with_year
from resources.process.side_by_side import in_parts
from resources.settings.modelling_settings import Modelling
from resources.settings.sensitivity_settings import Sensitivity

REGION_EFFECTS, CLUSTERED, COMPLETE = "region fixed effects", "errors clustered by person", "complete cases"
FOLLOWED, CONVICTIONS = "followed in full", "followed in full, convictions only"
LINKED, RECONVICTED = "linked_structured", "reconvicted"
# What alternatives read of the analysis frame besides the factors.
TAKEN = ("person_key", "sentence_year", "linked_up_to_threshold", "followed_in_full", "convicted_again")


def link_threshold(threshold: float) -> str:
    """Name of the alternative in which requirements are linked from another threshold on."""
    return f"link threshold {threshold:g}"


def wrong_links(sensitivity: float, specificity: float) -> str:
    """Name of the alternative in which linkage has these errors, alike for all."""
    return f"sensitivity {sensitivity:g}, specificity {specificity:g}"


def wrong_links_of_level(sensitivity: float, lower_by: float) -> str:
    """Name of the alternative in which linkage finds fewer at the level than in the rest."""
    return f"sensitivity {sensitivity:g}, at the level {sensitivity - lower_by:g}"


def middle_sensitivity(settings: Sensitivity) -> float:
    """The sensitivity of the grid that stands for the rest where only one is tried."""
    return settings.sensitivities[len(settings.sensitivities) // 2]


def wrong_links_tried(settings: Sensitivity) -> list[tuple[float, float]]:
    """Sensitivity and specificity of linkage that odds ratios are corrected for: most missed links, most wrong ones."""
    lowest, highest = settings.specificities[0], settings.specificities[-1]
    return [(settings.sensitivities[0], highest), (middle_sensitivity(settings), lowest)]


def estimate_alternatives(
    frame: pl.DataFrame, imputed: pl.DataFrame, settings: Modelling, linkage_quality: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Every published odds ratio under each alternative, one row each, with columns SENSITIVITY_COLUMNS.

    `frame` is the analysis frame, `imputed` what impute_frames made of it; `linkage_quality` is the crossing table,
    without which no alternative begins with an estimate of missed links. In the order of study.toml.
    Regions are compared with their unweighted average. Pooled by Rubin's rules. Levels that cannot be estimated in
    every completed data set have a reason and no numbers; models without records have no rows.
    """
    people = frame.select("requirement_key", *TAKEN, **estimated_sensitivities(linkage_quality))
    again = imputations_again(settings)
    rows, kept = [], {alternative: {} for alternative in again}
    for name, model in settings.models.items():
        completed = [
            data.join(people, on="requirement_key", how="left", maintain_order="left")
            for data in imputed.filter(pl.col("model") == name).partition_by("imputation", maintain_order=True)
        ]
        complete = records_of_model(frame, model, settings).drop_nulls()
        found, near = _on_completed_data(completed, name, settings)
        if completed:
            found[COMPLETE] = [_region_effects(complete, name, settings, near)]
            for alternative, otherwise in again.items():
                same = otherwise.imputation.method == settings.imputation.method
                at_hand = imputed if same else imputed.clear()
                drawn = imputed_again(frame, at_hand, name, otherwise, kept[alternative])
                data_sets = drawn.partition_by("imputation", maintain_order=True)
                # Those that are at hand are fitted already.
                known = found[REGION_EFFECTS][: len(data_sets)] if same else []
                rest = ((data, name, settings, near) for data in data_sets[len(known) :])
                found[alternative] = known + in_parts(_region_effects, rest)
        for alternative, per_data_set in found.items():
            rows += pooled_rows(name, alternative, per_data_set, settings)
    return pl.DataFrame(rows, schema=SENSITIVITY_COLUMNS, orient="row")


def _on_completed_data(
    completed: list[pl.DataFrame], name: str, settings: Modelling
) -> tuple[dict[str, list[Found]], dict[Level, float]]:
    """What every alternative finds on each of the completed data sets of the published model; and the coefficients of
    the first, for others to begin at."""
    each = in_parts(_on_one_data_set, ((data, name, settings) for data in completed))
    if not each:
        return {}, {}
    return {alternative: [results[alternative] for results, _ in each] for alternative in each[0][0]}, each[0][1]


def _on_one_data_set(data: pl.DataFrame, name: str, settings: Modelling) -> tuple[dict[str, Found], dict[Level, float]]:
    outcome = data["outcome"].to_numpy().astype(bool)
    design = design_of(data, outcome, name, settings)
    people = data["person_key"].filter(pl.Series(design.kept)).rank("dense").to_numpy().astype(int)
    fit = design.fitted(outcome, people)
    near = design.coefficients(fit)
    year = with_year(design, data, outcome, fit, settings)
    results = {
        REGION_EFFECTS: _found(design, fit, fit.covariance, settings),
        CLUSTERED: _found(design, fit, fit.clustered_covariance, settings),
        YEAR_ADDED: (year, int(design.kept.sum()) - len(fit.estimate) - 1),
    }
    if settings.models[name].outcome == LINKED:
        results |= dict(_at_thresholds(data, name, settings, near))
        # One thread: sums in a fixed order repeat exactly. For all of the fits at once, as setting it takes as long as
        # one of them.
        with threadpool_limits(1):
            results |= dict(_with_missed_links(design, data, outcome, fit, settings))
            results |= dict(_with_wrong_links(design, outcome, fit, settings))
    if settings.models[name].outcome == RECONVICTED:
        followed = data.filter("followed_in_full")
        results[FOLLOWED] = _region_effects(followed, name, settings, near)
        convicted = followed["convicted_again"].to_numpy().astype(bool)
        results[CONVICTIONS] = _region_effects(followed, name, settings, near, convicted)
    return results, near


def _region_effects(
    data: pl.DataFrame, name: str, settings: Modelling, near: dict[Level, float], outcome: np.ndarray | None = None
) -> Found:
    if outcome is None:
        outcome = data["outcome"].to_numpy().astype(bool)
    design = design_of(data, outcome, name, settings)
    fit = design.fitted(outcome, near=near)
    return _found(design, fit, fit.covariance, settings)


def _found(design: Design, fit: OrdinaryFit | MisrecordedFit, covariance: np.ndarray, settings: Modelling) -> Found:
    return design.estimates(fit, covariance, settings), int(design.kept.sum()) - len(fit.estimate)


def _at_thresholds(
    data: pl.DataFrame, name: str, settings: Modelling, near: dict[Level, float]
) -> Iterator[tuple[str, Found]]:
    for threshold in settings.sensitivity.link_thresholds:
        linked = (data["linked_up_to_threshold"] >= threshold).fill_null(False).to_numpy().astype(bool)
        yield link_threshold(threshold), _region_effects(data, name, settings, near, linked)


def _with_missed_links(
    design: Design, data: pl.DataFrame, outcome: np.ndarray, fit: OrdinaryFit, settings: Modelling
) -> Iterator[tuple[str, Found]]:
    recorded, matrix = outcome[design.kept], sparse.csr_array(design.matrix)
    for name in (name for name in MISSED_LINKS if name in data.columns):
        sensitivity = data[name].to_numpy()[design.kept]
        corrected = fit_misrecorded(matrix, recorded, sensitivity, 1.0, np.nan_to_num(fit.estimate))
        yield name, _found(design, corrected, corrected.covariance, settings)


def _with_wrong_links(
    design: Design, outcome: np.ndarray, fit: OrdinaryFit, settings: Modelling
) -> Iterator[tuple[str, Found]]:
    grid, recorded, matrix = settings.sensitivity, outcome[design.kept], sparse.csr_array(design.matrix)
    begin = np.nan_to_num(fit.estimate)
    for sensitivity, specificity in wrong_links_tried(grid):
        corrected = fit_misrecorded(matrix, recorded, sensitivity, specificity, begin)
        yield wrong_links(sensitivity, specificity), _found(design, corrected, corrected.covariance, settings)
    sensitivity, best = middle_sensitivity(grid), grid.specificities[-1]
    alike = fit_misrecorded(matrix, recorded, sensitivity, best, begin)
    of_each: dict[Level, tuple[float, float] | str] = dict(design.reasons)
    for level in (level for level in (*design.columns, *design.regions) if level not in design.reasons):
        lower = np.where(design.member[level][design.kept], sensitivity - grid.lower_by, sensitivity)
        corrected = fit_misrecorded(matrix, recorded, lower, best, near=alike)
        of_each[level] = design.estimates(corrected, corrected.covariance, settings)[level]
    df = int(design.kept.sum()) - len(fit.estimate)
    yield wrong_links_of_level(sensitivity, grid.lower_by), (of_each, df)
