"""Words and tables of the page on how contact notes were read: this run beside the published study.

Belongs here: sentences and tables with figures of this run and of the published study. Does not belong here: prose
(templates/note_reading), the arithmetic with published figures (published_study.py).
"""

import re

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from publication_assets.catalogue.measures_of_notes import (
    CASES,
    ESTIMATES,
    LINKED_OF_REQUIREMENTS,
    SAMPLED_IN_ESTIMATE,
)
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.comparison.published_study import (
    NOTE_SPECIFICITIES,
    SENSITIVITIES,
    called_engaged,
    corrected_published_share,
    explains_to_the_unit,
    notes_per_requirement,
    readings_of_the_estimate,
    reconcile_review_with_labels,
)
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_quality.note_figures import with_limits
from publication_assets.steps.report.note_text import IDENTIFIED, estimate_text, mean_engaged_text, uncertainty_text
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publication_assets.steps.tables.estimates.tables_estimates import BASIS_LABELS
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.document import Grid
from publishing.tables.declared import and_limits, noun_of
from resources.drift.proportions import wilson

KINDS = (ALL, *TYPES)
ESTIMATED, ERRORS, MISSED = "engagement_estimates", "label_errors", "missed engagement"
SPECIFICITIES = (0.95, 0.8, 0.65, 0.5)
# What the two have in common, by the published study's figures for ATRs and DRRs together, ATRs and DRRs.
SHARES = {
    LINKED_OF_REQUIREMENTS: ("F037", "F041", "F045"),
    "Engaged of those not linked, as labelled (%)": ("F038", "F042", "F046"),
    "Any treatment, as labelled (% of requirements)": ("F036", "F040", "F044"),
}
TERMINATIONS = {
    "Completed": "F151",
    "Revoked": "F152",
    "Suspended Sentence Activated": "F153",
    "Expired": "F154",
    "Died": "F155",
    "Other": "F156",
}


def summary(cells: ShownCells, facts: RunFacts) -> list[str]:
    """What the page finds, in sentences."""
    return [
        f"The contact notes were classified by {facts.read_by}.",
        *(uncertainty_text(cells, kind) for kind in KINDS),
        _rightly(cells),
    ]


def _rightly(cells: ShownCells) -> str:
    controls, engaged = cells.text(ERRORS, f"decoys/{ALL}", "cases"), _right(cells, f"decoys/{ALL}")
    said = (
        f"Of {controls} linked requirements included as positive controls, {engaged} were labelled engaged."
        if not engaged.startswith("[")
        else f"{controls} linked requirements were included as positive controls. How many engaged is withheld."
    )
    reviewed = [_right(cells, f"reviewed/{answer}") for answer in ("engaged", "not engaged")]
    if any(share.startswith("[") for share in reviewed):
        return f"{said} The accuracy of labels was not reviewed, or in too few cases."
    return (
        f"{said} Of reviewed requirements not linked, {reviewed[0]} of the engaged and {reviewed[1]} of those not "
        "engaged were labelled correctly."
    )


def missed_in_words(quality: QualityTables) -> list[str]:
    """What labelling notes without a keyword found."""
    found = [
        (label, *(quality.text(MISSED, label, name) for name in ("decided", "share engaged")))
        for label in quality.labels(MISSED)
    ]
    return [
        f"{label[:1].upper()}{label[1:]}: {_with_signs(share)} of {decided} were labelled engaged."
        for label, decided, share in found
        if not share.startswith("[") and not decided.startswith("[")
    ]


def _with_signs(percentages: str) -> str:
    return re.sub(r"\d[\d.]*", r"\g<0>%", percentages)


def _right(cells: ShownCells, row: str) -> str:
    return with_limits(*(cells.percent(ERRORS, row, measure) for measure in and_limits("right_share")))


def estimates_by_basis(cells: ShownCells) -> Grid:
    """The table of estimates of the workbook with limits in brackets."""
    rows = [
        [
            f"{noun_of(kind)}: {BASIS_LABELS[basis]}",
            cells.text(ESTIMATED, f"{kind}/{basis}", "sampled_in_estimate"),
            *(estimate_text(cells, kind, basis, measure.key) for measure in ESTIMATES.values()),
        ]
        for kind in KINDS
        for basis in BASIS_LABELS
    ]
    headers = ["Requirement type and basis", SAMPLED_IN_ESTIMATE, *ESTIMATES.values()]
    return Grid(f"Estimates with limits (table {TABLES[ESTIMATED].number} of the data tables)", headers, rows)


def errors_table(cells: ShownCells) -> Grid:
    """The table of label errors of the workbook with limits in brackets."""
    rows = [
        [
            f"{cells.group(ERRORS, row)}: {cells.label(ERRORS, row)}",
            cells.text(ERRORS, row, "cases"),
            _right(cells, row),
        ]
        for row in cells.rows(ERRORS)
    ]
    headers = ["Known from", CASES, "Labelled correctly (limits)"]
    return Grid(f"Requirements labelled correctly (table {TABLES[ERRORS].number} of the data tables)", headers, rows)


