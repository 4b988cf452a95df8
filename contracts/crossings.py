"""The tables that cross from one zone to another: the page that governance reads.

    linkage_assets  --anonymised_requirements-->  modelling_assets
    linkage_assets  --consort_counts----------->  publication_assets
    linkage_assets  --linkage_quality---------->  modelling_assets, publication_assets
    linkage_assets  --substance_use------------>  publication_assets
    linkage_assets  --requirement_counts------->  publication_assets
    linkage_assets  --note_request------------->  nlp_assets
    nlp_assets      --requirement_engagement--->  modelling_assets
    nlp_assets      --reviewed_requirements---->  modelling_assets
    nlp_assets      --note_reading_quality----->  publication_assets
    linkage_assets  --linkage_receipts--------->  publication_assets
    nlp_assets      --notes_receipts----------->  publication_assets

Nothing else crosses; publication_assets is of the same zone as modelling_assets, and reads its tables too. Each is
validated before it is written (resources/zone/zone_store.py).
"""

from dataclasses import dataclass
from pathlib import Path

import pandera.polars as pa
import polars as pl

from contracts.sources.ndtms import USE_COLUMNS
from contracts.vocabulary import (
    ACCOMMODATION,
    AGE_BANDS,
    COURT_TYPES,
    DISPOSALS,
    ETHNIC_GROUPS,
    FOLLOWED_FOR,
    FORM_STAGES,
    LENGTH_BANDS,
    OGRS_BANDS,
    PSR_TYPES,
    REGIONS,
    RSR_BANDS,
    SEXES,
    STATUSES_AT_END,
    SUBSTANCE_GROUPS,
    TERMINATION_REASONS,
    TIME_BANDS,
    TREATMENT_STATUSES,
    TYPES,
)
from resources.zone.partitions import QUARTER_NAMES
from resources.zone.schema_check import Table

NOT_OBSERVED = "empty when that lies after the observation"
SUBSTANCES = list(USE_COLUMNS.values())


