"""Sections 3.9 to 3.11 of the report: who stays in structured treatment, how it stands at the end of the requirement,
and how it compares with all people in treatment.

Belongs here: sentences on tables 35 to 38. Does not belong here: figures (figures_treatment.py), prose and the answers
to readers (templates/report). The published report has none of these; readers of the 2023 round asked for them. Nothing
is said of a figure that is withheld.
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.rows import BY_THE_END, DAYS_AFTER, HORIZON_ROWS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.comparison.all_people_in_treatment import all_people_in_treatment
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.fill_template import Value
from publishing.tables.declared import and_limits, noun_of

OF_A_YEAR = {"P2"}  # deaths of a year stand in the table, and are not set beside those of several years in words
ON_DAYS, DROPOUT, ENDED, ALL_PEOPLE = "still_in_treatment", "time_to_dropout", "status_at_the_end", "beside_all_people"
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
        if not (share := cells.percent(ON_DAYS, label, f"open_on_day_share/{kind}")).startswith("[")
    ]
    been = cells.percent(ON_DAYS, [*DAYS_AFTER][-1], f"been_by_day_share/{kind}")
    by_then = "" if been.startswith("[") else f" By the last of these days, {been} had been in it."
    if not said:
        return ""
    told = f"Of {noun_of(kind)} observed for 12 months, in structured treatment: {listed(said)}.{by_then}"
    return f"{told} ({TABLES[ON_DAYS].name})"


def _dropout(cells: ShownCells, kind: str) -> str:
    said = []
    for label in HORIZON_ROWS:
        share, lower, upper = (
            cells.percent(DROPOUT, f"{kind}/linked/{label}", measure) for measure in and_limits("dropped")
        )
        if not share.startswith("["):
            limits = "" if lower.startswith("[") or upper.startswith("[") else f" ({lower} to {upper})"
            said.append(f"{share}{limits} {_lower(label)}")
    median = cells.text(DROPOUT, f"{kind}/linked/{BY_THE_END}", "median_to_dropout")
    half = "" if median.startswith("[") else f" Half of those that dropped out did so within {median} days."
    if not said:
        return ""
    told = f"Of linked {noun_of(kind)}, estimated to have dropped out: {listed(said)} ({{level}} limits).{half}"
    return f"{told} ({TABLES[DROPOUT].name})"


def _at_the_end(cells: ShownCells, kind: str) -> str:
    base = cells.text(ENDED, f"{kind}/ended", "ended")
    said = [
        f"{share} {words}"
        for name, words in AT_THE_END.items()
        if not (share := cells.percent(ENDED, f"{kind}/ended", f"at_the_end_share/{name}")).startswith("[")
    ]
    if not said or base.startswith("["):
        return ""
    return f"Of {base} {noun_of(kind)} that had ended, {listed(said)}. ({TABLES[ENDED].name})"


def _beside_all(cells: ShownCells) -> list[str]:
    return [
        f"{figure.label}, {_lower(figure.group)}: {share} of linked {noun_of(ALL)}, "
        f"{cells.text(ALL_PEOPLE, figure.id, 'as_published')}. ({TABLES[ALL_PEOPLE].name})"
        for figure in all_people_in_treatment()
        if figure.id not in OF_A_YEAR
        and not (share := cells.percent(ALL_PEOPLE, figure.id, f"our_share/{ALL}")).startswith("[")
    ]


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]
