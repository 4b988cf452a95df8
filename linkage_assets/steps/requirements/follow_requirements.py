"""Follows requirements after sentence: prison and reconviction.

Belongs here: events of prison and court data in the months after the disposal date. Does not belong here: treatment
(steps/combining/choose_journeys.py), nor whose an appearance or a reception is (the collect_ steps).
"""

from datetime import date

import polars as pl

from linkage_assets.steps.treatment.join_same_date_records import days_between
from resources.settings.study_settings import Combining


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
    convicted_again: the same of outcomes that follow a conviction only; followed_in_full.

    `requirements` has requirement_pseudonym, person_pseudonym, disposal_date, and offence_date and offence_code of the
    main offence.

    The setting `reconviction_date_basis` says what must lie after the disposal date and within the months. "both", as
    the texts add up to: the offence (methodology 2.5.4, report footnote 3; the glossary's *further* crime) and the
    court appearance (methodology 2.9, report 4). "appearance_date": the appearance, whenever the offence was committed.
    "offence_date": the offence, however much later the appearance. An offence on the disposal date, or whose date is
    not known, is not shown to be a further one: it counts by "appearance_date" only.

    The index case is no reconviction, unless the setting `reconviction_index_case_counts` says so: all appearances of a
    case that the person was in court for on the date of the sentence (to `same_date_tolerance_days`), and of the main
    offence itself (same date and code) under another case number. A requirement that was observed for fewer months
    counts as not reconvicted when nothing was found, as in the published base of 45,943.
    """
    convictions = settings.model_copy(update={"reconviction_outcome_set": "convictions_only"})
    flagged, convicted = (
        _flagged(requirements, _further_results(requirements, court_appearances, chosen), name)
        for name, chosen in (("reconvicted", settings), ("convicted_again", convictions))
    )
    followed = requirements.select("requirement_pseudonym", followed_in_full=_within(settings) <= observation_end)
    for part in (convicted, followed):
        flagged = flagged.join(part, on="requirement_pseudonym", maintain_order="left")
    return flagged


def count_undated_offences(
    requirements: pl.DataFrame, court_appearances: pl.DataFrame, settings: Combining
) -> dict[str, int]:
    """What unknown offence dates leave out, for the run's record: results within the months that would count if their
    offence were known to be a further one, and requirements not reconvicted that such a result would make so.

    The tables are as for `find_reconvictions`. Nothing is left out when appearances count whatever the offence.
    """
    found = _further_results(requirements, court_appearances, settings)
    by_appearance = settings.model_copy(update={"reconviction_date_basis": "appearance_date"})
    undated = _further_results(requirements, court_appearances, by_appearance).filter(pl.col("offence_date").is_null())
    undated = undated.join(found, on=undated.columns, how="anti", nulls_equal=True)
    results = court_appearances.join(
        undated,
        on=["person_pseudonym", "case_pseudonym", "appearance_date", "offence_date", "offence_code"],
        how="semi",
        nulls_equal=True,
    )
    others = undated.join(found, on="requirement_pseudonym", how="anti")
    return {
        "results_without_offence_date_not_counted": results.height,
        "requirements_not_reconvicted_for_want_of_an_offence_date": others["requirement_pseudonym"].n_unique(),
    }


def _within(settings: Combining) -> pl.Expr:
    """Last day of the months after the disposal date in which a reconviction is looked for."""
    return pl.col("disposal_date").dt.offset_by(f"{settings.reconviction_months}mo")


def _further_results(requirements: pl.DataFrame, court_appearances: pl.DataFrame, settings: Combining) -> pl.DataFrame:
    """Results that are a reconviction after a requirement, one row for each of both."""
    counts = "conviction_outcome" if settings.reconviction_outcome_set == "convictions_only" else "listed_outcome"
    appearances = court_appearances.select(
        "person_pseudonym", "case_pseudonym", "appearance_date", "offence_date", "offence_code", counts
    ).unique()
    windows = requirements.select(
        "requirement_pseudonym",
        "person_pseudonym",
        "disposal_date",
        index_date="offence_date",
        index_code="offence_code",
        within=_within(settings),
    )
    basis = settings.reconviction_date_basis
    found = windows.join(appearances.filter(counts), on="person_pseudonym").filter(
        pl.col("appearance_date") > pl.col("disposal_date"),
        *(
            (pl.col(dated) > pl.col("disposal_date")) & (pl.col(dated) <= pl.col("within"))
            for dated in (("offence_date", "appearance_date") if basis == "both" else (basis,))
        ),
    )
    if settings.reconviction_index_case_counts:
        return found
    return _without_index_case(found, windows, appearances, settings.same_date_tolerance_days)


def _without_index_case(
    found: pl.DataFrame, windows: pl.DataFrame, appearances: pl.DataFrame, tolerance_days: int
) -> pl.DataFrame:
    index_cases = (
        windows.join(
            appearances.select("person_pseudonym", "case_pseudonym", "appearance_date").unique(), on="person_pseudonym"
        )
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
