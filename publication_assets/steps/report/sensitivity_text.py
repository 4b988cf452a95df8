"""Sentences on how far the headline results depend on what was assumed.

Belongs here: sentences with figures of tables 25-27. Does not belong here: the figures themselves, fixed text, charts.
"""

from collections import Counter

from contracts.vocabulary import KIND_LABELS
from publication_assets.steps.disclosure.disclosure_control import CONFIDENTIAL
from publication_assets.steps.tables.estimates.tables_missed_links import (
    ALIKE,
    AS_LINKED,
    OF_OTHERS,
    OF_RECONVICTED,
    correction_measures,
    lower_for,
)
from publication_assets.steps.tables.estimates.tables_sensitivity import threshold_measures
from publication_assets.steps.tables.estimates.tables_sensitivity_models import (
    CHANGES,
    LOST,
    PUBLISHED,
    TURNED,
    alternatives_by_change,
    odds_ratio_measures,
)
from publication_assets.steps.tables.shown_cells import ShownCells, joined

BOTH, *KINDS = KIND_LABELS.values()
TOPICS = ("identification", "linkage", "reconvictions", "models")


def sensitivity_sentences(cells: ShownCells) -> dict[str, list[str]]:
    """Sentences by headline: "identification", "linkage", "reconvictions", "models"; none where a table is missing."""
    if not {25, 26, 27} <= cells.tables:
        return {topic: [] for topic in TOPICS}
    return {
        "identification": [_missed(cells, BOTH), _not_added()],
        "linkage": [_by_threshold(cells), *(_missed(cells, noun) for noun in KINDS)],
        "reconvictions": [_reconvicted_by_threshold(cells), _reconvicted_if_missed(cells)],
        "models": _models(cells),
    }


def alike_rows(cells: ShownCells) -> list[str]:
    """Rows of table 26 with errors alike for all and the fewest wrong links: from most to fewest missed links."""
    labels = [label for group, label in cells.rows(26) if group == ALIKE]
    fewest = labels[-1].split(", ")[-1]
    return [label for label in labels if label.endswith(fewest)]


def middle_row(rows: list[str]) -> str:
    """The row that is told in words where only one is."""
    return rows[len(rows) // 2]


def _in_words(row: str) -> str:
    sensitivity, specificity = (part.split(" ")[-1] for part in row.split(", "))
    others = "links nobody else" if specificity == "100%" else f"correctly leaves {specificity} of the others unlinked"
    return f"If linkage finds {sensitivity} of those in structured treatment and {others}"


def _missed(cells: ShownCells, noun: str) -> str:
    measure, rows = correction_measures(noun)[0], alike_rows(cells)
    row, most = middle_row(rows), rows[0]
    return (
        f"{_in_words(row)}, {cells.percent(26, row, measure, ALIKE)} of {noun} are in it, compared with "
        f"{cells.percent(26, cells.rows(26)[0][1], measure, AS_LINKED)} linked. If it finds "
        f"{most.split(', ')[0].split(' ')[-1]}, the share is {cells.percent(26, most, measure, ALIKE)}. (Table 26)"
    )


def _not_added() -> str:
    return (
        "Some people whose links were missed engage according to contact notes. The estimate includes them already, so "
        "this does not add to the share in any treatment."
    )


def _by_threshold(cells: ShownCells) -> str:
    labels = [label for _, label in cells.rows(25)]
    ends, measures = (labels[0], labels[-1]), {noun: threshold_measures(noun)[1] for noun in KIND_LABELS.values()}
    said = [f"from {_span(cells, measure, ends)} for {noun}" for noun, measure in measures.items()]
    return (
        f"Between link thresholds {_number(labels[0])} and {_number(labels[-1])} the share linked to structured "
        f"treatment changes {joined(said)}. (Table 25)"
    )


def _span(cells: ShownCells, measure: str, ends: tuple[str, str]) -> str:
    return " to ".join(cells.percent(25, label, measure) for label in ends)


def _number(label: str) -> str:
    return label.split(" ", maxsplit=1)[0]


def _reconvicted_by_threshold(cells: ShownCells) -> str:
    labels = [label for _, label in cells.rows(25)]
    _, _, linked, others = threshold_measures(BOTH)
    ends = (labels[0], labels[-1])
    return (
        f"Between link thresholds {_number(labels[0])} and {_number(labels[-1])} the share reconvicted changes from "
        f"{_span(cells, linked, ends)} for linked {BOTH} and from {_span(cells, others, ends)} for those not linked. "
        "(Table 25)"
    )


def _reconvicted_if_missed(cells: ShownCells) -> str:
    _, treated, others = correction_measures(BOTH)
    row = middle_row(alike_rows(cells))

    def pair(label: str, group: str) -> str:
        first, second = (cells.percent(26, label, measure, group) for measure in (treated, others))
        return f"{first} of those in treatment and {second} of the others"

    def uneven(who: str) -> str:
        rows = [label for group, label in cells.rows(26) if group == lower_for(who)]
        lower = middle_row(rows).split("where lower ")[1].split(",")[0]
        return f"if it finds only {lower} of {who}, {pair(middle_row(rows), lower_for(who))}"

    alike = f"{_in_words(row)}, {pair(row, ALIKE)} are reconvicted"
    return f"{alike}; {uneven(OF_RECONVICTED)}; {uneven(OF_OTHERS)}. (Table 26)"


def _models(cells: ShownCells) -> list[str]:
    # Where what changes is withheld, nothing is known to count.
    rows = [(group, label) for group, label in cells.rows(27) if cells.text(27, label, CHANGES, group) != CONFIDENTIAL]
    changed = {row: alternatives_by_change(cells.text(27, row[1], CHANGES, row[0])) for row in rows}
    lost = Counter(words for each in changed.values() for words in each.get(LOST, []))
    turned: dict[str, list[str]] = {}
    for (model, level), each in changed.items():
        for words in each.get(TURNED, []):
            turned.setdefault(words, []).append(f"{level.split(': ', 1)[1]} ({model.split(', ')[-1]})")
    measure = odds_ratio_measures(PUBLISHED)[0]
    estimated = sum(cells.value(27, label, measure, group) is not None for group, label in rows)
    in_order = sorted(lost.items(), key=lambda each: (-each[1], each[0]))
    listed = "; ".join(f"{number} with {words}" for words, number in in_order)
    return [
        f"Of {estimated} odds ratios, {sum(LOST in each for each in changed.values())} lose their significance under "
        "at least one other assumption that was tried" + (f": {listed}." if listed else "."),
        (
            "These associations change direction "
            + "; ".join(f"with {words}: {', '.join(levels)}" for words, levels in turned.items())
            + ". (Table 27)"
            if turned
            else "No significant association changes direction under any of them. (Table 27)"
        ),
    ]
