"""Sentences and figures that several sections of the report share, written from what the tables show.

Belongs here: what key findings and sections both say. Does not belong here: sentences of one section (report_*.py),
on contact notes (note_text.py).
"""

from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.figures.of_report.figures_reconviction import reconvicted_share
from publication_assets.steps.tables.contents.tables_outcomes import (
    LINKED,
    NOT_LINKED,
    STATUS_LABELS,
    UNLINKED_LABELS,
    WIDE_LABEL,
    outcome_measures,
)
from publication_assets.steps.tables.contents.tables_reconviction import (
    RECONVICTED,
    RECONVICTION_LABELS,
    STATUS_ROWS,
)
from publication_assets.steps.tables.shown_cells import ShownCells

STATUS_PHRASES = {
    "Completed": "completed structured treatment",
    "Remained": "remained in structured treatment at the end of observation",
    "Dropped out": "dropped out of treatment (narrow definition)",
    "Prison": "ended when the person entered prison",
    "Died": "ended when the person died",
}
UNLINKED_PHRASES = {
    "CJIT": "were in contact with a CJIT",
    "prison": "entered prison{not_on_remand} {prison_within} of sentence, where they may have had treatment",
    "unknown": "were identified in neither prison nor contact with a CJIT",
}
STATUS_WORDS = {
    STATUS_LABELS["Completed"]: "completed structured treatment",
    STATUS_LABELS["Remained"]: "remained in structured treatment",
    WIDE_LABEL: "dropped out (wide definition: dropout, prison or death)",
    STATUS_ROWS["not linked"][1]: "were not linked to structured treatment",
}
ALL_OF = {LINKED: STATUS_ROWS["linked"][1], NOT_LINKED: STATUS_ROWS["not linked"][1], "All": "All requirements"}


def by_linkage(cells: ShownCells, group: str, noun: str) -> str:
    """Share reconvicted of a linkage group (table 12)."""
    return cells.percent(12, RECONVICTION_LABELS[RECONVICTED], f"{noun} (% of {noun} in the linkage group)", group)


def requirements_in_group(cells: ShownCells, group: str, noun: str) -> str:
    """Requirements of a linkage group (table 12)."""
    return cells.text(12, ALL_OF[group], f"{noun} (count)", group)


def share_of_linked(cells: ShownCells, status: str, kind: str) -> str:
    """Share of linked requirements with a treatment status (table 2)."""
    return cells.percent(2, STATUS_LABELS[status], outcome_measures(kind)[2])


def by_status_in_words(cells: ShownCells, kind: str) -> str:
    """Reconvictions by treatment status from lowest to highest (table 15)."""
    measure = reconvicted_share(kind)
    known = {label: value for label in STATUS_WORDS if (value := cells.value(15, label, measure)) is not None}
    if not known:
        return f"For {kind}s no percentage can be shown."
    said = [
        f"{cells.percent(15, label, measure)} of the {cells.text(15, label, f'{kind}s (count)')} that "
        f"{STATUS_WORDS[label]}"
        for label in sorted(known, key=lambda label: known[label])
    ]
    return f"For {kind}s, from lowest to highest: {listed(said)}."


def span_by_status(cells: ShownCells, kind: str) -> str:
    """Lowest to highest share reconvicted by treatment status (table 15)."""
    measure = reconvicted_share(kind)
    known = {label: value for label in STATUS_WORDS if (value := cells.value(15, label, measure)) is not None}
    if not known:
        return "[c]"
    ends = (min(known, key=lambda label: known[label]), max(known, key=lambda label: known[label]))
    return " to ".join(cells.percent(15, label, measure) for label in ends)


def outcomes_in_words(cells: ShownCells, kind: str, linked: bool) -> list[str]:
    """Outcomes of linked requirements, or of those not linked, one by one (table 2); none for a withheld count."""
    count, share, within = outcome_measures(kind)
    labels, phrases = (STATUS_LABELS, STATUS_PHRASES) if linked else (UNLINKED_LABELS, UNLINKED_PHRASES)
    side = "linked" if linked else "not linked"
    return [
        f"{cells.percent(2, label, share)} of all {kind}s ({cells.text(2, label, count)}, "
        f"{cells.percent(2, label, within)} of those {side}) {phrases[name]}."
        for name, label in labels.items()
        if not cells.text(2, label, count).startswith("[")
    ]