class AnonymisedRequirements(Table):
    """One row per analysed requirement, sorted by requirement_key. No CRN, date of birth, postcode or exact date."""

    requirement_key: str = pa.Field(unique=True, description="random pseudonym of the requirement, this release only")
    person_key: str = pa.Field(description="random pseudonym of the person, this release only")
    requirement_type: str = pa.Field(isin=[*TYPES], description="alcohol treatment or drug rehabilitation requirement")
    disposal_type: str = pa.Field(isin=DISPOSALS, description="order it belongs to")
    sentence_year: pl.Int32 = pa.Field(ge=2000, le=2100, description="calendar year of sentence")
    length_band: str = pa.Field(
        isin=LENGTH_BANDS,
        nullable=True,
        description="length of the requirement; empty only if a setting keeps those without one",
    )
    court_type: str = pa.Field(isin=COURT_TYPES, nullable=True, description="sentencing court")
    region: str = pa.Field(isin=REGIONS, description="probation region at sentence")
    accommodation: str = pa.Field(
        isin=ACCOMMODATION,
        nullable=True,
        description="accommodation on the disposal date; empty when unknown",
    )
    age_band: str = pa.Field(
        isin=AGE_BANDS,
        nullable=True,
        description="age at sentence",
    )
    sex: str = pa.Field(isin=SEXES, nullable=True, description="sex as recorded in probation")
    ethnic_group: str = pa.Field(
        isin=ETHNIC_GROUPS,
        nullable=True,
        description="ethnic group as recorded in probation",
    )
    offence_group: str = pa.Field(
        nullable=True, description="Home Office offence group of the main offence; empty when not known"
    )
    drink_driving: bool = pa.Field(nullable=True, description="main offence is drink driving")
    ogrs_band: str = pa.Field(isin=OGRS_BANDS, nullable=True, description="OGRS3 two-year band")
    rsr_band: str = pa.Field(isin=RSR_BANDS, nullable=True, description="risk of serious recidivism band")
    psr_type: str = pa.Field(
        isin=PSR_TYPES, nullable=True, description="pre-sentence report delivered for the disposal"
    )
    linked_any: bool = pa.Field(
        description="person linked to any NDTMS record, of whatever time and setting (table 2: what not being in "
        "treatment may mean)"
    )
    linked_structured: bool = pa.Field(
        description="linked to a journey of structured treatment that answers for the requirement (combining)"
    )
    linked_cjit: bool = pa.Field(description="not structured, but in contact with a CJIT at or after disposal")
    treatment_status: str = pa.Field(
        isin=TREATMENT_STATUSES,
        nullable=True,
        description="state of the linked journey at the end of observation (figures 2-3)",
    )
    time_band: str = pa.Field(
        isin=TIME_BANDS, nullable=True, description="time from disposal to the start of the linked journey"
    )
    days_to_treatment: pl.Int32 = pa.Field(
        nullable=True, description="days from disposal to the linked journey; 0 when already in treatment"
    )
    days_in_treatment: pl.Int32 = pa.Field(
        nullable=True,
        ge=0,
        description="days from the start of the linked journey (from disposal when already in treatment) to its end; "
        "empty while open, when they would tell the date of disposal",
    )
    followed_in_treatment: str = pa.Field(
        isin=FOLLOWED_FOR,
        nullable=True,
        description="longest of these times from the same start that lies within the observation",
    )
    in_treatment_at_sentence: bool = pa.Field(description="in structured treatment on the day of disposal")
    in_treatment_after_3_weeks: bool = pa.Field(nullable=True, description=f"in it 21 days later; {NOT_OBSERVED}")
    in_treatment_after_6_weeks: bool = pa.Field(nullable=True, description=f"in it 42 days later; {NOT_OBSERVED}")
    in_treatment_after_12_weeks: bool = pa.Field(nullable=True, description=f"in it 84 days later; {NOT_OBSERVED}")
    in_treatment_after_6_months: bool = pa.Field(nullable=True, description=f"in it 183 days later; {NOT_OBSERVED}")
    in_treatment_after_12_months: bool = pa.Field(nullable=True, description=f"in it 365 days later; {NOT_OBSERVED}")
    status_at_requirement_end: str = pa.Field(
        isin=STATUSES_AT_END,
        nullable=True,
        description="structured treatment on the day the requirement ended; empty while the requirement is active",
    )
    substance_group: str = pa.Field(
        isin=SUBSTANCE_GROUPS, nullable=True, description="NDTMS substance group of the linked journey"
    )
    linked_up_to_threshold: float = pa.Field(
        nullable=True,
        gt=0,
        lt=1,
        description="highest threshold of modelling.sensitivity at which it is linked to structured treatment, a band "
        "of the match probability; empty when it is at none",
    )
    prison_12m: bool = pa.Field(description="received into prison within combining.prison_months of disposal")
    termination_reason: str = pa.Field(
        isin=TERMINATION_REASONS, nullable=True, description="how the requirement ended; empty while active"
    )
    reconvicted: bool = pa.Field(
        nullable=True,
        description="reconvicted within combining.reconviction_months of disposal; false when none was found, also "
        "where fewer months were observed",
    )
    convicted_again: bool = pa.Field(
        description="of those reconvicted, by an outcome that follows a conviction (our classification of the 70)"
    )
    followed_in_full: bool = pa.Field(
        description="all months in which a reconviction is searched for lie within the observation"
    )
    note_sampled: bool = pa.Field(description="on the note request (sampled unlinked, or decoy)")
    synthetic: bool = pa.Field(description="made from synthetic extracts: describes no real person")


