"""The settings of the study: what `study.toml` may say, with the meaning of every key.

Belongs here: reading and validating `study.toml`, its sections but modelling. Does not belong here: `[modelling]`
(modelling_settings.py), the variables that models use (variable_sheet.py), paths, secrets and ports (environment).
"""

import os
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from resources.process.data_root import data_root
from resources.settings.drift_settings import Drift, LinkageDrift
from resources.settings.extract_settings import Extracts
from resources.settings.governance_settings import Duties, Governance
from resources.settings.justice_settings import Justice, JusticeDrift, JusticeViews
from resources.settings.modelling_settings import Modelling
from resources.settings.operation_settings import Operation
from resources.settings.release_settings import Release
from resources.settings.settings_section import Backend, RequirementType, Section, StudySettingsError
from resources.settings.variable_sheet import VARIABLE_SHEET, check_sheet_agrees, read_variable_sheet

SETTINGS_FILE = Path(__file__).resolve().parents[2] / "study.toml"
SETTINGS_COPIES = "PATHWAYS_SETTINGS"  # environment variable: folder of the copies of the refresh that is running

MODEL_NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"  # of a folder, so that it can be no path

QuarterEnd = Literal["quarter_end"]


class Cohort(Section):
    """Who is studied and for how long (methodology 2.5.1, report 1.3)."""

    cohort_start: date = Field(description="first disposal date of the cohort")
    cohort_end: date | QuarterEnd = Field(description="last disposal date, or the end of the quarter that is run")
    observation_end: date | QuarterEnd = Field(description="last day observed in treatment, prison and court data")
    requirement_types: list[RequirementType] = Field(min_length=1, description="requirement types studied")
    exclude_regions: list[str] = Field(description="probation regions left out of the analysis")

    @model_validator(mode="after")
    def _every_type_is_studied(self) -> "Cohort":
        # The report sets the types side by side throughout: of one alone it would say what is not so.
        every = get_args(RequirementType)
        if sorted(self.requirement_types) != sorted(every):
            raise ValueError(
                f"study.requirement_types must name {' and '.join(every)}, each once. The report compares them, and "
                "there is no report of one alone"
            )
        return self

    @property
    def last_sentence(self) -> date:
        """`cohort_end` as a date. Raises StudySettingsError before a quarter was chosen."""
        if not isinstance(self.cohort_end, date):
            raise StudySettingsError("cohort_end is the end of a quarter, and none was chosen. Call for_quarter.")
        return self.cohort_end

    @property
    def last_day_observed(self) -> date:
        """`observation_end` as a date. Raises StudySettingsError before a quarter was chosen."""
        if not isinstance(self.observation_end, date):
            raise StudySettingsError("observation_end is the end of a quarter, and none was chosen. Call for_quarter.")
        return self.observation_end


class Review(Section):
    """Clerical review of record pairs (methodology 2.5.3)."""

    seed: int = Field(description="seed of the samples, of each reviewer's order of pairs, and of the bootstrap")
    first_sample_pairs: int = Field(ge=10, description="pairs in the first sample, drawn over the whole range")
    second_sample_pairs: int = Field(ge=0, description="pairs in the second sample, near the first disagreement")
    stratum_bits: float = Field(gt=0, description="width of a stratum of the first sample, bits of match weight")
    equal_share: float = Field(
        ge=0, le=1, description="share of the first sample spread evenly over strata; the rest follows their size"
    )
    second_sample_bits: float = Field(gt=0, description="how far from the first disagreement, bits either side")
    match_score: float = Field(gt=0, le=1, description="mean score of the reviewers from which a pair is a match")
    target_precision: float = Field(
        gt=0, lt=1, description="precision whose lower confidence bound a recommended threshold must reach"
    )
    least_recall: float = Field(
        ge=0, le=1, description="share of the matches among scored pairs that a recommended threshold must keep"
    )
    confidence_level: float = Field(gt=0.5, lt=1, description="coverage of the intervals")
    bootstrap_replicates: int = Field(ge=100, description="replicates of the stratified bootstrap")


PUBLISHED, PUBLISHED_THRESHOLD = "published_study", 0.985  # methodology 2.5.3
ThresholdBasis = Literal[
    "published_study",
    "clerical_review",
    "clerical_review_of_synthetic_extracts",
    "simulated_review_of_synthetic_extracts",
]


class ThresholdDecision(Section):
    """Who decided `linkage.threshold`, when and on what evidence; written by `pathways review adopt`."""

    threshold: float = Field(gt=0, lt=1, description="the threshold that was decided; equals linkage.threshold")
    decided_on: date = Field(description="day of the decision")
    decided_by: str = Field(min_length=1, description="who decided")
    basis: ThresholdBasis = Field(description="kind of evidence; anything synthetic or simulated is named as such")
    evidence: str = Field(min_length=1, description="source section, or SHA-256 of the review findings")


