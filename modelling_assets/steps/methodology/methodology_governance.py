"""The methodology paper on information governance (published methodology, 3): what allowed this release, and
how privacy is protected.

Belongs here: text, and the entries of the release. Does not belong here: which entries there must be
(steps/governance), promises with their tests (docs/security-properties.md).
"""

import polars as pl

from modelling_assets.steps.documents.document import Bullets, Grid, Heading, Link, Paragraph, Section
from modelling_assets.steps.documents.run_facts import RunFacts
from resources.governance_settings import Governance


def governance_section(entries: pl.DataFrame, governance: Governance, facts: RunFacts) -> Section:
    """Section 9. entries: the table information_governance."""
    contact = governance.contact or facts.contact
    of_synthetic = (
        "The data of this release are synthetic: they are of nobody, so nobody had to allow their use. A release of "
        "real data is refused while an entry is missing, but for the deletion, which follows publication."
    )
    of_real = (
        "What is not given is said. A release of real data is refused while an entry is missing, but for the "
        "deletion, which follows publication."
    )
    return Section(
        "governance",
        "9. Information governance",
        [
            Paragraph(
                "The published study put three levels of governance in place: a data protection impact assessment "
                "approved by the data protection officers of both departments, a data sharing agreement signed for "
                "both, and authorisation by the Caldicott Guardian of the agency that hosted the data, so that the "
                "eight Caldicott principles are kept. Each release has its own."
            ),
            Paragraph(of_synthetic if facts.synthetic else of_real),
            Grid(
                "Information governance of this release",
                ["Item", "What", "Entry"],
                [[row["item"], row["part"], row["entry"]] for row in entries.iter_rows(named=True)],
            ),
            Heading("consent", "9.1 Consent and lawful bases"),
            Paragraph(
                "People in treatment are asked whether their information may be shared with NDTMS. That satisfies the "
                "common law duty of confidentiality. Records of people who refused are not linked; figure M1 counts "
                "them. The published study states that almost 98% consent."
            ),
            Paragraph(
                "Articles 6 and 9 of the UK GDPR ask for a legal basis. The published study names the public interest "
                "or official authority, the public interest in public health, and archiving, research and statistics. "
                "They hold only where suitable and specific measures protect personal information."
            ),
            *_privacy(),
            Heading("data-contact", "9.3 Contact"),
            Paragraph(("Questions about the use of personal data: ", Link(contact, f"mailto:{contact}"), ".")),
        ],
    )


def _privacy() -> list[Heading | Paragraph | Bullets]:
    return [
        Heading("privacy", "9.2 Protecting privacy"),
        Bullets(
            [
                "Two files each: in the published study each department made one file with identifiers for linkage and "
                "one with all else. Here every source is parted into a table of identifiers and a table of attributes "
                "before anything is combined.",
                "Key: in the published study two separate data scientists linked and made a key file. Here links are "
                "made from identifiers alone, and the key holds two pseudonyms, a probability and a run. That "
                "different people link and combine is for those who run it to arrange, and to state above.",
                "Anonymisation: identifiers and exact dates are removed and values put into bands. Pseudonyms are of "
                "one release, drawn with a secret that only the linkage zone has. Who analyses sees neither "
                "identifiers nor notes.",
                "Contact notes are read in a zone of their own and do not leave it. Only labels and counts do.",
                "Deletion: in the published study all files before the final one were deleted once that was quality "
                "assured. Here tables and extracts of a quarter are kept until people delete them, which they confirm "
                "above.",
                "Nobody is affected: the data are used in aggregate, to see whether probation and treatment work as "
                "intended, and never to decide about a person.",
            ]
        ),
    ]
