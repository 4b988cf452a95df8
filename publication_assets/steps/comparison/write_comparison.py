"""Writes the page that sets the published study beside this run, as one self-contained web page.

Belongs here: sentences with figures, and how a figure is written. Does not belong here: prose
(templates/against_published), the comparison itself (compare_with_published.py).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from publication_assets.steps.comparison.against_2023 import turned_round
from publication_assets.steps.comparison.compare_with_published import (
    AGREEMENTS,
    INCONSISTENT,
    METHODOLOGY,
    NOT_COMPARED,
    OTHER,
    OTHER_STUDY,
    OUTSIDE,
    REPORT,
    WITHIN,
    agreement_of,
)
from publication_assets.steps.comparison.other_settings import in_words, other_definitions
from publication_assets.steps.comparison.our_figures import WITHHELD
from publication_assets.steps.comparison.rules_in_words import of_the_study, rules
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.write_document import write_document
from publishing.documents.compared_table import Compared, ComparedRow, RowFilter
from publishing.documents.document import Grid, Heading, Terms
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html
from resources.settings.study_settings import StudySettings

MINUS = "\N{MINUS SIGN}"
SHORT = 90  # explanations up to this many characters stand in the row, unless several rows share them
# First and last day of sentence, last day observed.
PUBLISHED_PERIOD = (date(2018, 8, 1), date(2023, 3, 31), date(2023, 3, 31))
MEANINGS = {
    WITHIN: "the difference is at most the tolerance",
    OUTSIDE: "the difference is larger",
    INCONSISTENT: "the published study contradicts itself, so there is no one figure to compare with",
    WITHHELD: "disclosure control withholds the figure of this run",
    NOT_COMPARED: "this run has no such figure, or it depends on the size of the run or on a setting that differs",
    OTHER_STUDY: "the figure is of another study or period",
}
PARTS = {
    "executive": ("Executive summary", "Executive Summary"),
    "introduction": ("1. Introduction", "1"),
    "identification": ("2. Identification in any treatment", "2"),
    "linked": ("3. Requirements linked to structured treatment", "3"),
    "reconvictions": ("4. Reconvictions", "4"),
    "conclusion": ("5. Conclusion", "5"),
    "other-publications": ("7. Linked publications", "7"),
}


def comparison_html(comparison: pl.DataFrame, facts: RunFacts, settings: StudySettings) -> str:
    """The page against_published.html. `comparison` is published_comparison, `settings` those of the run; nothing
    outside the page is loaded."""
    values = comparison_values(comparison, facts, settings)
    return document_html(write_document("against_published", values, facts), facts)


def comparison_values(comparison: pl.DataFrame, facts: RunFacts, settings: StudySettings) -> Mapping[str, Value]:
    """What the templates of the page name."""
    outside = comparison.filter(pl.col("agreement") == OUTSIDE)
    turned, same = turned_round(comparison)
    return {
        "summary": _summary(comparison),
        **rules(),
        **of_the_study(),
        "another_period": (facts.cohort_start, facts.cohort_end, facts.observation_end) != PUBLISHED_PERIOD,
        "other_settings": [in_words(each, settings) for each in other_definitions(settings)],
        "table_results": replace(_results(comparison), caption=facts.marked(_results(comparison).caption)),
        "meanings": Terms([(result.capitalize(), meaning) for result, meaning in MEANINGS.items()]),
        "figures_outside": [_compared("outside", facts.marked("Figures outside tolerance"), outside)]
        if outside.height
        else [],
        "turned": turned,
        "same": same,
        "filter": RowFilter([*MEANINGS]),
        "every_figure": [
            block
            for name, title, rows in _parts(comparison)
            if rows.height
            for block in (Heading(f"part-{name}", title), _compared(name, facts.marked(title), rows))
        ],
    }


def _parts(comparison: pl.DataFrame) -> list[tuple[str, str, pl.DataFrame]]:
    report = comparison.filter(pl.col("document") == REPORT)
    found = [
        (name, title, report.filter(pl.col("section").str.contains(rf"^{start}(\D|$)")))
        for name, (title, start) in PARTS.items()
    ]
    rest = [("methodology", "Methodology", METHODOLOGY), ("others", "Report of 2023 and other sources", OTHER)]
    return found + [(name, title, comparison.filter(pl.col("document") == document)) for name, title, document in rest]


def _compared(name: str, caption: str, rows: pl.DataFrame) -> Compared:
    found = rows.to_dicts()
    uses = Counter(row["explanation"] for row in found)
    notes = [text for text, number in uses.items() if text and (number > 1 or len(text) > SHORT)]
    number = {text: position for position, text in enumerate(notes, 1)}
    return Compared(name, caption, [_row(row, number.get(row["explanation"])) for row in found], notes)


def _row(row: dict, note: int | None) -> ComparedRow:
    return ComparedRow(
        id=row["id"],
        where=row["section"] if not row["place"] else f"{row['section']}, {row['place']}",
        what=f"{row['population']}: {row['measure']}",
        published=_with_unit(row["published"], row["unit"]),
        ours=_with_unit(row["ours"].replace(",", ""), row["unit"]) if row["ours"] else "none",
        ours_from=row["ours_from"],
        difference=_difference(row["difference"], row["published"], row["unit"]),
        tolerance=row["tolerance"],
        agreement=row["agreement"],
        explanation=row["explanation"],
        note=note,
    )


def _with_unit(value: str, unit: str) -> str:
    if not value.replace(".", "", 1).removeprefix("-").isdigit():
        return value
    number = f"{float(value):,.10g}" if len(value) > 3 else value
    match unit:
        case "percent":
            return f"{number}%"
        case "percentage points" | "n/a":
            return f"{number} points"
        case "count" | "probability":
            return number
        case _:
            return f"{number} {unit}"


def _difference(difference: float | None, published: str, unit: str) -> str:
    if difference is None:
        return ""
    sign = "" if difference == 0 else "+" if difference > 0 else MINUS
    size = f"{sign}{abs(difference):,.10g}"
    if unit in ("percent", "percentage points", "n/a"):
        return f"{size} points"
    if unit not in ("count", "days") or not difference:
        return size
    return f"{size} ({sign}{abs(difference) / float(published):.1%})"


def _results(comparison: pl.DataFrame) -> Grid:
    rows = []
    for document in (REPORT, METHODOLOGY, OTHER):
        of = comparison.filter(pl.col("document") == document)["agreement"]
        counts = [f"{(of == agreement).sum():,}" for agreement in AGREEMENTS]
        rows.append([document[0].upper() + document[1:], f"{of.len():,}", *counts])
    headers = ["Source", "Figures", *(name[0].upper() + name[1:] for name in AGREEMENTS)]
    return Grid("Published figures by source and result", headers, rows)


def _summary(comparison: pl.DataFrame) -> list[str]:
    found = agreement_of(comparison)
    if not found.compared:
        return [f"None of the {found.rows} figures of the published report can be compared with this run."]
    results = "none" if found.results_share is None else f"{found.results_share:.0f}% of {found.results_compared}"
    return [
        f"{found.within} of {found.compared} compared figures of the published report agree within tolerance "
        f"({found.share:.0f}%).",
        f"Excluding numbers that are settings of the study, which agree by design: {results}.",
        f"The report has {found.rows} figures; in {found.rows - found.consistent} of them the source contradicts "
        f"itself or quotes another study. Of the {found.consistent} others, compared or not, "
        f"{found.share_of_consistent:.0f}% agree.",
    ]