class ApprovedModel(Section):
    """The trained linkage model that refreshes score with: `pathways train-linkage` makes one, this approves it."""

    name: str = Field(pattern=MODEL_NAME, description="name it was trained under")
    sha256: str = Field(pattern=r"^([0-9a-f]{64})?$", description="its digest; may be empty only on synthetic extracts")


class ChunkedBackend(Backend):
    """The same of the study's linkage, which counts records that are scored together."""

    records_per_chunk: int = Field(
        ge=1_000, description="treatment records scored together; with more, chunks are kept and scoring resumes"
    )


class Linkage(Section):
    """Fellegi-Sunter linkage of nDelius and NDTMS (methodology 2.4-2.5)."""

    seed: int = Field(description="seed of sampling in Splink")
    threshold: float = Field(gt=0, lt=1, description="match probability from which a pair is a link")
    dedupe_threshold: float = Field(
        gt=0, lt=1, description="match probability from which two identifiers are one person"
    )
    client_dedupe_threshold: float = Field(
        gt=0, lt=1, description="match probability from which two NDTMS identifiers are one person"
    )
    largest_cluster: int = Field(ge=2, description="identifiers of one person above which a refresh stops")
    minimum_identifiers: int = Field(
        ge=1, le=3, description="of initials, date of birth, location: how many a record needs"
    )
    most_birth_dates: int = Field(
        ge=1, description="dates of birth that one NDTMS identifier may have; with more it identifies nobody"
    )
    birth_date_year_tolerance: int = Field(ge=0, le=20, description="years apart for the same-day-and-month level")
    sector_distances_km: list[float] = Field(
        min_length=1, description="distance levels between postcode sectors, km, ascending"
    )
    earliest_birth_date: date = Field(description="earlier dates of birth are void")
    placeholder_birth_dates: list[date] = Field(description="dates typed when the date of birth is not known")
    no_fixed_abode_postcodes: list[str] = Field(description="dummy postcodes meaning no fixed abode")
    blocking_rules: list[str] = Field(min_length=1, description="names of the blocking rules")
    term_frequencies: list[Literal["initials", "birth_date", "ethnicity", "location"]] = Field(
        description="comparisons whose exact level weighs a rare value more than a common one"
    )
    u_sampling_pairs: int = Field(
        ge=10_000, description="about how many pairs of values are compared for u-probabilities of the linkage, at most"
    )
    dedupe_sampling_pairs: int = Field(ge=10_000, description="the same of the two deduplications")
    em_sampling_pairs: int = Field(ge=10_000, description="about how many pairs a training rule looks at, at most")
    largest_disagreement: float = Field(
        gt=0, description="bits by which training rules may disagree on a level that is not rare"
    )
    lowest_probability: float = Field(gt=0, lt=1, description="scored pairs below this match probability are not kept")
    model: ApprovedModel
    drift: LinkageDrift
    # Excluded from the fingerprint: engines and limits change no result.
    backend: ChunkedBackend = Field(exclude=True, description="the database under Splink")
    # Excluded from the fingerprint: no table of a refresh is made from how a review is sampled or who decided.
    review: Review = Field(exclude=True, description="clerical review")
    threshold_decision: ThresholdDecision = Field(description="who decided the threshold, and why")

    @model_validator(mode="after")
    def _distances_ascend(self) -> "Linkage":
        if sorted(self.sector_distances_km) != self.sector_distances_km:
            raise ValueError("linkage.sector_distances_km must ascend")
        return self

    @model_validator(mode="after")
    def _threshold_was_decided(self) -> "Linkage":
        if self.threshold != self.threshold_decision.threshold:
            raise ValueError(
                "linkage.threshold is not the one that linkage.threshold_decision records. Adopt a threshold with "
                "`pathways review adopt`, or record by hand who decided this one, when and on what evidence"
            )
        if self.threshold_decision.basis == PUBLISHED and self.threshold != PUBLISHED_THRESHOLD:
            raise ValueError(
                f"linkage.threshold_decision has the basis {PUBLISHED}, and the threshold of the published study is "
                f"{PUBLISHED_THRESHOLD}, not this one. Set both to {PUBLISHED_THRESHOLD}, or adopt another threshold "
                "with `pathways review adopt`"
            )
        return self


