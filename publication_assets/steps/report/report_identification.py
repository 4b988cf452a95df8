"""Section 2 of the report: identification in any treatment (published report, section 2).

Belongs here: its values and sentences with figures. Does not belong here: prose (templates/report), sentences on
contact notes that other pages share (note_text.py), figures.
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.report.note_text import (
    identification_text,
    notes_text,
    termination_text,
    uncertainty_text,
)
from publication_assets.steps.report.report_words import outcomes_in_words, share_of_linked
from publication_assets.steps.tables.contents.tables_outcomes import (
    NO_SETTING,
    NO_SETTING_LABELS,
    UNLINKED_LABELS,
    WIDE_LABEL,
    outcome_measures,
)
from publication_assets.steps.tables.shown_cells import ShownCells

ALL_LINKED, ALL_NOT_LINKED = "All linked to structured treatment", "All not linked to structured treatment"


def identification_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of section 2; those by requirement type end in "_atr" and "_drr"."""
    return {
        "identification_by_type": identification_text(cells),
        "uncertainty_by_type": [uncertainty_text(cells, noun) for noun in KIND_LABELS.values()],
        "linkage_of_all": _linkage(cells, ALL),
        "linkage_by_type": [f"{words}: {_linkage(cells, kind)}" for kind, words in KIND_LABELS.items()],
        **{f"{name}_{kind.lower()}": value for kind in TYPES for name, value in _outcomes(cells, kind).items()},
        "notes_text": notes_text(cells),
        "termination_text": termination_text(cells),
    }


def _linkage(cells: ShownCells, kind: str) -> str:
    count, share, _ = outcome_measures(kind)
    total = cells.text(2, "All requirements", count)
    return (
        f"{cells.percent(2, ALL_LINKED, share)} of {total} were linked to structured treatment, "
        f"{cells.percent(2, UNLINKED_LABELS['CJIT'], share)} ({cells.text(2, UNLINKED_LABELS['CJIT'], count)}) were "
        f"linked to a criminal justice intervention team (CJIT) only, and {cells.percent(2, NO_SETTING, share)} "
        f"({cells.text(2, NO_SETTING, count)}) were identified in no NDTMS treatment setting. "
        f"{share_of_linked(cells, 'Completed', kind)} of those linked completed treatment."
    )


def _outcomes(cells: ShownCells, kind: str) -> Mapping[str, Value]:
    """Of a requirement type: who was linked, what became of them, and of those not linked."""
    count, share, within = outcome_measures(kind)
    return {
        "linked_share": cells.percent(2, ALL_LINKED, share),
        "linked_count": cells.text(2, ALL_LINKED, count),
        "outcomes_of_linked": outcomes_in_words(cells, kind, linked=True),
        "wide_count": cells.text(2, WIDE_LABEL, count),
        "wide_share": cells.percent(2, WIDE_LABEL, within),
        "not_linked_share": cells.percent(2, ALL_NOT_LINKED, share),
        "not_linked_count": cells.text(2, ALL_NOT_LINKED, count),
        "outcomes_of_not_linked": outcomes_in_words(cells, kind, linked=False),
        "in_no_setting": _in_no_setting(cells, kind),
    }


def _in_no_setting(cells: ShownCells, kind: str) -> str:
    count, share, within = outcome_measures(kind)
    known, not_known = (cells.text(2, label, count) for label in NO_SETTING_LABELS.values())
    return (
        f"For {cells.percent(2, NO_SETTING, share)} of all {kind}s ({cells.text(2, NO_SETTING, count)}, "
        f"{cells.percent(2, NO_SETTING, within)} of those not linked) no NDTMS treatment setting was identified, in "
        f"prison or not. Either a link was missed or there was no treatment. {known} of them are of people who "
        f"were linked to NDTMS at another time or in another kind of setting. {not_known} are of people linked to no "
        "NDTMS record. Some of these links may have been missed. (Table 2)"
    )
