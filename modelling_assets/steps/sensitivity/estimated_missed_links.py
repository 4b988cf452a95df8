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
# Groupings of people for which linkage estimates missed links, by the column of the analysis frame, and their words.
GROUPINGS = {
    "accommodation": (ACCOMMODATION, "accommodation"),
    "ethnic_group": ("Ethnic group", "ethnic group"),
    "sex": ("Sex", "sex"),
    "age_band": ("Age at sentence", "age"),
    "region": ("Probation region", "region"),
}
BY_GROUP = {column: f"missed links as estimated by {words}" for column, (_, words) in GROUPINGS.items()}
BY_REVIEW, BY_SIMULATED_REVIEW = "missed links as clerical review found", "missed links as a simulated review found"
MISSED_LINKS = (*BY_GROUP.values(), BY_REVIEW, BY_SIMULATED_REVIEW)


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


def pair_review_was_simulated(linkage_quality: pl.DataFrame) -> bool:
    """Whether a program played the reviewers of pairs: then no person looked at one."""
    who = linkage_quality.filter(section="review", row_label="Reviewers are", measure="Value")["words"]
    return any(words.startswith("simulated") for words in who.drop_nulls())


def estimated_sensitivities(linkage_quality: pl.DataFrame | None) -> dict[str, pl.Expr]:
    """Of each scenario that begins with an estimate, the sensitivity of linkage for a row of the analysis frame.

    By group: people whose group has no estimate, or is not recorded, have that of all. No scenario without its
    estimate.
    """
    if linkage_quality is None:
        return {}
    by_model, by_review = missed_of_all(linkage_quality)
    found: dict[str, pl.Expr] = {}
    for column, (grouping, _) in GROUPINGS.items():
        levels = missed_by_level(linkage_quality, grouping)
        if by_model and levels:
            of_level = {level: missed.sensitivity for level, missed in levels.items()}
            found[BY_GROUP[column]] = pl.col(column).replace_strict(
                of_level, default=by_model.sensitivity, return_dtype=pl.Float64
            )
    if by_review:
        simulated = pair_review_was_simulated(linkage_quality)
        found[BY_SIMULATED_REVIEW if simulated else BY_REVIEW] = pl.lit(by_review.sensitivity)
    return found


def _shown(linkage_quality: pl.DataFrame, section: str, group: str, measure: str) -> pl.DataFrame:
    """Rows of a measure in a group that have a number, in their order."""
    rows = linkage_quality.filter(section=section, row_group=group, measure=measure)
    return rows.filter(pl.col("value").is_not_null()).sort("order")
