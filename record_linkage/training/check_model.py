"""Whether a trained linkage model can be used: no level untrained, no weight of the wrong sign, sessions that agree.

Belongs here: the checks after training. Does not belong here: training (train_model.py), and whether later data still
look like those it was trained on (scoring/profile_linkage.py).
"""

import math
from typing import Any

COMMON_LEVEL = 0.02  # rarer levels rest on a handful of pairs, and their estimates wobble


class LinkageModelNotUsable(Exception):
    """Training gave a model that contradicts itself or what its levels mean; names comparisons and levels."""


def check_model(model: dict[str, Any], sessions: list[dict[str, Any]], largest_disagreement: float) -> None:
    """Raises LinkageModelNotUsable that lists everything at fault in a model as Splink describes it.

    A level must have an m and a u. Exact agreement must speak for a match and "anything else" against it. Estimates of
    m of a level that is not rare must lie within `largest_disagreement` bits over all training rules
    (`sessions`: rule, comparison, level, m).
    """
    faults = [*_untrained(model), *_wrong_signs(model), *_disagreements(sessions, largest_disagreement)]
    if faults:
        raise LinkageModelNotUsable(
            f"the model cannot be used, {len(faults)} fault(s): {'; '.join(faults)}. "
            "There may be too few records to train on, or a column may be empty or coded differently in one system."
        )


def _levels(model: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        (
            comparison["output_column_name"],
            [level for level in comparison["comparison_levels"] if not level.get("is_null_level")],
        )
        for comparison in model["comparisons"]
    ]


def _untrained(model: dict[str, Any]) -> list[str]:
    return [
        f"{name}: {level['label_for_charts']} was never seen in training"
        for name, levels in _levels(model)
        for level in levels
        if not (level["m_probability"] and level["u_probability"])
    ]


def _wrong_signs(model: dict[str, Any]) -> list[str]:
    faults: list[str] = []
    for name, levels in _levels(model):
        for level, sign in ((levels[0], 1), (levels[-1], -1)):
            m, u = level["m_probability"], level["u_probability"]
            if m and u and sign * math.log2(m / u) <= 0:
                faults.append(f"the weight of {name}: {level['label_for_charts']} has the wrong sign")
    return faults


def _disagreements(sessions: list[dict[str, Any]], largest: float) -> list[str]:
    estimates: dict[str, list[float]] = {}
    for row in sessions:
        estimates.setdefault(f"{row['comparison']}: {row['level']}", []).append(row["m"])
    return [
        f"training rules disagree on {level} by {math.log2(max(ms) / min(ms)):.1f} bits (at most {largest:g})"
        for level, ms in estimates.items()
        if min(ms) >= COMMON_LEVEL and math.log2(max(ms) / min(ms)) > largest
    ]
