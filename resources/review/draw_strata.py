"""Draws the sample of a review stratum by stratum, and says what each drawn pair stands for.

Belongs here: the draw and its weights. Does not belong here: which strata there are, and how many pairs of each
(linkage_assets/steps/review, justice_assets/steps/review).
"""

import numpy as np
import polars as pl


def draw_strata(stratum: np.ndarray, sizes: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Rows drawn at random, `sizes[number]` of stratum `number`, in random order.

    Shuffled, so that the number of a pair says nothing of its weight.
    """
    drawn = [
        generator.choice(np.flatnonzero(stratum == number), size=size, replace=False)
        for number, size in enumerate(sizes)
        if size
    ]
    return generator.permutation(np.concatenate(drawn)) if drawn else np.zeros(0, dtype=np.int64)


def with_weights(sample: pl.DataFrame, stratum: np.ndarray, population: np.ndarray) -> pl.DataFrame:
    """`sample` with stratum, population, sampled and sampling_weight. `population`: pairs of every stratum."""
    sampled = np.bincount(stratum, minlength=len(population))
    return sample.with_columns(
        pl.Series("stratum", stratum, dtype=pl.Int32),
        pl.Series("population", population[stratum], dtype=pl.Int64),
        pl.Series("sampled", sampled[stratum], dtype=pl.Int64),
    ).with_columns((pl.col("population") / pl.col("sampled")).alias("sampling_weight"))
