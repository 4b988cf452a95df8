"""Comparisons and blocking keys of names, whole or as initials.

Belongs here: levels of names, also in each other's place. Does not belong here: other fields (compare_fields.py).
"""

import polars as pl

from pathways.bench.linkage import standardise
from pathways.bench.linkage.fields import Comparison, Fields
from pathways.bench.linkage.standardise import Pair


def compare_names(fields: Fields, names: dict[str, Pair], full_names: bool) -> None:
    """Add forename, surname or both to `fields`, whole or, unless `full_names`, as initials."""
    if not full_names:
        names = {part: standardise.each(lambda name: name.str.slice(0, 1), pair) for part, pair in names.items()}
    names = {part: pair for part, pair in names.items() if fields.tells(part, pair)}
    for part, pair in names.items():
        fields.add(part, pair)
    if len(names) == 2:
        _add_joined_names(fields, full_names)
    if len(names) == 2 and not full_names:
        _compare_initials(fields)
    else:
        for part in names:
            _compare_name(fields, part, full_names, both=len(names) == 2)


def _add_joined_names(fields: Fields, full_names: bool) -> None:
    names = [pl.col("forename"), pl.col("surname")]
    initials = [name.str.slice(0, 1) for name in names]
    both = [
        pl.concat_str(names, separator=" ").alias("full_name"),
        pl.concat_str(names[::-1], separator=" ").alias("full_name_swapped"),
        pl.concat_str(initials).alias("initials"),
        pl.concat_str(initials[::-1]).alias("initials_swapped"),
    ]
    fields.left, fields.right = fields.left.with_columns(both), fields.right.with_columns(both)
    both_names = "forename surname"
    fields.key("initials", "initial_forename initial_surname", both_names)
    fields.key("initials_swapped", "swapped_initials", both_names, "initials_swapped", "initials")
    if full_names:
        fields.key("full_name_swapped", "swapped_names swapped_initials", both_names, "full_name_swapped", "full_name")


def _compare_initials(fields: Fields) -> None:
    fields.comparisons.append(
        Comparison(
            "names",
            "initials",
            [
                ("initials swapped", "initials_swapped_l = initials_r"),
                ("forename initial only", "forename_l = forename_r", "forename"),
                ("surname initial only", "surname_l = surname_r", "surname"),
            ],
            void="(forename_l IS NULL AND surname_l IS NULL) OR (forename_r IS NULL AND surname_r IS NULL)",
        )
    )
    fields.key("forename", "initial_forename", "forename")
    fields.key("surname", "initial_surname", "surname")


def _compare_name(fields: Fields, part: str, full_names: bool, both: bool) -> None:
    left, right = f"{part}_l", f"{part}_r"
    swapped = "coalesce(full_name_swapped_l = full_name_r, FALSE)"
    initial = f"least(length({left}), length({right})) = 1 AND substr({left}, 1, 1) = substr({right}, 1, 1)"
    alike = (
        [
            ("alike", f"jaro_winkler_similarity({left}, {right}) >= 0.9"),
            ("the initial of the other", initial),
            ("somewhat alike", f"jaro_winkler_similarity({left}, {right}) >= 0.8"),
        ]
        if full_names
        else []
    )
    # Names in each other's place are one slip: the forename tells it, and the surname says nothing more.
    void = f"{left} IS NULL OR {right} IS NULL" + (f" OR {swapped}" if both and part == "surname" else "")
    in_place = [("in the other's place", swapped)] if both and part == "forename" else []
    fields.comparisons.append(Comparison(part, part, [*in_place, *alike], void))
    fields.key(part, f"{part} initial_{part}" if full_names else f"initial_{part}", part)
