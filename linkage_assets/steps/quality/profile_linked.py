"""Who is linked and who is not: link rate and expected errors by group, and how linked and unlinked people differ.

Belongs here: groups of people and their shares. Does not belong here: the expected errors of a person
(estimate_linkage_error.py).
"""

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from linkage_assets.schemas.combining import NOT_LINKABLE
from linkage_assets.steps.quality.estimate_linkage_error import DIGITS

GROUPINGS = {
    "Sex": "sex",
    "Age at sentence": "age_band",
    "Sex and age": "sex_and_age",
    "Ethnic group": "ethnic_group",
    "Probation region": "region",
    "Accommodation at sentence": "accommodation",
    "Requirement": "requirement_type",
    "Year of sentence": "year",
}
PERSON = "person_pseudonym"
EVERYBODY = "All people"


def describe_people(combined_requirements: pl.DataFrame, people_linkage: pl.DataFrame) -> pl.DataFrame:
    """One row per person with an analysed requirement, or one that only the lack of identifiers left out.

    Columns: those of GROUPINGS as of the person's latest such requirement ("Not recorded" where empty), linkable,
    linked, expected_false, expected_missed.
    """
    studied = combined_requirements.filter(pl.col("exclusion").is_null() | (pl.col("exclusion") == NOT_LINKABLE))
    latest = studied.drop_nulls(PERSON).sort("disposal_date", "requirement_pseudonym").unique(PERSON, keep="last")
    sex_and_age = pl.concat_str("sex", pl.lit(", "), "age_band")
    return (
        latest.with_columns(sex_and_age=sex_and_age, year=pl.col("sentence_year").cast(pl.String))
        .select(PERSON, *(pl.col(column).fill_null(NOT_RECORDED) for column in GROUPINGS.values()))
        .join(people_linkage, on=PERSON)
        .select(*GROUPINGS.values(), "linkable", "linked", "expected_false", "expected_missed")
    )


def estimate_errors_by_group(people: pl.DataFrame) -> pl.DataFrame:
    """One row per grouping and level, everybody first: grouping, level, people, linkable, linked, expected_false (of
    those linked), expected_missed (of those linkable and not linked); counts, and expected counts with the variance
    that they have if every person is missed, or wrongly linked, by chance with the probability of the model."""
    everybody = people.with_columns(everybody=pl.lit(EVERYBODY))
    return pl.concat(
        everybody.group_by(level=column)
        .agg(
            people=pl.len().cast(pl.Int64),
            linkable=pl.col("linkable").sum().cast(pl.Int64),
            linked=pl.col("linked").sum().cast(pl.Int64),
            expected_false=pl.col("expected_false").sum().round(DIGITS),
            expected_missed=pl.col("expected_missed").filter("linkable").sum().round(DIGITS),
            false_variance=_variance("expected_false").sum().round(DIGITS),
            missed_variance=_variance("expected_missed").filter("linkable").sum().round(DIGITS),
        )
        .sort(pl.col("level") == NOT_RECORDED, "level")
        .select(pl.lit(grouping).alias("grouping"), pl.all())
        for grouping, column in {EVERYBODY: "everybody", **GROUPINGS}.items()
    )


def _variance(chance: str) -> pl.Expr:
    return pl.col(chance) * (1 - pl.col(chance))


def profile_linked(people: pl.DataFrame) -> pl.DataFrame:
    """One row per grouping and level of the linkable people: grouping, level, linked and not_linked (counts),
    linked_share and not_linked_share (of all linked, of all not linked, 0 to 1), standardised_difference.

    The standardised difference of two shares is their difference over the root of the mean of their variances p(1-p);
    from about 0.1 on it is commonly called a difference. Null where neither share varies.
    """
    linkable = people.filter("linkable")
    linked, not_linked = pl.col("linked_share"), pl.col("not_linked_share")
    spread = ((linked * (1 - linked) + not_linked * (1 - not_linked)) / 2).sqrt()
    return pl.concat(
        linkable.group_by(level=column)
        .agg(
            linked=pl.col("linked").sum().cast(pl.Int64),
            not_linked=(~pl.col("linked")).sum().cast(pl.Int64),
        )
        .sort(pl.col("level") == NOT_RECORDED, "level")
        .with_columns(
            linked_share=pl.col("linked") / pl.col("linked").sum(),
            not_linked_share=pl.col("not_linked") / pl.col("not_linked").sum(),
        )
        .with_columns(standardised_difference=pl.when(spread > 0).then((linked - not_linked) / spread))
        .select(pl.lit(grouping).alias("grouping"), pl.all())
        for grouping, column in GROUPINGS.items()
    )
