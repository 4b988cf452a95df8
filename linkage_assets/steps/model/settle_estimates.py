"""What training estimated, put in order: one rounded value per level, and what each training rule said.

Belongs here: Splink's estimates as they stand in the artefact. Does not belong here: training (train_linkage_model.py)
and whether the result can be used (check_linkage_model.py).
"""

from typing import Any

from linkage_assets.steps.model.splink_model import TRAINING_RULES, USUAL_LEVELS, same

SIGNIFICANT_DIGITS = 8
LEAST_PROBABILITY = 1e-6  # a level that no true pair of a small extract shows is rare, not impossible
PRIOR = "probability_two_random_records_match"


def settle(model: dict[str, Any], estimated: set[tuple[str, str, str]]) -> tuple[dict[str, Any], list[str]]:
    """`model` with rounded probabilities, and usual ones where none was estimated; and which levels those are.

    `estimated`: comparison, level and "m" or "u" of every probability that training estimated. A probability that is
    neither estimated, fixed nor among USUAL_LEVELS becomes None.
    """
    usual = []
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            label = level["label_for_charts"]
            for letter, stated in zip("mu", USUAL_LEVELS.get(label, (None, None)), strict=True):
                known = (name, label, letter) in estimated or level.get(f"fix_{letter}_probability")
                if not known and stated is not None:
                    usual.append(f"{name}: {label} ({letter})")
                value = level.get(f"{letter}_probability") if known else stated
                level[f"{letter}_probability"] = None if value is None else max(rounded(value), LEAST_PROBABILITY)
    model[PRIOR] = rounded(model[PRIOR])
    return model, usual


def estimated(estimates: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Comparison, level and "m" or "u" of every probability that Splink estimated."""
    return {
        (row["comparison_name"], row["comparison_level_label"], row["m_or_u"])
        for row in estimates
        if isinstance(row["estimated_probability"], float) and row["estimated_probability"] > 0
    }


def sessions(estimates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every estimate of m by every training rule: rule, comparison, level, m."""
    rule_names = {same(rule): name for name, rule in TRAINING_RULES.items()}
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
