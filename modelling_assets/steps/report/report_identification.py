"""Section 2 of the report: identification in any treatment (published report, section 2).

Belongs here: its sentences and where its figures stand. Does not belong here: sentences on contact notes that other
pages share (note_text.py), figures.
"""

from modelling_assets.steps.documents.document import Block, Box, Bullets, Drawing, Heading, Link, Paragraph, Section
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.figures.outcome_tree import TREE_FIGURES
from modelling_assets.steps.report.note_text import identification_text, notes_text, termination_text, uncertainty_text
from modelling_assets.steps.report.report_words import OFF, outcomes_in_words, requirements_in_group, share_of_linked
from modelling_assets.steps.tables.declared_table import KIND_LABELS, TYPES
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_outcomes import (
    LINKED,
    NO_SETTING,
    NO_SETTING_LABELS,
    NOT_LINKED,
    UNLINKED_LABELS,
    WIDE_LABEL,
    outcome_measures,
)

BOTH = KIND_LABELS["All"]
OUTCOMES = "Probabilistic linkage to structured treatment and treatment outcomes"


def identification_section(
    cells: ShownCells, figures: dict[str, Figure], facts: RunFacts, doubts: dict[str, list[str]]
) -> Section:
    """Section 2. `doubts`: how far headlines could be off, by headline."""
    blocks: list[Block] = [
        Paragraph(
            "This section gives the share of ATRs and DRRs identified in any form of treatment, by linking probation "
            "records with treatment records and, where that found nothing, by reading probation contact notes."
        ),
        Heading("any-treatment", "2.1 Estimated percentage of ATRs and DRRs engaging in any treatment"),
        Paragraph(
            "A requirement counts as linked when the person was linked with confidence to a journey of {structured} "
            "that {journey_counts}. For those not linked, the contact notes of a random "
            "sample were labelled automatically. The share with {enough_notes} that {indicate} engagement, in "
            "structured or other treatment, is then applied to all requirements not linked."
        ),
        Drawing(figures["1"]),
        Bullets([*identification_text(cells)]),
        Paragraph("How sure these estimates are:"),
        Bullets([uncertainty_text(cells, noun) for noun in KIND_LABELS.values()]),
        Paragraph(
            (
                "Table 20 has every estimate with its limits; ",
                Link("how contact notes were read", "note_reading.html"),
                " says where the errors of labelling come from. Errors of linkage are in no limits.",
            )
        ),
        *_off(doubts, "identification"),
        Heading("linkage", "2.2 Probabilistic linkage to structured treatment of ATRs and DRRs"),
        *_linkage(cells),
        *_off(doubts, "linked"),
        *(Drawing(figures[number]) for number in ("S1", "S2") if number in figures),
    ]
    for kind, number in zip(TYPES, ("2.3", "2.4"), strict=True):
        blocks += _outcomes(cells, figures, facts, kind, number)
    blocks += [
        Box(
            "Two definitions of dropping out",
            [
                "Here, dropping out is a journey that ended because the person left treatment{or_transferred_dropped} "
                "(narrow definition). Sections 3.6, 3.7 and 4.5 also count journeys that ended in prison or in death "
                "(wide definition), as the published study does there."
            ],
        ),
        Heading("contact-notes", "2.5 Probation contact note analysis"),
        Drawing(figures["4"]),
        Paragraph(notes_text(cells)),
        Heading("before-termination", "2.6 Probation contact note engagement analysis"),
        Drawing(figures["5"]),
        Paragraph(termination_text(cells)),
        Paragraph(
            "Little recorded engagement need not mean that someone chose not to engage: referrals, waiting times and "
            "how practitioners write notes also differ."
        ),
    ]
    return Section("identification", "2. Main findings: Identification in any treatment", blocks)


def _linkage(cells: ShownCells) -> list[Block]:
    linked, unlinked = (requirements_in_group(cells, group, BOTH) for group in (LINKED, NOT_LINKED))
    total = requirements_in_group(cells, "All", BOTH)
    by_type = [
        f"{KIND_LABELS[kind]}: {cells.percent(2, 'All linked to structured treatment', share)} of {requirements} were "
        f"linked to structured treatment, {cells.percent(2, UNLINKED_LABELS['CJIT'], share)} were in contact with a "
        f"CJIT but not linked to structured treatment, and {cells.percent(2, NO_SETTING, share)} "
        f"({cells.text(2, NO_SETTING, count)}) were linked to neither. "
        f"{share_of_linked(cells, 'Completed', kind)} of those linked completed treatment."
        for kind in KIND_LABELS
        for count, share, _ in [outcome_measures(kind)]
        for requirements in [cells.text(2, "All requirements", count)]
    ]
    return [
        Paragraph(
            f"Of {total} requirements, {linked} were linked to structured treatment and {unlinked} were not. Some of "
            "those not linked were in treatment but could not be linked; others were not in treatment. (Table 2)"
        ),
        Bullets([*by_type]),
        Paragraph(
            (
                "How good the links are, and for whom, is in the ",
                Link("linkage quality report", "linkage_quality.html"),
                ".",
            )
        ),
    ]


def _outcomes(cells: ShownCells, figures: dict[str, Figure], facts: RunFacts, kind: str, number: str) -> list[Block]:
    count, share, within = outcome_measures(kind)
    linked, unlinked = ("All linked to structured treatment", "All not linked to structured treatment")
    return [
        Heading(f"outcomes-{kind.lower()}", f"{number} {OUTCOMES} for {kind}s"),
        Drawing(figures[TREE_FIGURES[kind]]),
        Paragraph(
            f"{cells.percent(2, linked, share)} ({cells.text(2, linked, count)}) of {kind}s were linked to structured "
            f"treatment at any time between sentence and {words(facts.observation_end)}. Of these journeys:"
        ),
        Bullets([*outcomes_in_words(cells, kind, linked=True)]),
        Paragraph(
            f"In the wide definition, which counts prison and death as dropping out, "
            f"{cells.text(2, WIDE_LABEL, count)} ({cells.percent(2, WIDE_LABEL, within)} of those linked) dropped out. "
            f"{cells.percent(2, unlinked, share)} ({cells.text(2, unlinked, count)}) of {kind}s were not linked. Of "
            "these:"
        ),
        Bullets([*outcomes_in_words(cells, kind, linked=False)]),
        Paragraph(_in_no_setting(cells, kind)),
    ]


def _in_no_setting(cells: ShownCells, kind: str) -> str:
    count, share, within = outcome_measures(kind)
    known, not_known = (cells.text(2, label, count) for label in NO_SETTING_LABELS.values())
    return (
        f"For {cells.percent(2, NO_SETTING, share)} of all {kind}s ({cells.text(2, NO_SETTING, count)}, "
        f"{cells.percent(2, NO_SETTING, within)} of those not linked) no NDTMS treatment setting was identified, in "
        f"prison or not. Either linkage missed the person or there was no treatment. {known} of them are of people "
        f"whom linkage did find in NDTMS, at another time or in another kind of setting; {not_known} are of people "
        "linked to no NDTMS record, of whom linkage may have missed some. (Table 2)"
    )


def _off(doubts: dict[str, list[str]], headline: str) -> list[Block]:
    return [Box(OFF, [*doubts[headline]])] if doubts.get(headline) else []
