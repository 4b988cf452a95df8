"""Comparisons and blocking keys of each kind of field.

Belongs here: which levels a kind of field has, in the manner of the study's own (methodology 2.5.2), which keys it can
block on, and which field says nothing more where another agrees. Does not belong here: names (compare_names.py), which
keys are used (blocking.py), values (standardise.py).
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pathways.bench.linkage import standardise
from pathways.bench.linkage.chance import Chance, agreement
from pathways.bench.linkage.compare_names import compare_names
from pathways.bench.linkage.fields import Comparison, Fields
from pathways.bench.linkage.mapping import BenchInputError, File, MappedField
from pathways.bench.linkage.standardise import Pair

FEWEST_FIELDS = 2


def prepare_fields(left: File, right: File, ids: Pair, mapped: Sequence[MappedField], full_names: bool) -> Fields:
    """Comparable columns, comparisons and keys of all mapped fields that can tell records apart.

    Raises BenchInputError when fewer than two such fields are left.
    """
    numbered = [pl.DataFrame({"id": side}).with_row_index("record") for side in ids]
    fields = Fields(numbered[0], numbered[1])
    names: dict[str, Pair] = {}
    for one in mapped:
        pair = left.frame[one.left], right.frame[one.right]
        if one.kind == "name":
            halves = [standardise.split_name(series) for series in pair]
            names |= {part: (halves[0][place], halves[1][place]) for place, part in enumerate(("forename", "surname"))}
        elif one.kind in ("forename", "surname"):
            names[one.kind] = standardise.each(standardise.name, pair)
        elif one.kind == "dob":
            _compare_dates(fields, one.name, standardise.dates(pair))
        elif one.kind == "postcode":
            _compare_postcodes(fields, one.name, standardise.postcodes(pair))
        elif one.kind == "sex":
            _compare_codes(fields, one.name, standardise.sexes(pair))
        elif one.kind in ("area", "category"):
            _compare_codes(fields, one.name, standardise.each(standardise.text, pair))
        else:
            _compare_text(fields, one.name, standardise.each(standardise.text, pair))
    compare_names(fields, names, full_names)
    fields.comparisons = [_given_others(one, fields) for one in fields.comparisons]
    if len(fields.comparisons) < FEWEST_FIELDS:
        raise BenchInputError(
            f"{len(fields.comparisons)} field(s) are left to compare, and linking needs two. "
            f"{' '.join(fields.warnings)} Map more with --map kind=column."
        )
    return fields


def _given_others(comparison: Comparison, fields: Fields) -> Comparison:
    """The comparison, void where a column of another that determines it agrees: the coarsest such column.

    Postcode and county are one fact where they agree: counted twice, neighbours would look like one person.
    """
    by_chance = agreement(fields.left[comparison.exact], fields.right[comparison.exact])
    determining = []
    for other in fields.comparisons:
        telling = [one.exact for one in fields.comparisons if one not in (other, comparison)]
        chance = Chance(fields.left, fields.right, telling)
        for column in (other.exact, *other.coarser) if other is not comparison else ():
            rarer = agreement(fields.left[column], fields.right[column])
            if rarer < by_chance and chance.determines(column, comparison.exact):
                determining.append((rarer, column))
    return replace(comparison, given=max(determining, default=(0.0, ""))[1])


def _one_edit(column: str, shortest: int) -> str:
    # Damerau costs eight times Levenshtein and more: it is asked only where it could say something else.
    left, right = f"{column}_l", f"{column}_r"
    one = f"CASE levenshtein({left}, {right}) WHEN 1 THEN TRUE WHEN 2 THEN damerau_levenshtein({left}, {right}) = 1 END"
    return f"length({left}) >= {shortest} AND {one}"


def _compare_dates(fields: Fields, name: str, pair: Pair) -> None:
    if not fields.tells(name, pair):
        return
    year, month_day, swapped = f"{name}_year", f"{name}_month_day", f"{name}_swapped"
    fields.add(name, pair)
    fields.add(year, standardise.each(lambda dates: dates.str.slice(0, 4).cast(pl.Int32, strict=False), pair))
    fields.add(
        month_day,
        standardise.each(
            lambda dates: standardise.evaluate(
                dates, lambda date: pl.when(~date.str.ends_with("-00")).then(date.str.slice(5, 5))
            ),
            pair,
        ),
    )
    fields.add(
        swapped,
        standardise.each(
            lambda dates: dates.str.extract(r"^\d{4}-\d{2}-(0[1-9]|1[0-2])$", 0).str.replace(
                r"^(\d{4})-(\d{2})-(\d{2})$", "$1-$3-$2"
            ),
            pair,
        ),
    )
    month = f"substr({name}_l, 6, 2) = substr({name}_r, 6, 2)"
    day = f"substr({name}_l, 9, 2) = substr({name}_r, 9, 2)"
    fields.comparisons.append(
        Comparison(
            name,
            name,
            [
                ("one character differs", f"hamming({name}_l, {name}_r) = 1"),
                ("day and month swapped", f"{swapped}_l = {name}_r"),
                (
                    "two neighbouring digits swapped",
                    f"CASE hamming({name}_l, {name}_r) WHEN 2 THEN damerau_levenshtein({name}_l, {name}_r) = 1 END",
                ),
                (
                    "same day and month, at most 10 years apart",
                    f"{month_day}_l = {month_day}_r AND abs({year}_l - {year}_r) <= 10",
                ),
                (
                    "two of year, month and day",
                    f"{year}_l = {year}_r AND ({month} OR {day}) OR {month_day}_l = {month_day}_r",
                ),
            ],
        )
    )
    fields.key(name, "year day", name)
    fields.key(month_day, "day", name)
    fields.key(year, "year", name)
    fields.key(swapped, "swapped_date", name, left=swapped, right=name)


def _compare_postcodes(fields: Fields, name: str, sizes: tuple[Pair, Pair, Pair]) -> None:
    columns = [name, f"{name}_near", f"{name}_wide"]
    usable = next((place for place, pair in enumerate(sizes) if all(series.count() for series in pair)), 0)
    if not fields.tells(name, sizes[usable]):
        return
    for column, pair in zip(columns, sizes, strict=True):
        fields.add(column, pair)
    fields.comparisons.append(
        Comparison(
            name,
            name,
            [
                ("one edit", _one_edit(name, 4)),
                ("near", f"{columns[1]}_l = {columns[1]}_r"),
                ("same wider area", f"{columns[2]}_l = {columns[2]}_r"),
            ],
            void=f"{columns[2]}_l IS NULL OR {columns[2]}_r IS NULL",
            coarser=(columns[1], columns[2]),
        )
    )
    fields.key(columns[0], f"{name} near_{name} wide_{name}", name)
    fields.key(columns[1], f"near_{name} wide_{name}", name)
    fields.key(columns[2], f"wide_{name}", name)


def _compare_codes(fields: Fields, name: str, pair: Pair) -> None:
    if fields.tells(name, pair):
        fields.add(name, pair)
        fields.comparisons.append(Comparison(name, name, [("one edit", _one_edit(name, 3))]))
        fields.key(name, name, name)


def _compare_text(fields: Fields, name: str, pair: Pair) -> None:
    if not fields.tells(name, pair):
        return
    start = f"{name}_start"
    fields.add(name, pair)
    fields.add(start, standardise.each(lambda series: series.str.slice(0, 4), pair))
    fields.comparisons.append(
        Comparison(
            name,
            name,
            [
                ("one edit", _one_edit(name, 4)),
                ("alike", f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.9"),
                ("somewhat alike", f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.8"),
            ],
        )
    )
    fields.key(name, f"{name} {start}", name)
    fields.key(start, start, name)
