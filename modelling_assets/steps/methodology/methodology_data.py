"""The methodology paper on data, linkage and the rules that combine records (published methodology, 1 to 2.6).

Belongs here: text that the settings and the linkage quality of the run fill in. Does not belong here: contact notes
(methodology_notes.py), models (methodology_models.py), results.
"""

from collections.abc import Sequence

from modelling_assets.steps.documents.document import Block, Bullets, Drawing, Grid, Heading, Link, Paragraph, Section
from modelling_assets.steps.documents.run_facts import RunFacts, words
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.quality.court_coverage_text import court_coverage
from modelling_assets.steps.quality.linkage_quality_text import decision
from modelling_assets.steps.tables.quality_tables import QualityTable, QualityTables
from resources.study_settings import StudySettings

JOURNEY_CHOICES = {
    "open_else_first_after": "the one open at sentence, else the first that started after it,",
    "first_after": "the first that started after sentence, else the one open then,",
}
SOURCES = [
    ["nDelius", "Probation", "Sentence, requirement, its length and end, accommodation, main offence, risk"],
    ["NDTMS", "Treatment", "Adult and young people's community and secure settings, and CJIT: episodes, discharge. "
     "Days of substance use from the Treatment Outcomes Profile, where it was sent"],
    ["p-NOMIS", "Prison", "Spells in custody"],
    ["Xhibit, Libra, Common Platform", "Courts", "Appearances and their outcomes"],
    ["nDelius contact notes", "Probation", "Notes of a sample of requirements; they never leave their zone"],
]


def introduction(facts: RunFacts) -> Section:
    """Section 1."""
    return Section(
        "introduction",
        "1. Introduction",
        [
            Paragraph(
                f'This paper says how the statistics "{facts.title}" of quarter {facts.quarter} were made: which '
                "records, which rules, which models, with the values that this run used. It is written by the run "
                "itself from its settings and its counts, so it says what was done, not what was meant to be done."
            ),
            Paragraph(
                "It follows the methodology published in March 2026. Section 10 lists where it departs from that, and "
                "from the report. Where the source leaves a choice open, the choice is a setting (appendix A)."
            ),
        ],
    )


def data_section(quality: QualityTables, consort: Figure, facts: RunFacts, settings: StudySettings) -> Section:
    """Section 2: sources, coverage, records at each stage."""
    mental_health = "without" if settings.combining.exclude_mental_health_orders else "with"
    return Section(
        "data",
        "2. Data",
        [
            Heading("sources", "2.1 Sources"),
            Grid("Record systems", ["System", "Field", "What is used"], SOURCES),
            Heading("coverage", "2.2 Coverage and records at each stage"),
            Paragraph(
                f"Requirements: {' and '.join(settings.study.requirement_types)}, of sentences from {facts.period}, "
                f"without the regions {', '.join(settings.study.exclude_regions) or 'none'} and {mental_health} orders "
                "that also have a mental health treatment requirement. Treatment, prison and courts are observed up to "
                f"{words(facts.observation_end)}. After all exclusions "
                f"{facts.requirements:,} requirements of {facts.people:,} people are analysed; figure M1 counts what "
                "each step removed. Steps that removed few records are shown with a neighbouring step."
            ),
            Drawing(consort),
            *_courts(quality, settings),
        ],
    )


def _courts(quality: QualityTables, settings: StudySettings) -> list[Block]:
    sentences = court_coverage(quality, settings.drift.court_results_fall)
    if not sentences:
        return []
    return [
        Heading("courts", "2.3 Completeness of court records"),
        Paragraph(
            (
                "Courts moved from Xhibit and Libra to Common Platform within the period, which can leave gaps. ",
                f"{' '.join(sentences)} Every quarter is in the ",
                Link("linkage quality report", "linkage_quality.html"),
                ".",
            )
        ),
    ]


