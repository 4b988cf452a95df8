"""View of custody: convicted defendants by whether they went to custody, with all that a model compares them by.

Belongs here: what the model of custody knows of a defendant. Does not belong here: the model (steps/models).
"""

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from justice_assets.steps.views.bands import combinations, year_band, yes_or_no
from justice_assets.steps.views.convictions import convictions, first_day_with_history, with_earlier
from justice_assets.steps.views.sentences import convicted_defendants
from resources.settings.justice_settings import JusticeViews

FEW = "Courts that sentenced few"
CUSTODY_COLUMNS = (
    "years",
    "court",
    "court_sentencing",
    "sex_and_ethnic_group",
    "age_band",
    "offence_group",
    "earlier",
    "custody",
)


def view_custody(
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
    person_link: pl.LazyFrame,
    settings: JusticeViews,
) -> pl.DataFrame:
    """The schema CustodyView: convicted defendants of the time in which court records are whole, whose earlier
    convictions the extracts hold.
    """
    whole = pl.col("sentence_date").is_between(first_day_with_history(settings), settings.court_records_whole_until)
    columns = ("court_code", "defendant_on_case_id")
    rows = convicted_defendants(crown_defendant_case, magistrates_defendant_case, *columns).filter(whole)
    people = person_link.select("source", defendant_on_case_id="record_key", person="person_medium")
    linked = rows.join(people, on=["source", "defendant_on_case_id"], how="inner", maintain_order="left").collect()
    convicted = convictions(person_link, crown_defendant_case, magistrates_defendant_case)
    counted = with_earlier(linked, "sentence_date", convicted, settings)
    # A court of few defendants says nothing by itself, and could be known by them.
    many = pl.len().over("court_code") >= settings.fewest_defendants_of_court
    unknown = pl.when(pl.col("sex") == NOT_RECORDED).then(pl.lit("Sex not recorded"))
    both = pl.format("{}, {}", "sex", pl.col("ethnic_group").replace(NOT_RECORDED, "ethnic group not recorded"))
    return combinations(
        counted.with_columns(
            years=year_band("sentence_date"),
            court_sentencing=pl.when(many).then("court_code").otherwise(pl.lit(FEW)),
            sex_and_ethnic_group=unknown.otherwise(both),
            custody=yes_or_no(pl.col("outcome") == "CUSTODY"),
        ),
        *CUSTODY_COLUMNS,
    )
