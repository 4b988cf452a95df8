"""Prepares what a reviewer sees of a pair of justice records: what the linkage compares, and where they differ.

Belongs here: values shown. Does not belong here: marking differences (resources/review), the page that shows them, and
anything the model thinks of the pair: reviewers are blind to it.
"""

from typing import Any

import polars as pl

from justice_assets.schemas.reviewing import SIDES
from justice_assets.steps.identities.condense_persons import RECORD
from justice_assets.steps.linking.justice_specification import NUMBERS, SIGNATURE
from justice_assets.steps.review.sample_links import OTHER
from resources.review.compare_fields import Line, compared_line, date_in_words, difference_of_dates, shown_line

SOURCES = {
    "probation": "Probation",
    "prison": "Prison",
    "crown": "Crown Court",
    "magistrates": "Magistrates' court",
}
FIELDS = {
    "forename": "Forename",
    "middle_names": "Further forenames",
    "surname": "Surname",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "postcode": "Postcode",
    "pnc": "Police number (PNC)",
    "cro": "Criminal record number (CRO)",
    "prison_number": "Prison number",
    "crn": "Case Reference Number",
}
OTHERS = {"other_names": "Other names on record", "other_postcodes": "Other postcodes on record"}
FIXED_WIDTH = ("birth_date", *NUMBERS)
NAMES = ("forename", "middle_names", "surname")


def link_records(sample: pl.DataFrame, identities: pl.LazyFrame, persons: pl.LazyFrame) -> pl.DataFrame:
    """What is shown of each record of each sampled pair: LinkReviewRecords, sorted by pair and side.

    `sample`: LinkReviewSample. Of identities and standardised_persons only what the sample needs is read.
    """
    ends = (
        sample.select("pair", *RECORD, side=pl.lit(SIDES[0]), identity="l"),
        sample.select(
            "pair", *(pl.col(given).alias(name) for name, given in OTHER.items()), side=pl.lit(SIDES[1]), identity="r"
        ),
    )
    shown = pl.concat([end.select("pair", "side", *RECORD, "identity") for end in ends])
    wanted = identities.filter(pl.col("identity").is_in(shown["identity"].unique().implode()))
    forms = wanted.select("identity", *SIGNATURE).collect()
    of_records = persons.join(shown.select(RECORD).unique().lazy(), on=RECORD, how="semi")
    names = of_records.select(*RECORD, *NAMES, "postcodes").collect()
    with_form = shown.join(forms, on="identity", how="left")
    return (
        with_form.join(_other_names(with_form, names), on=["pair", "side"], how="left")
        .join(_other_postcodes(with_form, names), on=["pair", "side"], how="left")
        .select(
            "pair",
            "side",
            "source",
            *NAMES,
            pl.col("birth_date").dt.to_string("%Y-%m-%d"),
            pl.col("sex").replace({"M": "Male", "F": "Female"}),
            "postcode",
            *NUMBERS,
            *OTHERS,
        )
        .sort("pair", "side")
    )


def compare_links(one: dict[str, Any], other: dict[str, Any]) -> list[Line]:
    """The lines of a pair. Both dicts are rows of LinkReviewRecords of one pair."""
    lines = [shown_line("Source", SOURCES[one["source"]], SOURCES[other["source"]])]
    lines += [_line(field, label, one[field], other[field]) for field, label in FIELDS.items()]
    return lines + [shown_line(label, one[field] or "", other[field] or "", "none") for field, label in OTHERS.items()]


def _line(field: str, label: str, one: str | None, other: str | None) -> Line:
    if field == "birth_date":
        words = date_in_words(one), date_in_words(other)
        difference = lambda: difference_of_dates(one or "", other or "")  # noqa: E731
        return compared_line(label, *words, difference, by_character=True, fixed_width=True)
    return compared_line(label, one or "", other or "", by_character=field != "sex", fixed_width=field in FIXED_WIDTH)


def _other_names(shown: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    name = pl.concat_str(NAMES, separator=" ", ignore_nulls=True)
    both = shown.select("pair", "side", *RECORD, shown=name).join(names.select(*RECORD, name=name), on=RECORD)
    return _listed(both, "name", "other_names")


def _other_postcodes(shown: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    places = names.select(*RECORD, place="postcodes").explode("place").unique()
    both = shown.select("pair", "side", *RECORD, shown="postcode").join(places, on=RECORD)
    return _listed(both, "place", "other_postcodes")


def _listed(both: pl.DataFrame, value: str, name: str) -> pl.DataFrame:
    others = both.drop_nulls(value).filter(pl.col(value).ne_missing(pl.col("shown")), pl.col(value) != "")
    return others.group_by("pair", "side").agg(pl.col(value).unique().sort().str.join(", ").alias(name))
