"""Says which person on probation a record of another system is about, by the numbers it holds.

Belongs here: CRN, PNC, CRO and NOMS numbers of courts and prisons beside those of probation. Does not belong here: the
form of a number (identity_numbers.py), finding people by their details, and what the records say.

A number that cannot be right, a placeholder, or a number that many people hold identifies nobody. A record whose
numbers belong to different people identifies nobody either: nothing says which of them is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from resources.extracts.values.identity_numbers import criminal_record_number, police_number, prison_number
from resources.settings.study_settings import IdentityNumbers

FORMS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "crn": lambda text: text,
    "pnc_number": police_number,
    "cro_number": criminal_record_number,
    "noms_number": prison_number,
}
# Table to the numbers in it, the surest first.
NUMBERS = {
    "offender": ("crn", "pnc_number", "cro_number", "noms_number"),
    "defendant": ("crn", "pnc_number", "cro_number"),
    "prison_spell": ("crn", "noms_number"),
}
KEYS = {"defendant": "defendant_id", "prison_spell": "booking_id"}


@dataclass(frozen=True)
class Numbers:
    """The extracts at hand with their numbers in one form, null where a number cannot be right, and `shared`: those of
    each column that more than `settings.most_people` people hold.

    People are counted as CRNs of probation, as dates of birth of probation and courts together, and, in prison, as
    spells that begin while another lasts: nobody is received twice without leaving.
    """

    frames: Mapping[str, pl.DataFrame]
    shared: Mapping[str, pl.Series]
    settings: IdentityNumbers

    def usable(self, table: str) -> pl.DataFrame:
        """A table with null in place of placeholders and shared numbers."""
        return self.frames[table].with_columns(
            pl.when(~self._of_nobody(column)).then(column).alias(column) for column in NUMBERS[table]
        )

    def _of_nobody(self, column: str) -> pl.Expr:
        return pl.col(column).is_in(self.settings.placeholders) | pl.col(column).is_in(self.shared[column].implode())


def read_numbers(frames: Mapping[str, pl.DataFrame], settings: IdentityNumbers) -> Numbers:
    """The numbers of the extracts in `frames`, those of NUMBERS that are at hand, as contracts/sources."""
    formed = {
        table: frames[table].with_columns(FORMS[column](pl.col(column)).alias(column) for column in columns)
        for table, columns in NUMBERS.items()
        if table in frames
    }
    return Numbers(formed, {column: _shared(column, formed, settings.most_people) for column in FORMS}, settings)


def find_people(table: str, people: pl.DataFrame, numbers: Numbers) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Whom each record of `table` (defendant or prison_spell) is about, and which records contradict themselves.

    `people`: crn and person, of everybody who may be found. `numbers`: of offender and `table` at least.

    First: the record's key, crn and matched_by ("crn", "pnc", "cro", "noms": the surest way that finds somebody),
    sorted; several rows where two CRNs hold one number, as they are one person registered twice. A CRN that is unknown
    finds nobody, so the other numbers decide. Second: keys of records whose ways find different people; they are
    in the first no more.
    """
    key, ways = KEYS[table], NUMBERS[table]
    known = numbers.usable("offender").with_columns(holder=numbers.frames["offender"]["crn"])
    known = known.join(people.rename({"crn": "holder"}), on="holder")
    records = numbers.usable(table)
    found = [
        records.select(key, column)
        .drop_nulls()
        .join(known.select(column, "holder", "person"), on=column)
        .select(key, "person", crn="holder", way=pl.lit(place))
        for place, column in enumerate(ways)
    ]
    hits = pl.concat(found).with_columns(
        ways=pl.col("way").n_unique().over(key), agreeing=pl.col("way").n_unique().over(key, "person")
    )
    agreed = hits.filter(pl.col("ways") == pl.col("agreeing"))
    surest = agreed.filter(pl.col("way") == pl.col("way").min().over(key))
    names = {place: column.removesuffix("_number") for place, column in enumerate(ways)}
    way = pl.col("way").replace_strict(names, return_dtype=pl.String)
    contradicting = hits.select(key).unique().join(agreed.select(key), on=key, how="anti")
    return surest.select(key, "crn", matched_by=way).unique().sort(key, "crn"), contradicting


def contradictions(table: str, people: pl.DataFrame, numbers: Numbers) -> tuple[int, int]:
    """How many records of `table` hold two numbers or more that can be right, and how many contradict themselves."""
    held = [pl.col(column).is_not_null().cast(pl.Int8) for column in NUMBERS[table]]
    several = numbers.frames[table].filter(pl.sum_horizontal(held) > 1).height
    return several, find_people(table, people, numbers)[1].height


def count_numbers(table: str, column: str, written: pl.Series, numbers: Numbers) -> dict[str, int]:
    """Of the numbers `written` in a column, as sent: how many, how many are usable, and why the others are not."""
    number, settings = pl.col(column), numbers.settings
    placeholder = number.is_in(settings.placeholders).fill_null(False)
    shared = ~placeholder & number.is_in(numbers.shared[column].implode()).fill_null(False)
    wrong, placeholders, held_by_many = (
        numbers.frames[table]
        .select(
            (number.is_null() & written.is_not_null()).sum(),
            placeholder.sum().alias("placeholder"),
            shared.sum().alias("shared"),
        )
        .row(0)
    )
    return {
        "written": written.count(),
        "usable": written.count() - wrong - placeholders - held_by_many,
        "with a wrong check letter or of noughts": wrong,
        "placeholders": placeholders,
        f"held by more than {settings.most_people} people": held_by_many,
    }


def _shared(column: str, formed: Mapping[str, pl.DataFrame], most: int) -> pl.Series:
    holding = {
        table: formed[table].with_columns(number=column).drop_nulls("number")
        for table, columns in NUMBERS.items()
        if column in columns and table in formed
    }
    counts = [pl.DataFrame(schema={"number": pl.String, "people": pl.UInt32})]
    if "prison_spell" in holding:
        counts.append(_at_once(holding.pop("prison_spell")))
    if "offender" in holding:
        counts.append(_different("crn", holding["offender"]))
    if holding:
        counts.append(_different("dob", pl.concat(frame.select("number", "dob") for frame in holding.values())))
    return pl.concat(counts).filter(pl.col("people") > most)["number"].unique().sort()


def _different(who: str, held: pl.DataFrame) -> pl.DataFrame:
    return held.drop_nulls(who).group_by("number").agg(people=pl.col(who).n_unique())


def _at_once(spells: pl.DataFrame) -> pl.DataFrame:
    """number, people: one more than the spells that begin before all earlier ones of the number have ended."""
    earlier = pl.col("release_date").fill_null(pl.date(9999, 12, 31)).cum_max().shift(1).over("number")
    return (
        spells.sort("number", "reception_date", "release_date", nulls_last=True)
        .with_columns(overlaps=(earlier > pl.col("reception_date")).fill_null(False))
        .group_by("number")
        .agg(people=1 + pl.col("overlaps").sum().cast(pl.UInt32))
    )
