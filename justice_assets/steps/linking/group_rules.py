"""How justice identities become groups, and what groups are looked at by, as named data.

Belongs here: keys, forms and values. Does not belong here: comparisons and rules (justice_specification.py).
"""

import polars as pl

from justice_assets.steps.linking.justice_specification import BLOCKING_RULES, KEPT_COLUMNS, NUMBERS, SAID_APART
from record_linkage.identities.least_weights import Keys
from record_linkage.specification import Rule, columns_in

# What brings records together without a comparison, where the model is sure of it (certain_groups.py).
_PERSON = ("forename", "surname", "born")
_TWO_OF_THEM = (("forename", "born"), ("surname", "born"), ("forename", "surname"))
CERTAIN = Keys(
    keys={
        **{f"same_person_and_{name}": (*_PERSON, name) for name in (*NUMBERS, "place", "middle_names")},
        "same_person": _PERSON,
        **{f"same_{'_and_'.join(two)}_and_{name}": (*two, name) for name in ("pnc", "cro") for two in _TWO_OF_THEM},
        "same_police_and_criminal_record_number": ("pnc", "cro"),
    },
    complete=("middle_initial",),
    apart=("pnc", "cro"),
    doubtful=(pl.col("forename") == pl.col("surname")) | pl.col(SAID_APART),
)

# What identities of a group are looked at by: names and birth date with each other, the rest as sets.
FORM = ("forename", "surname", "birth_date")
# About the bits of the model, to choose the two forms of two groups that are most alike.
FORM_AGREEMENTS: dict[Rule, float] = {
    ("forename",): 5,
    ("forename_sounding",): 4,
    ("surname",): 6,
    ("surname_sounding",): 4,
    ("surname_initial",): 1,
    (("forename", "surname"), ("surname", "forename")): 15,
    ("birth_date",): 8,
    ("month_day",): 4,
    ("birth_year",): 2,
    (("swapped", "birth_date"),): 6,
}

_HOMES = {"postcode", "outcode"}
_OF_FORM = {each.meta.output_name() for each in KEPT_COLUMNS if set(each.meta.root_names()) <= set(FORM)} | set(FORM)
# Columns of forms that rules or agreements ask for; and all columns of the rules that ask for a place.
LOOKED_AT = sorted(_OF_FORM & columns_in([*BLOCKING_RULES.values(), *FORM_AGREEMENTS]))
LOOKED_AT_WITH_HOMES = sorted(columns_in(rule for rule in BLOCKING_RULES.values() if columns_in([rule]) & _HOMES))
