"""Where published cells are used: the headline figures of the report, and the figures that are drawn.

Belongs here: which cell a headline is, which function draws a figure. Does not belong here: which figures show a table
(tables_*.py), the words around a headline (templates/report).
"""

from dataclasses import dataclass

from contracts.vocabulary import TYPES


@dataclass(frozen=True)
class Headline:
    """A figure that the report names in its summary: the name of its value in the templates, and its cell."""

    value: str
    table: str
    row: str
    measure: str


_CORRECTED = "corrected_for_label_error"  # of findings; as labelled where nothing can be corrected
HEADLINES = (
    Headline("requirements_counted", "identification", "all", "all_requirements"),
    Headline("linked", "identification", "all", "linked_of_requirements"),
    Headline("any_treatment", "engagement_estimates", f"all/{_CORRECTED}", "estimated_any_treatment"),
    Headline("engaged", "engagement_estimates", f"all/{_CORRECTED}", "estimated_share"),
    Headline("worst_known", "label_errors", "invented/not_engaged", "right_share"),
    Headline("sampled_with_a_result", "contact_note_evidence", "with_a_result", "requirements/all"),
    Headline("reconvicted_heading", "reconvictions_followed_in_full", "all", "followed_reconvicted_share/all"),
    Headline("reconvicted_all", "reconvictions_followed_in_full", "linked", "followed_reconvicted_share/all"),
    Headline("study_measure", "reconvictions_by_linkage", "all/reconvicted", "share_of_group/all"),
    Headline("followed_short", "reconvictions_by_linkage", "all/followed_short", "requirements/all"),
    *(
        headline
        for kind in map(str.lower, TYPES)
        for headline in (
            Headline("treated_by_type", "engagement_estimates", f"{kind}/{_CORRECTED}", "estimated_any_treatment"),
            Headline(f"completed_{kind}s", "status_by_sex", "linked", f"status_share/completed/{kind}"),
            Headline(f"remained_{kind}s", "status_by_sex", "linked", f"status_share/remained/{kind}"),
        )
    ),
)

# Module and function in steps/figures, by the numbers of what it draws.
_DRAWN_BY = {
    "of_quality.note_figures:identification_figure": ("1",),
    "of_report.outcome_tree:outcome_tree": ("2", "3"),
    "of_quality.note_figures:notes_figure": ("4",),
    "of_quality.note_figures:termination_figure": ("5",),
    "of_report.figures_linkage:linkage_figures": ("6", "7", "8", "9", "10"),
    "of_report.figures_status:status_figures": ("11", "12", "13", "14", "15", "16"),
    "of_report.figures_reconviction:reconviction_figures": ("17", "18", "19", "20", "21", "22"),
    "of_report.figures_models:odds_ratio_figure": ("T16", "T17", "T18", "T19", "T30", "T31"),
    "of_report.figures_treatment:treatment_figures": ("F1", "F2"),
    "of_report.figures_reconviction:followed_in_full_figure": ("F3",),
    "of_report.figures_quarters:quarter_figures": ("F4", "F5"),
    "of_report.figures_substance_use:substance_use_figures": ("U1", "U2"),
    "of_quality.sensitivity_figures:sensitivity_figures": ("S1", "S2"),
    "of_quality.note_figures:estimates_figure": ("E1",),
    "of_quality.imputation_figures:imputation_figures": ("I1", "I2"),
}
FIGURES = {number: function for function, numbers in _DRAWN_BY.items() for number in numbers}
