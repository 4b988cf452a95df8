"""The key findings of the report, written from what the tables show.

Belongs here: the findings, each with its definition, base and caveat. Does not belong here: the sections that carry
them (report_*.py). A withheld figure appears as its shorthand.
"""

from modelling_assets.steps.documents.document import Finding
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.figures_models import MODEL_TITLES, regions_in_words, strongest_in_words
from modelling_assets.steps.report.note_text import ANY_TREATMENT, ESTIMATED_SHARE, LINKED_SHARE, uncertainty_text
from modelling_assets.steps.report.report_substance_use import substance_use_finding
from modelling_assets.steps.report.report_words import (
    by_linkage,
    by_status_in_words,
    requirements_in_group,
    share_of_linked,
    span_by_status,
)  # fmt: skip
from modelling_assets.steps.tables.declared_table import KIND_LABELS, TYPES
from modelling_assets.steps.tables.shown_cells import ShownCells, joined
from modelling_assets.steps.tables.tables_outcomes import LINKED, NOT_LINKED

BOTH, ATR, DRR = KIND_LABELS.values()
NOT_A_CAUSE = "The differences are associations; they do not show that treatment, or its lack, is the cause."
MODEL_DEFINITIONS = {
    "linkage to structured treatment": "An odds ratio compares a level with the reference level of its factor, the "
    "other factors of the model being equal; above 1, linkage is more common",
    "reconviction {within_period}": "An odds ratio compares a level with the reference level of its factor, the "
    "other factors of the model being equal; above 1, reconviction is more common",
}


def key_findings(cells: ShownCells, facts: RunFacts) -> list[Finding]:
    """Key findings in the order of the published report."""
    return [
        _identification(cells),
        _reconviction(cells, facts),
        *_models(cells, "linkage to structured treatment", (16, 17, 30)),
        _by_outcome(cells, facts),
        _outcomes(cells, facts),
        *substance_use_finding(cells),
        *_models(cells, "reconviction {within_period}", (18, 19, 31)),
    ]


def _identification(cells: ShownCells) -> Finding:
    any_treatment = {noun: cells.percent(1, noun, ANY_TREATMENT) for noun in KIND_LABELS.values()}
    higher = (cells.value(1, ATR, ANY_TREATMENT) or 0) > (cells.value(1, DRR, ANY_TREATMENT) or 0)
    return Finding(
        f"Up to {any_treatment[BOTH]} of ATRs and DRRs were estimated to involve some form of treatment",
        [
            f"Of {cells.text(1, BOTH, 'Requirements (count)')} requirements, {cells.percent(1, BOTH, LINKED_SHARE)} "
            f"were linked to structured treatment and a further {cells.percent(1, BOTH, ESTIMATED_SHARE)} were not "
            "linked but were estimated to have engaged, according to probation contact notes.",
            f"The estimate was higher for ATRs ({any_treatment[ATR]}) than for DRRs ({any_treatment[DRR]})."
            if higher
            else f"The estimate was {any_treatment[ATR]} for ATRs and {any_treatment[DRR]} for DRRs.",
            uncertainty_text(cells, BOTH),
        ],
        "Linked to a structured treatment journey, or, of those not linked, {enough_notes} that {indicate} engagement "
        "in any treatment",
        "All analysed requirements; the share engaged is that of a random sample of those not linked",
        "How much treatment took place, and for how long, is not known from contact notes",
        "Tables 1 and 20",
    )


def _reconviction(cells: ShownCells, facts: RunFacts) -> Finding:
    def of_type(noun: str) -> str:
        return (
            f"{by_linkage(cells, LINKED, noun)} of {requirements_in_group(cells, LINKED, noun)} linked and "
            f"{by_linkage(cells, NOT_LINKED, noun)} of {requirements_in_group(cells, NOT_LINKED, noun)} not linked"
        )

    return Finding(
        f"{by_linkage(cells, LINKED, BOTH)} of requirements linked to structured treatment were followed by a "
        f"reconviction {{within_period}}, compared with {by_linkage(cells, NOT_LINKED, BOTH)} of those not linked",
        [f"For ATRs it was {of_type(ATR)}; for DRRs {of_type(DRR)}."],
        "Reconviction: {reconviction}",
        "All analysed requirements, by whether they were linked; those followed for less time count as not reconvicted",
        f"Percentages are minimum estimates, as courts take time. {NOT_A_CAUSE}",
        "Table 12",
    )


def _by_outcome(cells: ShownCells, facts: RunFacts) -> Finding:
    return Finding(
        f"By treatment outcome, {span_by_status(cells, 'ATR')} of ATRs and {span_by_status(cells, 'DRR')} of DRRs were "
        "followed by a reconviction",
        [by_status_in_words(cells, kind) for kind in TYPES],
        "Dropped out is the wide definition here: the journey ended in dropout, on entering prison or in death",
        f"Analysed requirements by the status of the linked journey on {words(facts.observation_end)}",
        f"Someone in prison or dead has less chance to be reconvicted. {NOT_A_CAUSE}",
        "Table 15",
    )


def _outcomes(cells: ShownCells, facts: RunFacts) -> Finding:
    return Finding(
        f"{share_of_linked(cells, 'Completed', 'ATR')} of ATRs linked to structured treatment ended with treatment "
        f"completed, and {share_of_linked(cells, 'Completed', 'DRR')} of linked DRRs",
        [
            f"A further {share_of_linked(cells, 'Remained', 'ATR')} of linked ATRs and "
            f"{share_of_linked(cells, 'Remained', 'DRR')} of linked DRRs remained in treatment on "
            f"{words(facts.observation_end)}, which can be a positive step in recovery."
        ],
        "Completed: a clinician agreed that the person no longer needed structured treatment and had stopped using "
        "heroin, other opioids, crack cocaine or alcohol{or_transferred_completed}; the glossary has it in full",
        "Requirements linked to structured treatment",
        "Recent requirements have had less time to complete; treatment may rightly last longer than the requirement",
        "Table 2",
    )


def _models(cells: ShownCells, outcome: str, tables: tuple[int, ...]) -> list[Finding]:
    shown = [table for table in tables if table in cells.tables]
    if not shown:
        return []
    return [
        Finding(
            f"Characteristics associated with {outcome}, other characteristics being equal",
            [f"{MODEL_TITLES[table][1]}: {_lower(strongest_in_words(cells, table))}{regions_in_words(cells, table)}"
             for table in shown],
            MODEL_DEFINITIONS[outcome],
            "Records of the model of each type; missing characteristics are imputed",
            "Associations hold for these data and this model; they are not causal",
            f"Tables {joined([str(table) for table in shown])}" if len(shown) > 1 else f"Table {shown[0]}",
        )
    ]


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]
