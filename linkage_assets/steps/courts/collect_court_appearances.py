"""Collects the court appearances of people on probation from the court systems, under pseudonyms.

Belongs here: who a defendant is, and each result with its case and offence. Does not belong here: which appearance
counts as a reconviction after which requirement (steps/combining/follow_requirements.py).
"""

import polars as pl

from linkage_assets.steps.people.assign_pseudonyms import pseudonyms_for
from linkage_assets.steps.people.locate_places import locate
from linkage_assets.steps.requirements.combining_code_lists import conviction_outcomes, outcome_form
from linkage_assets.steps.requirements.identify_people import find_people, read_numbers
from resources.extracts.values.identity_numbers import police_number
from resources.settings.study_settings import StudySettings

RANKS = {"crn": 1, "pnc": 2, "cro": 3, "details": 4}
POLICE_NUMBER = police_number(pl.col("pnc_number"))
PERSON = ["forename_initial", "surname_initial", "dob", "sex", "postcode_sector"]


def collect_court_appearances(
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    defendant: pl.DataFrame,
    case: pl.DataFrame,
    offence: pl.DataFrame,
    result: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    settings: StudySettings,
    secret: bytes,
) -> pl.DataFrame:
    """Results of the courts for people on probation up to the end of observation, one row per result and person,
    sorted by all columns (methodology 2.9).

    Columns: person_pseudonym, case_pseudonym, matched_by (the surest way of `match_defendants`), court_type (crown,
    magistrates, youth), offence_date, offence_code, appearance_date, source_system, listed_outcome (is one of the
    published 70) and conviction_outcome (of these, one that follows a conviction). Outcomes are compared in their
    listed form (listed_text.py): case, spaces, dashes and a final full stop make no difference.
    Case pseudonyms are drawn with the `secret` of the release and kept nowhere else: nothing needs the way back.
    """
    known = probation_pseudonyms.select("crn", "person_pseudonym")
    people = match_defendants(offender, offender_address, defendant, known, settings).join(known, on="crn")
    observed = result.filter(pl.col("appearance_date") <= settings.study.last_day_observed)
    of_people = _with_case_and_offence(observed, offence, case, defendant).join(people, on="defendant_id")
    pseudonyms = pseudonyms_for("MC", of_people["case_id"], secret)
    return (
        of_people.join(pseudonyms.rename({"key": "case_pseudonym"}), left_on="case_id", right_on="id", how="left")
        .sort("result_id", "person_pseudonym", pl.col("matched_by").replace_strict(RANKS, return_dtype=pl.Int8))
        .unique(["result_id", "person_pseudonym"], keep="first", maintain_order=True)
        .select(
            "person_pseudonym",
            "case_pseudonym",
            "matched_by",
            "court_type",
            "offence_date",
            "offence_code",
            "appearance_date",
            "source_system",
            listed_outcome=pl.col("outcome").is_in(sorted(conviction_outcomes("published_70"))),
            conviction_outcome=pl.col("outcome").is_in(sorted(conviction_outcomes("convictions_only"))),
        )
        .sort(pl.all())
    )


def _with_case_and_offence(
    result: pl.DataFrame, offence: pl.DataFrame, case: pl.DataFrame, defendant: pl.DataFrame
) -> pl.DataFrame:
    cases = case.select("case_id", "defendant_id", "court_type").unique(
        ["case_id", "defendant_id"], keep="first", maintain_order=True
    )
    return (
        result.select("result_id", "offence_id", "appearance_date", outcome=outcome_form(pl.col("result_text")))
        .join(
            offence.select("offence_id", "case_id", "defendant_id", "offence_date", offence_code="ho_offence_code"),
            on="offence_id",
        )
        .join(defendant.select("defendant_id", "source_system"), on="defendant_id")
        .join(cases, on=["case_id", "defendant_id"], how="left")
    )


def match_defendants(
    offender: pl.DataFrame,
    offender_address: pl.DataFrame,
    defendant: pl.DataFrame,
    people: pl.DataFrame,
    settings: StudySettings,
) -> pl.DataFrame:
    """Whom each defendant is: defendant_id, crn, matched_by, sorted. A defendant found in no way is left out.

    `people`: crn and person_pseudonym of everybody whose record stands. By the numbers `crn`, `pnc` and `cro`, as in
    steps/combining/identify_people.py; else by `details`: both initials, date of birth, sex and postcode sector of any
    address exactly the same. Details decide only for a defendant without a CRN and without numbers that contradict
    each other, when one CRN and no other has them, and never against two police numbers that differ.
    """
    numbers = read_numbers({"offender": offender, "defendant": defendant}, settings.combining.identity_numbers)
    by_number, contradicting = find_people("defendant", people.select("crn", person="person_pseudonym"), numbers)
    left = defendant.filter(pl.col("crn").is_null()).select("defendant_id", *PERSON[:4], "postcode", pnc=POLICE_NUMBER)
    for settled in (by_number, contradicting):
        left = left.join(settled, on="defendant_id", how="anti")
    described = offender.join(people, on="crn", how="semi").select("crn", *PERSON[:4], pnc=POLICE_NUMBER)
    addresses = locate(offender_address.select("crn", "postcode"), "postcode", None, settings.linkage)
    unnumbered = locate(left, "postcode", None, settings.linkage)
    return pl.concat([by_number, _match_by_details(unnumbered, described, addresses)]).sort("defendant_id", "crn")


def _match_by_details(defendants: pl.DataFrame, people: pl.DataFrame, addresses: pl.DataFrame) -> pl.DataFrame:
    described = people.join(addresses.select("crn", "postcode_sector").unique(), on="crn").drop_nulls(PERSON)
    unmistakable = described.filter(pl.col("crn").n_unique().over(PERSON) == 1)
    return (
        defendants.drop_nulls(PERSON)
        .join(unmistakable, on=PERSON, suffix="_probation")
        .filter((pl.col("pnc") == pl.col("pnc_probation")).fill_null(True))
        .select("defendant_id", "crn", matched_by=pl.lit("details"))
    )


def count_matches(court_appearances: pl.DataFrame) -> dict[str, int]:
    """How many results were found in each way, and how many have a listed outcome: for the run's record."""
    ways = {way: court_appearances.filter(matched_by=way).height for way in RANKS}
    return {f"results_matched_by_{way}": count for way, count in ways.items()} | {
        "results_with_listed_outcome": int(court_appearances["listed_outcome"].sum()),
    }
