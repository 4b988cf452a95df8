"""The NDTMS hierarchy of substances (reference/code_lists/substance_groups.csv).

Belongs here: which group a person is in by what is cited. Does not belong here: which code is which substance
(steps/combining/combining_code_lists.py).
"""

import polars as pl


def substance_group(opiate: pl.Expr, non_opiate: pl.Expr, alcohol: pl.Expr) -> pl.Expr:
    """Group of a person who cites an opiate, another drug or alcohol: three expressions, true when cited."""
    return (
        pl.when(opiate)
        .then(pl.lit("Opiates"))
        .when(non_opiate & alcohol)
        .then(pl.lit("Non-opiates and alcohol"))
        .when(non_opiate)
        .then(pl.lit("Non-opiates only"))
        .when(alcohol)
        .then(pl.lit("Alcohol only"))
    )