class SubstanceUse(Table):
    """One row per analysed requirement that is linked to structured treatment and substance, sorted by all columns.

    Days of use are sensitive, so they cross apart from the analysis file and cannot be joined to it: no key of the
    release, and of a person another key for every substance, so that nobody's answers can be put together. No date.
    """

    person_key: str = pa.Field(
        str_startswith="U", description="random key of the person, of this table and substance only: for clustering"
    )
    substance: str = pa.Field(isin=SUBSTANCES, description="substance that is asked about")
    requirement_type: str = pa.Field(isin=[*TYPES], description="requirement type")
    treatment_status: str = pa.Field(isin=TREATMENT_STATUSES, description="state of the journey at end of observation")
    already_in_treatment: bool = pa.Field(description="the journey began on or before the day of sentence")
    main_problem: bool = pa.Field(
        nullable=True, description="the main problem substance of the episode with the start form; empty without one"
    )
    days_at_start: pl.Int32 = pa.Field(
        nullable=True, ge=0, le=28, description="days used in the 28 before the start form; empty when not known"
    )
    days_at_last: pl.Int32 = pa.Field(
        nullable=True, ge=0, le=28, description="the same of the last form after it; empty when there is none"
    )
    last_stage: str = pa.Field(isin=FORM_STAGES, nullable=True, description="what the last form is")
    synthetic: bool = pa.Field(description="made from synthetic extracts: describes no real person")


QUARTER_OF_SENTENCE, LOCAL_AUTHORITY = "quarter of sentence", "local authority"


class RequirementCounts(Table):
    """One row per requirement type and quarter of sentence, and per type and local authority, sorted. Counts only.

    Quarter and authority would single people out in the analysis file, so they are on no record that crosses. Small
    authorities are counted together with the rest of their region before they cross.
    """

    grouping: str = pa.Field(isin=[QUARTER_OF_SENTENCE, LOCAL_AUTHORITY], description="what the requirements share")
    requirement_type: str = pa.Field(isin=[*TYPES], description="requirement type")
    region: str = pa.Field(isin=REGIONS, nullable=True, description="probation region; empty of a quarter")
    level: str = pa.Field(
        nullable=True,
        description="calendar quarter, e.g. 2019Q1, or upper tier local authority of the address at sentence; empty: "
        "the rest of the region, with addresses that are not known or outside it",
    )
    requirements: pl.Int32 = pa.Field(ge=0, description="analysed requirements")
    linked: pl.Int32 = pa.Field(ge=0, description="of these, linked to structured treatment")
    followed_in_full: pl.Int32 = pa.Field(
        nullable=True, ge=0, description="of all, followed for combining.reconviction_months; empty of an authority"
    )
    reconvicted_in_full: pl.Int32 = pa.Field(
        nullable=True, ge=0, description="of those followed, reconvicted in these months; empty of an authority"
    )
    synthetic: bool = pa.Field(description="made from synthetic extracts: describes no real person")


class NoteRequest(Table):
    """Requirements whose contact notes are to be read, in random order, without link status: linked ones are added to
    it."""

    requirement_key: str = pa.Field(unique=True, description="random pseudonym, as in anonymised_requirements")
    requirement_id: str = pa.Field(description="MoJ's own key of the requirement")
    crn: str = pa.Field(description="MoJ's own key of the person")
    window_start: pl.Date = pa.Field(description="start of the requirement")
    window_end: pl.Date = pa.Field(description="end of the requirement, or of observation if earlier")
    terminated: bool = pa.Field(
        description="the requirement ended by window_end, so the weeks before termination are known"
    )


class RequirementEngagement(Table):
    """What the notes of each requested requirement say, sorted by requirement_key. No note text, no CRN."""

    requirement_key: str = pa.Field(unique=True, description="random pseudonym, as in note_request")
    keyword_notes: pl.Int32 = pa.Field(ge=0, description="notes in the window with a treatment keyword")
    labelled_notes: pl.Int32 = pa.Field(ge=0, description="of these, notes with a label")
    any_engaged: bool = pa.Field(
        nullable=True,
        description="enough notes say engaged (notes.requirement_rule); empty when those without a label decide",
    )
    notes_before_termination: pl.Int32 = pa.Field(
        nullable=True, ge=0, description="notes in the weeks before termination; empty while active"
    )
    engaged_before_termination: pl.Int32 = pa.Field(
        nullable=True, ge=0, description="of these, notes labelled 1: engaged with treatment"
    )


class ReviewedRequirements(Table):
    """What reviewers decided of each requirement whose notes they read, sorted by requirement_key. No note text.

    The notes zone does not know which of them are linked decoys: errors of labelling are counted where that is known.
    """

    requirement_key: str = pa.Field(unique=True, description="random pseudonym, as in note_request")
    engaged: bool = pa.Field(
        nullable=True, description="whether the reviewers say that the person engaged; empty when undecided"
    )
    simulated: bool = pa.Field(description="played from the truth of synthetic extracts: nobody read anything")