def linkage_section(quality: QualityTables, facts: RunFacts, settings: StudySettings) -> Section:
    """Section 3: comparisons, blocking, the model's parameters, the threshold."""
    linkage = settings.linkage
    blocks: list[Block] = [
        Paragraph(
            "Probation and treatment records share no identifier. They are linked by a Fellegi-Sunter model (Splink). "
            f"First, identifiers of one person within each system are joined: at a match "
            f"probability of {linkage.dedupe_threshold} in nDelius and {linkage.client_dedupe_threshold} in NDTMS, at "
            f"most {linkage.largest_cluster} identifiers to a person. A record takes part with "
            f"{linkage.minimum_identifiers} or more of initials, date of birth and location."
        ),
        Heading("comparisons", "3.1 What is compared"),
        Paragraph(
            "Each level of a comparison has two probabilities: m among pairs that are one person, u among pairs that "
            "are not. Its weight is log2 of m over u. Agreement on a rare value weighs more for: "
            f"{_spoken(linkage.term_frequencies) or 'nothing'}. Dates of birth with the same day and month count as "
            f"near up to {linkage.birth_date_year_tolerance} years apart; postcode sectors within "
            f"{', '.join(f'{distance:g}' for distance in linkage.sector_distances_km)} km."
        ),
        *_grid(quality.table("model", "Comparison levels and parameters of the linkage model", "Comparison and level")),
        *_grid(quality.table("prior", "Prior of the linkage model", "Prior")),
        Heading("blocking", "3.2 Which records are compared"),
        Paragraph("Pairs are scored when they meet one of these blocking rules; each counts what it found first."),
        *_blocking(quality, settings),
        Heading("threshold", "3.3 Threshold"),
        Paragraph(
            f"Pairs with a match probability of {linkage.threshold} or more are links. A person in treatment belongs "
            "to the best person on probation; a tie belongs to none. A person on probation has further people in "
            "treatment only with the same initials and date of birth as the best of them."
        ),
        Paragraph(decision(linkage)),
        *_grid(quality.table("thresholds", "People linked at other thresholds", "Score and threshold")),
        Paragraph(
            (
                "Errors, clerical review and differences between groups are in the ",
                Link("linkage quality report", "linkage_quality.html"),
                ".",
            )
        ),
    ]
    return Section("linkage", "3. Linkage", blocks)


def combining_section(facts: RunFacts, settings: StudySettings) -> Section:
    """Section 4: from links to the records of the analysis."""
    rules = settings.combining
    return Section(
        "combining",
        "4. From linked records to outcomes",
        [
            Bullets(
                [
                    "Treatment: episodes of one person that overlap or lie "
                    f"{rules.journey_gap_days} days or less apart are one journey. A requirement is linked to "
                    "structured treatment when a journey of {structured} {journey_counts}. Of several journeys "
                    f"{JOURNEY_CHOICES[rules.journey_choice]} answers.",
                    "Status: completed, remained in treatment, dropped out, prison or died, by the discharge of that "
                    f"journey on {words(facts.observation_end)}. Journeys that end in a transfer without a receiving "
                    f"service count as {_spoken([rules.transferred_counts_as])}.",
                    "Treatment on a day: any journey that counts for the requirement is open, its first and last day "
                    "included, not only the one that answers. On the day the requirement ended, a journey that ended "
                    "on it has ended; of several the one that ended last says how treatment stood (tables 35 and 37).",
                    "Prison: a reception{not_on_remand} {prison_within} of sentence.",
                    "Reconviction: {reconviction} (appendix D). Later hearings of the case that was sentenced "
                    f"{'count' if rules.reconviction_index_case_counts else 'do not count'}.",
                    "Substance use before and after treatment: days of use in the last 28, of the start form of the "
                    "Treatment Outcomes Profile at most {start_form_days} from the start of the journey, and of its "
                    "last form, the exit form at most {exit_form_days} from its end or else the latest review, at "
                    "least {days_between_forms} later. Forms of secure settings and forms after the exit do not count. "
                    "Days of use cross apart from the analysis file, under keys that join them to nothing (table 33).",
                    "Anonymisation: identifiers and exact dates are removed before analysis; pseudonyms are random and "
                    "of one release only.",
                ]
            ),
            Paragraph("All rules of combining, with the values of this run, are in appendix A."),
        ],
    )


def _blocking(quality: QualityTables, settings: StudySettings) -> list[Block]:
    found = quality.table("blocking", "Blocking rules", "Rule")
    if found.rows:
        return _grid(found)
    return [Bullets([_spoken([rule]).capitalize() for rule in settings.linkage.blocking_rules])]


def _grid(table: QualityTable) -> list[Block]:
    return [Grid(table.caption, table.headers, table.rows)] if table.rows else []


def _spoken(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
