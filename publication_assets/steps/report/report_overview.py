"""Values that several sections of the report name: what was counted, the sample, the tables, answers to readers.

Belongs here: looking up shown figures under the names of the templates. Does not belong here: sentences that depend on
figures (report_*.py), prose (templates/report).
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.rows import NO_KEYWORD_NOTES, WITH_A_RESULT
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_quality.note_figures import led_share
from publication_assets.steps.report.note_text import EVIDENCE, IDENTIFIED
from publication_assets.steps.report.report_words import BY_LINKAGE, requirements_in_group
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.document import Terms
from publishing.documents.fill_template import Value
from publishing.tables.declared import noun_of


def overview_values(
    cells: ShownCells, titles: list[str], shorthand: Mapping[str, str], facts: RunFacts
) -> Mapping[str, Value]:
    """titles: of the tables, in order. shorthand: the marks in them and what they mean."""
    count = f"requirements/{ALL}"
    return {
        "requirements_counted": cells.text(IDENTIFIED, ALL, "all_requirements"),
        "linked": cells.percent(IDENTIFIED, ALL, "linked_of_requirements"),
        "any_treatment": led_share(cells),
        "all_counted": requirements_in_group(cells, "all", ALL),
        "linked_counted": requirements_in_group(cells, "linked", ALL),
        "not_linked_counted": requirements_in_group(cells, "not linked", ALL),
        "sampled_with_a_result": cells.text(EVIDENCE, WITH_A_RESULT, count),
        "without_keyword": _without_keyword(cells.text(EVIDENCE, NO_KEYWORD_NOTES, count)),
        "followed_short": cells.text(BY_LINKAGE, "all/followed short", count),
        "started_within_3_weeks": _of_types(
            cells, "time_to_treatment_of_all", "Within 3 weeks", "reached_share_of_all"
        ),
        "in_treatment_after_3_weeks": _of_types(
            cells, "still_in_treatment", "3 weeks after sentence", "open_on_day_share"
        ),
        "imputations": facts.imputations,
        "titles_of_tables": titles,
        "shorthand": Terms([*shorthand.items()]),
    }


def _without_keyword(number: str) -> str:
    if number.startswith("["):
        return "Those without a note with a keyword are assumed not to have engaged. Their number is withheld."
    return f"Of these, {number} had no note with a keyword and are assumed not to have engaged."


def _of_types(cells: ShownCells, table: str, row: str, measure: str) -> str:
    return " and ".join(f"{cells.percent(table, row, f'{measure}/{kind}')} ({noun_of(kind)})" for kind in TYPES)
