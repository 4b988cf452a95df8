"""Sections 3.9 to 3.11 of the report: who stays in structured treatment, how it stands at the end of the requirement,
and how it compares with all people in treatment.

Belongs here: sentences on tables 35 to 38. Does not belong here: figures (figures_treatment.py), prose and the answers
to readers (templates/report). The published report has none of these; readers of the 2023 round asked for them. Nothing
is said of a figure that is withheld.
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from publication_assets.steps.comparison.all_people_in_treatment import all_people_in_treatment
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.tables.contents.tables_all_people import PUBLISHED, our_share
from publication_assets.steps.tables.contents.tables_dropout import (
    BY_THE_END,
    DROPPED,
    HORIZON_ROWS,
    LIMITS,
    MEDIAN,
    dropout_row,
)
from publication_assets.steps.tables.contents.tables_in_treatment import (
    DAYS_AFTER,
    ENDED,
    STATUS_WORDS,
    open_share_of_observed,
    reached_share_of_observed,
)
from publication_assets.steps.tables.shown_cells import ShownCells

AT_THE_END = {
    "Completed": "had completed structured treatment before",
    "In treatment": "were in it then",
    "Dropped out": "had dropped out before",
    "Started later": "started it only later",
}


def staying_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of sections 3.9 to 3.11: lists of sentences."""
    return {
        "in_treatment_on_days": [_on_days(cells, kind) for kind in TYPES],
        "time_to_dropout": [_dropout(cells, kind) for kind in TYPES],
        "at_the_end": [_at_the_end(cells, kind) for kind in TYPES],
        "beside_all_people": _beside_all(cells),
    }


def _on_days(cells: ShownCells, kind: str) -> str:
    said = [
        f"{share} {_lower(label)}"
        for label in DAYS_AFTER
        if not (share := cells.percent(35, label, open_share_of_observed(kind))).startswith("[")
    ]
    been = cells.percent(35, [*DAYS_AFTER][-1], reached_share_of_observed(kind))
    by_then = "" if been.startswith("[") else f" By the last of these days, {been} had been in it."
    if not said:
        return ""
    return f"Of {kind}s observed for 12 months, in structured treatment: {listed(said)}.{by_then} (Table 35)"


def _dropout(cells: ShownCells, kind: str) -> str:
    group = dropout_row(kind)
    said = []
    for label in HORIZON_ROWS:
        share, lower, upper = (cells.percent(36, label, name, group) for name in (DROPPED, *LIMITS.values()))
        if not share.startswith("["):
            limits = "" if lower.startswith("[") or upper.startswith("[") else f" ({lower} to {upper})"
            said.append(f"{share}{limits} {_lower(label)}")
    median = cells.text(36, BY_THE_END, MEDIAN, group)
    half = "" if median.startswith("[") else f" Half of those that dropped out did so within {median} days."
    if not said:
        return ""
    return f"Of linked {kind}s, estimated to have dropped out: {listed(said)} ({{level}} limits).{half} (Table 36)"


def _at_the_end(cells: ShownCells, kind: str) -> str:
    base = cells.text(37, ENDED, "Requirements that had ended (count)", f"{kind}s")
    said = [
        f"{share} {words}"
        for name, words in AT_THE_END.items()
        if not (
            share := cells.percent(37, ENDED, f"{STATUS_WORDS[name]} (% of ended in the row)", f"{kind}s")
        ).startswith("[")
    ]
    if not said or base.startswith("["):
        return ""
    return f"Of {base} {kind}s that had ended, {listed(said)}. (Table 37)"


def _beside_all(cells: ShownCells) -> list[str]:
    ours = our_share(KIND_LABELS[ALL])
    return [
        f"{figure.label}, {_lower(figure.group)}: {share} of the linked, "
        f"{cells.text(38, figure.label, PUBLISHED, figure.group)}. (Table 38)"
        for figure in all_people_in_treatment()
        if not (share := cells.percent(38, figure.label, ours, figure.group)).startswith("[")
    ]


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]
