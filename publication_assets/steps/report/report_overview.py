"""Values that several sections of the report name: what was counted, the sample, the tables, answers to readers.

Belongs here: looking up shown figures under the names of the templates. Does not belong here: sentences that depend on
figures (report_*.py), prose (templates/report).
"""

from collections.abc import Callable, Mapping

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from publication_assets.steps.documents.document import Terms
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.of_report.figures_linkage import reached_share_of_all
from publication_assets.steps.report.note_text import ANY_TREATMENT, LINKED_SHARE
from publication_assets.steps.report.report_words import requirements_in_group
from publication_assets.steps.tables.contents.tables_identification import EVIDENCE, NO_KEYWORD_NOTES
from publication_assets.steps.tables.contents.tables_in_treatment import open_share_of_observed
from publication_assets.steps.tables.contents.tables_outcomes import LINKED, NOT_LINKED
from publication_assets.steps.tables.contents.tables_reconviction import FOLLOWED_SHORT, RECONVICTION_LABELS
from publication_assets.steps.tables.shown_cells import ShownCells

BOTH = KIND_LABELS[ALL]
WITHIN_3_WEEKS, AFTER_3_WEEKS = "Within 3 weeks or already in treatment", "3 weeks after sentence"


def overview_values(
    cells: ShownCells, titles: list[str], shorthand: Mapping[str, str], facts: RunFacts
) -> Mapping[str, Value]:
    """titles: of the tables, in order. shorthand: the marks in them and what they mean."""
    count = f"{BOTH} (count)"
    return {
        "requirements_counted": cells.text(1, BOTH, "Requirements (count)"),
        "linked": cells.percent(1, BOTH, LINKED_SHARE),
        "any_treatment": cells.percent(1, BOTH, ANY_TREATMENT),
        "all_counted": requirements_in_group(cells, "All", BOTH),
        "linked_counted": requirements_in_group(cells, LINKED, BOTH),
        "not_linked_counted": requirements_in_group(cells, NOT_LINKED, BOTH),
        "sampled_with_a_result": cells.text(3, "All sampled requirements with a result", count),
        "sampled_without_keyword": cells.text(3, EVIDENCE[NO_KEYWORD_NOTES], count),
        "followed_short": cells.text(12, RECONVICTION_LABELS[FOLLOWED_SHORT], count, "All"),
        "started_within_3_weeks": _of_types(cells, 34, WITHIN_3_WEEKS, reached_share_of_all),
        "in_treatment_after_3_weeks": _of_types(cells, 35, AFTER_3_WEEKS, open_share_of_observed),
        "imputations": facts.imputations,
        "titles_of_tables": titles,
        "shorthand": Terms([*shorthand.items()]),
    }


def _of_types(cells: ShownCells, table: int, label: str, measure: Callable[[str], str]) -> str:
    return " and ".join(f"{cells.percent(table, label, measure(kind))} ({kind}s)" for kind in TYPES)
