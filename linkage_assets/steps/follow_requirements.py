"""Follows requirements after sentence: prison and reconviction.

Belongs here: events of prison and court data in the months after the disposal date. Does not belong here: treatment
(steps/choose_journeys.py), nor who a defendant is (steps/collect_court_appearances.py).
"""

from datetime import date

import polars as pl

from resources.study_settings import Combining


def find_prison(
    requirements: pl.DataFrame,
    offender: pl.DataFrame,
    person_of_crn: pl.DataFrame,
    prison_spell: pl.DataFrame,
    settings: Combining,
    observation_end: date,
) -> pl.DataFrame:
    """requirement_id and prison_12m: received into prison after the disposal date and within `prison_months` of it
    (report 2.3-2.4, data dictionary 3), of any legal status.

    `requirements` has requirement_id, person and disposal_date; `person_of_crn` has crn and person. A spell belongs
    to its CRN, else to everyone with its prison number.
    """
    numbers = offender.select("noms_number", by_number="crn").drop_nulls().unique()
    receptions = (
        prison_spell.select("crn", "noms_number", "reception_date")
        .filter(pl.col("reception_date") <= observation_end)
        .join(numbers, on="noms_number", how="left")
        .select(crn=pl.coalesce("crn", "by_number"), reception_date="reception_date")
        .join(person_of_crn, on="crn")
        .select("person", "reception_date")
        .unique()
    )
    within = pl.col("disposal_date").dt.offset_by(f"{settings.prison_months}mo")
    imprisoned = requirements.join(receptions, on="person").filter(
        (pl.col("reception_date") > pl.col("disposal_date")) & (pl.col("reception_date") <= within)
    )
    return _flagged(requirements, imprisoned, "prison_12m")


def find_reconvictions(
    requirements: pl.DataFrame,
    person_of_crn: pl.DataFrame,
    court_appearances: pl.DataFrame,
    settings: Combining,
    observation_end: date,
) -> pl.DataFrame:
    """requirement_id, reconvicted (methodology 2.9, report 4): never empty, a minimum estimate; followed_in_full.

    `requirements` has requirement_id, person, disposal_date, and offence_date and offence_code of its main offence.

    The source defines a reconviction in three ways; the setting `reconviction_date_basis` chooses. "appearance_date"
    (report 4, glossary, methodology 2.9): a court appearance after the disposal date and within the months, whenever
    the offence was committed. "offence_date" (report footnote 3, methodology 2.5.4): an offence committed after the
    disposal date and within the months, whenever the appearance was.

    The index case is no reconviction: all appearances of a case that the person was in court for on the disposal
    date, and of the main offence itself (same date and code) under another case number. Nothing after
    `observation_end` is looked at, and a requirement that was observed for fewer months counts as not reconvicted
    when nothing was found, as in the published base of 45,943.
    """
    counts = "conviction_outcome" if settings.reconviction_outcome_set == "convictions_only" else "listed_outcome"
    appearances = (
        court_appearances.filter(pl.col("appearance_date") <= observation_end)
        .join(person_of_crn, on="crn")
        .select("person", "case_id", "appearance_date", "offence_date", "offence_code", counts)
        .unique()
    )
    windows = requirements.select(
        "requirement_id", "person", "disposal_date", index_date="offence_date", index_code="offence_code",
        within=pl.col("disposal_date").dt.offset_by(f"{settings.reconviction_months}mo"),
    )
    index_cases = (
        windows.join(appearances, left_on=["person", "disposal_date"], right_on=["person", "appearance_date"])
        .select("requirement_id", "case_id")
        .unique()
    )
    dated = pl.col(settings.reconviction_date_basis)
    index_offence = (pl.col("offence_date") == pl.col("index_date")) & (pl.col("offence_code") == pl.col("index_code"))
    reconvictions = (
        windows.join(appearances.filter(counts), on="person")
        .filter(
            (dated > pl.col("disposal_date"))
            & (dated <= pl.col("within"))
            & (pl.col("appearance_date") > pl.col("disposal_date"))
            & ~index_offence.fill_null(False)
        )
        .join(index_cases, on=["requirement_id", "case_id"], how="anti")
    )
    followed = windows.select("requirement_id", followed_in_full=pl.col("within") <= observation_end)
    flagged = _flagged(requirements, reconvictions, "reconvicted")
    return flagged.join(followed, on="requirement_id", maintain_order="left")


def _flagged(requirements: pl.DataFrame, found: pl.DataFrame, name: str) -> pl.DataFrame:
    return requirements.select(
        "requirement_id", pl.col("requirement_id").is_in(found["requirement_id"].unique().implode()).alias(name)
    )
