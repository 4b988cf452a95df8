"""Views of what followed a sentence: whether an order ran to its end, and whether a court convicted again.

Belongs here: outcomes by kind and length of sentence. Does not belong here: recalls (releases.py).

The extracts of courts say when somebody was sentenced and not when the offence was committed, so an offence before the
sentence may count. They lack cases of the Common Platform (Data First): nobody is followed beyond
settings.court_records_whole_until.
"""

from datetime import timedelta

import polars as pl

from contracts.termination_reasons import termination_category
from contracts.vocabulary import NOT_RECORDED
from justice_assets.steps.views.bands import combinations, ogrs_band, one_of, year, yes_or_no
from justice_assets.steps.views.convictions import convictions
from justice_assets.steps.views.releases import AGAIN
from justice_assets.steps.views.reports import TYPES
from justice_assets.steps.views.sentences import COMMUNITY, CUSTODY, SUSPENDED, described
from resources.settings.justice_settings import JusticeViews

SAME_CASE = 14  # days after a sentence within which another of the same day's offences may be recorded
NO_REPORT = "No report recorded"
FOLLOWED_COLUMNS = ("year", "kind", "sex", "age_band", "ethnic_group", "ogrs_band", "offence_group", "reconvicted")
REQUIREMENTS = {
    "ATR": "Alcohol treatment",
    "DRR": "Drug rehabilitation",
    "MHTR": "Mental health treatment",
    "AAMR": "Alcohol abstinence monitoring",
    "RAR": "Rehabilitation activity",
    "UPW": "Unpaid work",
    "CURFEW": "Curfew",
    "PROGRAMME": "Programme",
    "RESIDENCE": "Residence",
    "EXCLUSION": "Exclusion",
    "OTHER": "Other",
}
REQUIREMENT_COLUMNS = ("year", "requirement", "ended")
ORDER_COLUMNS = ("year", "sentence", "sex", "age_band", "ethnic_group", "region", "report", "ended")


def view_followed(
    probation_disposal: pl.DataFrame,
    probation_person: pl.DataFrame,
    release_and_recall: pl.DataFrame,
    person_link: pl.LazyFrame,
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
    settings: JusticeViews,
) -> pl.DataFrame:
    """The schema FollowedView: orders from sentence and custody from first release, followed a year in courts."""
    convicted = convictions(person_link, crown_defendant_case, magistrates_defendant_case)
    given = (probation_disposal, probation_person, release_and_recall, person_link, convicted)
    kind = pl.when(pl.col("sentence") == CUSTODY).then(
        pl.concat_str(pl.lit("Custody: "), pl.col("length_band").str.to_lowercase())
    )
    return combinations(
        followed_sentences(*given, settings, *FOLLOWED_COLUMNS).with_columns(
            ogrs_band("ogrs3_2yr"),
            year=pl.col("begin").dt.year().cast(pl.String),
            kind=kind.otherwise(pl.col("sentence")),
        ),
        *FOLLOWED_COLUMNS,
    )


def followed_sentences(
    disposals: pl.DataFrame,
    people: pl.DataFrame,
    releases: pl.DataFrame,
    link: pl.LazyFrame,
    convicted: pl.DataFrame,
    settings: JusticeViews,
    *bands: str,
) -> pl.DataFrame:
    """Orders from sentence and custody from first release, of those that are followed long enough: sentence,
    length_band, `bands` and keys of each, person, begin, and whether reconvicted. `convicted`: as convictions.py
    returns them.
    """
    first = releases.filter(pl.col("release_type").fill_null("") != AGAIN)
    released = first.group_by("disposal_id").agg(released=pl.col("release_date").min())
    rows = described(disposals, "sentence", "length_band", *bands, people=people).join(
        released, on="disposal_id", how="left"
    )
    custody = pl.col("sentence") == CUSTODY
    begin = (
        pl.when(custody).then("released").when(pl.col("sentence").is_in([COMMUNITY, SUSPENDED])).then("disposal_date")
    )
    until = settings.court_records_whole_until - timedelta(days=settings.reconviction_days)
    rows = rows.with_columns(begin=begin).filter(pl.col("begin") <= until)
    of_probation = link.filter(source="probation").select(crn="record_key", person="person_medium").collect()
    rows = rows.join(of_probation, on="crn").sort("person", "begin", "disposal_id")
    after = rows.with_columns(look_from=pl.col("begin") + pl.duration(days=SAME_CASE + 1)).sort("look_from")
    found = after.join_asof(
        convicted, left_on="look_from", right_on="sentenced", by="person", strategy="forward", check_sortedness=False
    )
    in_time = (pl.col("sentenced") - pl.col("begin")).dt.total_days() <= settings.reconviction_days
    return found.with_columns(reconvicted=yes_or_no(in_time))


def view_orders(
    probation_disposal: pl.DataFrame, probation_person: pl.DataFrame, court_report: pl.DataFrame
) -> pl.DataFrame:
    """The schema OrderView: community and suspended sentence orders that ended, by how they ended."""
    delivered = court_report.drop_nulls("type_delivered").sort("completed_date", "report_id")
    of_event = delivered.unique("event_id", keep="last", maintain_order=True).select("event_id", "type_delivered")
    sentences = described(probation_disposal, *ORDER_COLUMNS, people=probation_person)
    orders = sentences.filter(pl.col("sentence").is_in([COMMUNITY, SUSPENDED]))
    rows = orders.drop_nulls("termination_date").join(of_event, on="event_id", how="left", maintain_order="left")
    return combinations(
        rows.with_columns(
            report=one_of("type_delivered", TYPES).replace(NOT_RECORDED, NO_REPORT),
            ended=_ended(),
        ),
        *ORDER_COLUMNS,
    )


def _ended() -> pl.Expr:
    """How it ended, as the study reads the words of nDelius; not recorded where there are none."""
    return pl.when(pl.col("termination_reason").is_null()).then(pl.lit(NOT_RECORDED)).otherwise(termination_category())


def view_requirements(probation_requirement: pl.DataFrame) -> pl.DataFrame:
    """The schema RequirementView: requirements of orders that ended, by how they ended."""
    rows = probation_requirement.drop_nulls("termination_date").with_columns(
        year("start_date"),
        requirement=one_of("requirement_type", REQUIREMENTS),
        ended=_ended(),
    )
    return combinations(rows, *REQUIREMENT_COLUMNS)
