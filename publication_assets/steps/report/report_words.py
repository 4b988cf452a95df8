"""Sentences and figures that several sections of the report share, written from what the tables show.

Belongs here: what key findings and sections both say. Does not belong here: sentences of one section (report_*.py),
on contact notes (note_text.py).
"""

from contracts.vocabulary import ALL
from publication_assets.steps.documents.clear_differences import difference
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.figures.of_quality.note_figures import with_limits
from publication_assets.steps.figures.of_report.figures_reconviction import IN_FULL, followed_text, limited_text
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import and_limits, noun_of

OUTCOMES, BY_LINKAGE, BY_STATUS = "treatment_outcomes", "reconvictions_by_linkage", "reconvictions_by_treatment_status"
NO_DIFFERENCE = "no clear difference"
NO_CLEAR_DIFFERENCE = "There is no clear difference."
STATUS_PHRASES = {
    "Completed": "completed structured treatment",
    "Remained": "remained in structured treatment at the end of observation",
    "Dropped out": "dropped out of treatment (narrow definition)",
    "Prison": "had treatment that ended when the person entered prison",
    "Died": "had treatment that ended when the person died",
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


def reconvicted_heading(cells: ShownCells) -> str:
    """The finding on reconviction: of those followed in full, whatever their linkage."""
    share = followed_text(cells, "all", ALL)
    if share.startswith("["):
        return f"How many {noun_of(ALL)} observed for {{period}} had a reconviction is withheld ({share})"
    return f"{share} of {noun_of(ALL)} that were observed for {{period}} had a reconviction in that time"


def reconvicted_by_linkage_text(cells: ShownCells, kind: str) -> str:
    """Those followed in full, linked beside not linked, with what is clear of the difference."""
    linked, others = (followed_text(cells, side, kind) for side in ("linked", "not linked"))
    said = (
        f"Of {noun_of(kind)} followed for {{period}}, {linked} of those linked to structured treatment and {others} of "
        "the others were followed by a reconviction."
    )
    order = order_by_linkage(cells, kind)
    return f"{said} {NO_CLEAR_DIFFERENCE}" if order == NO_DIFFERENCE else said


def order_by_linkage(cells: ShownCells, kind: str) -> str:
    """Whether the linked are reconvicted "less often" or "more often", as far as limits tell; empty if withheld."""
    linked, others = (
        [cells.value(IN_FULL, side, measure) for measure in and_limits(f"followed_reconvicted_share/{kind}")]
        for side in ("linked", "not linked")
    )
    found = difference(linked, others)
    return "" if found is None else {-1: "less often", 0: NO_DIFFERENCE, 1: "more often"}[found]


def study_measure_text(cells: ShownCells) -> str:
    """The study's own measure beside it, in which those followed for less count as not reconvicted."""
    sides = {"all": "all", "linked": "those linked", "not linked": "those not linked"}
    shares = listed([f"{by_linkage(cells, side, ALL)} of {words}" for side, words in sides.items()])
    return (
        f"By the study's measure, in which those followed for less than {{period}} count as not reconvicted, it is "
        f"{shares}."
    )


def convictions_text(cells: ShownCells) -> str:
    """Those followed in full once more, with convictions as the only outcomes that count."""
    all_, linked, others = (
        limited_text(cells, side, f"followed_convicted_share/{ALL}") for side in ("all", "linked", "not linked")
    )
    whole = (
        f"Counting convictions only, {all_} of {noun_of(ALL)} followed for {{period}} were followed by a reconviction"
    )
    if "[" in linked + others:
        return f"{whole}. The shares by linkage are withheld."
    return f"{whole}: {linked} of those linked and {others} of the others."


def follow_up_text(cells: ShownCells) -> str:
    """How many were followed in full, of all and by treatment status."""
    rows = {
        "linked/Completed": "that completed structured treatment",
        "linked/Remained": "that remained in it",
        "linked/wide dropout": "that dropped out (wide definition)",
        "not linked": "not linked",
    }

    def followed(row: str) -> str:
        return cells.percent(IN_FULL, row, f"followed_share/{ALL}")

    said = listed([f"{followed(row)} of those {words}" for row, words in rows.items()])
    return f"{followed('all')} of {noun_of(ALL)} were followed for {{period}}: {said}."


def requirements_in_group(cells: ShownCells, side: str, kind: str) -> str:
    """Requirements of the linked, of those not linked or of all."""
    return cells.text(BY_LINKAGE, side, f"requirements/{kind}")


def share_of_linked(cells: ShownCells, status: str, kind: str) -> str:
    """Share of linked requirements with a treatment status."""
    return cells.percent(OUTCOMES, f"linked/{status}", f"share_of_side/{kind}")


def share_with_limits(cells: ShownCells, status: str, kind: str) -> str:
    """Share of linked requirements with a treatment status, with its limits: of all linked in the table by sex."""
    return _with_limits(cells, "status_by_sex", "linked", f"status_share/{status}/{kind}")


def _with_limits(cells: ShownCells, table: str, row: str, share: str) -> str:
    return with_limits(*(cells.percent(table, row, measure) for measure in and_limits(share)))


def by_status_in_words(cells: ShownCells, kind: str) -> str:
    """Reconvictions by treatment status with their limits, in the order of the table: status is measured later."""
    known = [row for row in STATUS_WORDS if cells.value(BY_STATUS, row, f"reconvicted_share/{kind}") is not None]
    if not known:
        return f"For {noun_of(kind)} no percentage can be shown."
    said = [
        f"{_with_limits(cells, BY_STATUS, row, f'reconvicted_share/{kind}')} of the "
        f"{cells.text(BY_STATUS, row, f'requirements/{kind}')} that {STATUS_WORDS[row]}"
        for row in known
    ]
    return f"Of {noun_of(kind)}, by the study's measure, these were followed by a reconviction: {listed(said)}."


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
            found.append(f"{number} ({within} of those {side}, {share} of all {noun_of(kind)}) {phrase}.")
    return found
