"""Sections 9 and 10 of the report: its quality and limits, the accompanying tables, whom to ask.

Belongs here: text that facts of the run fill in. Does not belong here: results (report_identification.py,
report_linkage.py, report_reconviction.py), methods in detail (methodology_*.py).
"""

from modelling_assets.steps.documents.document import (
    Block,
    Bullets,
    Heading,
    Link,
    Paragraph,
    Section,
    Strong,
    Terms,
)
from modelling_assets.steps.documents.run_facts import RunFacts


def information_section(titles: list[str], shorthand: dict[str, str], facts: RunFacts) -> Section:
    """Section 9. titles: of the tables, in order. shorthand: the marks in them and what they mean."""
    return Section(
        "information",
        "9. Further information",
        [
            Heading("official-statistics", "Official Statistics"),
            Paragraph(
                "The published study is Official Statistics. Practice of such statistics is regulated by the Office "
                "for Statistics Regulation, which sets the standards of trustworthiness, quality and value in the Code "
                "of Practice for Statistics. Whether this release is Official Statistics too, its producer declares."
            ),
            Paragraph(
                (
                    "Where figures of this quarter stand beside the published ones, and why they may differ, is in ",
                    Link("against the published study", "against_published.html"),
                    f". Data are those of quarter {facts.quarter}. Tables from 20 on, odds ratio plots and boxes on "
                    "how far figures could be off are added here.",
                )
            ),
            Heading("quality", "Quality: what these figures can and cannot say"),
            *_quality(facts),
            Heading("tables", "Data tables"),
            *_tables(titles),
            Heading("shorthand", "Shorthand"),
            Terms([*shorthand.items()]),
        ],
    )


def enquiries_section(questions: list[Block], facts: RunFacts) -> Section:
    """Section 10: what readers asked, and whom to ask."""
    return Section(
        "enquiries",
        "10. Enquiries or feedback",
        [
            Paragraph(
                "These statistics can be of use to people who want pathways between probation and treatment services "
                "to work as intended."
            ),
            *questions,
            Paragraph(("Questions about these statistics, and what you think of them: ", Link(facts.contact,
                       f"mailto:{facts.contact}"), ".")),
        ],
    )  # fmt: skip


def _quality(facts: RunFacts) -> list[Block]:
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
         "reconvictions are incomplete. Cautions and warnings are not counted. ",
         Link("Court results by quarter and system", "linkage_quality.html")),
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
    return [
        Paragraph(
            "Strengths: every ATR and DRR that probation recorded is in the extracts; each step of the work is "
            "made by code that can be run again; every figure can be traced to the records that it counts; and how "
            "far errors of linkage and of labelling could move figures is estimated and published beside them."
        ),
        Bullets([*limits]),
    ]


def _tables(titles: list[str]) -> list[Block]:
    return [
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
    ]
