"""How the two records of a pair compare, in words of the study. Does not belong here: the words of levels."""

import polars as pl

from linkage_assets.steps.model.linkage_specification import COMPARISON_WORDS, comparisons
from record_linkage.model.words_of_levels import pattern_of
from resources.settings.study_settings import Linkage

ALL_THE_SAME = "all five the same"


def pattern_in_words(settings: Linkage) -> pl.Expr:
    """Expression over the gamma_* columns: what is not exactly the same, comparison by comparison."""
    return pattern_of(comparisons(settings), COMPARISON_WORDS, ALL_THE_SAME)
