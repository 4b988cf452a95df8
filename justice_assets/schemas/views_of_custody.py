"""Research views of releases from custody, their licences and recalls.

Belongs here: declarations. Does not belong here: how they are counted (steps/views).
"""

import polars as pl

from justice_assets.schemas.view_columns import band, number_of, year_of
from resources.zone.schema_check import Table


class ReleaseView(Table):
    """One row per combination of year and bands, sorted: first releases of a sentence, followed for recall."""

    year: str = year_of("release")
    sex: str = band("sex as recorded in probation")
    age_band: str = band("age at sentence")
    ethnic_group: str = band("one of five groups")
    length_band: str = band("length of the sentence")
    licence_band: str = band("length of the licence as it was at release")
    conditions: str = band("number of kinds of licence conditions besides the standard ones")
    support_in_custody: str = band("whether a service, not Through the Gate, started between sentence and release")
    through_the_gate: str = band("whether a Through the Gate service was referred to and started")
    recalled: str = band("whether recalled within the days that settings name")
    records: pl.Int64 = number_of("releases")


class LicenceConditionView(Table):
    """One row per combination, sorted: the same releases, once for each kind of further licence condition."""

    year: str = year_of("release")
    condition: str = band("kind of licence condition")
    recalled: str = band("whether recalled within the days that settings name")
    records: pl.Int64 = number_of("releases")


class RecallView(Table):
    """One row per combination, sorted: recalls of any release, by how they are documented."""

    year: str = year_of("recall")
    length_band: str = band("length of the sentence")
    reason: str = band("reason of the recall")
    recall_type: str = band("type of the recall")
    records: pl.Int64 = number_of("recalls")
