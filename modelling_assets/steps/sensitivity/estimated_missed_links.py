"""How many links are missed, as linkage estimated it: what scenarios of missed links begin with.

Belongs here: reading the estimates from the crossing table linkage_quality. Does not belong here: the estimates
(linkage_assets/steps/quality), what they make of shares (sensitivity_missed_links.py) and of odds ratios
(sensitivity_models.py), tables and words.
"""

from dataclasses import dataclass

import polars as pl

MISSED, EVERYBODY = "Expected missed (% of expected true)", "All people"
RECALL, RESULTS = "Recall among scored pairs", "Results"
ESTIMATE, LOWER, UPPER = "Estimate (%)", "Lower limit (%)", "Upper limit (%)"
ACCOMMODATION = "Accommodation at sentence"
BY_ACCOMMODATION = "missed links as estimated by accommodation"
BY_REVIEW = "missed links as clerical review found"


@dataclass(frozen=True)
class Missed:
    """Share of links that are missed, from 0 to below 1, and its limits, where there are any."""

    share: float
    lower: float | None = None
    upper: float | None = None

    @property
    def sensitivity(self) -> float:
        """Share of those in structured treatment that linkage finds."""
        return 1 - self.share


def missed_by_level(linkage_quality: pl.DataFrame, grouping: str) -> dict[str, Missed]:
    """What the linkage model expects, by level of a grouping of people; levels without an estimate are left out."""
    rows = _shown(linkage_quality, "groups", grouping, MISSED)
    return {
        level: Missed(value / 100, *(None if limit is None else limit / 100 for limit in limits))
        for level, value, *limits in rows.select("row_label", "value", "lower", "upper").iter_rows()
        if value < 100
    }


def missed_of_all(linkage_quality: pl.DataFrame) -> tuple[Missed | None, Missed | None]:
    """Links missed of all people: as the linkage model expects, and as clerical review found."""
    recall = {
        measure: 1 - value / 100
        for measure in (ESTIMATE, LOWER, UPPER)
        for value in _shown(linkage_quality, "review", RESULTS, measure).filter(row_label=RECALL)["value"]
    }
    share = recall.get(ESTIMATE, 1.0)
    by_review = Missed(share, recall.get(UPPER), recall.get(LOWER)) if share < 1 else None
    return missed_by_level(linkage_quality, EVERYBODY).get(EVERYBODY), by_review


def estimated_sensitivities(linkage_quality: pl.DataFrame | None) -> dict[str, pl.Expr]:
    """Of each scenario that begins with an estimate, the sensitivity of linkage for a row of the analysis frame.

    By accommodation: people whose accommodation has no estimate, or is not recorded, have that of all. No scenario
    without its estimate.
    """
    if linkage_quality is None:
        return {}
    by_model, by_review = missed_of_all(linkage_quality)
    found: dict[str, pl.Expr] = {}
    levels = missed_by_level(linkage_quality, ACCOMMODATION)
    if by_model and levels:
        of_level = {level: missed.sensitivity for level, missed in levels.items()}
        found[BY_ACCOMMODATION] = pl.col("accommodation").replace_strict(
            of_level, default=by_model.sensitivity, return_dtype=pl.Float64
        )
    if by_review:
        found[BY_REVIEW] = pl.lit(by_review.sensitivity)
    return found


def _shown(linkage_quality: pl.DataFrame, section: str, group: str, measure: str) -> pl.DataFrame:
    """Rows of a measure in a group that have a number, in their order."""
    rows = linkage_quality.filter(section=section, row_group=group, measure=measure)
    return rows.filter(pl.col("value").is_not_null()).sort("order")
