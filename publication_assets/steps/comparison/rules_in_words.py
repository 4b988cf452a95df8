"""The numbers in the prose of the comparison page: how figures are compared, and what follows from the study's own.

Belongs here: rules of the comparison as they are written. Does not belong here: the rules (compare_with_published.py),
figures of the study that templates name by their ids (published_study.py).
"""

from collections.abc import Mapping
from math import sqrt

from publication_assets.steps.comparison.compare_with_published import (
    DAYS,
    LARGE_COUNT,
    SAME_SIZE,
    SHARE_POINTS,
    SMALL_BELOW,
    SMALL_COUNT,
)
from publication_assets.steps.comparison.published_study import (
    notes_per_requirement,
    published_figures,
    requirements_not_linked,
)
from publishing.documents.fill_template import Value

SMALL_GROUP = 300  # about the smallest whose percentages the published study prints


def rules() -> Mapping[str, Value]:
    """How figures are compared, and how far chance moves them."""

    def error(group: int) -> str:
        """Standard error of a share of one half, which is the largest; in points."""
        return f"{100 * sqrt(0.25 / group):.1f}"

    return {
        "share_points": f"{SHARE_POINTS:g}",
        "small_below": SMALL_BELOW,
        "small_count": f"{SMALL_COUNT:.0%}",
        "large_count": f"{LARGE_COUNT:.0%}",
        "mean_days": f"{DAYS:.0%}",
        "same_size": f"{SAME_SIZE:.0%}",
        "chance_of_count": f"{1 / sqrt(SMALL_BELOW):.0%}",
        "large_group": SMALL_BELOW,
        "error_of_large": error(SMALL_BELOW),
        "small_group": SMALL_GROUP,
        "error_of_small": error(SMALL_GROUP),
    }


def of_the_study() -> Mapping[str, Value]:
    """What follows from figures of the published study and is printed nowhere."""
    figures = published_figures()
    return {
        "study_not_linked": f"{requirements_not_linked(figures):,.0f}",
        "notes_each": f"{notes_per_requirement(figures):.1f}",
        "study_within_6_weeks": f"{figures['F188'] / figures['F068']:.0%}",
    }
