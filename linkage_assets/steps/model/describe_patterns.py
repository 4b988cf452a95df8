"""Says in words how the two records of a pair compare: "date of birth: day and month swapped; place: same authority".

Belongs here: words for comparison levels. Does not belong here: the levels themselves (splink_model.py).
"""

import polars as pl

from linkage_assets.steps.model.splink_model import comparisons
from resources.settings.study_settings import Linkage

COMPARISON_WORDS = {
    "initials": "initials",
    "birth_date": "date of birth",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "location": "place",
}
ELSE = "anything else"  # the last level of every comparison in splink_model.py
ALL_THE_SAME = "all five the same"


def level_words(settings: Linkage) -> dict[str, dict[int, str]]:
    """Name of each comparison to the words of each of its levels: -1 is missing, 0 different, the highest exact."""
    words = {}
    for comparison in comparisons(settings):
        labels = [level["label_for_charts"] for level in comparison["comparison_levels"]]
        present = ["different" if label == ELSE else label for label in labels[1:]]
        words[comparison["output_column_name"]] = {
            -1: labels[0],
            **{len(present) - 1 - place: label for place, label in enumerate(present)},
        }
    return words


def pattern_in_words(settings: Linkage) -> pl.Expr:
    """Expression over the gamma_* columns: what is not exactly the same, comparison by comparison."""
    parts = []
    for comparison, levels in level_words(settings).items():
        gamma = pl.col(f"gamma_{comparison}")
        words = {level: f"{COMPARISON_WORDS[comparison]}: {label}" for level, label in levels.items()}
        level = gamma.cast(pl.Int64).replace_strict(words, return_dtype=pl.String)
        parts.append(pl.when(gamma != max(levels)).then(level))
    text = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(text == "").then(pl.lit(ALL_THE_SAME)).otherwise(text)
