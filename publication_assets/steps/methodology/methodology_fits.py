"""The methodology paper on how the fits of the run went: the random intercept, its approximation, the second engine.

Belongs here: what the table model_fits says of whole fits. Does not belong here: estimates and their counts.
"""

import polars as pl

from mixed_models.fit_mixed_logistic import CALLED_SINGULAR
from mixed_models.laplace_error import POINTS, POOR_SHARE_OF_ERROR
from publication_assets.catalogue.wording import Wording, model_in_words
from publishing.documents.document import Block, Grid, Paragraph

HEADERS = [
    "Model",
    "Fits",
    "Without a result",
    "sd of the random intercept (log odds, mean)",
    "With an sd of 0",
    "Largest shift under quadrature (standard errors)",
    "Second engine",
]


def fits_blocks(model_fits: pl.DataFrame, wording: Wording) -> list[Block]:
    """A table of the fits of each model, and a sentence where a fit is less than it seems; none without fits."""
    fits = model_fits.unique(["model", "imputation"], maintain_order=True)
    if fits.is_empty():
        return []
    rows, remarks = [], []
    for (name,), found in fits.group_by("model", maintain_order=True):
        model = model_in_words(str(name), wording)
        singular = found.filter(pl.col("random_intercept_sd") < CALLED_SINGULAR).height
        failed = found["random_intercept_sd"].null_count()
        shift = found["quadrature_shift"].cast(pl.Float64).max()
        agrees = "agrees" if found["engines_agree"].drop_nulls().all() else "differs"
        rows.append(
            [
                model,
                str(found.height),
                str(failed),
                _number(found["random_intercept_sd"].mean()),
                str(singular),
                _number(shift),
                agrees if failed < found.height else "[x]",
            ]
        )
        remarks += _remarks(model, found.height, failed, singular, shift)
    return [
        Paragraph(
            f"The approximation is compared with adaptive quadrature with {POINTS} points. A shift above "
            f"{POOR_SHARE_OF_ERROR:g} standard errors means that the approximation is poor."
        ),
        Grid("Fits of this run", HEADERS, rows),
        *(Paragraph(remark) for remark in remarks),
    ]


def _remarks(model: str, fits: int, failed: int, singular: int, shift: object) -> list[str]:
    remarks = []
    if failed:
        remarks.append(
            f"{model}: {failed} of {fits} fits have no result, so no level has an odds ratio. The data tables "
            "give the reason in the column for the kind of row."
        )
    if singular:
        remarks.append(
            f"{model}: in {singular} of {fits} fits the standard deviation of the random intercept is "
            "0. Regions differ no more than by chance, and the estimates are those of ordinary logistic regression."
        )
    if isinstance(shift, float) and shift > POOR_SHARE_OF_ERROR:
        remarks.append(
            f"{model}: the approximation is poor, because regions have few records for so large a standard "
            "deviation. The odds ratios are too near to 1 and the intervals too narrow."
        )
    return remarks


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "[x]"