class IdentityNumbers(Section):
    """When a police, criminal record or prison number says who somebody is (identity_numbers.py)."""

    placeholders: list[str] = Field(description="numbers typed when none is known; a serial number of noughts is one")
    most_people: int = Field(ge=1, description="people who may hold one number; held by more it identifies nobody")
    least_usable_share: float = Field(
        ge=0, le=1, description="share of the numbers of a file that must identify somebody, and not contradict"
    )


class LargestUnknownShares(Section):
    """Share of the values of a code list's column that the list need not hold; more stop a refresh."""

    result_text: float = Field(ge=0, le=1, description="court outcomes")
    termination_reason: float = Field(ge=0, le=1, description="reasons why a requirement ended")
    DISRSN: float = Field(ge=0, le=1, description="NDTMS discharge reasons")
    DRUG1: float = Field(ge=0, le=1, description="NDTMS codes of the main substance")
    DRUG2: float = Field(ge=0, le=1, description="NDTMS codes of the second substance")
    DRUG3: float = Field(ge=0, le=1, description="NDTMS codes of the third substance")
    UTLA: float = Field(ge=0, le=1, description="authorities, of today or former")


class OutcomeForms(Section):
    """Which form of the Treatment Outcomes Profile stands for the start of a journey, and which for the last state.

    Of a table of its own (33): no other figure depends on them.
    """

    days_from_start: int = Field(ge=0, description="days that a start form may lie before or after the first triage")
    days_from_discharge: int = Field(ge=0, description="days that an exit form may lie before or after the discharge")
    days_apart: int = Field(
        ge=1, description="days that the last form must lie after the start form; 28 keeps the days asked about apart"
    )


class Combining(Section):
    """Date rules that turn links into records of the analysis file (methodology 2.5.4-2.5.5)."""

    same_date_tolerance_days: int = Field(
        ge=0, description="days that a record of the date of the sentence may lie from it"
    )
    structured_data_sets: list[Literal["adult_community", "yp_community", "adult_secure", "yp_secure"]] = Field(
        min_length=1, description="NDTMS data sets whose episodes are structured treatment"
    )
    journey_gap_days: int = Field(ge=0, description="episodes this many days apart join into one journey")
    journey_choice: Literal["open_else_first_after", "first_after"] = Field(
        description="journey that answers for a requirement"
    )
    journey_within_months: int = Field(
        ge=0, description="months after disposal in which a journey must start to answer; 0 for no limit"
    )
    transferred_counts_as: Literal["dropped_out", "completed"] = Field(
        description="outcome of journeys that end in a transfer"
    )
    prison_months: int = Field(ge=1, description="months after disposal searched for a prison reception")
    prison_legal_status: Literal["any", "sentenced_or_recalled"] = Field(description="receptions that count")
    reconviction_months: int = Field(ge=1, description="months after disposal searched for a reconviction")
    reconviction_date_basis: Literal["both", "appearance_date", "offence_date"] = Field(
        description="what must fall in these months: offence and appearance, or one of them"
    )
    reconviction_outcome_set: Literal["published_70", "convictions_only"] = Field(
        description="court outcomes that count"
    )
    reconviction_index_case_counts: bool = Field(
        description="later hearings of the case that was sentenced are reconvictions"
    )
    court_match_by_details: bool = Field(description="defendants without a number count when found by their details")
    exclude_imposed_later: bool = Field(
        description="leave out requirements imposed on another day than the date of the sentence"
    )
    exclude_duplicates: bool = Field(description="leave out a second requirement of one type on an order")
    exclude_missing_length: bool = Field(description="leave out requirements without a length")
    exclude_both_types: bool = Field(description="leave out sentences with both an ATR and a DRR")
    both_types_within: Literal["order", "sentence_date"] = Field(description="what has both an ATR and a DRR")
    exclude_mental_health_orders: bool = Field(
        description="leave out orders that also have a mental health treatment requirement"
    )
    exclude_unlinkable: bool = Field(description="leave out people without enough identifiers to be linked")
    smallest_class: int = Field(ge=2, description="k: records that a combination of quasi-identifiers should have")
    outcome_forms: OutcomeForms
    identity_numbers: IdentityNumbers
    largest_unknown_share: LargestUnknownShares


