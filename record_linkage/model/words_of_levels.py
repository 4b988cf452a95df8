"""Says in words how the two records of a pair compare: "date of birth: day and month swapped; place: same authority".

Belongs here: words for levels, from a specification. Does not belong here: the levels themselves (comparisons/).
"""

from collections.abc import Mapping, Sequence

import polars as pl

from record_linkage.specification import ELSE, Comparison
from record_linkage.training.count_agreement import MISSING


def level_words(comparisons: Sequence[Comparison]) -> dict[str, dict[int, str]]:
    """Name of each comparison to the words of each of its levels: -1 is missing, 0 different, the highest exact."""
    words: dict[str, dict[int, str]] = {}
    for comparison in comparisons:
        labels = ["different" if level.label == ELSE else level.label for level in comparison.levels]
        words[comparison.name] = {MISSING: "missing"} | dict(enumerate(reversed(labels)))
    return words


def pattern_of(comparisons: Sequence[Comparison], names: Mapping[str, str], all_the_same: str) -> pl.Expr:
    """Expression over the gamma_* columns: what is not exactly the same, comparison by comparison, by `names`."""
    parts: list[pl.Expr] = []
    for comparison, levels in level_words(comparisons).items():
        gamma = pl.col(f"gamma_{comparison}")
        words = {level: f"{names[comparison]}: {label}" for level, label in levels.items()}
        level = gamma.cast(pl.Int64).replace_strict(words, return_dtype=pl.String)
        parts.append(pl.when(gamma != max(levels)).then(level))
    text = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(text == "").then(pl.lit(all_the_same)).otherwise(text)
