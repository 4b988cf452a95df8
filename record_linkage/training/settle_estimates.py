"""What training estimated, put in order: one rounded value per level, and what each training rule said.

Belongs here: Splink's estimates as they stand in the artefact. Does not belong here: training (train_model.py) and
whether the result can be used (check_model.py).
"""

from collections.abc import Mapping
from typing import Any

from record_linkage.specification import PRIOR, Rule, same

SIGNIFICANT_DIGITS = 8
LEAST_PROBABILITY = 1e-6  # a level that no true pair of a small extract shows is rare, not impossible

# How often two records of one person agree, where training cannot tell and nobody stated it: exact, all levels between,
# anything else. Used in unattended training alone.
PLAIN_M = (0.9, 0.06, 0.04)
SMALLEST_M = 1e-4  # and there nothing rules a match out for good


def settle(
    model: dict[str, Any], estimated: set[tuple[str, str, str]], usual_levels: Mapping[str, tuple[float, float]]
) -> tuple[dict[str, Any], list[str]]:
    """`model` with rounded probabilities, and usual ones where none was estimated; and which levels those are.

    `estimated`: comparison, level and "m" or "u" of every probability that training estimated. A probability that is
    neither estimated, fixed nor among `usual_levels` (label to m and u) becomes None.
    """
    usual: list[str] = []
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            label = level["label_for_charts"]
            for letter, stated in zip("mu", usual_levels.get(label, (None, None)), strict=True):
                known = (name, label, letter) in estimated or level.get(f"fix_{letter}_probability")
                if not known and stated is not None:
                    usual.append(f"{name}: {label} ({letter})")
                value = level.get(f"{letter}_probability") if known else stated
                level[f"{letter}_probability"] = None if value is None else max(rounded(value), LEAST_PROBABILITY)
    model[PRIOR] = rounded(model[PRIOR])
    return model, usual


def settle_plainly(model: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """`model`, whose levels all have u, with plain m where training found none or found that agreement speaks against
    a match; and warnings of such fields.

    A level that no match showed says nothing, whatever strangers show there.
    """
    warnings: list[str] = []
    for comparison in model["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        trained = [bool(level.get("m_probability")) for level in levels]
        wrong = trained[0] and levels[0]["m_probability"] <= levels[0]["u_probability"]
        usable = trained[0] and not wrong
        if not usable:
            why = "agreement spoke against a match" if wrong else "no pair to train on"
            warnings.append(f"Field {comparison['output_column_name']} has plain instead of trained weights: {why}.")
            between = len(levels) - 2
            plain = [PLAIN_M[0], *[PLAIN_M[1] / max(between, 1)] * between, PLAIN_M[2]]
        else:
            plain = [level["u_probability"] for level in levels]
        for level, was, stated in zip(levels, trained, plain, strict=True):
            m = level["m_probability"] if was and usable else stated
            level["m_probability"] = rounded(max(m, min(SMALLEST_M, level["u_probability"])))
            level["u_probability"] = rounded(level["u_probability"])
    model[PRIOR] = rounded(model[PRIOR])
    return model, warnings


def estimated(estimates: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Comparison, level and "m" or "u" of every probability that Splink estimated."""
    return {
        (row["comparison_name"], row["comparison_level_label"], row["m_or_u"])
        for row in estimates
        if isinstance(row["estimated_probability"], float) and row["estimated_probability"] > 0
    }


def sessions(estimates: list[dict[str, Any]], rules: Mapping[str, Rule]) -> list[dict[str, Any]]:
    """Every estimate of m by every training rule: rule, comparison, level, m."""
    rule_names = {same(rule): name for name, rule in rules.items()}
    return [
        {
            "rule": next((name for rule, name in rule_names.items() if rule in row["estimate_description"]), "other"),
            "comparison": row["comparison_name"],
            "level": row["comparison_level_label"],
            "m": rounded(row["estimated_probability"]),
        }
        for row in estimates
        if row["m_or_u"] == "m" and isinstance(row["estimated_probability"], float)
    ]


def rounded(number: float) -> float:
    """Without the last digits, which depend on the order in which a database adds up."""
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}")
