"""Describes requirements at sentence: the person, the offence, the accommodation and the requirement itself.

Belongs here: what probation recorded as true on the disposal date, and how the requirement ended, by requirement_id.
Does not belong here: putting it under pseudonyms (collect_probation_attributes.py), and what other systems say.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from contracts.termination_reasons import termination_category
from linkage_assets.steps.people.locate_places import no_fixed_abode
from linkage_assets.steps.requirements.combining_code_lists import (
    accommodation_labels,
    bands,
    ethnic_groups,
    risk_edges,
)
from resources.settings.study_settings import Linkage

DAYS_PER_MONTH = 30.44
ORDERS = {"CO": "Community order", "SSO": "Suspended sentence order"}
SEXES = {"M": "Male", "F": "Female"}
# A main address that was left has status P today, although it was the main one on the disposal date.
ADDRESS_RANKS = {"M": 1, "P": 2, "B": 3}


def describe_requirement_rows(requirement: pl.DataFrame, observation_end: date) -> pl.DataFrame:
    """disposal_type, sentence_year, length_months, length_band, region and termination_reason, per requirement_id.

    Length: months as recorded, days / 30.44, hours say nothing; a length of 0 is no length. Bands are of the nearest
    whole month, shorter ones in the first (report 3.4). A requirement that ended after `observation_end` is active.
    """
    months = (
        pl.when(pl.col("length_unit") == "M")
        .then(pl.col("length").cast(pl.Float64))
        .when(pl.col("length_unit") == "D")
        .then(pl.col("length") / DAYS_PER_MONTH)
    )
    return requirement.with_columns(
        length_months=pl.when(months > 0).then(months),
        ended=pl.col("termination_date").is_not_null() & (pl.col("termination_date") <= observation_end),
    ).select(
        "requirement_id",
        disposal_type=_words("disposal_type", ORDERS),
        sentence_year=pl.col("disposal_date").dt.year(),
        length_months="length_months",
        length_band=_band((pl.col("length_months") + 0.5).floor(), "requirement_length"),
        region="probation_region",
        termination_reason=pl.when("ended").then(termination_category()),
    )


def describe_people(requirement: pl.DataFrame, offender: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """age_band at sentence, sex and ethnic_group as probation recorded them, per requirement_id.

    Under 18, and a date of birth that is a placeholder or earlier than plausible, give no age band.
    """
    birth_date_known = (pl.col("dob") >= settings.earliest_birth_date) & ~pl.col("dob").is_in(
        settings.placeholder_birth_dates
    )
    birthday_is_to_come = (pl.col("disposal_date").dt.month() * 100 + pl.col("disposal_date").dt.day()) < (
        pl.col("dob").dt.month() * 100 + pl.col("dob").dt.day()
    )
    age = pl.col("disposal_date").dt.year() - pl.col("dob").dt.year() - birthday_is_to_come.cast(pl.Int32)
    return requirement.join(offender, on="crn", how="left", maintain_order="left").select(
        "requirement_id",
        age_band=pl.when(birth_date_known & (age >= 18)).then(_band(age, "age_band")),
        sex=_words("sex", SEXES),
        ethnic_group=_words("ethnicity", ethnic_groups()),
    )


def describe_offences(requirement: pl.DataFrame, main_offence: pl.DataFrame, risk: pl.DataFrame) -> pl.DataFrame:
    """offence_group, drink_driving, ogrs_band and rsr_band of the event sentenced, per requirement_id.

    The OGRS3 band is of the two-year score. The RSR band is the one recorded, else that of the score.
    """
    offences = main_offence.unique("event_id", keep="first", maintain_order=True)
    scores = risk.sort("event_id", "assessment_date").unique("event_id", keep="last", maintain_order=True)
    return (
        requirement.select("requirement_id", "event_id")
        .join(offences, on="event_id", how="left", maintain_order="left")
        .join(scores, on="event_id", how="left", maintain_order="left")
        .select(
            "requirement_id",
            offence_group=pl.when(pl.col("offence_group") != "Not known").then("offence_group"),
            drink_driving=pl.col("is_drink_driving") == "1",
            ogrs_band=_risk_band("ogrs3_2yr", "OGRS3_2yr"),
            rsr_band=pl.coalesce(pl.col("rsr_band").str.to_titlecase(), _risk_band("rsr_score", "RSR")),
        )
    )


def describe_accommodation(
    requirement: pl.DataFrame, offender_address: pl.DataFrame, no_fixed_abode_postcodes: Sequence[str]
) -> pl.DataFrame:
    """accommodation on the disposal date and postcode of that address, per requirement_id (report 3.3, data dictionary
    1.2).

    Of the addresses in force on that day, the main one, else one that was main then and is previous now, else a bail
    address; the latest begun of several. Its type decides; without a type, no fixed abode decides. Empty when no
    address is known for that day or its type says nothing.
    """
    by_postcode = no_fixed_abode(pl.col("postcode"), no_fixed_abode_postcodes)
    homeless = (pl.col("no_fixed_abode") == "Y").fill_null(False) | by_postcode.fill_null(False)
    in_force = (
        requirement.select("requirement_id", "crn", "disposal_date")
        .join(offender_address, on="crn")
        .with_columns(rank=pl.col("address_status").replace_strict(ADDRESS_RANKS, default=None, return_dtype=pl.Int32))
        .filter(
            pl.col("rank").is_not_null()
            & (pl.col("start_date") <= pl.col("disposal_date"))
            & (pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("disposal_date")))
        )
        .with_columns(
            accommodation=pl.when(pl.col("address_type").is_null() & homeless)
            .then(pl.lit("No fixed address"))
            .otherwise(_words("address_type", accommodation_labels()))
        )
        .sort(
            "requirement_id",
            "rank",
            "start_date",
            "end_date",
            "accommodation",
            "postcode",
            descending=[False, False, True, True, False, False],
            nulls_last=[False, False, False, False, True, True],
        )
        .unique("requirement_id", keep="first", maintain_order=True)
    )
    return requirement.select("requirement_id").join(
        in_force.select("requirement_id", "accommodation", "postcode"),
        on="requirement_id",
        how="left",
        maintain_order="left",
    )


def _words(column: str, meanings: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(meanings, default=None, return_dtype=pl.String)


def _band(number: pl.Expr, dimension: str) -> pl.Expr:
    labels, edges = zip(*bands(dimension), strict=True)
    return number.cast(pl.Float64).cut(list(edges[:-1]), labels=list(labels)).cast(pl.String)  # pyright: ignore[reportDeprecated]


def _risk_band(column: str, score: str) -> pl.Expr:
    band = pl.when(pl.lit(False)).then(pl.lit(""))
    for name, low, high in risk_edges(score):
        band = band.when((pl.col(column) >= low) & (pl.col(column) < high)).then(pl.lit(name))
    return band
