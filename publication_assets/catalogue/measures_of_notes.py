"""Columns of what contact notes say, of estimates from them, and of how well they are labelled.

Belongs here: columns of figures that rest on contact notes. Does not belong here: what reads notes.
"""

from publishing.tables.declared import Measure

SIDES = ("lower", "upper")

ALL_REQUIREMENTS = Measure("all_requirements", "count", "Requirements (count)")
LINKED_OF_REQUIREMENTS = Measure(
    "linked_of_requirements", "percent", "Linked to structured treatment (% of requirements)"
)
ENGAGED = Measure("engaged", "count", "Not linked, engaged according to contact notes, estimate (count)")
ENGAGED_SHARE = Measure(
    "engaged_share", "percent", "Not linked, engaged according to contact notes, estimate (% of requirements)"
)
NOT_ENGAGED = Measure("not_engaged", "count", "Not linked, not engaged, estimate (count)")
NOT_ENGAGED_SHARE = Measure("not_engaged_share", "percent", "Not linked, not engaged, estimate (% of requirements)")
ANY_TREATMENT_SHARE = Measure("any_treatment_share", "percent", "Any treatment, estimate (% of requirements)")
SAMPLE = Measure("sample", "count", "Sample of those not linked, notes read with a result (count)")
SAMPLE_ENGAGED = Measure("sample_engaged", "count", "Sample, engaged according to contact notes (count)")
SAMPLE_ENGAGED_SHARE = Measure(
    "sample_engaged_share", "percent", "Sample, engaged according to contact notes (% of sample)"
)
SAMPLE_LIMITS = {
    side: Measure(f"sample_engaged_share_{side}", "percent", f"Sample, engaged, {side} {{level}} limit (% of sample)")
    for side in SIDES
}

SHARE_OF_RESULTS = Measure("share_of_results", "percent", "{noun} (% of those with a result)")

ENDED_SAMPLE = Measure("ended_sample", "count", "Requirements (count)")
SHARE_OF_ENDED = Measure("share_of_ended", "percent", "Requirements (% of those that ended)")
NOTED = Measure("noted", "count", "Requirements with notes in the weeks before the end, all labelled (count)")
MEAN_ENGAGED = Measure(
    "mean_engaged", "percent", "Mean share of notes that indicate engagement, in the weeks before the end (%)"
)
MEAN_ENGAGED_LIMITS = {
    side: Measure(f"mean_engaged_{side}", "percent", f"Mean share of notes, {side} {{level}} limit (%)")
    for side in SIDES
}

SAMPLED_IN_ESTIMATE = Measure("sampled_in_estimate", "count", "Sampled requirements in the estimate (count)")
ESTIMATES = {
    "share": Measure("estimated_share", "percent", "Engaged in treatment, estimate (% of those not linked)"),
    "requirements": Measure("estimated_requirements", "count", "Not linked and engaged, estimate (count)"),
    "any_treatment": Measure("estimated_any_treatment", "percent", "Any treatment, estimate (% of requirements)"),
}
ESTIMATE_LIMITS = {
    name: {
        side: Measure(f"{measure.key}_{side}", measure.unit, measure.replace(" (", f", {side} limit ("))
        for side in SIDES
    }
    for name, measure in ESTIMATES.items()
}
REMARK = Measure("remark", "text", "Remark")
CASES = Measure("cases", "count", "Requirements compared (count)")
RIGHT = Measure("right", "count", "Labelled correctly (count)")
RIGHT_SHARE = Measure("right_share", "percent", "Labelled correctly (%)")
RIGHT_LIMITS = {
    side: Measure(f"right_share_{side}", "percent", f"Labelled correctly, {side} limit (%)") for side in SIDES
}
