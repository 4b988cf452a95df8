"""The days on which courts convicted somebody, of all courts together: who was convicted again, and how often before.

Belongs here: convictions of a person as records are linked, at the middle threshold. Does not belong here: any view.

The extracts say when somebody was sentenced and not when the offence was committed. They begin on
settings.court_records_from, so what came before is counted within settings.history_days alone, and only of sentences
whose history they hold whole.
"""

from datetime import date, timedelta

import polars as pl

from contracts.sources.justice.codes import COURT_OUTCOMES
from justice_assets.steps.views.bands import in_bands
from resources.settings.justice_settings import JusticeViews

CONVICTED = [code for code in COURT_OUTCOMES if code not in {"NOT_CONVICTED", "TO_CROWN"}]
EARLIER = ("None", "One", "Two or three", "Four and more")


def convictions(link: pl.LazyFrame, crown: pl.LazyFrame, magistrates: pl.LazyFrame) -> pl.DataFrame:
    """person and sentenced: the days on which a court dealt with somebody who was convicted, in order of the days."""
    cases = pl.concat(
        [
            cases.filter(pl.col("outcome").is_in(CONVICTED))
            .drop_nulls("sentence_date")
            .select(source=pl.lit(source), record_key="defendant_on_case_id", sentenced="sentence_date")
            for source, cases in (("crown", crown), ("magistrates", magistrates))
        ]
    )
    people = link.select("source", "record_key", person="person_medium")
    return (
        cases.join(people, on=["source", "record_key"])
        .select("person", "sentenced")
        .unique()
        .sort("sentenced", "person")
        .collect()
    )


def first_day_with_history(settings: JusticeViews) -> date:
    """The first day of which the extracts hold all that is counted as earlier."""
    return settings.court_records_from + timedelta(days=settings.history_days)


def with_earlier(rows: pl.DataFrame, day: str, convicted: pl.DataFrame, settings: JusticeViews) -> pl.DataFrame:
    """`rows`, which have a person, in the order of `day`, with `earlier`: on how many days before it the person was
    convicted, within settings.history_days, in bands.
    """
    numbered = convicted.with_columns(number=pl.int_range(1, pl.len() + 1).over("person"))
    ends = {"by_day": pl.duration(days=1), "by_start": pl.duration(days=settings.history_days + 1)}
    counted = rows.sort(day)
    for name, back in ends.items():
        counted = counted.with_columns(look=pl.col(day) - back).join_asof(
            numbered.select("person", "sentenced", pl.col("number").alias(name)),
            left_on="look",
            right_on="sentenced",
            by="person",
            strategy="backward",
            check_sortedness=False,
        )
        counted = counted.drop("look", "sentenced")
    earlier = pl.col("by_day").fill_null(0) - pl.col("by_start").fill_null(0)
    return counted.with_columns(earlier=in_bands(earlier, (1, 2, 4), EARLIER)).drop(*ends)
