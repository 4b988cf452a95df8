"""Research views of sentences, and of what followed an order.

Belongs here: declarations. Does not belong here: how they are counted (steps/views).
"""

import polars as pl

from justice_assets.schemas.view_columns import band, number_of, year_of
from resources.zone.schema_check import Table


class SentenceView(Table):
    """One row per combination of year and bands, sorted: sentences that probation carries out."""

    year: str = year_of("the sentence")
    sentence: str = band("kind of sentence")
    court: str = band("kind of court")
    sex: str = band("sex as recorded in probation")
    age_band: str = band("age at sentence")
    ethnic_group: str = band("one of five groups")
    region: str = band("probation region at sentence")
    offence_group: str = band("Home Office group of the main offence")
    records: pl.Int64 = number_of("sentences")


class CourtOutcomeView(Table):
    """One row per combination of year and bands, sorted: defendants convicted, one per case."""

    year: str = year_of("the sentence")
    court: str = band("kind of court")
    sex: str = band("sex as recorded by the court")
    age_band: str = band("age at sentence")
    ethnic_group: str = band("one of five groups, as an officer saw them")
    offence_group: str = band("Home Office group of the main offence")
    outcome: str = band("how the court dealt with the defendant")
    records: pl.Int64 = number_of("convicted defendants")


class FollowedView(Table):
    """One row per combination, sorted: orders from sentence and custody from release, followed in court records."""

    year: str = year_of("sentence or release")
    kind: str = band("kind of sentence; of custody with its length")
    sex: str = band("sex as recorded in probation")
    age_band: str = band("age at sentence")
    ethnic_group: str = band("one of five groups")
    ogrs_band: str = band("risk of reconviction within two years (OGRS3)")
    offence_group: str = band("Home Office group of the main offence")
    reconvicted: str = band("whether a court convicted within the days that settings name")
    records: pl.Int64 = number_of("sentences")


class OrderView(Table):
    """One row per combination, sorted: community and suspended sentence orders that have ended."""

    year: str = year_of("the sentence")
    sentence: str = band("kind of order")
    sex: str = band("sex as recorded in probation")
    age_band: str = band("age at sentence")
    ethnic_group: str = band("one of five groups")
    region: str = band("probation region at sentence")
    report: str = band("type of pre-sentence report that was delivered")
    ended: str = band("how the order ended")
    records: pl.Int64 = number_of("orders")


class RequirementView(Table):
    """One row per combination, sorted: requirements of orders that have ended."""

    year: str = year_of("the start")
    requirement: str = band("kind of requirement")
    ended: str = band("how it ended")
    records: pl.Int64 = number_of("requirements")


class CustodyView(Table):
    """One row per combination, sorted: convicted defendants of whom earlier convictions are known."""

    years: str = band("four years of which the sentence is")
    court: str = band("kind of court")
    court_sentencing: str = band("court: its code, or that few sentenced by it are counted together")
    sex_and_ethnic_group: str = band("sex and one of five groups, as an officer saw them")
    age_band: str = band("age at sentence")
    offence_group: str = band("Home Office group of the main offence")
    earlier: str = band("days of conviction before, within the days that settings name")
    custody: str = band("whether the sentence is immediate custody")
    records: pl.Int64 = number_of("convicted defendants")


class ComparedView(Table):
    """One row per combination, sorted: people by their first community order or custody under 12 months, followed."""

    years: str = band("four years of which the sentence is")
    sex: str = band("sex as recorded in probation")
    age_band: str = band("age at sentence")
    offence_group: str = band("Home Office group of the main offence")
    earlier: str = band("days of conviction before, within the days that settings name")
    ogrs_band: str = band("risk of reconviction within two years (OGRS3)")
    ethnic_group: str = band("one of five groups")
    region: str = band("probation region at sentence")
    given: str = band("community order, or custody under 12 months")
    reconvicted: str = band("whether a court convicted within the days that settings name")
    records: pl.Int64 = number_of("people")
