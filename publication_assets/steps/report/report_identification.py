"""Section 2 of the report: identification in any treatment (published report, section 2).

Belongs here: its values and sentences with figures. Does not belong here: prose (templates/report), sentences on
contact notes that other pages share (note_text.py), figures.
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.report.note_text import (
    identification_text,
    limits_text,
    notes_text,
    termination_text,
)
from publication_assets.steps.report.report_words import OUTCOMES, outcomes_in_words, share_of_linked
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.fill_template import Value
from publishing.tables.declared import noun_of

NO_SETTING = "not linked/no setting"


def identification_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of section 2; those by requirement type end in "_atr" and "_drr"."""
    return {
        "identification_by_type": identification_text(cells),
        "limits_of_estimates": limits_text(cells),
        "linkage_of_all": _linkage(cells, ALL),
        "linkage_by_type": [_linkage(cells, kind) for kind in (ALL, *TYPES)],
        **{f"{name}_{kind.lower()}": value for kind in TYPES for name, value in _outcomes(cells, kind).items()},
        "notes_text": notes_text(cells),
        "termination_text": termination_text(cells),
    }


def _count(cells: ShownCells, row: str, kind: str) -> str:
    return cells.text(OUTCOMES, row, f"requirements/{kind}")


def _share(cells: ShownCells, row: str, kind: str, of: str = "all") -> str:
    return cells.percent(OUTCOMES, row, f"share_of_{of}/{kind}")


def _linkage(cells: ShownCells, kind: str) -> str:
    return (
        f"Of {_count(cells, 'all', kind)} {noun_of(kind)}, {_share(cells, 'linked', kind)} were linked to structured "
        "treatment, "
        f"{_share(cells, 'not linked/CJIT', kind)} ({_count(cells, 'not linked/CJIT', kind)}) were "
        f"linked to a criminal justice intervention team (CJIT) only, and {_share(cells, NO_SETTING, kind)} "
        f"({_count(cells, NO_SETTING, kind)}) were identified in no NDTMS treatment setting. "
        f"{share_of_linked(cells, 'Completed', kind)} of those linked completed treatment."
    )


def _outcomes(cells: ShownCells, kind: str) -> Mapping[str, Value]:
    """Of a requirement type: who was linked, what became of them, and of those not linked."""
    return {
        "linked_share": _share(cells, "linked", kind),
        "linked_count": _count(cells, "linked", kind),
        "outcomes_of_linked": outcomes_in_words(cells, kind, "linked"),
        "wide_count": _count(cells, "linked/wide dropout", kind),
        "wide_share": _share(cells, "linked/wide dropout", kind, "side"),
        "not_linked_share": _share(cells, "not linked", kind),
        "not_linked_count": _count(cells, "not linked", kind),
        "outcomes_of_not_linked": outcomes_in_words(cells, kind, "not linked"),
        "in_no_setting": _in_no_setting(cells, kind),
    }


def _in_no_setting(cells: ShownCells, kind: str) -> str:
    known, not_known = (_count(cells, f"{NO_SETTING}/{name}", kind) for name in ("known", "not known"))
    return (
        f"For {_share(cells, NO_SETTING, kind)} of all {noun_of(kind)} ({_count(cells, NO_SETTING, kind)}, "
        f"{_share(cells, NO_SETTING, kind, 'side')} of those not linked) no NDTMS treatment setting was identified, in "
        "prison or not. Either a link was missed, or there was no treatment, or it was at another time or outside "
        f"NDTMS. {known} of them are of people who were linked to NDTMS at another time or in another kind of setting. "
        f"{not_known} are of people linked to no NDTMS record. Some of these links may have been missed. "
        f"({TABLES[OUTCOMES].name})"
    )