class Labels(Section):
    """Labelling by the language model (methodology 2.7)."""

    engine: Literal["encoder", "served_encoder", "fixture"] = Field(
        description="what reads notes where the environment names neither a server, a model folder nor an engine"
    )
    # Excluded from the fingerprint: a reading is the same to the last bit however many there are.
    encoder_threads: int = Field(ge=1, exclude=True, description="threads of the encoder in this process")
    prompt: str = Field(description="name of the prompt file")
    model: str = Field(description="model expected on the server that reads notes")
    without_instruct_model_because: str = Field(
        description="why notes of real people are read without an instruct model, if they are; published"
    )
    weights_sha256: str = Field(
        pattern=r"^([0-9a-f]{64})?$", description="hash of the weights on that server, stated by who serves them"
    )
    label_threshold: float = Field(gt=0, lt=1, description="p(1) from which a note is labelled 1")
    notes_per_request: int = Field(ge=1, description="prompts sent in one HTTP request")
    requests_in_flight: int = Field(ge=1, description="requests sent at the same time")
    notes_per_chunk: int = Field(ge=1, description="labels committed together")
    maximum_off_choice: float = Field(
        gt=0, le=1, description="probability outside 0 and 1 above which a note has no label"
    )
    maximum_prompt_tokens: int = Field(
        ge=256, description="longest prompt sent, tokens; longer notes are windowed by sentence"
    )
    chat_requests_in_flight: int = Field(ge=1, description="requests sent at the same time to a chat server")
    chat_window_bytes: int = Field(
        ge=200, description="longest note sent to a chat server, bytes; longer notes are windowed by sentence"
    )


class Injections(Section):
    """Hostile instructions inside notes (nlp_assets/injections/trials.toml)."""

    maximum_flip_rate: float = Field(
        ge=0, le=1, description="share of invented notes whose label an instruction may choose before a refresh stops"
    )


class RequirementRule(Section):
    """When the notes of a requirement say that the person engaged (methodology 2.7.4: any note labelled 1)."""

    minimum_notes: int = Field(ge=1, description="notes that must say so; the study's is 1")
    minimum_p1: Annotated[float, Field(gt=0, lt=1)] | Literal["label_threshold"] = Field(
        description="p(1) from which a note says so; the study's is that from which it is labelled 1"
    )


class NotesReview(Section):
    """Reviewed cases: people read the notes of a sample of requirements, blind to the model (report 1.3.2)."""

    seed: int = Field(description="seed of the sample, of each reviewer's order of requirements, and of the bootstrap")
    requirements: int = Field(ge=1, description="requested requirements with a keyword note in the sample")
    confidence_level: float = Field(gt=0.5, lt=1, description="coverage of the intervals")
    bootstrap_replicates: int = Field(ge=100, description="replicates of the bootstrap of kappa and of differences")


class KeywordFilter(Section):
    """When a note holds a keyword (methodology 2.7.1, which states none of this: docs/quality/assumptions.md)."""

    whole_words: bool = Field(description="keywords match between word boundaries")
    case_sensitive_acronyms: bool = Field(description="all-capital keywords match capitals only")
    any_white_space: bool = Field(description="a blank in a keyword matches any white space, such as a line break")


class FilterAudit(Section):
    """Samples of what the filter excludes, labelled too: what it misses."""

    seed: int = Field(description="seed of both samples")
    excluded_notes: int = Field(ge=1, description="notes without a keyword in the first sample")
    excluded_requirements: int = Field(
        ge=1, description="requirements called not engaged, all of whose notes without a keyword are the second sample"
    )
    confidence_level: float = Field(gt=0.5, lt=1, description="coverage of the intervals")


class Comparison(Section):
    """Prices that `pathways compare-models` states costs by. They decide no label and no table."""

    cpu_price_per_hour: float = Field(ge=0, description="an hour of this machine, pounds")
    server_price_per_hour: float = Field(ge=0, description="an hour of the machine behind VLLM_BASE_URL, pounds")


class Notes(Section):
    """Which notes are read and how they are filtered (report 1.5, methodology 2.7.1)."""

    unlinked_sample_share: float = Field(gt=0, le=1, description="share of unlinked requirements sampled")
    linked_decoy_share: float = Field(
        ge=0, le=1, description="share of linked requirements that are added as positive controls"
    )
    contacts_of: Literal["person", "requirement"] = Field(
        description="contacts in the window of a requirement: all of the person, or those under it or under none"
    )
    termination_weeks: int = Field(ge=1, description="weeks before termination looked at in table 4")
    filter: KeywordFilter
    audit: FilterAudit
    labels: Labels
    requirement_rule: RequirementRule
    review: NotesReview
    comparison: Comparison = Field(exclude=True, description="prices, for comparing models")
    injections: Injections

    @property
    def engaged_p1(self) -> float:
        """p(1) from which a note counts for its requirement: requirement_rule.minimum_p1 as a number."""
        minimum = self.requirement_rule.minimum_p1
        return minimum if isinstance(minimum, float) else self.labels.label_threshold