def reviewed_by_hand(figures: dict[str, float]) -> str:
    """The share that the published study found by hand with its Wilson limits, 95%."""
    share = figures["F028"] / 100
    lower, upper = wilson(share, figures["F027"], 0.95)
    return f"{share:.0%} ({lower:.0%} to {upper:.0%})"


def estimates_table(cells: ShownCells, figures: dict[str, float]) -> Grid:
    """This run beside the published study: shares linked, engaged and in any treatment."""
    ours = {
        LINKED_OF_REQUIREMENTS: [cells.percent(IDENTIFIED, kind, "linked_of_requirements") for kind in KINDS],
        "Engaged of those not linked, as labelled (%)": [
            estimate_text(cells, kind, AS_LABELLED, "estimated_share") for kind in KINDS
        ],
        "Any treatment, as labelled (% of requirements)": [
            estimate_text(cells, kind, AS_LABELLED, "estimated_any_treatment") for kind in KINDS
        ],
    }
    rows = [
        [f"{name}: {noun_of(kind)}", f"{figures[figure]:.0f}%", text]
        for name, ids in SHARES.items()
        for kind, figure, text in zip(KINDS, ids, ours[name], strict=True)
    ]
    sampled = cells.text(IDENTIFIED, ALL, "sample")
    rows += [
        [
            "Engaged of those not linked, by hand, or corrected for label error: ATRs and DRRs",
            f"{figures['F028']:.0f}% of {figures['F027']:,.0f} people",
            estimate_text(cells, ALL, CORRECTED, "estimated_share"),
        ],
        ["Requirements not linked whose notes were read", f"{figures['F032']:,.0f}", sampled],
        [
            "Not linked and engaged, estimated requirements, as labelled",
            f"{figures['F003']:,.0f}",
            estimate_text(cells, ALL, AS_LABELLED, "estimated_requirements"),
        ],
    ]
    return Grid("This run beside the published study", ["Figure", "Published study", "This run (limits)"], rows)


def terminations_table(cells: ShownCells, figures: dict[str, float]) -> Grid:
    """Mean share of notes before the end of the requirement, this run beside the published study (figure 5)."""
    rows = [
        [
            reason,
            f"{figures[figure]:.0f}%",
            mean_engaged_text(cells, reason),
        ]
        for reason, figure in TERMINATIONS.items()
    ]
    caption = "Mean share of notes that indicate engagement before the end of the requirement"
    return Grid(caption, ["Termination reason", "Published study", "This run (limits)"], rows)


def readings_table(figures: dict[str, float]) -> Grid:
    """What each reading of the published estimate gives, and whether rounding lets it be the printed number."""
    printed = figures["F003"]
    rows = [
        [
            reading.words,
            f"{reading.gives:,.1f}",
            f"{reading.lowest:,.0f} to {reading.highest:,.0f}" if reading.lowest < reading.highest else "exact",
            "to the unit, decimals cut"
            if explains_to_the_unit(reading, printed)
            else "within rounding"
            if reading.allows(printed)
            else "no",
        ]
        for reading in readings_of_the_estimate(figures)
    ]
    caption = f"Calculations that could give the published estimate of {printed:,.0f} engaged and not linked"
    return Grid(caption, ["Calculation", "Result", "Range by rounding", f"Gives {printed:,.0f}"], rows)


def reconciliation_table(figures: dict[str, float]) -> Grid:
    """Errors of labelling under which the reviewed share is labelled as the published one."""
    rows = [
        [
            f"{found.sensitivity:.0%}",
            *(
                "not possible" if share is None else f"{100 * share:.1f}%"
                for share in (found.specificity, found.note_specificity)
            ),
        ]
        for found in reconcile_review_with_labels(figures)
    ]
    caption = (
        f"Errors that turn {figures['F028']:.0f}% engaged into {100 * figures['F133'] / figures['F032']:.1f}% labelled "
        "engaged"
    )
    headers = [
        "Sensitivity of a requirement",
        "Specificity of a requirement needed",
        "Specificity of a note that gives this",
    ]
    return Grid(caption, headers, rows)


def correction_table(figures: dict[str, float]) -> Grid:
    """The published share corrected, for a range of sensitivities and specificities of a requirement."""
    rows: list[list[str]] = []
    for sensitivity in SENSITIVITIES:
        shares = [corrected_published_share(figures, sensitivity, specificity) for specificity in SPECIFICITIES]
        rows.append([f"{sensitivity:.0%}", *(f"{share:.0%}" if share <= 1 else "above 100%" for share in shares)])
    headers = ["Sensitivity", *(f"Specificity {specificity:.0%}" for specificity in SPECIFICITIES)]
    return Grid("The published 81%, corrected for classification error", headers, rows)


def amplification_table(figures: dict[str, float]) -> Grid:
    """How often a requirement that never engaged is labelled engaged, by the specificity of a note."""
    notes = notes_per_requirement(figures)
    rows = [[f"{100 * one:g}%", f"{called_engaged(one, notes):.0%}"] for one in NOTE_SPECIFICITIES]
    caption = f"Requirements that never engaged and have {notes:.1f} keyword notes, when any note is enough"
    return Grid(caption, ["Specificity of a note", "Wrongly labelled engaged"], rows)
