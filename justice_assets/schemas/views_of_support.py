"""Research views of reports, supervision and services, and of the people whom they reach.

Belongs here: declarations. Does not belong here: how they are counted (steps/views).
"""

import polars as pl

from justice_assets.schemas.view_columns import band, number_of, year_of
from resources.zone.schema_check import Table


class ReportView(Table):
    """One row per combination, sorted: pre-sentence reports that courts asked for."""

    year: str = year_of("the request")
    region: str = band("probation region at sentence")
    court: str = band("kind of court")
    court_asking: str = band("court that asked: its code, or that few asked by it are counted together")
    asked: str = band("type asked for")
    delivered: str = band("type delivered")
    as_asked: str = band("whether the type delivered is the one asked for")
    days: str = band("days from request to completion")
    proposal: str = band("whether the report's proposal is recorded")
    followed: str = band("whether the sentence is of the kind that the report proposed")
    records: pl.Int64 = number_of("reports")


class SupervisionView(Table):
    """One row per combination, sorted: sentences in a phase of 30 days or more, by contacts and officers."""

    year: str = year_of("the sentence")
    phase: str = band("in custody until release, or in the community")
    sentence: str = band("kind of sentence")
    length_band: str = band("length of the sentence")
    region: str = band("probation region at sentence")
    contacts: str = band("planned contacts a month")
    officers: str = band("officers that the contacts were with")
    records: pl.Int64 = number_of("sentences")


class ContactView(Table):
    """One row per combination, sorted: planned contacts of an officer during a sentence."""

    year: str = year_of("the contact")
    phase: str = band("in custody until release, or in the community")
    method: str = band("how")
    attended: str = band("whether it took place")
    records: pl.Int64 = number_of("contacts")


class ServiceView(Table):
    """One row per combination, sorted: referrals of people on probation to services."""

    year: str = year_of("referral")
    service: str = band("kind of service")
    outcome: str = band("what became of the referral")
    waited: str = band("time from referral to start, or that it has not started")
    sex: str = band("sex as recorded in probation")
    age_band: str = band("age at referral")
    ethnic_group: str = band("one of five groups")
    records: pl.Int64 = number_of("referrals")


class PeopleView(Table):
    """One row per combination, sorted: people with a record of a court, as they are linked at the middle threshold."""

    sex: str = band("sex that most of their records have")
    age_band: str = band("age at the last hearing")
    ethnic_group: str = band("one of five groups that most of their records have")
    reached: str = band("started a service, on probation without one, or not on probation")
    records: pl.Int64 = number_of("people")
