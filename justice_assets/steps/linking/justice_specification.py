"""The linkage of justice records as named data: which fields are compared at which levels, which pairs are looked at.

Belongs here: comparisons, blocking rules, training rules, the twins rule and the values that are stated by hand. Does
not belong here: what a comparison, a rule and training are (record_linkage).

One model over all four sources: what is one person within a source and between two is asked in the same terms.
"""

import polars as pl

from record_linkage.comparisons.dates import birth_date, date_columns
from record_linkage.comparisons.levels import alike, anything_else, exact, missing
from record_linkage.comparisons.names import full_name
from record_linkage.comparisons.transliterate import sounding
from record_linkage.identities.derive import hashed
from record_linkage.specification import Adjustment, Comparison, Level, LinkageSpecification, Rule, TrainingPlan
from resources.settings.justice_settings import JusticeLinkage

# What a record is, for the linking: records that are the same in all of these are one identity.
NUMBERS = ("pnc", "cro", "prison_number", "crn")
SAID_APART = "said_apart"  # a column of identities that people have said are two
SIGNATURE = ("forename", "middle_names", "surname", "birth_date", "sex", "postcode", *NUMBERS)

# Made for all identities, in as few bytes as say whether two are the same: of what has no other use, hashes.
FEMALE = (pl.col("sex") == "F").cast(pl.Int8).alias("female")
MIDDLE_INITIAL = pl.col("middle_names").str.slice(0, 1).alias("middle_initial")
SECTOR = hashed(pl.col("postcode").str.head(-2).alias("sector"))
OUTCODE = hashed(pl.col("postcode").str.head(-4).alias("outcode"))
BORN = pl.col("birth_date").dt.to_string("%Y-%m-%d").alias("dob")
_IS_SWAPPED = pl.col("birth_date").dt.day() <= 12
KEPT_COLUMNS = (
    BORN,
    pl.when(_IS_SWAPPED).then(pl.col("birth_date").dt.to_string("%Y-%d-%m").str.to_date(strict=False)).alias("swapped"),
    (pl.col("birth_date").dt.month().cast(pl.Int16) * 32 + pl.col("birth_date").dt.day()).alias("month_day"),
    pl.col("birth_date").dt.year().cast(pl.Int16).alias("birth_year"),
    (pl.col("birth_date").dt.year() // 10).cast(pl.Int16).alias("birth_decade"),
    (pl.col("birth_date").dt.year() % 10).cast(pl.Int16).alias("year_of_decade"),
    hashed(sounding("forename")),
    hashed(sounding("surname")),
    hashed(pl.col("forename").str.slice(0, 1).alias("forename_initial")),
    hashed(pl.col("surname").str.slice(0, 1).alias("surname_initial")),
    SECTOR,
    OUTCODE,
    FEMALE,
    MIDDLE_INITIAL,
)
# Of these, what is made faster than it is looked up by value.
PLAIN_COLUMNS = (
    "month_day",
    "birth_year",
    "birth_decade",
    "year_of_decade",
    "forename_initial",
    "surname_initial",
    "sector",
    "outcode",
    "female",
    "middle_initial",
)
# Made for the pairs that are compared, and not kept.
DATE_COLUMNS = date_columns("dob")
PAIR_COLUMNS = (
    *DATE_COLUMNS,
    pl.concat_str("forename", "surname", separator=" ").alias("full_name"),
    pl.concat_str("surname", "forename", separator=" ").alias("full_name_swapped"),
)

# Tight enough for ten million identities: each holds the pairs of strangers to a few hundred thousand.
BLOCKING_RULES: dict[str, Rule] = {
    "same_police_number": ("pnc",),
    "same_criminal_record_number": ("cro",),
    "same_prison_number": ("prison_number",),
    "same_probation_number": ("crn",),
    "same_surname_and_birth_date": ("birth_date", "surname"),
    "same_sounding_surname_forename_initial_and_birth_date": ("birth_date", "surname_sounding", "forename_initial"),
    "same_birth_date_and_postcode": ("birth_date", "postcode"),
    "same_forename_surname_initial_and_birth_date": ("birth_date", "forename", "surname_initial"),
    "same_sounding_forename_and_outcode_and_birth_date": ("birth_date", "forename_sounding", "outcode"),
    "names_in_each_others_place": ("birth_date", ("forename", "surname"), ("surname", "forename")),
    "same_names_and_postcode": ("surname", "forename", "postcode"),
    "same_names_birth_month_day_and_decade": ("surname", "forename", "month_day", "birth_decade"),
    "same_names_birth_month_day_and_year_of_decade": ("surname", "forename", "month_day", "year_of_decade"),
    "same_names_and_birth_year_and_outcode": ("surname", "forename", "birth_year", "outcode"),
    "same_names_and_swapped_birth_date": ("surname", "forename", ("swapped", "birth_date")),
}

# Pairs that share a number are one person, so every other comparison can be told from them.
TRAINING_RULES: dict[str, Rule] = {
    "same_police_number": ("pnc",),
    "same_criminal_record_number": ("cro",),
}
SURE_RULE: Rule = ("forename", "surname", "dob")
SURE_RULE_RECALL = (
    0.7  # of pairs of identities of one person, assumed: half of it or a half more moves weights by a bit
)

# m of equal and of different numbers, where both records have one; u of equal ones. Stated, as numbers are in the
# training rules themselves. Two different police numbers of one person are a few in a hundred.
NUMBER_AGREES, NUMBER_BY_CHANCE = 0.97, 3e-7

USUAL_LEVELS = {
    "in the other's place": (0.004, 1e-6),
    "transliterated": (0.01, 0.0005),
    "the initial of the other": (0.005, 0.0005),
    "alike": (0.03, 0.002),
    "somewhat alike": (0.02, 0.02),
    "one character differs": (0.02, 0.002),
    "day and month swapped": (0.003, 0.00002),
    "two neighbouring digits swapped": (0.002, 0.0002),
    "same day and month, years apart": (0.004, 0.001),
    "two of year, month and day": (0.01, 0.03),
    "same sector": (0.02, 0.0002),
    "same outcode": (0.08, 0.002),
    "same middle names": (0.8, 0.01),
    "initial of the middle names": (0.1, 0.07),
}


def justice_specification(settings: JusticeLinkage) -> LinkageSpecification:
    """The linkage of justice records."""
    training = TrainingPlan(
        seed=settings.seed,
        chance_pairs=settings.chance_pairs,
        sure_rules=(SURE_RULE,),
        sure_recall=SURE_RULE_RECALL,
        rules=TRAINING_RULES,
        em_pairs=settings.em_pairs,
        usual=USUAL_LEVELS,
        largest_disagreement=3.0,
    )
    compared = comparisons()
    twins = _twins(compared, settings.twins_bits)
    return LinkageSpecification("justice", compared, BLOCKING_RULES, training, settings.lowest_weight, (twins,))


def comparisons() -> tuple[Comparison, ...]:
    """Names, date of birth, sex, place and four numbers, highest level first."""
    return (
        full_name("forename", both=True, transliterated=True),
        full_name("surname", both=True, transliterated=True),
        _middle_names(),
        birth_date("born", "dob", 10, frequency=True, further=True),
        Comparison("sex", missing("female"), (exact("same sex", "female"), anything_else())),
        Comparison(
            "place",
            missing("postcode"),
            (
                exact("same postcode", "postcode", frequency=True),
                exact("same sector", "sector"),
                exact("same outcode", "outcode"),
                anything_else(),
            ),
        ),
        *(_number(name) for name in NUMBERS),
    )


def _middle_names() -> Comparison:
    levels = (
        exact("same middle names", "middle_names"),
        alike("alike", "middle_names", 0.9),
        exact("initial of the middle names", "middle_initial"),
        anything_else(),
    )
    return Comparison("middle_names", missing("middle_names"), levels)


def _number(name: str) -> Comparison:
    same = Level(f"same {name}", f"{name}_l = {name}_r", m=NUMBER_AGREES, u=NUMBER_BY_CHANCE)
    other = Level("anything else", "ELSE", m=1 - NUMBER_AGREES, u=1 - NUMBER_BY_CHANCE)
    return Comparison(name, missing(name), (same, other))


def _twins(compared: tuple[Comparison, ...], bits: float) -> Adjustment:
    """All the same but the forename: as often twins as one person, which no comparison says by itself."""
    named = {each.name: each for each in compared}
    levels = {
        "forename": named["forename"].at("somewhat alike", "anything else"),
        "surname": named["surname"].at("same"),
        "born": named["born"].at("same date"),
        "place": named["place"].at("same postcode", "same sector"),
    }
    return Adjustment("twins", levels, bits)
