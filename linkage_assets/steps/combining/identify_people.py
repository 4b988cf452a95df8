"""Says which person on probation a record of another system is about, by the numbers it holds.

Belongs here: CRN, PNC, CRO and NOMS numbers of courts and prisons beside those of probation. Does not belong here: the
form of a number (resources/identity_numbers.py), finding people by their details, and what the records say.

A number that cannot be right, a placeholder, or a number that many people hold identifies nobody. A record whose
numbers belong to different people identifies nobody either: nothing says which of them is wrong.
"""

from collections.abc import Callable, Mapping

import polars as pl

from resources.identity_numbers import criminal_record_number, police_number, prison_number
from resources.study_settings import IdentityNumbers

FORMS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "crn": lambda text: text, "pnc_number": police_number, "cro_number": criminal_record_number,
    "noms_number": prison_number,
}
# Table to the numbers in it, the surest first.
NUMBERS = {
    "offender": ("crn", "pnc_number", "cro_number", "noms_number"),
    "defendant": ("crn", "pnc_number", "cro_number"),
    "prison_spell": ("crn", "noms_number"),
}
KEYS = {"defendant": "defendant_id", "prison_spell": "booking_id"}


def find_people(
    table: str, people: pl.DataFrame, frames: Mapping[str, pl.DataFrame], settings: IdentityNumbers
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Whom each record of `table` (defendant or prison_spell) is about, and which records contradict themselves.

    `people`: crn and person, of everybody who may be found. `frames`: the extracts that are at hand; offender and
    `table` must be, and columns as in contracts/extracts.py.

    First: the record's key, crn and matched_by ("crn", "pnc", "cro", "noms": the surest way that finds somebody),
    sorted; several rows where two CRNs hold one number, as they are one person registered twice. A CRN that is unknown
    finds nobody, so the other numbers decide. Second: keys of records whose ways find different people; they are
    in the first no more.
    """
    key, ways = KEYS[table], NUMBERS[table]
    unusable = shared_by_many(frames, settings)
    known = _usable(
        frames["offender"].join(people, on="crn").with_columns(holder="crn"), ways, unusable, settings
    )
    records = _usable(frames[table], ways, unusable, settings)
    found = [
        records.select(key, column).drop_nulls().join(known.select(column, "holder", "person"), on=column)
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


def contradictions(
    table: str, people: pl.DataFrame, frames: Mapping[str, pl.DataFrame], settings: IdentityNumbers
) -> tuple[int, int]:
    """How many records of `table` hold two numbers or more, and how many contradict themselves."""
    numbers = [pl.col(column).is_not_null().cast(pl.Int8) for column in NUMBERS[table]]
    several = frames[table].filter(pl.sum_horizontal(numbers) > 1).height
    return several, find_people(table, people, frames, settings)[1].height


def shared_by_many(frames: Mapping[str, pl.DataFrame], settings: IdentityNumbers) -> dict[str, pl.Series]:
    """Numbers of each kind that more than `most_people` people hold, over all frames at hand.

    People are counted as CRNs of probation, as dates of birth of probation and courts together, and, in prison, as
    spells that begin while another lasts: nobody is received twice without leaving.
    """
    return {column: _shared(column, frames, settings.most_people) for column in FORMS}


def count_numbers(
    table: str, column: str, frames: Mapping[str, pl.DataFrame], settings: IdentityNumbers
) -> dict[str, int]:
    """Of the numbers in a column: written, usable, and why the others are not."""
    held = frames[table].select(written=pl.col(column), number=FORMS[column](pl.col(column))).drop_nulls("written")
    placeholder = pl.col("number").is_in(settings.placeholders)
    shared = ~placeholder & pl.col("number").is_in(_shared(column, frames, settings.most_people).implode())
    counts = held.select(
        written=pl.len(), wrong=pl.col("number").is_null().sum(), placeholder=placeholder.sum(), shared=shared.sum()
    ).row(0, named=True)
    wrong = "of noughts" if column == "noms_number" else "with a wrong check letter or of noughts"
    return {
        "written": counts["written"],
        "usable": counts["written"] - counts["wrong"] - counts["placeholder"] - counts["shared"],
        wrong: counts["wrong"],
        "placeholders": counts["placeholder"],
        f"held by more than {settings.most_people} people": counts["shared"],
    }


def _usable(
    frame: pl.DataFrame, columns: tuple[str, ...], shared: Mapping[str, pl.Series], settings: IdentityNumbers
) -> pl.DataFrame:
    """`frame` with its numbers in one form, null where one identifies nobody."""
    return frame.with_columns(FORMS[column](pl.col(column)).alias(column) for column in columns).with_columns(
        pl.when(~pl.col(column).is_in(settings.placeholders) & ~pl.col(column).is_in(shared[column].implode()))
        .then(column).alias(column)
        for column in columns
    )


def _shared(column: str, frames: Mapping[str, pl.DataFrame], most: int) -> pl.Series:
    holding = {
        table: frames[table].with_columns(number=FORMS[column](pl.col(column))).drop_nulls("number")
        for table, columns in NUMBERS.items()
        if column in columns and table in frames
    }
    counts = []
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
