"""The profile of a quarter's sources: probation, courts, prison and treatment before they are combined.

Belongs here: which measures there are. Does not belong here: how a measure becomes a row
(quarter_profile.py), whether it may be so (resources/drift/judge_drift.py), and the linkage (steps/links).

Nothing here depends on the linkage model: the profile is taken when a model is trained, and with every quarter.
"""

from collections.abc import Mapping

import polars as pl

from contracts.sources.ndelius import OFFENCE_GROUPS
from contracts.sources.ndtms import USE_COLUMNS
from contracts.vocabulary import (
    DISPOSALS,
    LENGTH_BANDS,
    NOT_STUDIED_REGION,
    OGRS_BANDS,
    PSR_TYPES,
    REGIONS,
    RSR_BANDS,
    SUBSTANCE_GROUPS,
    TERMINATION_REASONS,
    TREATMENT_STATUSES,
    TYPES,
)
from linkage_assets.schemas.combining import ACCOMMODATION, DATA_SETS
from linkage_assets.steps.requirements.follow_requirements import find_prison, find_reconvictions
from linkage_assets.steps.sources.count_requirements import count_requirements
from resources.drift.quarter_profile import (
    Row,
    level_shares,
    mean,
    number_of_rows,
    profile_frame,
    share,
    share_known,
    share_true,
)
from resources.settings.study_settings import StudySettings

PROBATION, COURTS, PRISON, TREATMENT, FILES = "probation", "courts", "prison", "treatment", "files"
KNOWN = {
    "accommodation": "accommodation",
    "ogrs_band": "OGRS score",
    "rsr_band": "RSR band",
    "offence_group": "offence group",
    "length_band": "length",
    "recorded_court": "court",
    "age_band": "age",
    "sex": "sex",
    "ethnic_group": "ethnic group",
}
LEVELS = {
    "accommodation": ("accommodation", ACCOMMODATION),
    "ogrs_band": ("OGRS band", OGRS_BANDS),
    "rsr_band": ("RSR band", RSR_BANDS),
    "offence_group": ("offence", [group for group in OFFENCE_GROUPS if group != "Not known"]),
    "termination_reason": ("ended as", TERMINATION_REASONS),
    "region": ("region", [*REGIONS, NOT_STUDIED_REGION]),
    "requirement_type": ("type", TYPES),
    "disposal_type": ("order", DISPOSALS),
    "length_band": ("length", LENGTH_BANDS),
}
# Measures that are judged by what is plausible in itself, by the name of their bounds in `drift.plausible`.
REPORTED = "requirements with a pre-sentence report"
DATED = "court results with the date of the offence"
RECONVICTED = "requirements followed in full with a reconviction"
LISTED = "court results of people on probation with a listed outcome"
OF_PROBATION = "court results that are of somebody on probation"
IMPRISONED = "requirements with a reception into prison"
ENDED = "requirements that have ended"
SUBSTANCES = "treatment episodes with a known substance"
DISCHARGED = "structured treatment episodes that have ended"
PLAUSIBLE = {
    "accommodation_known": "requirements with accommodation",
    "ogrs_known": "requirements with OGRS score",
    "rsr_known": "requirements with RSR band",
    "offence_known": "requirements with offence group",
    "length_known": "requirements with length",
    "sex_known": "requirements with sex",
    "age_known": "requirements with age",
    "pre_sentence_report": REPORTED,
    "ended": ENDED,
    "ended_otherwise": "ended as: Other",
    "results_of_probation": OF_PROBATION,
    "listed_outcomes": LISTED,
    "offence_dates": DATED,
    "reconvicted": RECONVICTED,
    "imprisoned": IMPRISONED,
    "substances_known": SUBSTANCES,
    "discharged": DISCHARGED,
}
STARTED = "structured treatment episodes with a start form"
PLAUSIBLE_WHEN_SENT = {"start_forms": STARTED}  # of a file that may be absent: then there is nothing to judge


def profile_sources(
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    prison_receptions: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_episodes: pl.DataFrame,
    outcome_forms: pl.DataFrame,
    rows_of_files: Mapping[str, int],
    settings: StudySettings,
) -> pl.DataFrame:
    """One row per measure, as resources/drift/quarter_profile.py Profile.

    The tables are as schemas/combining.py declares them; `rows_of_files` are the rows read of every extract. Shares are
    of requirements of the types studied, those with an outcome only where the whole window was observed.
    """
    probation = probation_attributes.filter(pl.col("person_pseudonym").is_not_null())
    return profile_frame(
        [
            *_probation(probation_attributes, pre_sentence_reports),
            *count_requirements(PROBATION, probation_attributes, settings.study.last_day_observed),
            *_courts(probation, court_appearances, rows_of_files.get("result", 0), settings),
            *_prison(probation, prison_receptions, settings),
            *_treatment(treatment_episodes),
            *(_forms(treatment_episodes, outcome_forms, settings) if rows_of_files.get("outcome_profile") else []),
            *(number_of_rows(FILES, f"rows of {name}", rows) for name, rows in rows_of_files.items()),
        ]
    )


