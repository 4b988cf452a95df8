"""Sentences and figures that several sections of the report share, written from what the tables show.

Belongs here: what key findings and sections both say. Does not belong here: sentences of one section (report_*.py),
on contact notes (note_text.py).
"""

from publication_assets.catalogue.declared import noun_of
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.tables.shown_cells import ShownCells

OUTCOMES, BY_LINKAGE, BY_STATUS = "treatment_outcomes", "reconvictions_by_linkage", "reconvictions_by_treatment_status"
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
    "linked/Completed": "completed structured treatment",
    "linked/Remained": "remained in structured treatment",
    "linked/wide dropout": "dropped out (wide definition: dropout, prison or death)",
    "not linked": "were not linked to structured treatment",
}


def by_linkage(cells: ShownCells, side: str, kind: str) -> str:
    """Share reconvicted of the linked, of those not linked or of all."""
    return cells.percent(BY_LINKAGE, f"{side}/reconvicted", f"share_of_group/{kind}")


def requirements_in_group(cells: ShownCells, side: str, kind: str) -> str:
    """Requirements of the linked, of those not linked or of all."""
    return cells.text(BY_LINKAGE, side, f"requirements/{kind}")


def share_of_linked(cells: ShownCells, status: str, kind: str) -> str:
    """Share of linked requirements with a treatment status."""
    return cells.percent(OUTCOMES, f"linked/{status}", f"share_of_side/{kind}")


def _known_by_status(cells: ShownCells, kind: str) -> dict[str, float]:
    shares = {row: cells.value(BY_STATUS, row, f"reconvicted_share/{kind}") for row in STATUS_WORDS}
    return {row: share for row, share in shares.items() if share is not None}


def by_status_in_words(cells: ShownCells, kind: str) -> str:
    """Reconvictions by treatment status from lowest to highest."""
    known = _known_by_status(cells, kind)
    if not known:
        return f"For {noun_of(kind)} no percentage can be shown."
    said = [
        f"{cells.percent(BY_STATUS, row, f'reconvicted_share/{kind}')} of the "
        f"{cells.text(BY_STATUS, row, f'requirements/{kind}')} that {STATUS_WORDS[row]}"
        for row in sorted(known, key=lambda row: known[row])
    ]
    return f"For {noun_of(kind)}, from lowest to highest: {listed(said)}."


def span_by_status(cells: ShownCells, kind: str) -> str:
    """Lowest to highest share reconvicted by treatment status."""
    known = _known_by_status(cells, kind)
    if not known:
        return "[c]"
    ends = (min(known, key=lambda row: known[row]), max(known, key=lambda row: known[row]))
    return " to ".join(cells.percent(BY_STATUS, row, f"reconvicted_share/{kind}") for row in ends)


def outcomes_in_words(cells: ShownCells, kind: str, side: str) -> list[str]:
    """Outcomes of linked requirements, or of those not linked, one by one; none for a withheld count."""
    phrases = STATUS_PHRASES if side == "linked" else UNLINKED_PHRASES
    found = []
    for name, phrase in phrases.items():
        row = f"{side}/{name}"
        number = cells.text(OUTCOMES, row, f"requirements/{kind}")
        if not number.startswith("["):
            share, within = (
                cells.percent(OUTCOMES, row, f"{each}/{kind}") for each in ("share_of_all", "share_of_side")
            )
            found.append(f"{share} of all {noun_of(kind)} ({number}, {within} of those {side}) {phrase}.")
    return found
