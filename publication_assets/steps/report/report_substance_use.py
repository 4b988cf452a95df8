"""Section 3.8 of the report, and its key finding: substance use before and after treatment (the round of 2023).

Belongs here: its sentences. Does not belong here: figures (figures_substance_use.py), which forms are compared (linkage
zone). Of a withheld figure nothing is said. Words are of differences between two forms, never of an effect.
"""

from collections.abc import Mapping

from contracts.vocabulary import TYPES
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.figures.of_report.figures_substance_use import TABLE, use_is_shown
from publication_assets.steps.report.report_words import STATUS_PHRASES
from publication_assets.steps.tables.contents.tables_details import LINKED_COUNT
from publication_assets.steps.tables.contents.tables_substance_use import (
    BOTH_COUNT,
    BOTH_SHARE,
    BY_STATUS,
    CHANGE,
    CHANGE_LIMITS,
    MAIN,
    MEAN_LAST,
    MEAN_START,
    STATUS_ROWS,
    STOPPED,
    group_label,
)
from publication_assets.steps.tables.shown_cells import ShownCells

MINUS = "\N{MINUS SIGN}"


def substance_use_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of section 3.8 and of its key finding; of a run without the Treatment Outcomes Profile they are empty."""
    shown = use_is_shown(cells)
    means = {kind: (_value(cells, kind, MEAN_START), _value(cells, kind, MEAN_LAST)) for kind in TYPES}
    known = shown and not any(None in pair for pair in means.values())
    return {
        "substance_use": TABLE in cells.tables,
        "substance_use_is_shown": shown,
        "days_of_use_known": known,
        "fewer_days_of_use": known and all((last or 0) < (start or 0) for start, last in means.values()),
        "use_known_of": listed([f"{_text(cells, kind, BOTH_SHARE)}% of linked {kind}s" for kind in TYPES])
        if known
        else "",
        **{f"days_of_use_{kind.lower()}s": _means(cells, kind) if known else "" for kind in TYPES},
        **{f"stopped_{kind.lower()}s": _stopped(cells, kind) if known else "" for kind in TYPES},
        **{f"substance_use_{kind.lower()}": _sentences(cells, kind) if shown else [] for kind in TYPES},
    }


def _means(cells: ShownCells, kind: str) -> str:
    first, last = (_text(cells, kind, measure) for measure in (MEAN_START, MEAN_LAST))
    return f"{first} days of 28 at the start and {last} at the last form"


def _sentences(cells: ShownCells, kind: str) -> list[str]:
    return [say(cells, kind) for say in (_days, _stopped, _base, _by_status)]


def _text(cells: ShownCells, kind: str, measure: str, label: str = MAIN, by: str = "") -> str:
    return cells.text(TABLE, label, measure, group_label(kind, by)).replace("-", MINUS)


def _value(cells: ShownCells, kind: str, measure: str, label: str = MAIN, by: str = "") -> float | None:
    return cells.value(TABLE, label, measure, group_label(kind, by))


def _days(cells: ShownCells, kind: str) -> str:
    if None in (_value(cells, kind, measure) for measure in (MEAN_START, MEAN_LAST, CHANGE)):
        return ""
    lower, upper = (_text(cells, kind, measure) for measure in CHANGE_LIMITS.values())
    return (
        f"Linked {kind}s: the main problem substance was used on {_text(cells, kind, MEAN_START)} of 28 days at the "
        f"start and on {_text(cells, kind, MEAN_LAST)} at the last form, a mean change of {_text(cells, kind, CHANGE)} "
        f"days ({{level}} limits {lower} to {upper})."
    )


def _stopped(cells: ShownCells, kind: str) -> str:
    if _value(cells, kind, STOPPED[1]) is None:
        return ""
    return (
        f"Of the linked {kind}s in which it was used at the start, it was not used in the 28 days before the last form "
        f"in {_text(cells, kind, STOPPED[1])}%."
    )


def _base(cells: ShownCells, kind: str) -> str:
    if None in (_value(cells, kind, measure) for measure in (BOTH_COUNT, BOTH_SHARE)):
        return ""
    return (
        f"This is known of {_text(cells, kind, BOTH_COUNT)} of {_text(cells, kind, LINKED_COUNT)} linked {kind}s "
        f"({_text(cells, kind, BOTH_SHARE)}%)."
    )


def _by_status(cells: ShownCells, kind: str) -> str:
    """Who is in the base and how use changed, by treatment status."""
    said = [
        f"{_text(cells, kind, BOTH_SHARE, label, BY_STATUS)}% of those that {STATUS_PHRASES[status]} (mean change "
        f"{_text(cells, kind, CHANGE, label, BY_STATUS)} days)"
        for status, label in STATUS_ROWS.items()
        if None not in (_value(cells, kind, measure, label, BY_STATUS) for measure in (BOTH_SHARE, CHANGE))
    ]
    return f"Known at both forms are {listed(said)}." if len(said) > 1 else ""
