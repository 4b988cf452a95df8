"""Sections 6 and 7 of the report: suggested improvements and linked publications (published report, same sections).

Belongs here: text about the study and other work, with facts of the run. Does not belong here: results of the run.
"""

from modelling_assets.steps.documents.document import Block, Bullets, Heading, Paragraph, Section
from modelling_assets.steps.tables.declared_table import KIND_LABELS
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_reconviction import FOLLOWED_SHORT, RECONVICTION_LABELS

BOTH = KIND_LABELS["All"]


def improvements_section(cells: ShownCells) -> Section:
    """Section 6: the improvements that the published study suggests, with how far this release is from them."""
    short = cells.text(12, RECONVICTION_LABELS[FOLLOWED_SHORT], f"{BOTH} (count)", "All")
    return Section(
        "improvements",
        "6. Suggested improvements",
        [
            Paragraph("These are the improvements that the published study suggests."),
            Heading("completeness", "6.1 Completeness of data"),
            Paragraph(
                "Records of treatment starts and discharges arrive late, and so do court results. Only proven "
                "convictions are seen, not cautions or warnings. Late records can be more common for some offences "
                "and regions, so differences between groups need care. A later quarter fills these gaps: "
                f"{short} requirements without a reconviction so far were followed for less than {{period}} here."
            ),
            Heading("common-identifier", "6.2 Common identifier"),
            Paragraph(
                "Health and justice records could hold one identifier of a person, such as the NHS number. Then "
                "records would be linked without the errors that this release can only estimate. Reviews across "
                "government, among them that of the Chief Medical Officer, recommend it too."
            ),
            Heading("use-of-ai", "6.3 Use of AI"),
            Paragraph(
                "Reading of contact notes could say which treatment took place and for how long, and not only "
                "whether. Another model could read notes for reconvictions."
            ),
        ],
    )


def publications_section() -> Section:
    """Section 7: work that the published report names, and its own rounds."""
    return Section("other-publications", "7. Linked publications", [*_other_studies(), *_rounds()])


def _other_studies() -> list[Block]:
    return [
        Paragraph("The published report names these publications. What it quotes from them is theirs, not ours."),
        Heading(
            "impact", "7.1 The impact of being sentenced with a community sentence treatment requirement (CSTR) on "
            "proven reoffending",
        ),
        Paragraph(
            "A report of 2024 that compares reoffending after these requirements with that after short custodial "
            "sentences. Among those who reoffended, people with an ATR took longer to do so (12.07 days more on "
            "average) and fewer of them received custody again (34% compared with 39%). For DRRs it was 47% compared "
            "with 53%, with fewer offences that led to custody (3.20 compared with 3.78 on average)."
        ),
        Heading("sentencing-review", "7.2 Independent Sentencing Review"),
        Paragraph(
            "Its section 2.3 recommends that these requirements reach more people who need treatment: find the right "
            "people early, invest in providers, and make treatment easier to get, with pathways for women."
        ),
        Heading("wales", "7.3 Long-term outcomes of people treated for substance misuse in Wales"),
        Paragraph("Public Health Wales and SAIL Databank study pathways into treatment in Wales, not studied here."),
        Heading("policy-lab", "7.4 Policy Lab - Lived Experience Report"),
        Paragraph(
            "Interviews with 8 people under a requirement and 17 practitioners, commissioned in December 2022. They "
            'describe a "postcode lottery", little awareness of the requirements, and a wish that success be '
            "measured by progress in recovery. The sample is small and of people who engage, so it does not speak "
            "for all."
        ),
    ]  # fmt: skip


def _rounds() -> list[Block]:
    return [
        Heading("rounds", "7.5 Rounds of this study"),
        Bullets(
            [
                '"Pathways between probation and addiction treatment in England: report", Ministry of Justice and '
                "Office for Health Improvement and Disparities, March 2023, experimental statistics: the first round, "
                "of sentences up to March 2022.",
                '"Pathways between probation and addiction treatment in England: a follow-up study", the same '
                "publishers, March 2026, Official Statistics, with a methodology document: the round that this release "
                "repeats.",
            ]
        ),
    ]
