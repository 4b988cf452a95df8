"""Match weights of pairs whose two records stand side by side: the sum that Splink makes, in one query without a join.

Belongs here: that query. Does not belong here: which pairs, and bringing their records together (score_identities.py).

Splink joins pairs to records and records to term frequencies, which is nine tenths of its work where neither is large.
Levels are those of the model as Splink numbers them, weights those that it gives: tests hold one against the other.
"""

import math
from collections.abc import Sequence
from typing import Any

from record_linkage.model.trained_model import TrainedModel
from record_linkage.specification import PRIOR
from record_linkage.training.count_agreement import MISSING, level_of


def weights_query(model: TrainedModel, table: str, levels_of: Sequence[str]) -> str:
    """SQL of match_weight (bits), and gamma_* of the comparisons `levels_of`, of every row of a table in its order.

    The table has each compared column as x_l and x_r, and tf_x_l and tf_x_r where rare values weigh more.
    """
    compared: list[dict[str, Any]] = model.splink["comparisons"]
    prior = model.splink[PRIOR]
    names = [comparison["output_column_name"] for comparison in compared]
    levels = ", ".join(f"{level_of(each)} AS gamma_{name}" for each, name in zip(compared, names, strict=True))
    bits = " + ".join([repr(math.log2(prior / (1 - prior))), *(_bits_of(each) for each in compared)])
    shown = "".join(f", CAST(gamma_{name} AS TINYINT) AS gamma_{name}" for name in levels_of)
    return f"SELECT {bits} AS match_weight{shown} FROM (SELECT *, {levels} FROM {table})"


def _bits_of(comparison: dict[str, Any]) -> str:
    present = comparison["comparison_levels"][1:]
    cases = [f"WHEN {MISSING} THEN 0.0"]
    for number, level in enumerate(reversed(present)):
        bits = repr(math.log2(level["m_probability"] / level["u_probability"]))
        column = level.get("tf_adjustment_column")
        cases.append(f"WHEN {number} THEN {bits}{_rarer(column, level, present) if column else ''}")
    return f"CAST(CASE gamma_{comparison['output_column_name']} {' '.join(cases)} END AS DOUBLE)"


def _rarer(column: str, level: dict[str, Any], present: Sequence[dict[str, Any]]) -> str:
    """Bits more where the value is rarer than values are on average."""
    exact = f"{column}_l = {column}_r"
    u = next((each["u_probability"] for each in present if each["sql_condition"] == exact), level["u_probability"])
    shares = f"coalesce(tf_{column}_l, tf_{column}_r), coalesce(tf_{column}_r, tf_{column}_l)"
    return f" + coalesce({math.log2(u)!r} - log2(greatest({shares})), 0.0)"
