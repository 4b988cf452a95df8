"""Completes the records of the models again, otherwise than for the published odds ratios.

Belongs here: which other imputations are tried, their names, and their records. Does not belong here: how values are
drawn (steps/imputation), fits.
"""

import polars as pl

from modelling_assets.steps.imputation.impute_frames import impute_frames, pool_completed
from resources.settings.modelling_settings import Modelling

IMPUTED_BY = {"miceforest_pmm": "predictive mean matching", "regressions": "regressions"}


def more_imputations(number: int) -> str:
    """Name of the alternative with this many completed data sets."""
    return f"{number} imputations"


def imputed_by(method: str) -> str:
    """Name of the alternative with this way of imputing."""
    return f"imputed by {IMPUTED_BY[method]}"


def imputations_again(settings: Modelling) -> dict[str, Modelling]:
    """The alternatives for which records are completed again, with the settings by which they are."""
    imputation, number = settings.imputation, settings.sensitivity.imputations
    changes = {
        more_imputations(number): {"imputations": number},
        imputed_by(imputation.other_method): {"method": imputation.other_method},
    }
    return {
        name: settings.model_copy(update={"imputation": imputation.model_copy(update=change)})
        for name, change in changes.items()
    }


def imputed_again(
    frame: pl.DataFrame, imputed: pl.DataFrame, name: str, settings: Modelling, kept: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """The records of a model, completed by `settings`.

    `frame` is the analysis frame, `imputed` has the data sets that are at hand: fewer are the first ones of more.
    `kept` are the records of models before it, which leave it once they are pooled: together they would fill the
    memory.
    """
    model = settings.models[name]
    if model.pools:
        parts = {part: kept.pop(part, None) for part in model.pools}
        completed = {
            part: imputed_again(frame, imputed, part, settings, {}) if data is None else data
            for part, data in parts.items()
        }
        return pool_completed(completed, name, settings)
    at_hand = imputed.filter(pl.col("model") == name, pl.col("imputation") <= settings.imputation.imputations)
    number = at_hand["imputation"].n_unique()
    if number < settings.imputation.imputations:
        more = impute_frames(frame, settings.model_copy(update={"models": {name: model}}), after=number)
        at_hand = pl.concat([at_hand, more])
    kept[name] = at_hand
    return kept[name]
