"""Follows requirements after sentence: prison and reconviction.

Belongs here: events of prison and court data in the months after the disposal date. Does not belong here: treatment
(steps/combining/choose_journeys.py), nor whose an appearance or a reception is (the collect_ steps).
"""

from datetime import date

import polars as pl

from linkage_assets.steps.combining.join_same_date_records import days_between
from resources.study_settings import Combining


def find_prison(requirements: pl.DataFrame, prison_receptions: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    """requirement_pseudonym and prison_12m: received into prison after the disposal date and within `prison_months` of
    it (report 2.3-2.4, data dictionary 3).

    `requirements` has requirement_pseudonym, person_pseudonym and disposal_date. Receptions count whatever the legal
    status, or ("sentenced_or_recalled") only those to serve a sentence or after a recall.
    """
    receptions = prison_receptions
    if settings.prison_legal_status == "sentenced_or_recalled":
        receptions = receptions.filter(pl.col("spell_type").is_in(["sentenced", "recall"]))
    within = pl.col("disposal_date").dt.offset_by(f"{settings.prison_months}mo")
    imprisoned = requirements.join(receptions, on="person_pseudonym").filter(
        (pl.col("reception_date") > pl.col("disposal_date")) & (pl.col("reception_date") <= within)
    )
    return _flagged(requirements, imprisoned, "prison_12m")


def find_reconvictions(
    requirements: pl.DataFrame, court_appearances: pl.DataFrame, settings: Combining, observation_end: date
) -> pl.DataFrame:
    """requirement_pseudonym, reconvicted (methodology 2.9, report 4): never empty, a minimum estimate;
    followed_in_full.

    `requirements` has requirement_pseudonym, person_pseudonym, disposal_date, and offence_date and offence_code of the
    main offence.

    The source defines a reconviction in three ways; the setting `reconviction_date_basis` chooses. "appearance_date"
    (report 4, glossary, methodology 2.9): a court appearance after the disposal date and within the months, whenever
    the offence was committed. "offence_date" (report footnote 3, methodology 2.5.4): an offence committed after the
    disposal date and within the months, whenever the appearance was.

    The index case is no reconviction, unless the setting `reconviction_index_case_counts` says so: all appearances of a
    case that the person was in court for on the date of the sentence (to `same_date_tolerance_days`), and of the main
    offence itself (same date and code) under another case number. A requirement that was observed for fewer months
    counts as not reconvicted when nothing was found, as in the published base of 45,943.
    """
    counts = "conviction_outcome" if settings.reconviction_outcome_set == "convictions_only" else "listed_outcome"
    appearances = court_appearances.select(
        "person_pseudonym", "case_pseudonym", "appearance_date", "offence_date", "offence_code", counts
    ).unique()
    windows = requirements.select(
        "requirement_pseudonym", "person_pseudonym", "disposal_date", index_date="offence_date",
        index_code="offence_code", within=pl.col("disposal_date").dt.offset_by(f"{settings.reconviction_months}mo"),
    )
    dated = pl.col(settings.reconviction_date_basis)
    found = windows.join(appearances.filter(counts), on="person_pseudonym").filter(
        (dated > pl.col("disposal_date"))
        & (dated <= pl.col("within"))
        & (pl.col("appearance_date") > pl.col("disposal_date"))
    )
    if not settings.reconviction_index_case_counts:
        found = _without_index_case(found, windows, appearances, settings.same_date_tolerance_days)
    followed = windows.select("requirement_pseudonym", followed_in_full=pl.col("within") <= observation_end)
    flagged = _flagged(requirements, found, "reconvicted")
    return flagged.join(followed, on="requirement_pseudonym", maintain_order="left")


def _without_index_case(
    found: pl.DataFrame, windows: pl.DataFrame, appearances: pl.DataFrame, tolerance_days: int
) -> pl.DataFrame:
    index_cases = (
        windows.join(appearances.select("person_pseudonym", "case_pseudonym", "appearance_date").unique(),
                     on="person_pseudonym")
        .filter(days_between("appearance_date", "disposal_date") <= tolerance_days)
        .select("requirement_pseudonym", "case_pseudonym")
        .unique()
    )
    index_offence = (pl.col("offence_date") == pl.col("index_date")) & (pl.col("offence_code") == pl.col("index_code"))
    return found.filter(~index_offence.fill_null(False)).join(
        index_cases, on=["requirement_pseudonym", "case_pseudonym"], how="anti"
    )


def _flagged(requirements: pl.DataFrame, found: pl.DataFrame, name: str) -> pl.DataFrame:
    hit = found["requirement_pseudonym"].unique()
    return requirements.select(
        "requirement_pseudonym", pl.col("requirement_pseudonym").is_in(hit.implode()).alias(name)
    )
