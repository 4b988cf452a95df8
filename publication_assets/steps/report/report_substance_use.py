"""Section 3.8 of the report, and its key finding: substance use before and after treatment (the round of 2023).

Belongs here: its sentences. Does not belong here: figures (figures_substance_use.py), which forms are compared (linkage
zone). Of a withheld figure nothing is said. Words are of differences between two forms, never of an effect.
"""

from collections.abc import Mapping

from contracts.vocabulary import TREATMENT_STATUSES, TYPES
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.figures.of_report.figures_substance_use import TABLE, use_is_shown
from publication_assets.steps.report.report_words import STATUS_PHRASES
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.fill_template import Value
from publishing.tables.declared import noun_of

MINUS = "\N{MINUS SIGN}"
MEANS, KNOWN = ("mean_at_start", "mean_at_last"), "known_at_both_share"


def substance_use_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of section 3.8 and of its key finding; of a run without the Treatment Outcomes Profile they are empty."""
    shown = use_is_shown(cells)
    means = {kind: (_value(cells, kind, MEANS[0]), _value(cells, kind, MEANS[1])) for kind in TYPES}
    known = shown and not any(None in pair for pair in means.values())
    return {
        "substance_use": TABLE in cells.tables,
        "substance_use_is_shown": shown,
        "days_of_use_known": known,
        "fewer_days_of_use": known and all((last or 0) < (start or 0) for start, last in means.values()),
        "use_known_of": listed([f"{_text(cells, kind, KNOWN)}% of linked {noun_of(kind)}" for kind in TYPES])
        if known
        else "",
        **{f"days_of_use_{kind.lower()}s": _means(cells, kind) if known else "" for kind in TYPES},
        **{f"stopped_{kind.lower()}s": _stopped(cells, kind) if known else "" for kind in TYPES},
        **{f"substance_use_{kind.lower()}": _sentences(cells, kind) if shown else [] for kind in TYPES},
    }


def _means(cells: ShownCells, kind: str) -> str:
    first, last = (_text(cells, kind, measure) for measure in MEANS)
    return f"{first} days of 28 at the start and {last} at the last form"


def _sentences(cells: ShownCells, kind: str) -> list[str]:
    return [say(cells, kind) for say in (_days, _stopped, _base, _by_status)]


def _text(cells: ShownCells, kind: str, measure: str, row: str = "main") -> str:
    return cells.text(TABLE, f"{kind}/{row}", measure).replace("-", MINUS)


def _value(cells: ShownCells, kind: str, measure: str, row: str = "main") -> float | None:
    return cells.value(TABLE, f"{kind}/{row}", measure)


def _days(cells: ShownCells, kind: str) -> str:
    if None in (_value(cells, kind, measure) for measure in (*MEANS, "change")):
        return ""
    lower, upper = (_text(cells, kind, measure) for measure in ("change_lower", "change_upper"))
    return (
        f"Linked {noun_of(kind)}: the main problem substance was used on {_text(cells, kind, MEANS[0])} of 28 days at "
        f"the start and on {_text(cells, kind, MEANS[1])} at the last form, a mean change of "
        f"{_text(cells, kind, 'change')} days ({{level}} limits {lower} to {upper})."
    )


def _stopped(cells: ShownCells, kind: str) -> str:
    if _value(cells, kind, "stopped_share") is None:
        return ""
    return (
        f"Of the linked {noun_of(kind)} with use of it at the start, {_text(cells, kind, 'stopped_share')}% had no use "
        "of it in the 28 days before the last form."
    )


def _base(cells: ShownCells, kind: str) -> str:
    if None in (_value(cells, kind, measure) for measure in ("known_at_both", KNOWN)):
        return ""
    return (
        f"This is known of {_text(cells, kind, 'known_at_both')} of {_text(cells, kind, 'linked_requirements')} linked "
        f"{noun_of(kind)} ({_text(cells, kind, KNOWN)}%)."
    )


def _by_status(cells: ShownCells, kind: str) -> str:
    """Who is in the base and how use changed, by treatment status."""
    said = [
        f"{_text(cells, kind, KNOWN, f'by status/{status}')}% of those that {STATUS_PHRASES[status]} (mean change "
        f"{_text(cells, kind, 'change', f'by status/{status}')} days)"
        for status in TREATMENT_STATUSES
        if None not in (_value(cells, kind, measure, f"by status/{status}") for measure in (KNOWN, "change"))
    ]
    return f"Use at both forms is known for {listed(said)}." if len(said) > 1 else ""