def _probation(requirements: pl.DataFrame, reports: pl.DataFrame) -> list[Row]:
    reported = requirements["requirement_pseudonym"].is_in(reports["requirement_pseudonym"].unique().implode())
    rows = [share_known(PROBATION, f"requirements with {words}", requirements[name]) for name, words in KNOWN.items()]
    rows.append(share_true(PROBATION, REPORTED, reported))
    rows.append(share_known(PROBATION, ENDED, requirements["termination_reason"]))
    rows.append(share_known(PROBATION, "requirements whose person is known", requirements["person_pseudonym"]))
    rows.append(share_true(PROBATION, "requirements with drink driving", requirements["drink_driving"]))
    for name, (words, levels) in LEVELS.items():
        rows += level_shares(PROBATION, words, requirements[name], levels)
    return rows + level_shares(PROBATION, "report", reports["psr_type"], PSR_TYPES)


def _courts(requirements: pl.DataFrame, appearances: pl.DataFrame, results: int, settings: StudySettings) -> list[Row]:
    followed = find_reconvictions(
        requirements, appearances, settings.combining, settings.study.last_day_observed
    ).filter("followed_in_full")
    people = requirements["person_pseudonym"].unique()
    with_outcome = appearances.filter("listed_outcome")["person_pseudonym"].unique()
    return [
        share(COURTS, OF_PROBATION, min(appearances.height, results), results),
        share_true(COURTS, LISTED, appearances["listed_outcome"]),
        share_known(COURTS, DATED, appearances["offence_date"]),
        share_true(COURTS, "people on probation with any listed outcome", people.is_in(with_outcome.implode())),
        share_true(COURTS, RECONVICTED, followed["reconvicted"]),
        *level_shares(COURTS, "result matched by", appearances["matched_by"], ["crn", "pnc", "cro", "details"]),
    ]


def _prison(requirements: pl.DataFrame, receptions: pl.DataFrame, settings: StudySettings) -> list[Row]:
    window = pl.col("disposal_date").dt.offset_by(f"{settings.combining.prison_months}mo")
    followed = requirements.filter(window <= settings.study.last_day_observed)
    people = requirements.select("person_pseudonym").unique()
    spells = people.join(receptions.group_by("person_pseudonym").len(), on="person_pseudonym", how="left")
    return [
        share_true(PRISON, IMPRISONED, find_prison(followed, receptions, settings.combining)["prison_12m"]),
        mean(PRISON, "receptions per person on probation", spells["len"].fill_null(0)),
        *level_shares(PRISON, "reception to", receptions["spell_type"], ["remand", "sentenced", "recall"]),
    ]


def _treatment(episodes: pl.DataFrame) -> list[Row]:
    structured = episodes.filter(pl.col("data_set") != "cjit")
    return [
        mean(TREATMENT, "episodes per person in treatment", episodes.group_by("client_pseudonym").len()["len"]),
        share_known(TREATMENT, SUBSTANCES, structured["substance_group"]),
        share_known(TREATMENT, DISCHARGED, structured["end_date"]),
        *level_shares(TREATMENT, "data set", episodes["data_set"], DATA_SETS),
        *level_shares(TREATMENT, "discharged as", structured["outcome"], [*TREATMENT_STATUSES, "Transferred"]),
        *level_shares(TREATMENT, "substances", structured["substance_group"], SUBSTANCE_GROUPS),
    ]


def _forms(episodes: pl.DataFrame, forms: pl.DataFrame, settings: StudySettings) -> list[Row]:
    """Of the Treatment Outcomes Profile: how many episodes have a start form, which forms there are, what they say."""
    structured = episodes.filter(pl.col("data_set").is_in(settings.combining.structured_data_sets))
    began = structured.select("client_pseudonym", "start_date").unique()
    away = (pl.col("form_date") - pl.col("episode_start")).dt.total_days().abs()
    in_time = (
        forms.filter((pl.col("stage") == "Start") & (away <= settings.combining.outcome_forms.days_from_start))
        .select("client_pseudonym", start_date="episode_start")
        .unique()
    )
    with_start = began.join(in_time, on=began.columns, how="semi").height
    return [
        share(TREATMENT, STARTED, with_start, began.height),
        *level_shares(TREATMENT, "outcome form", forms["stage"], ["Start", "Review", "Exit", "After exit"]),
        *(
            share_known(TREATMENT, f"outcome forms that answer for {words.lower()}", forms[column])
            for column, words in USE_COLUMNS.items()
        ),
        *(
            mean(TREATMENT, f"days of use at the start: {words.lower()}", forms.filter(stage="Start")[column])
            for column, words in USE_COLUMNS.items()
        ),
    ]
