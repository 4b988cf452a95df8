"""Finds the court and the pre-sentence report of each requirement: records of the date of the sentence (methodology
2.5.4).

Belongs here: what "the same date" is. Does not belong here: collecting the records, nor courts after the sentence
(steps/combining/follow_requirements.py).
"""

import polars as pl

from linkage_assets.steps.requirements.combining_code_lists import COURTS


def join_same_date_records(
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    court_appearances: pl.DataFrame,
    tolerance_days: int,
) -> pl.DataFrame:
    """requirement_pseudonym, court_type and psr_type; a record is of the same date when it is at most
    `tolerance_days` days from the disposal date.

    Sentencing court: that of the person's appearances of the same date with an outcome that follows a conviction, if
    all were in one kind of court; else, and where courts hold none, the one that probation recorded. The report is the
    one completed or sent to court nearest to the disposal date, the last requested of several, by the type delivered.
    """
    rows = probation_attributes.select("requirement_pseudonym", "person_pseudonym", "disposal_date", "recorded_court")
    sentenced = court_appearances.filter(pl.col("court_type").is_in(list(COURTS)), "conviction_outcome")
    courts = (
        rows.join(sentenced.select("person_pseudonym", "appearance_date", "court_type"), on="person_pseudonym")
        .filter(days_between("appearance_date", "disposal_date") <= tolerance_days)
        .group_by("requirement_pseudonym")
        .agg(court=pl.when(pl.col("court_type").n_unique() == 1).then(pl.col("court_type").first()))
        .with_columns(pl.col("court").replace_strict(COURTS, default=None, return_dtype=pl.String))
    )
    distance = pl.min_horizontal(
        days_between("completed_date", "disposal_date"), days_between("sent_to_court_date", "disposal_date")
    )
    reports = (
        rows.join(pre_sentence_reports, on="requirement_pseudonym")
        .with_columns(distance=distance)
        .filter(pl.col("distance") <= tolerance_days)
        .sort("requirement_pseudonym", "distance", pl.col("report_number").neg())
        .unique("requirement_pseudonym", keep="first", maintain_order=True)
    )
    return (
        rows.join(courts, on="requirement_pseudonym", how="left")
        .join(reports.select("requirement_pseudonym", "psr_type"), on="requirement_pseudonym", how="left")
        .select("requirement_pseudonym", court_type=pl.coalesce("court", "recorded_court"), psr_type="psr_type")
    )


def days_between(one: str, other: str) -> pl.Expr:
    """Days between two date columns, whichever is the earlier."""
    return (pl.col(one) - pl.col(other)).dt.total_days().abs()
