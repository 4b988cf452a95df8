"""Research views: year and bands only, without an id, a date or a name; and the tables that are published of them.

Belongs here: declarations. Does not belong here: how they are counted (steps/views, steps/view_tables).
"""

from typing import Any

import pandera.polars as pa
import polars as pl

from publishing.disclosure.cell_tables import CountedCells, PublishedCells
from resources.zone.schema_check import Table


def _year(of: str) -> Any:
    return pa.Field(str_matches=r"^\d{4}$", description=f"year of {of}")


def _band(meaning: str) -> Any:
    return pa.Field(str_matches=r"^[A-Z0-9]", description=meaning)


def _records(of: str) -> Any:
    return pa.Field(ge=1, description=f"how many {of} have all of this in common")


class SentenceView(Table):
    """One row per combination of year and bands, sorted: sentences that probation carries out."""

    year: str = _year("the sentence")
    sentence: str = _band("kind of sentence")
    court: str = _band("kind of court")
    sex: str = _band("sex as recorded in probation")
    age_band: str = _band("age at sentence")
    ethnic_group: str = _band("one of five groups")
    region: str = _band("probation region at sentence")
    offence_group: str = _band("Home Office group of the main offence")
    records: pl.Int64 = _records("sentences")


class CourtOutcomeView(Table):
    """One row per combination of year and bands, sorted: defendants convicted, one per case."""

    year: str = _year("the sentence")
    court: str = _band("kind of court")
    sex: str = _band("sex as recorded by the court")
    age_band: str = _band("age at sentence")
    ethnic_group: str = _band("one of five groups, as an officer saw them")
    offence_group: str = _band("Home Office group of the main offence")
    outcome: str = _band("how the court dealt with the defendant")
    records: pl.Int64 = _records("convicted defendants")


class ReleaseView(Table):
    """One row per combination of year and bands, sorted: first releases of a sentence, followed for recall."""

    year: str = _year("release")
    sex: str = _band("sex as recorded in probation")
    age_band: str = _band("age at sentence")
    ethnic_group: str = _band("one of five groups")
    length_band: str = _band("length of the sentence")
    licence_band: str = _band("length of the licence as it was at release")
    conditions: str = _band("number of kinds of licence conditions besides the standard ones")
    support_in_custody: str = _band("whether a service, not Through the Gate, started between sentence and release")
    through_the_gate: str = _band("whether a Through the Gate service was referred to and started")
    recalled: str = _band("whether recalled within the days that settings name")
    records: pl.Int64 = _records("releases")


class LicenceConditionView(Table):
    """One row per combination, sorted: the same releases, once for each kind of further licence condition."""

    year: str = _year("release")
    condition: str = _band("kind of licence condition")
    recalled: str = _band("whether recalled within the days that settings name")
    records: pl.Int64 = _records("releases")


class RecallView(Table):
    """One row per combination, sorted: recalls of any release, by how they are documented."""

    year: str = _year("recall")
    length_band: str = _band("length of the sentence")
    reason: str = _band("reason of the recall")
    recall_type: str = _band("type of the recall")
    records: pl.Int64 = _records("recalls")


class ReportView(Table):
    """One row per combination, sorted: pre-sentence reports that courts asked for."""

    year: str = _year("the request")
    region: str = _band("probation region at sentence")
    court: str = _band("kind of court")
    court_asking: str = _band("court that asked: its code, or that few asked by it are counted together")
    asked: str = _band("type asked for")
    delivered: str = _band("type delivered")
    as_asked: str = _band("whether the type delivered is the one asked for")
    days: str = _band("days from request to completion")
    proposal: str = _band("whether the report's proposal is recorded")
    followed: str = _band("whether the sentence is of the kind that the report proposed")
    records: pl.Int64 = _records("reports")


class SupervisionView(Table):
    """One row per combination, sorted: sentences in a phase of 30 days or more, by contacts and officers."""

    year: str = _year("the sentence")
    phase: str = _band("in custody until release, or in the community")
    sentence: str = _band("kind of sentence")
    length_band: str = _band("length of the sentence")
    region: str = _band("probation region at sentence")
    contacts: str = _band("planned contacts a month")
    officers: str = _band("officers that the contacts were with")
    records: pl.Int64 = _records("sentences")


class ContactView(Table):
    """One row per combination, sorted: planned contacts of an officer during a sentence."""

    year: str = _year("the contact")
    phase: str = _band("in custody until release, or in the community")
    method: str = _band("how")
    attended: str = _band("whether it took place")
    records: pl.Int64 = _records("contacts")


class ServiceView(Table):
    """One row per combination, sorted: referrals of people on probation to services."""

    year: str = _year("referral")
    service: str = _band("kind of service")
    outcome: str = _band("what became of the referral")
    sex: str = _band("sex as recorded in probation")
    age_band: str = _band("age at referral")
    ethnic_group: str = _band("one of five groups")
    records: pl.Int64 = _records("referrals")


class PeopleView(Table):
    """One row per combination, sorted: people with a record of a court, as they are linked at the middle threshold."""

    sex: str = _band("sex that most of their records have")
    age_band: str = _band("age at the last hearing")
    ethnic_group: str = _band("one of five groups that most of their records have")
    reached: str = _band("started a service, on probation without one, or not on probation")
    records: pl.Int64 = _records("people")


class FollowedView(Table):
    """One row per combination, sorted: orders from sentence and custody from release, followed in court records."""

    year: str = _year("sentence or release")
    kind: str = _band("kind of sentence; of custody with its length")
    sex: str = _band("sex as recorded in probation")
    age_band: str = _band("age at sentence")
    ethnic_group: str = _band("one of five groups")
    ogrs_band: str = _band("risk of reconviction within two years (OGRS3)")
    offence_group: str = _band("Home Office group of the main offence")
    reconvicted: str = _band("whether a court convicted within the days that settings name")
    records: pl.Int64 = _records("sentences")


class OrderView(Table):
    """One row per combination, sorted: community and suspended sentence orders that have ended."""

    year: str = _year("the sentence")
    sentence: str = _band("kind of order")
    sex: str = _band("sex as recorded in probation")
    age_band: str = _band("age at sentence")
    ethnic_group: str = _band("one of five groups")
    region: str = _band("probation region at sentence")
    report: str = _band("type of pre-sentence report that was delivered")
    ended: str = _band("how the order ended")
    records: pl.Int64 = _records("orders")


class RequirementView(Table):
    """One row per combination, sorted: requirements of orders that have ended."""

    year: str = _year("the start")
    requirement: str = _band("kind of requirement")
    ended: str = _band("how it ended")
    records: pl.Int64 = _records("requirements")


VIEWS: dict[str, type[Table]] = {
    "sentence_view": SentenceView,
    "court_outcome_view": CourtOutcomeView,
    "release_view": ReleaseView,
    "licence_condition_view": LicenceConditionView,
    "recall_view": RecallView,
    "report_view": ReportView,
    "supervision_view": SupervisionView,
    "contact_view": ContactView,
    "service_view": ServiceView,
    "people_view": PeopleView,
    "followed_view": FollowedView,
    "order_view": OrderView,
    "requirement_view": RequirementView,
}
TABLES = {**VIEWS, "counted_views": CountedCells, "published_views": PublishedCells}