class ConsortCounts(Table):
    """How many records each step of the linkage zone kept and removed, in order: figure M1. Counts only."""

    order: pl.Int32 = pa.Field(unique=True, ge=1, description="position in the diagram")
    stream: str = pa.Field(
        isin=["offenders", "clients", "requirements", "people"],
        description="what is counted: nDelius identifiers and their people, NDTMS identifiers and their people, "
        "requirements, people with a requirement",
    )
    step: str = pa.Field(description="what was done, in words, e.g. 'without a length'")
    before: pl.Int64 = pa.Field(ge=0, description="records before the step")
    removed: pl.Int64 = pa.Field(ge=0, description="records removed (or merged) by the step")
    after: pl.Int64 = pa.Field(ge=0, description="records after the step: before - removed")


QUALITY_SECTIONS = [
    "completeness",
    "people",
    "blocking",
    "model",
    "prior",
    "thresholds",
    "contradictions",
    "comparator",
    "comparator patterns",
    "errors",
    "review",
    "groups",
    "profile",
    "near threshold",
    "near threshold patterns",
    "choices",
    "drift",
    "court coverage",
]
QUALITY_UNITS = ["count", "percent", "estimate", "probability", "bits", "difference", "number", "words"]


class LinkageQuality(Table):
    """One row per figure of the linkage quality report, in its order. Counts and shares after disclosure control."""

    order: pl.Int32 = pa.Field(unique=True, ge=1, description="position in the report")
    section: str = pa.Field(isin=QUALITY_SECTIONS, description="part of the report")
    row_group: str = pa.Field(description="what several rows belong to, such as a grouping of people; else empty text")
    row_label: str = pa.Field(description="row: a group, level, rule, threshold or setting, never a record")
    measure: str = pa.Field(description="column: what the value is")
    unit: str = pa.Field(isin=QUALITY_UNITS, description="unit of the value; an estimate is an expected count")
    value: float = pa.Field(
        nullable=True,
        description="the figure, counts rounded to the disclosure threshold; empty when withheld or in words",
    )
    lower: float = pa.Field(nullable=True, description="lower limit of an estimate that has an interval")
    upper: float = pa.Field(nullable=True, description="upper limit of an estimate that has an interval")
    words: str = pa.Field(nullable=True, description="fixed words, such as within and outside; empty for a number")
    status: str = pa.Field(isin=["shown", "[u]", "[x]"], description="shown, base too small, or not available")
    synthetic: bool = pa.Field(description="made from synthetic extracts: describes no real person")


READING_SECTIONS = [
    "engine",
    "selection",
    "drift",
    "statuses",
    "reviewed requirements",
    "reviewer agreement",
    "requirement rules",
    "p1 thresholds",
    "errors by phenomenon",
    "keyword audit",
    "missed engagement",
    "injections",
]


class NoteReadingQuality(Table):
    """One row per figure of how well notes are read, by section. Counts, shares and fixed words only, no note text."""

    order: pl.Int32 = pa.Field(unique=True, ge=1, description="position in the report")
    section: str = pa.Field(isin=READING_SECTIONS, description="part of the report")
    row_group: str = pa.Field(description="what several rows belong to; else empty text")
    row_label: str = pa.Field(description="row: an engine, status, rule, threshold or keyword, never a record")
    measure: str = pa.Field(description="column: what the value is")
    unit: str = pa.Field(isin=QUALITY_UNITS, description="unit of the value; an estimate is an expected count")
    value: float = pa.Field(
        nullable=True,
        description="the figure; counts rounded to the disclosure threshold, but for a matrix without a small count",
    )
    lower: float = pa.Field(nullable=True, description="lower end of its interval, where it has one")
    upper: float = pa.Field(nullable=True, description="upper end of its interval, where it has one")
    words: str = pa.Field(nullable=True, description="fixed words, or what identifies an engine; empty for a number")
    status: str = pa.Field(isin=["shown", "[u]", "[x]"], description="shown, base too small, or not available")
    synthetic: bool = pa.Field(description="made from synthetic extracts: describes no real person")


