"""Both files in comparable form, with the fields that can tell records apart.

Belongs here: which field of the linking engine a mapped column becomes, and leaving out fields that tell nothing. Does
not belong here: values (standardise.py), levels and keys of a field (record_linkage/comparisons).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from pathways.bench.linkage import standardise
from pathways.bench.linkage.mapping import BenchInputError, File, MappedField
from pathways.bench.linkage.standardise import Pair
from record_linkage.comparisons.dates import birth_date_field
from record_linkage.comparisons.field import Field
from record_linkage.comparisons.names import FORENAME, SURNAME, name_fields
from record_linkage.comparisons.places import postcode_field
from record_linkage.comparisons.texts import code_field, text_field

FEWEST_FIELDS = 2


@dataclass
class Prepared:
    """Both files with record_id, person_id and the columns of the fields; and what was left out."""

    left: pl.DataFrame
    right: pl.DataFrame
    fields: list[Field] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, columns: dict[str, Pair]) -> None:
        """Give both files columns."""
        self.left = self.left.with_columns(pair[0].alias(name) for name, pair in columns.items())
        self.right = self.right.with_columns(pair[1].alias(name) for name, pair in columns.items())

    def tells(self, name: str, pair: Pair) -> bool:
        """Whether a field can tell records apart; says so when not."""
        values = [series.drop_nulls().unique() for series in pair]
        if not all(len(side) for side in values):
            empty = " and ".join(side for side, value in zip(("left", "right"), values, strict=True) if not len(value))
            reason = f"it is empty, or cannot be read, in every row of the {empty} file"
        elif len(pl.concat([side.alias("") for side in values]).unique()) < 2:
            reason = "all its values are the same"
        elif not values[0].is_in(values[1].implode()).any():
            reason = "no value of it is in both files, so it may be written in different ways"
        else:
            return True
        self.warnings.append(f"Field {name} is left out: {reason}.")
        return False


def prepare_fields(left: File, right: File, ids: Pair, mapped: Sequence[MappedField], full_names: bool) -> Prepared:
    """Comparable columns and fields of all that is mapped and can tell records apart.

    Raises BenchInputError when fewer than two such fields are left.
    """
    sides = [pl.DataFrame({"person_id": side}).with_row_index("record_id") for side in ids]
    prepared = Prepared(sides[0], sides[1])
    names: dict[str, Pair] = {}
    for one in mapped:
        pair = left.frame[one.left], right.frame[one.right]
        if one.kind == "name":
            halves = [standardise.split_name(series) for series in pair]
            names |= {part: (halves[0][place], halves[1][place]) for place, part in enumerate((FORENAME, SURNAME))}
        elif one.kind in (FORENAME, SURNAME):
            names[one.kind] = standardise.each(standardise.name, pair)
        elif one.kind == "postcode":
            _add_postcodes(prepared, one.name, standardise.postcodes(pair))
        else:
            make, standard = KINDS_OF_FIELD[one.kind]
            if prepared.tells(one.name, values := standard(pair)):
                prepared.add({one.name: values})
                prepared.fields.append(make(one.name))
    _add_names(prepared, names, full_names)
    if len(prepared.fields) < FEWEST_FIELDS:
        raise BenchInputError(
            f"{len(prepared.fields)} field(s) are left to compare, and linking needs two. "
            f"{' '.join(prepared.warnings)} Map more with --map kind=column."
        )
    return prepared


def _texts(pair: Pair) -> Pair:
    return standardise.each(standardise.text, pair)


KINDS_OF_FIELD = {
    "dob": (birth_date_field, standardise.dates),
    "sex": (code_field, standardise.sexes),
    "area": (code_field, _texts),
    "category": (code_field, _texts),
    "other": (text_field, _texts),
}


def _add_names(prepared: Prepared, names: dict[str, Pair], full_names: bool) -> None:
    if not full_names:
        names = {part: standardise.each(lambda name: name.str.slice(0, 1), pair) for part, pair in names.items()}
    names = {part: pair for part, pair in names.items() if prepared.tells(part, pair)}
    prepared.add(names)
    prepared.fields += name_fields(list(names), full_names)


def _add_postcodes(prepared: Prepared, name: str, sizes: tuple[Pair, Pair, Pair]) -> None:
    usable = next((place for place, pair in enumerate(sizes) if all(series.count() for series in pair)), 0)
    if prepared.tells(name, sizes[usable]):
        prepared.add(dict(zip((name, f"{name}_near", f"{name}_wide"), sizes, strict=True)))
        prepared.fields.append(postcode_field(name))
