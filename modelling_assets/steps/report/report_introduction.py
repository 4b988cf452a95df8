"""Section 1 of the report: what it is about, its aims, how it was made (published report, section 1).

Belongs here: text that facts of the run fill in. Does not belong here: results (report_identification.py and after),
methods in detail (methodology_*.py).
"""

from modelling_assets.steps.documents.document import Block, Bullets, Drawing, Heading, Link, Paragraph, Section
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.report.note_text import LINKED_SHARE
from modelling_assets.steps.report.report_words import requirements_in_group
from modelling_assets.steps.tables.declared_table import KIND_LABELS
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_identification import EVIDENCE, NO_KEYWORD_NOTES
from modelling_assets.steps.tables.tables_outcomes import LINKED

BOTH = KIND_LABELS["All"]
METHODOLOGY = Link("methodology", "methodology.html")
AIMS = (
    "What the treatment outcomes were for those with ATRs and DRRs.",
    "Whether ATRs and DRRs that are absent from structured treatment data reflect a true lack of treatment, or gaps "
    "in the linkage of data.",
    "Which characteristics were common among those linked to structured treatment after a community order or "
    "suspended sentence order with an ATR or DRR.",
    "What the reconviction outcomes were for those with ATRs and DRRs.",
    "Which characteristics were common among those reconvicted {within_period} of such an order.",
)


def introduction_section(cells: ShownCells, consort: Figure, facts: RunFacts) -> Section:
    """Section 1. `consort`: the flow diagram."""
    return Section(
        "introduction",
        "1. Introduction",
        [
            Paragraph(
                "These statistics repeat, with the data of a quarter, the analysis that the Ministry of Justice and "
                "the Office for Health Improvement and Disparities published in March 2026 as Official Statistics, "
                'under the title "Pathways between probation and addiction treatment in England: a follow-up study". '
                "Sections, figures 1 to 22 and data tables 1 to 19 have the numbers that they have there."
            ),
            *_requirements(facts),
            Heading("aims", "1.2 Aims"),
            Paragraph(
                "These statistics are about people sentenced in England to a community order or suspended sentence "
                "order with an ATR or DRR. Like the published study, they ask:"
            ),
            Bullets([*AIMS]),
            *_methods(facts),
            *_linking(cells, consort),
            *_notes(cells, facts),
        ],
    )


def _requirements(facts: RunFacts) -> list[Block]:
    return [
        Heading("requirements", "1.1 Community sentence treatment requirements"),
        Paragraph(
            "Courts in England can attach an alcohol treatment requirement (ATR) or a drug rehabilitation "
            "requirement (DRR) to a community order or a suspended sentence order. The court must be satisfied that "
            "the person depends on alcohol or drugs, that treatment is needed and can help, that the person can get "
            "to it and is willing to comply. Mental health treatment requirements are a third kind and not studied."
        ),
        Paragraph(
            f"This release follows {facts.requirements:,} ATRs and DRRs of {facts.people:,} people, sentenced from "
            f"{facts.period}. Treatment, prison and court records are observed up to {words(facts.observation_end)}. "
            "The unit is the requirement, not the person: someone with two requirements is counted twice."
        ),
    ]


def _methods(facts: RunFacts) -> list[Block]:
    return [
        Heading("methodology", "1.3 Methodology"),
        Heading("linking", "1.3.1 Linking sentencing data and treatment data"),
        Paragraph(
            "Probation records (nDelius) and treatment records (NDTMS) share no identifier. They were linked by a "
            f"probabilistic model; pairs with a match probability of {facts.threshold} or more are links. Who was not "
            "linked to structured treatment was looked for in the records of criminal justice intervention teams "
            "(CJIT), which are unstructured support, and of prisons (p-NOMIS). Reconvictions come from the courts' "
            "systems (Xhibit, Libra and Common Platform)."
        ),
        Heading("reading-notes", "1.3.2 Natural language processing of probation contact notes"),
        Paragraph(
            "Treatment can be missing from linked data because a link was missed, or because it was not structured "
            f"treatment. So the contact notes of a sample of those not linked were read by {facts.read_by}. Notes "
            "show a wider range of treatment than linked data do. The method is experimental."
        ),
        Heading("regression", "1.3.3 Multilevel logistic regression"),
        Paragraph(
            "Models show which characteristics go with linkage to structured treatment and with reconviction, other "
            "characteristics being equal. They show associations, not causes."
        ),
        Heading("more-tables", "1.3.4 Additional data in the accompanying tables"),
        Paragraph(
            (
                "The data tables hold breakdowns that this report does not narrate, such as outcomes by substance "
                "group, and how requirements ended according to probation and to treatment services. The ",
                METHODOLOGY,
                " says how everything was done.",
            )
        ),
    ]


def _linking(cells: ShownCells, consort: Figure) -> list[Block]:
    return [
        Heading("data-linking", "1.4 Summary data linking details"),
        Paragraph(
            f"Of {cells.text(1, BOTH, 'Requirements (count)')} ATRs and DRRs, "
            f"{requirements_in_group(cells, LINKED, BOTH)} ({cells.percent(1, BOTH, LINKED_SHARE)}) were linked to "
            "structured treatment. Figure M1 shows which records of the extracts were left out before the analysis, "
            "and why."
        ),
        Drawing(consort),
    ]


def _notes(cells: ShownCells, facts: RunFacts) -> list[Block]:
    count = f"{BOTH} (count)"
    none = cells.text(3, EVIDENCE[NO_KEYWORD_NOTES], count)
    return [
        Heading("notes-data", "1.5 Natural Language Processing dataset"),
        Paragraph(
            "The notes read are those recorded between the start and the end of the requirement, or of observation "
            f"({words(facts.observation_end)}) where that came first. Of these, notes with a keyword or phrase of "
            "treatment were labelled as indicating engagement or not. "
            f"{cells.text(3, 'All sampled requirements with a result', count)} requirements of a random sample gave a "
            f"result. {none} of them had no note with a keyword and are assumed not to have engaged."
        ),
    ]