class Publication(Section):
    """What the publication may show."""

    disclosure_threshold: int = Field(ge=1, description="counts from 1 to one below this are not shown")
    rounding_base: int = Field(
        default=0, ge=0, description="counts are shown as multiples of this, shares computed from them; 0: not rounded"
    )
    minimum_base: int = Field(ge=1, description="percentages of fewer records are not shown")


class StudySettings(Section):
    """All settings of the study, one attribute per section of study.toml."""

    study: Cohort
    extracts: Extracts = Extracts()
    linkage: Linkage
    combining: Combining
    drift: Drift
    notes: Notes
    modelling: Modelling
    publication: Publication
    release: Release
    governance: Governance = Governance()
    operation: Operation
    justice: Justice
    justice_views: JusticeViews
    justice_drift: JusticeDrift
    duties: Duties = Duties()

    def fingerprint(self, *sections: str) -> str:
        """Hash of the named sections: changes when a setting in them changes."""
        text = "".join(getattr(self, section).model_dump_json() for section in sections)
        return sha256(text.encode()).hexdigest()[:16]

    def for_quarter(self, quarter_end: date) -> "StudySettings":
        """The same settings with `quarter_end` replaced by the last day of the quarter that is run."""
        dates = {
            name: quarter_end
            for name in ("cohort_end", "observation_end")
            if getattr(self.study, name) == "quarter_end"
        }
        return self.model_copy(update={"study": self.study.model_copy(update=dates)})


def load_study_settings(path: Path | None = None, sheet: Path | None = None) -> StudySettings:
    """Read and validate study.toml and the variable sheet, whose rows become `modelling.factors`.

    Without `path` and `sheet`, the files that people edit; while a refresh runs, its copies of them
    (settings_of_run.py).
    Files with the same content as last time are not validated again: a refresh asks hundreds of times whether somebody
    has edited them. Raises StudySettingsError that names every unknown, missing or wrong key or cell.
    """
    copies = _copies()
    path = Path(path or (copies / SETTINGS_FILE.name if copies else SETTINGS_FILE))
    sheet = Path(sheet or (copies / VARIABLE_SHEET.name if copies else VARIABLE_SHEET))
    content = _content(path, sheet)
    if content and (before := _read_before.get((path, sheet))) and before[0] == content:
        return before[1]
    settings = _read(path, sheet)
    if content and content == _content(path, sheet):  # not edited meanwhile
        _read_before[path, sheet] = content, settings
    return settings


_read_before: dict[tuple[Path, Path], tuple[tuple[bytes, bytes], StudySettings]] = {}


def _content(path: Path, sheet: Path) -> tuple[bytes, bytes] | None:
    try:
        return path.read_bytes(), sheet.read_bytes()
    except OSError:  # said when it is read
        return None


def _read(path: Path, sheet: Path) -> StudySettings:
    factors, in_models = read_variable_sheet(sheet)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        if isinstance(values.get("modelling"), dict):
            if "factors" in values["modelling"]:
                raise StudySettingsError(
                    f"{path} has modelling.factors. Variables are rows of reference/{sheet.name}: move them there."
                )
            values["modelling"]["factors"] = factors
        settings = StudySettings.model_validate(values)
    except FileNotFoundError:
        raise StudySettingsError(f"{path} does not exist. Restore it from the repository.") from None
    except tomllib.TOMLDecodeError as error:
        raise StudySettingsError(f"{path} is not valid TOML: {error}. Correct that line.") from None
    except ValidationError as error:
        faults = [f"  {'.'.join(map(str, fault['loc'])) or 'study.toml'}: {_remedy(fault)}" for fault in error.errors()]
        raise StudySettingsError(f"{path} has {len(faults)} setting(s) at fault:\n" + "\n".join(faults)) from None
    check_sheet_agrees(settings.modelling.models, in_models, sheet)
    return settings


def _copies() -> Path | None:
    """Folder of the copies of the refresh that is running, if one is. Raises StudySettingsError for any other folder:
    what decides (thresholds, reasons, disclosure) is not to be replaced by a variable.
    """
    named = os.environ.get(SETTINGS_COPIES)
    if not named:
        return None
    if Path(named) != data_root() / "settings":
        raise StudySettingsError(
            f"{SETTINGS_COPIES} names another folder than the copies of settings that a refresh makes in "
            f"{data_root() / 'settings'}. Unset it: settings are read from study.toml."
        )
    return Path(named)


def _remedy(fault: ErrorDetails) -> str:
    if fault["type"] == "extra_forbidden":
        return "no such setting. Remove it or correct its name; resources/*_settings.py list all settings."
    if fault["type"] == "missing":
        return "is missing. Add it; study.toml in the repository shows the published value."
    return f"{fault['msg']}."
