"""Names of people, whole or as initials. In capitals, letters and single spaces only.

Belongs here: levels of names, also in each other's place. Does not belong here: what is one name in two spellings of
another script or tongue (transliterate.py).
"""

import polars as pl

from record_linkage.comparisons.field import Field, Key, key
from record_linkage.comparisons.levels import alike, anything_else, exact, missing
from record_linkage.comparisons.transliterate import sounding
from record_linkage.specification import Comparison, Level

FORENAME, SURNAME = "forename", "surname"


def initials(name: str, both: str, forename: str, surname: str, rare: bool, swapped: str = "") -> Comparison:
    """Both initials the same, only the forename's, only the surname's, anything else: of these three columns.

    `rare`: rare initials weigh more. `swapped`: a column of the initials the other way round, which is then a level.
    """
    turned = (
        [Level("initials swapped", f"{swapped}_l = {both}_r", frequency_of=both if rare else "")] if swapped else []
    )
    alone = bool(swapped) and rare
    levels = (
        exact("both initials", both, rare),
        *turned,
        exact("forename initial only", forename, alone),
        exact("surname initial only", surname, alone),
        anything_else(),
    )
    return Comparison(name, missing(forename, surname), levels)


def full_name(part: str, both: bool, transliterated: bool = False) -> Comparison:
    """A whole forename or surname: same, in the other's place, alike, transliterated, only the initial, anything else.

    `transliterated`: with a level for other spellings of one name, for sources where these are many. It finds more at a
    given threshold; among many records of few names it costs some precision.

    `both`: the records have forename and surname. Names in each other's place are one slip: the forename tells it, and
    the surname says nothing more.
    """
    left, right = f"{part}_l", f"{part}_r"
    swapped = [Level("in the other's place", "coalesce(full_name_swapped_l = full_name_r, FALSE)")]
    initial = f"least(length({left}), length({right})) = 1 AND substr({left}, 1, 1) = substr({right}, 1, 1)"
    levels = (
        exact("same", part, frequency=True),
        *(swapped if both and part == FORENAME else []),
        alike("alike", part, 0.9),
        *([exact("transliterated", f"{part}_sounding")] if transliterated else []),
        Level("the initial of the other", initial),
        alike("somewhat alike", part, 0.8),
        anything_else(),
    )
    settled = ((("full_name_swapped", "full_name"),),) if both and part == SURNAME else ()
    return Comparison(part, missing(part), levels, settled_by=settled)


def name_fields(parts: list[str], full_names: bool, transliterated: bool = False) -> list[Field]:
    """The fields of a forename, a surname or both, in columns of these names; without `full_names`, of initials."""
    both = len(parts) == 2
    if full_names:
        fields = [
            Field(
                full_name(part, both, transliterated),
                (key(part, f"{part} initial_{part}", part),),
                (sounding(part),) if transliterated else (),
            )
            for part in parts
        ]
    elif both:
        compared = initials("names", "initials", FORENAME, SURNAME, rare=True, swapped="initials_swapped")
        fields = [Field(compared, tuple(key(part, f"initial_{part}", part) for part in parts))]
    else:
        levels = [(part, (exact("same", part, frequency=True), anything_else())) for part in parts]
        fields = [
            Field(Comparison(part, missing(part), two), (key(part, f"initial_{part}", part),)) for part, two in levels
        ]
    if not both:
        return fields
    first, *rest = fields
    keys, columns = _joined_keys(full_names) + first.keys, _joined_columns() + first.columns
    return [Field(first.comparison, keys, columns), *rest]


def _joined_columns() -> tuple[pl.Expr, ...]:
    names = [pl.col(FORENAME), pl.col(SURNAME)]
    first_letters = [name.str.slice(0, 1) for name in names]
    return (
        pl.concat_str(names, separator=" ").alias("full_name"),
        pl.concat_str(names[::-1], separator=" ").alias("full_name_swapped"),
        pl.concat_str(first_letters).alias("initials"),
        pl.concat_str(first_letters[::-1]).alias("initials_swapped"),
    )


def _joined_keys(full_names: bool) -> tuple[Key, ...]:
    about = f"{FORENAME} {SURNAME}"
    whole = key("full_name_swapped", "swapped_names swapped_initials", about, "full_name_swapped", "full_name")
    return (
        key("initials", "initial_forename initial_surname", about),
        key("initials_swapped", "swapped_initials", about, "initials_swapped", "initials"),
        *((whole,) if full_names else ()),
    )
