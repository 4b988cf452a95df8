"""Prepares what a reviewer sees of a pair: both records in words, and where they differ (methodology 2.5.3).

Belongs here: values shown. Does not belong here: marking differences (resources/review), the page that shows them, and
anything the model thinks of the pair: reviewers are blind to it.
"""

from math import hypot
from pathlib import Path
from typing import Any

import polars as pl

from resources.review.compare_fields import Line, compared_line, date_in_words, difference_of_dates, shown_line

REFERENCE = Path(__file__).resolve().parents[3] / "reference"
SIDES = {"probation": "offender_record_id", "treatment": "client_record_id"}
FIELDS = {
    "forename_initial": "Forename initial",
    "surname_initial": "Surname initial",
    "dob": "Date of birth",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "postcode_sector": "Postcode sector",
    "authority": "Local authority",
    "no_fixed_abode": "No fixed abode",
    "other_places": "Other places on record",
}
FIXED_WIDTH = ("forename_initial", "surname_initial", "dob")
BY_CHARACTER = (*FIXED_WIDTH, "postcode_sector")
LONG = ("ethnicity", "authority")


def review_records(
    sample: pl.DataFrame, standardised_offenders: pl.DataFrame, standardised_clients: pl.DataFrame
) -> pl.DataFrame:
    """What is shown of each side of each sampled pair: ReviewRecords, sorted by pair and side."""
    shown = [
        _side(sample, records, side, key)
        for (side, key), records in zip(SIDES.items(), (standardised_offenders, standardised_clients), strict=True)
    ]
    return pl.concat(shown).sort("pair", "side")


def _side(sample: pl.DataFrame, records: pl.DataFrame, side: str, key: str) -> pl.DataFrame:
    ethnicities = (
        pl.read_csv(REFERENCE / "code_lists" / "ethnicity_18plus1.csv")
        .select(pl.col("ndtms_2001_code").alias("ethnicity"), pl.col("label").alias("ethnicity_label"))
        .drop_nulls()
        .unique("ethnicity", keep="first", maintain_order=True)
    )
    authorities = pl.read_csv(REFERENCE / "geography" / "utla_probation_region.csv").select(
        "utla_code", pl.col("utla_name").alias("authority")
    )
    named = records.join(authorities, on="utla_code", how="left").join(ethnicities, on="ethnicity", how="left")
    chosen = sample.select("pair", pl.col(key).alias("record_id")).join(named, on="record_id", how="left")
    return chosen.join(_other_places(chosen, named), on="pair", how="left").select(
        "pair",
        pl.lit(side).alias("side"),
        "forename_initial",
        "surname_initial",
        "dob",
        pl.col("sex").replace({"M": "Male", "F": "Female"}),
        pl.col("ethnicity_label").alias("ethnicity"),
        "postcode_sector",
        "authority",
        pl.col("no_fixed_abode").fill_null(False),
        "other_places",
        "easting",
        "northing",
    )


def _other_places(chosen: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    place = pl.coalesce("postcode_sector", "authority", pl.when("no_fixed_abode").then(pl.lit("no fixed abode")))
    others = named.select("person_id", pl.col("record_id").alias("other"), place.alias("place")).drop_nulls("place")
    return (
        chosen.select("pair", "record_id", "person_id", place.alias("shown"))
        .join(others, on="person_id")
        .filter((pl.col("other") != pl.col("record_id")) & pl.col("place").ne_missing(pl.col("shown")))
        .group_by("pair")
        .agg(pl.col("place").unique().sort().str.join(", ").alias("other_places"))
    )


def compare_records(probation: dict[str, Any], treatment: dict[str, Any]) -> list[Line]:
    """The lines of a pair. Both dicts are rows of ReviewRecords of one pair."""
    return [_line(field, label, probation, treatment) for field, label in FIELDS.items()]


def _line(field: str, label: str, probation: dict[str, Any], treatment: dict[str, Any]) -> Line:
    one, other = _text(field, probation[field]), _text(field, treatment[field])
    if field == "other_places":
        return shown_line(label, one, other, empty="none")
    return compared_line(
        label,
        one,
        other,
        lambda: _difference(field, probation, treatment),
        by_character=field in BY_CHARACTER,
        fixed_width=field in FIXED_WIDTH,
        long=field in LONG,
    )


def _text(field: str, value: Any) -> str:
    if field == "no_fixed_abode":
        return "Yes" if value else "No"
    return date_in_words(value) if field == "dob" else value or ""


def _difference(field: str, probation: dict[str, Any], treatment: dict[str, Any]) -> str:
    if field == "dob":
        return difference_of_dates(probation["dob"], treatment["dob"])
    if field == "ethnicity" and probation[field].partition(":")[0] == treatment[field].partition(":")[0]:
        return "differs: same group"
    places = [record[axis] for record in (probation, treatment) for axis in ("easting", "northing")]
    if field == "postcode_sector" and None not in places:
        return f"differs: {hypot(places[0] - places[2], places[1] - places[3]) / 1000:.1f} km apart"
    return "differs"
