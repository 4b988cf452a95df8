"""The report's fixed parts: what it covers, its quality and limits, background, glossary, tables and contact.

Belongs here: text that facts of the run fill in. Does not belong here: results (report_identification.py,
report_linkage.py, report_reconviction.py), methods in detail (methodology_*.py).
"""

from modelling_assets.steps.documents.document import (
    Block,
    Bullets,
    Drawing,
    Heading,
    Link,
    Paragraph,
    Section,
    Strong,
    Terms,
)
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.charts import Figure


def coverage_section(consort: Figure, facts: RunFacts) -> Section:
    """Section 1: what is counted, and who was left out."""
    return Section(
        "about",
        "1. What this release covers",
        [
            Paragraph(
                "Courts in England can attach an alcohol treatment requirement (ATR) or a drug rehabilitation "
                "requirement (DRR) to a community order or a suspended sentence order, for people who depend on "
                "alcohol or drugs, whose dependence can be treated and who agree. "
                f"This release follows {facts.requirements:,} ATRs and DRRs of {facts.people:,} people, sentenced from "
                f"{facts.period}. Treatment, prison and court records are observed up to "
                f"{words(facts.observation_end)}."
            ),
            Paragraph(
                "The unit is the requirement, not the person: someone with two requirements is counted twice. Figure "
                "M1 shows which records of the extracts were left out before the analysis, and why."
            ),
            Drawing(consort),
        ],
    )


def quality_section(facts: RunFacts) -> Section:
    """Section 5: strengths, limits, and where each is measured."""
    items = [
        ("Linkage.", " Probation (nDelius) and treatment (NDTMS) records share no identifier. They were linked on "
         "initials, date of birth, sex, ethnic group and area with a Fellegi-Sunter model; pairs with a match "
         f"probability of {facts.threshold} or more are links. Missed links make the share in structured treatment a "
         "lower bound; a few links will be wrong. ", Link("Linkage quality", "linkage_quality.html")),
        ("Contact notes.", f" Notes with a treatment keyword were labelled engaged or not by {facts.read_by}. "
         "{so_many_notes} labelled engaged {are} enough to make the requirement engaged, so wrong labels push the "
         "estimate up. ",
         Link("How contact notes were read", "note_reading.html")),
        ("Reconvictions.", " Court results arrive late and courts changed their record system within the period, so "
         "reconvictions are incomplete. Cautions and warnings are not counted. ", None),
        ("Time.", " Recent requirements were followed for less time, in treatment and in courts. ", None),
        ("Models.", " Logistic regression with a random intercept for probation region, fitted to "
         f"{facts.imputations} imputed data sets and pooled by Rubin's rules. Characteristics that are not recorded "
         "anywhere are in no model. ", Link("Methodology", "methodology.html")),
        ("Disclosure control.", " Counts {small}, and counts that would give one "
         "away, are shown as [c]; percentages of either as [c]; percentages of fewer than "
         f"{facts.minimum_base} requirements as [u]. A withheld figure is not drawn and not compared. ", None),
        ("Rounding.", f" {facts.rounding} ", None),
    ]  # fmt: skip
    limits = [
        (Strong(name), text, *((link, ".") if link else ()))
        for name, text, link in items
    ]  # fmt: skip
    return Section(
        "quality",
        "5. Quality: what these figures can and cannot say",
        [
            Paragraph(
                "Strengths: every ATR and DRR that probation recorded is in the extracts; each step of the work is "
                "made by code that can be run again; every figure can be traced to the records that it counts; and "
                "errors of linkage, of labelling and of imputation are measured and published rather than assumed away."
            ),
            Bullets([*limits]),
        ],
    )


def background_section(facts: RunFacts) -> Section:
    """Section 6: what these statistics follow, and what changed."""
    return Section(
        "background",
        "6. Background",
        [
            Paragraph(
                "These statistics repeat, with the data of a quarter, the analysis that the Ministry of Justice and "
                "the Office for Health Improvement and Disparities published in March 2026 as Official Statistics, "
                "under the title \"Pathways between probation and addiction treatment in England: a follow-up study\". "
                "Sections 2 to 4 and figures 1 to 22 have the numbers of that report, and so have data tables 1 to 19. "
                "Tables from 20 on, odds ratio plots and boxes on how far figures could be off are added here."
            ),
            Paragraph(
                (
                    "Where figures of this quarter stand beside the published ones, and why they may differ, is in ",
                    Link("against the published study", "against_published.html"),
                    f". Data are those of quarter {facts.quarter}.",
                )
            ),
        ],
    )


def glossary_section() -> Section:
    """Section 7: terms."""
    return Section("glossary", "7. Glossary", [Terms(GLOSSARY)])


def tables_section(titles: list[str], shorthand: dict[str, str], facts: RunFacts) -> Section:
    """Section 8: the accompanying tables, shorthand and contact. titles: of the tables, in order. shorthand: the marks
    in them and what they mean."""
    blocks: list[Block] = [
        Paragraph(
            (
                "The accompanying workbook is ",
                Link("tables.ods", "tables.ods"),
                " (OpenDocument), with the same content in ",
                Link("tables.xlsx", "tables.xlsx"),
                ". It holds:",
            )
        ),
        Bullets([*titles]),
        Heading("shorthand", "Shorthand"),
        Terms([*shorthand.items()]),
        Heading("contact", "Contact"),
        Paragraph(("Questions about these statistics: ", Link(facts.contact, f"mailto:{facts.contact}"))),
    ]
    return Section("tables", "8. Data tables, shorthand and contact", blocks)


GLOSSARY = [
    ("ATR", "Alcohol treatment requirement: part of a community order or suspended sentence order, for people who "
     "depend on alcohol, can be treated and agree."),
    ("CJIT", "Criminal justice intervention teams, which give informal, unstructured support. It is not structured "
     "treatment."),
    ("Completed", "A clinician agreed that structured treatment was no longer needed{or_transferred_completed}."),
    ("Contact note", "What a probation practitioner writes down about a contact with someone on probation."),
    ("DRR", "Drug rehabilitation requirement: the same for people who depend on drugs."),
    ("Dropped out", "Narrow definition: structured treatment ended because the person left{or_transferred_dropped}. "
     "Wide definition: it ended so, on entering prison or in death."),
    ("Linked", "The person on probation and a person in treatment records were found to be one with confidence, and a "
     "journey of {structured} {journey_counts}."),
    ("nDelius", "The case management system of the probation service."),
    ("NDTMS", "National Drug Treatment Monitoring System: records of drug and alcohol treatment in England."),
    ("Odds ratio", "How the odds of an outcome at one level of a factor compare with those at its reference level."),
    ("Reconvicted", "{reconviction}."),
    ("Remained", "Still in structured treatment at the end of observation."),
    ("Requirement", "One ATR or DRR of one sentence: the unit of these statistics."),
    ("Structured treatment", "Treatment after a full assessment of need, delivered to a recovery care plan."),
]  # fmt: skip
