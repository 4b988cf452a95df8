"""What a table that is published of the research views is declared as, and columns that several have.

Belongs here: the class, and words of columns. Does not belong here: any table (tables_of_...).

A table counts the records of one view. It has a row for all of them and for each level of each column in `rows`, and of
each row the parts of `parts` that `shown` names: all where it names none.
"""

from dataclasses import dataclass

YEAR, SEX, AGE = ("year", "Year"), ("sex", "Sex"), ("age_band", "Age")
ETHNIC, REGION, OFFENCE = (
    ("ethnic_group", "Ethnic group"),
    ("region", "Probation region"),
    ("offence_group", "Main offence"),
)
LENGTH = ("length_band", "Length of sentence")
PEOPLE = (SEX, AGE, ETHNIC)


@dataclass(frozen=True)
class ViewTable:
    """A published table. rows: columns of the view with what their levels are called together. noun: what is counted,
    in the plural. where: column to the one level of it that is counted. shown: parts that are shown, with their words.
    has_all: whether it has a row for all, which it has not where a record stands in several rows.
    """

    key: str
    number: int
    title: str
    view: str
    noun: str
    rows: tuple[tuple[str, str], ...]
    parts: str
    shown: tuple[tuple[str, str], ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    has_all: bool = True


MATCHED_ON = (
    ("years", "Years"),
    SEX,
    AGE,
    OFFENCE,
    ("earlier", "Days of conviction before"),
    ("ogrs_band", "Risk of reconviction (OGRS3)"),
)
IN_CUSTODY = (("Yes", "Immediate custody"),)
RECALLED = (("Yes", "Recalled within {recall_time}"),)
RECONVICTED = (("Yes", "Convicted again within {reconviction_time}"),)
FOLLOWED = (("Yes", "Sentence of the kind proposed"),)
AS_ASKED = (("Yes", "Delivered as asked"),)