class ZoneReceipts(Table):
    """What a zone tells of its tables, a row each, sorted by table: what each is, was made from and said to by checks.

    The backbone of the manifest and of lineage, which read no other zone. It says when and by whom, so it is the one
    kind of table that differs from run to run.
    """

    table: str = pa.Field(unique=True, description="name of the table")
    quarter: str = pa.Field(isin=QUARTER_NAMES, description="quarter of the table")
    rows: pl.Int64 = pa.Field(
        nullable=True, ge=0, description="rows, rounded to the disclosure threshold; empty when they are few"
    )
    rows_quarantined: pl.Int64 = pa.Field(
        nullable=True, ge=0, description="of an extract: rows set aside, told as rows; empty of other tables"
    )
    sha256: str = pa.Field(str_length=64, description="SHA-256 of the file, which tells nothing of its content")
    made_from: str = pa.Field(description="JSON: name of each input to the SHA-256 of its content")
    code: str = pa.Field(description="hash of the code that made it")
    settings: str = pa.Field(description="hash of the settings it was made with")
    checks: str = pa.Field(description="JSON: name of each blocking check to whether it passed")
    accepted: str = pa.Field(
        description="JSON: decisions to go on against a check, without a value that is a small count"
    )
    seconds: float = pa.Field(ge=0, description="seconds by the clock that it took")
    cpu_seconds: float = pa.Field(ge=0, description="seconds of processor time")
    peak_mb: pl.Int64 = pa.Field(ge=0, description="peak memory of the process, MB")
    run: str = pa.Field(description="run of Dagster that made it")
    launched_by: str = pa.Field(description="who launched that run")
    made_at: str = pa.Field(description="when it was made, in UTC")
    number: pl.Int64 = pa.Field(ge=1, description="how many receipts the table has had")


@dataclass(frozen=True)
class Crossing:
    """A table that crosses: who makes it, who may read it, what it is."""

    table: type[Table]
    made_by: str
    read_by: tuple[str, ...]
    purpose: str


CROSSINGS = {
    "anonymised_requirements": Crossing(
        AnonymisedRequirements, "linkage_assets", ("modelling_assets",), "the analysis file, identifiers removed"
    ),
    "consort_counts": Crossing(
        ConsortCounts, "linkage_assets", ("publication_assets",), "records kept and removed at every step, counts only"
    ),
    "linkage_quality": Crossing(
        LinkageQuality,
        "linkage_assets",
        ("modelling_assets", "publication_assets"),
        "how good the linkage is, rounded counts only",
    ),
    "substance_use": Crossing(
        SubstanceUse,
        "linkage_assets",
        ("publication_assets",),
        "days of substance use before and after, under keys of its own, no identifier and no date",
    ),
    "requirement_counts": Crossing(
        RequirementCounts,
        "linkage_assets",
        ("publication_assets",),
        "requirements by quarter of sentence and by local authority, counts only",
    ),
    "note_request": Crossing(
        NoteRequest, "linkage_assets", ("nlp_assets",), "whose notes to read, without link status"
    ),
    "requirement_engagement": Crossing(
        RequirementEngagement, "nlp_assets", ("modelling_assets",), "what the notes say, without their text"
    ),
    "reviewed_requirements": Crossing(
        ReviewedRequirements, "nlp_assets", ("modelling_assets",), "what reviewers decided of requirements they read"
    ),
    "note_reading_quality": Crossing(
        NoteReadingQuality, "nlp_assets", ("publication_assets",), "how well notes are read, counts and shares only"
    ),
    "linkage_receipts": Crossing(
        ZoneReceipts, "linkage_assets", ("publication_assets",), "what each table of the zone is and was made from"
    ),
    "notes_receipts": Crossing(
        ZoneReceipts, "nlp_assets", ("publication_assets",), "what each table of the zone is and was made from"
    ),
}


def crossing_file(root: Path, table: str, quarter: str) -> Path:
    """File of a crossing table: each has a folder of its own, so that a zone is given only those it may read."""
    return root / "crossings" / table / quarter / f"{table}.parquet"
