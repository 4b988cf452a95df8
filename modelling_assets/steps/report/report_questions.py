"""What readers of the 2023 round asked, with answers and where the figures are (section 10 of the report).

Belongs here: questions and short answers. Does not belong here: the figures' own sections. A withheld figure appears as
its shorthand.
"""

from collections.abc import Callable

from modelling_assets.steps.documents.document import Block, Heading, Paragraph, Terms
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.figures_linkage import reached_share_of_all
from modelling_assets.steps.report.note_text import ANY_TREATMENT, LINKED_SHARE
from modelling_assets.steps.tables.declared_table import ALL, KIND_LABELS, TYPES
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_in_treatment import open_share_of_observed

WITHIN_3_WEEKS, AFTER_3_WEEKS = "Within 3 weeks or already in treatment", "3 weeks after sentence"


def reader_questions(cells: ShownCells, facts: RunFacts) -> list[Block]:
    """Questions as terms, answers beside them."""
    linked, treated = (cells.percent(1, KIND_LABELS[ALL], measure) for measure in (LINKED_SHARE, ANY_TREATMENT))
    by_then = _of_types(cells, 34, WITHIN_3_WEEKS, reached_share_of_all)
    on_the_day = _of_types(cells, 35, AFTER_3_WEEKS, open_share_of_observed)
    return [
        Heading("reader-questions", "Questions readers asked"),
        Paragraph("Readers of the 2023 round asked these questions of its figures."),
        Terms([
            ("Do these figures cover everybody with an ATR or DRR?",
             f"Every ATR and DRR that probation in England recorded for sentences from {facts.period}, less those that "
             f"figure M1 counts out: {facts.requirements:,} requirements of {facts.people:,} people. It is no sample. "
             "Only contact notes are read of a sample (table 3)."),
            ("Should not everybody with an ATR or DRR be in treatment?",
             f"{linked} were linked to structured treatment and up to {treated} had some treatment. The rest may be "
             "links that were missed, treatment before or outside the records, prison, or no treatment. Tables 1 to 3 "
             "tell them apart as far as records do, and table 26 says what missed links can hide."),
            ("Does the rate fall 3 weeks after the order, and do people drop out so soon?",
             "The figure at 3 weeks is lower because not all had started by then, not because people had left: "
             f"{by_then} of all requirements had started structured treatment or were already in it, and the shares at "
             f"6 and 12 weeks can only be higher (table 34). On that day {on_the_day} of those observed for 12 months "
             "were in it (table 35). How soon people drop out once treatment has begun is in table 36."),
            ("What is successful completion, and when is it measured? At the end of the order?",
             "Completed means that a clinician agreed that structured treatment was no longer "
             "needed{or_transferred_completed}. It is measured when treatment ends, whether before or after the end of "
             f"the requirement, up to {words(facts.observation_end)} (table 2). How treatment stood on the day the "
             "requirement ended is in table 37."),
            ("Is that good or poor, and how does it compare with all people in treatment?",
             "These statistics set no target. Table 38 puts completion, deaths and substances beside the official "
             "figures of all adults in treatment, where there is one; nothing is adjusted for who is on probation."),
            ("Who can answer questions?", "The contact below."),
        ]),
    ]  # fmt: skip


def _of_types(cells: ShownCells, table: int, label: str, measure: Callable[[str], str]) -> str:
    return " and ".join(f"{cells.percent(table, label, measure(kind))} ({kind}s)" for kind in TYPES)
