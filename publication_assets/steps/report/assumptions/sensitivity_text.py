"""Sentences on how far the headline results depend on what was assumed.

Belongs here: sentences with figures of tables 25-27. Does not belong here: the figures themselves, fixed text, charts.
"""

from collections import Counter

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.comparisons import capital, counted, listed
from publication_assets.steps.tables.estimates.tables_missed_links import (
    BY_SIMULATED_REVIEW,
    ESTIMATED_KEY,
    UNEVEN,
)
from publication_assets.steps.tables.estimates.tables_sensitivity_models import (
    GAINED,
    LOST,
    MAIN_MODEL,
    TURNED,
    alternatives_by_change,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.disclosure.disclosure_control import CONFIDENTIAL
from publishing.tables.declared import as_key, noun_of

THRESHOLDS, ERRORS = "linked_by_threshold", "corrected_for_wrong_links"
ALTERNATIVES = "alternative_odds_ratios"
TOPICS = ("identification", "linkage", "reconvictions", "models")


def sensitivity_sentences(cells: ShownCells) -> dict[str, list[str]]:
    """Sentences by headline: "identification", "linkage", "reconvictions", "models"; none where a table is missing."""
    if not {THRESHOLDS, ERRORS, ALTERNATIVES} <= cells.tables:
        return {topic: [] for topic in TOPICS}
    return {
        "identification": [_missed(cells, ALL), _not_added()],
        "linkage": [_by_threshold(cells), *(_missed(cells, kind) for kind in TYPES)],
        "reconvictions": [_reconvicted_by_threshold(cells), _reconvicted_if_missed(cells)],
        "models": _models(cells),
    }


def alike_rows(cells: ShownCells) -> list[str]:
    """Rows with errors alike for all and the fewest wrong links: from most to fewest missed links."""
    rows = cells.rows(ERRORS, within="alike")
    fewest = rows[-1].split("/")[-1]
    return [row for row in rows if row.split("/")[-1] == fewest]


def middle_row(rows: list[str]) -> str:
    """The row that is told in words where only one is."""
    return rows[len(rows) // 2]


def told_rows(cells: ShownCells) -> tuple[str, str]:
    """The rows that are told in words: missed links as the model expects and as review of pairs found, where they were
    estimated; else the middle and the first of those assumed."""
    rows = cells.rows(ERRORS, within=ESTIMATED_KEY)
    return (rows[0], rows[-1]) if len(rows) > 1 else (middle_row(alike_rows(cells)), alike_rows(cells)[0])


def _shares(row: str) -> list[str]:
    """The numbers in the key of a row of assumed errors, in percent."""
    return [f"{100 * float(part):g}%" for part in row.split("/") if part.replace(".", "", 1).isdigit()]


def _in_words(row: str) -> str:
    sensitivity, specificity = _shares(row)
    others = "links nobody else" if specificity == "100%" else f"correctly leaves {specificity} of the others unlinked"
    expected = ", as its model expects," if row.startswith(ESTIMATED_KEY) else ""
    return f"If linkage finds {sensitivity} of those in structured treatment{expected} and {others}"


def _missed(cells: ShownCells, kind: str) -> str:
    measure, (row, most) = f"in_treatment_if/{kind}", told_rows(cells)
    by_review = f", as {_review(most)} found among the pairs compared," if most.startswith(ESTIMATED_KEY) else ","
    return (
        f"{_in_words(row)}, {cells.percent(ERRORS, row, measure)} of {noun_of(kind)} are in it, compared with "
        f"{cells.percent(ERRORS, 'as_linked', measure)} linked. If it finds {_shares(most)[0]}{by_review} the "
        f"share is {cells.percent(ERRORS, most, measure)}. ({TABLES[ERRORS].name})"
    )


def _review(row: str) -> str:
    """Who reviewed pairs, by the key of a row of missed links as review found them."""
    simulated = f"/{as_key(BY_SIMULATED_REVIEW)}/" in row
    return "a simulated review (no person looked at a pair)" if simulated else "clerical review"


def _not_added() -> str:
    return (
        "Some people whose links were missed engage according to contact notes. The estimate includes them already, so "
        "this does not add to the share in any treatment."
    )


def _by_threshold(cells: ShownCells) -> str:
    spans = {kind: _span(cells, f"linked_at_threshold_share/{kind}") for kind in (ALL, *TYPES)}
    said = [f"from {span} for {noun_of(kind)}" for kind, span in spans.items() if "[" not in span]
    return _changes(cells, "linked to structured treatment", said)


def _changes(cells: ShownCells, share: str, said: list[str]) -> str:
    """By how much a share changes between the link thresholds; `said` has a part for each that is shown."""
    table = TABLES[THRESHOLDS].name
    if not said:
        return f"By how much the share {share} changes between link thresholds is withheld. ({table})"
    return f"{_between(cells)} the share {share} changes {listed(said)}. ({table})"


def _between(cells: ShownCells) -> str:
    lowest, *_, highest = cells.rows(THRESHOLDS)
    return f"Between link thresholds {lowest} and {highest}"


def _span(cells: ShownCells, measure: str) -> str:
    lowest, *_, highest = cells.rows(THRESHOLDS)
    return " to ".join(cells.percent(THRESHOLDS, row, measure) for row in (lowest, highest))


def _reconvicted_by_threshold(cells: ShownCells) -> str:
    who = {"linked": f"linked {noun_of(ALL)}", "others": "those not linked"}
    spans = {side: _span(cells, f"reconvicted_of_{side}/{ALL}") for side in who}
    said = [f"from {span} for {who[side]}" for side, span in spans.items() if "[" not in span]
    return _changes(cells, "reconvicted", said)


def _reconvicted_if_missed(cells: ShownCells) -> str:
    row, _ = told_rows(cells)

    def pair(row: str) -> str:
        first, second = (
            cells.percent(ERRORS, row, f"{measure}/{ALL}")
            for measure in ("reconvicted_in_treatment_if", "reconvicted_not_in_treatment_if")
        )
        return f"{first} of those in treatment and {second} of the others"

    def uneven(key: str, who: str) -> str:
        lower = middle_row(cells.rows(ERRORS, within=f"lower_for/{key}"))
        return f"if it finds only {_shares(lower)[1]} of {who}, {pair(lower)}"

    said = "; ".join(uneven(key, who) for key, who in UNEVEN.items())
    return f"{_in_words(row)}, {pair(row)} are reconvicted; {said}. ({TABLES[ERRORS].name})"


def _models(cells: ShownCells) -> list[str]:
    # Where what changes is withheld, nothing is known to count.
    said = {row: cells.text(ALTERNATIVES, row, "changes") for row in cells.rows(ALTERNATIVES)}
    changed = {row: alternatives_by_change(text) for row, text in said.items() if text != CONFIDENTIAL}
    lost = Counter(words for each in changed.values() for words in each.get(LOST, []))
    turned: dict[str, list[str]] = {}
    for row, each in changed.items():
        level, model = cells.label(ALTERNATIVES, row).split(": ", 1)[1], cells.group(ALTERNATIVES, row).split(", ")[-1]
        for words in each.get(TURNED, []):
            turned.setdefault(words, []).append(f"{level} ({model})")
    # What a model is of stands before its requirements.
    estimated = Counter(
        cells.group(ALTERNATIVES, row).split(", ")[0]
        for row in changed
        if cells.value(ALTERNATIVES, row, f"alternative/{MAIN_MODEL}") is not None
    )
    of_what = listed([f"{counted(number)} of {what[0].lower()}{what[1:]}" for what, number in estimated.items()])
    in_order = sorted(lost.items(), key=lambda each: (-each[1], each[0]))
    when = "; ".join(f"{counted(number)} with {words}" for words, number in in_order)
    gained, losing = (sum(change in each for each in changed.values()) for change in (GAINED, LOST))
    lose = "loses its" if losing < 2 else "lose their"
    return [
        f"Of {estimated.total():,} odds ratios ({of_what}), {counted(losing, 'none')} {lose} "
        "significance under at least one other assumption that was tried"
        + (f": {when}. Some do under several." if when else "."),
        (
            "These associations change direction "
            + "; ".join(f"with {words}: {', '.join(levels)}" for words, levels in turned.items())
            + f". ({TABLES[ALTERNATIVES].name})"
            if turned
            else f"No significant association changes direction under any of them. ({TABLES[ALTERNATIVES].name})"
        ),
        _gained(gained),
    ]


def _gained(number: int) -> str:
    """How many odds ratios become significant under another assumption."""
    if not number:
        return "No other becomes significant under any of them."
    become = "other becomes" if number == 1 else "others become"
    return f"{capital(counted(number))} {become} significant under at least one of them."
