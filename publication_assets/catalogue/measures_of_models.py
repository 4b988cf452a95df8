"""Columns of odds ratios, of what other assumptions make of figures, and of imputed values.

Belongs here: columns of models and of their tests. Does not belong here: which models there are (study.toml).
"""

from publishing.tables.declared import Measure

SIDES = ("lower", "upper")

RECORDS = Measure("records", "count", "Records in the model (count)")
OUTCOME_RECORDS = {
    "linked_structured": Measure("records_linked", "count", "Records linked to structured treatment (count)"),
    "reconvicted": Measure("records_reconvicted", "count", "Records reconvicted {within_period} (count)"),
}
ODDS_RATIO = Measure("odds_ratio", "odds ratio", "Adjusted odds ratio")
ODDS_RATIO_LIMITS = {
    side: Measure(f"odds_ratio_{side}", "odds ratio", f"{{level}} confidence interval, {side} limit") for side in SIDES
}
P_VALUE = Measure("p_value", "p value", "P value")
SIGNIFICANCE = Measure("significance", "text", "Significance")
DIRECTION = Measure("direction", "text", "Direction of association")
STRENGTH = Measure("strength", "text", "Strength of association")
KIND_OF_ROW = Measure("kind_of_row", "text", "Kind of row")

LINKED_AT_THRESHOLD = Measure("linked_at_threshold", "count", "{noun} linked to structured treatment (count)")
LINKED_AT_THRESHOLD_SHARE = Measure(
    "linked_at_threshold_share", "percent", "{noun} linked to structured treatment (% of {noun})"
)
RECONVICTED_OF_LINKED = Measure(
    "reconvicted_of_linked", "percent", "{noun} linked, reconvicted {within_period} (% of linked {noun})"
)
RECONVICTED_OF_OTHERS = Measure(
    "reconvicted_of_others", "percent", "{noun} not linked, reconvicted {within_period} (% of {noun} not linked)"
)

IN_TREATMENT_IF = Measure("in_treatment_if", "percent", "{noun} in structured treatment, estimate (% of {noun})")
RECONVICTED_IN_TREATMENT_IF = Measure(
    "reconvicted_in_treatment_if",
    "percent",
    "{noun} in structured treatment, reconvicted {within_period}, estimate (% of those)",
)
RECONVICTED_NOT_IN_TREATMENT_IF = Measure(
    "reconvicted_not_in_treatment_if",
    "percent",
    "{noun} not in structured treatment, reconvicted {within_period}, estimate (% of those)",
)
CORRECTIONS = (IN_TREATMENT_IF, RECONVICTED_IN_TREATMENT_IF, RECONVICTED_NOT_IN_TREATMENT_IF)

MISSED = Measure("missed", "percent", "Links missed, estimate (% of people in treatment whose link should be found)")
CORRECTED_FOR_MISSED = Measure(
    "corrected_for_missed",
    "percent",
    "{noun} in structured treatment if so many links were missed, estimate (% of row)",
)

ALTERNATIVE = Measure("alternative", "odds ratio", "Odds ratio, {assumption}")
ALTERNATIVE_LIMITS = {
    side: Measure(f"alternative_{side}", "odds ratio", f"Odds ratio, {{assumption}}, {side} limit") for side in SIDES
}
CHANGES = Measure("changes", "text", "What the alternatives change")

RECORDED, IMPUTED, DIFFERENCE = "recorded", "imputed", "imputed less recorded"
IMPUTATION = {
    RECORDED: Measure("recorded", "percent", "{model}, recorded (% of recorded values)"),
    IMPUTED: Measure("imputed", "percent", "{model}, imputed (% of imputed values)"),
    DIFFERENCE: Measure("difference", "points", "{model}, imputed less recorded (percentage points)"),
}


def alternative_measures(words: str) -> tuple[Measure, Measure, Measure]:
    """Columns of one assumption of table 27: odds ratio and limits."""
    lower, upper = (ALTERNATIVE_LIMITS[side].of(words, assumption=words) for side in SIDES)
    return ALTERNATIVE.of(words, assumption=words), lower, upper
