"""Counts the court results of the people of the study by quarter and court system, and flags quarters with too few.

Belongs here: which quarters there are, and what too few is. Does not belong here: which results there are
(steps/combining/collect_court_appearances.py), how they are shown (court_coverage_section.py).
"""

import polars as pl

from contracts.sources.courts import COURT_SYSTEMS
from resources.settings.study_settings import StudySettings

QUARTERS_BEFORE = 4


def count_court_results(
    court_appearances: pl.DataFrame, analysed_requirements: pl.DataFrame, settings: StudySettings
) -> pl.DataFrame:
    """schemas/quality.py CourtCoverage: the calendar quarters that lie whole between the cohort's start and the end of
    observation, in order (methodology 2.2).

    Results are counted in the quarter of the appearance, whatever the outcome, of everybody with an analysed
    requirement. `mean_before` is of the four quarters before, empty where there are not so many. `too_few`: all systems
    together have less than the part 1 - `drift.court_results_fall` of it.
    """
    study, people = settings.study, analysed_requirements.select("person_pseudonym").unique()
    start, last = pl.col("start"), study.last_day_observed
    quarters = pl.DataFrame({"day": [study.cohort_start, last]}).select(
        pl.date_range(pl.col("day").first().dt.truncate("1q"), pl.col("day").last(), "1q").alias("start")
    )
    whole = quarters.filter(start >= study.cohort_start, start.dt.offset_by("1q").dt.offset_by("-1d") <= last)
    results = court_appearances.join(people, on="person_pseudonym", how="semi")
    counted = results.group_by(start=pl.col("appearance_date").dt.truncate("1q")).agg(
        *((pl.col("source_system") == system).sum().alias(system) for system in COURT_SYSTEMS), results=pl.len()
    )
    return (
        whole.join(counted, on="start", how="left", maintain_order="left")
        .with_columns(pl.col(*COURT_SYSTEMS, "results").fill_null(0).cast(pl.Int64))
        .with_columns(mean_before=pl.col("results").shift(1).rolling_mean(QUARTERS_BEFORE))
        .select(
            pl.format("{}Q{}", start.dt.year(), start.dt.quarter()).alias("quarter"),
            *COURT_SYSTEMS,
            "results",
            "mean_before",
            too_few=pl.col("results") < (1 - settings.drift.court_results_fall) * pl.col("mean_before"),
        )
    )
