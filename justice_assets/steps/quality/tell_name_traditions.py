"""In which tradition somebody is named, as far as a name tells: by lists of names and of how names begin and end.

Belongs here: the rule. Does not belong here: the lists (reference/code_lists/name_traditions.csv), what is measured by
it (hold_out_numbers.py).

No source records a tradition. It is worked out here to count how good links are, and is in no table: a name says little
of a person, and nothing of their ethnic group. A record is of the tradition of its surname; where that is in no list,
of the forename, then of the middle names. Of several words the first that a list has counts. A whole word goes before
how a word begins, and that before how it ends; of several traditions the first in the file counts.
"""

import polars as pl

from contracts.code_lists import CODE_LISTS

UNLISTED = "In no list"
HOWS = {"whole": 0, "begins": 1, "ends": 2}
NAMES = {"surname": "surname", "forename": "forename", "middle_names": "forename"}  # column to part of the list


def name_traditions() -> pl.DataFrame:
    """tradition, part (surname, forename or any), how (whole, begins or ends), letters: in the order in which they
    count.
    """
    return pl.read_csv(CODE_LISTS / "name_traditions.csv", schema_overrides={"letters": pl.String})


def tradition_of_names(persons: pl.LazyFrame) -> pl.LazyFrame:
    """`persons`, in their order, with name_tradition; null where a record has no name. Names are those of
    standardised_persons: capitals A-Z with one blank between words.
    """
    told = persons
    for column, part in NAMES.items():
        values = persons.select(column).drop_nulls().unique().collect()[column]
        of_value = pl.LazyFrame({column: values, f"tradition_{column}": traditions_of(values, part)})
        told = told.join(of_value, on=column, how="left", maintain_order="left")
    found = pl.coalesce(f"tradition_{column}" for column in NAMES)
    named = pl.any_horizontal(pl.col(column).is_not_null() for column in NAMES)
    return told.with_columns(
        name_tradition=pl.when(named).then(found.fill_null(UNLISTED)),
    ).drop(f"tradition_{column}" for column in NAMES)


def traditions_of(values: pl.Series, part: str) -> pl.Series:
    """The tradition of each name of a part, null where its words are in no list."""
    lists = name_traditions().with_row_index("order").filter(pl.col("part").is_in([part, "any"]))
    lists = lists.with_columns(rank=pl.col("how").replace_strict(HOWS, return_dtype=pl.UInt32) * lists.height)
    words = pl.DataFrame({"value": values}).with_row_index("row")
    words = words.with_columns(word=pl.col("value").str.split(" ")).explode("word", empty_as_null=True)
    words = words.with_columns(place=pl.int_range(pl.len()).over("row"))
    hits: list[pl.DataFrame] = []
    for (how, length), some in lists.group_by("how", pl.col("letters").str.len_chars(), maintain_order=True):
        word = pl.col("word")
        read = {"whole": word, "begins": word.str.head(length), "ends": word.str.tail(length)}[str(how)]
        longer = word.str.len_chars() > length if how != "whole" else pl.lit(value=True)
        hits.append(words.filter(longer).with_columns(letters=read).join(some, on="letters"))
    found = pl.concat(hits).sort("row", "place", pl.col("rank") + pl.col("order")).unique("row", keep="first")
    rows = words.select("row").unique().join(found.select("row", "tradition"), on="row", how="left").sort("row")
    return rows["tradition"].alias("tradition")
