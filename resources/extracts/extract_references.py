"""How extracts must fit together: references from one file to another, declared and judged the same way everywhere.

Belongs here: what a reference is, and which share of it is found. Does not belong here: the references of the study
(contracts/references.py), reading files (resources/extracts/extract_reader.py), and what becomes of the judgement.

A join that matches nothing raises no error: it gives a column of nothing, or "nobody was reconvicted". So each
reference says how much of it must be found, in both directions: rows whose parent is there, and parents that have a
row. Findings hold names, counts and shares; never a value.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import polars as pl

from resources.extracts.values.identity_numbers import criminal_record_number, police_number, prison_number
from resources.zone.gates import Measure

COMPARED_AS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "id": lambda text: text,
    "pnc": police_number,
    "cro": criminal_record_number,
    "noms": prison_number,
}
# Fewer values than this that do not fit condemn no file by a share: a number or a text can be rare.
FEWEST_UNFIT = 20
_LEADING_ZEROS = r"^([A-Z]*)0+"
Frames = Mapping[str, pl.DataFrame | pl.LazyFrame]


@dataclass(frozen=True)
class Reference:
    """Rows of `child` name a row of `parent` in `column`, which has the same name in both.

    least_found: share of the child's values that the parent must hold. least_covered: share of the parent's values that
    the child must hold; 0 where a parent need not have a child. `either`: one of the two is enough, for a file that
    may rightly hold more people than the study (found low, covered high) or fewer. `essential`: too little of it stops
    the refresh; else it is a warning. `compared_as`: how values are compared, a key of COMPARED_AS.
    """

    child: str
    column: str
    parent: str
    least_found: float
    least_covered: float = 0.0
    either: bool = False
    essential: bool = True
    compared_as: str = "id"

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each (table, column) that is looked at."""
        return ((self.child, self.column), (self.parent, self.column))


@dataclass(frozen=True)
class Agreement:
    """What a row of `child` and the row of `parent` that it names by `key` must say alike.

    `column` of the child and `parent_column` hold the same text, or, with `days`, dates that are at least days[0] and
    at most days[1] days later in the child than in the parent. `least_share` of the rows that name a row must agree:
    a file of other people can hold the same keys.
    """

    child: str
    key: str
    parent: str
    column: str
    parent_column: str
    least_share: float
    days: tuple[int, int] | None = None
    essential: bool = True

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each (table, column) that is looked at."""
        return (
            (self.child, self.key),
            (self.child, self.column),
            (self.parent, self.key),
            (self.parent, self.parent_column),
        )


@dataclass(frozen=True)
class Fit:
    """How well something of an extract fits: `rows` were looked at, `fitting` of them fit, `least` is the share needed.

    name: the measure in words, unique. problem: what was found, in words and counts, or "" when nothing is to be said.
    stops: too little of something essential.
    """

    name: str
    table: str
    column: str
    rows: int
    fitting: int
    least: float
    stops: bool
    problem: str = ""
    remedy: str = ""

    @property
    def share(self) -> float | None:
        """Share of the rows that fit; None without rows."""
        return round(self.fitting / self.rows, 6) if self.rows else None

    @property
    def measure(self) -> Measure:
        """The same as a measure of a gate: outside its band where it stops a refresh."""
        what_to_do = f"{self.problem}. {self.remedy}" if self.problem else self.remedy
        return Measure(self.name, self.share, f"at least {self.least:g}", not self.stops, what_to_do)


def judge_references(checks: Iterable[Reference | Agreement], frames: Frames) -> list[Fit]:
    """Every reference and agreement that can be judged with `frames`: table to a frame of at least its key columns."""
    fits: list[Fit] = []
    for check in checks:
        fits += judge_reference(check, frames) if isinstance(check, Reference) else judge_agreement(check, frames)
    return fits


def columns_needed(checks: Iterable[Reference | Agreement], table: str) -> list[str]:
    """Columns of `table` that judging needs, sorted."""
    return sorted({column for check in checks for name, column in check.columns if name == table})


def judge_reference(reference: Reference, frames: Frames) -> list[Fit]:
    """How much of a reference is found in `frames` (table to frame): the child's values, and the parent's.

    Nothing where one of the two files is not at hand or the child has no value.
    """
    if not _at_hand(reference, frames):
        return []
    compared = COMPARED_AS[reference.compared_as](pl.col(reference.column))
    child, parent = (_values(frames[table], compared) for table in (reference.child, reference.parent))
    if child.is_empty():
        return []
    found, covered = _held(child, parent), _held(parent, child)
    low_found = found < reference.least_found * child.len()
    low_covered = covered < reference.least_covered * parent.len() or not found
    if reference.either:
        low = low_found and low_covered and child.len() - found >= FEWEST_UNFIT
    else:
        low = low_found or low_covered
    fits = [_found_fit(reference, child, parent, found, low and low_found)]
    if reference.least_covered:
        fits.append(_covered_fit(reference, child, parent, covered, low and low_covered))
    return fits


def judge_agreement(agreement: Agreement, frames: Frames) -> list[Fit]:
    """How many rows of the child agree with the row that they name; nothing where that cannot be judged."""
    if not _at_hand(agreement, frames):
        return []
    rows, agreeing = _agreeing_dates(agreement, frames) if agreement.days else _agreeing_texts(agreement, frames)
    if not rows:
        return []
    low = agreeing < agreement.least_share * rows
    what = f"{agreement.child}.{agreement.column}"
    other = f"{agreement.parent}.{agreement.parent_column}"
    relation = "differs from" if agreement.days in (None, (0, 0)) else "does not fit"
    problem = (
        ""
        if agreeing == rows
        else (
            f"the {agreement.column} {relation} {other} in {rows - agreeing:,} of {rows:,} rows with the same "
            f"{agreement.key}"
        )
    )
    return [
        Fit(
            f"{what} agrees with {other}",
            agreement.child,
            agreement.column,
            rows,
            agreeing,
            agreement.least_share,
            low and agreement.essential,
            problem + _needed(agreeing, rows, agreement.least_share, low),
            f"The same {agreement.key} stands for different things in {agreement.child} and {agreement.parent}. "
            "Send both of the same extract and the same people.",
        )
    ]


def _agreeing_texts(agreement: Agreement, frames: Frames) -> tuple[int, int]:
    pair = ["key", "said"]
    child = frames[agreement.child].lazy().select(key=agreement.key, said=agreement.column).drop_nulls()
    parent = frames[agreement.parent].lazy().select(key=agreement.key, said=agreement.parent_column).drop_nulls()
    named = child.join(parent.unique("key"), on="key", how="semi")
    alike = named.join(parent.unique(pair), on=pair, how="semi")
    return named.select(pl.len()).collect().item(), alike.select(pl.len()).collect().item()


def _agreeing_dates(agreement: Agreement, frames: Frames) -> tuple[int, int]:
    child = frames[agreement.child].lazy().select(key=agreement.key, said=agreement.column)
    parent = frames[agreement.parent].lazy().select(key=agreement.key, other=agreement.parent_column)
    later = (pl.col("said") - pl.col("other")).dt.total_days()
    dated = child.join(parent, on="key").drop_nulls()
    return dated.select(pl.len(), agreeing=later.is_between(*(agreement.days or (0, 0))).sum()).collect().row(0)


def _at_hand(check: Reference | Agreement, frames: Frames) -> bool:
    return check.child in frames and check.parent in frames


def _values(frame: pl.DataFrame | pl.LazyFrame, compared: pl.Expr) -> pl.Series:
    return frame.lazy().select(compared.alias("value")).drop_nulls().collect()["value"]


def _held(values: pl.Series, by: pl.Series) -> int:
    return int(values.is_in(by.unique().implode()).sum())


def _found_fit(reference: Reference, child: pl.Series, parent: pl.Series, found: int, low: bool) -> Fit:
    alone = child.len() - found
    # Of a file that may hold more people than the study, rows of others are no news.
    said = alone and (low or not reference.either)
    problem = remedy = ""
    if said:
        problem = f"the {reference.column} of {alone:,} of {child.len():,} rows is not in {reference.parent}"
        remedy = f"Send {reference.child} and {reference.parent} of the same extract."
        if without_zeros := _found_without_zeros(child, parent):
            problem += f"; {without_zeros:,} of them would be found if leading zeros did not count"
            remedy = f"Send {reference.column} with all its zeros: a spreadsheet drops them. {remedy}"
    return Fit(
        f"{reference.child}.{reference.column} found in {reference.parent}",
        reference.child,
        reference.column,
        child.len(),
        found,
        reference.least_found,
        low and reference.essential,
        problem + _needed(found, child.len(), reference.least_found, low),
        remedy,
    )


def _covered_fit(reference: Reference, child: pl.Series, parent: pl.Series, covered: int, low: bool) -> Fit:
    problem = (
        f"the {reference.column} of {parent.len() - covered:,} of {parent.len():,} rows of {reference.parent} is not "
        f"in {reference.child}"
        if low
        else ""
    )
    remedy = f"Send {reference.child} of the same people as {reference.parent}, and whole."
    if low and (without_zeros := _found_without_zeros(parent, child)):
        problem += f"; {without_zeros:,} of them would be if leading zeros did not count"
        remedy = f"Send {reference.column} with all its zeros: a spreadsheet drops them. {remedy}"
    return Fit(
        f"{reference.parent}.{reference.column} has a row in {reference.child}",
        reference.child,
        reference.column,
        parent.len(),
        covered,
        reference.least_covered,
        low and reference.essential,
        problem + _needed(covered, parent.len(), reference.least_covered, low),
        remedy,
    )


def _needed(fitting: int, rows: int, least: float, low: bool) -> str:
    return f" ({_percent(fitting, rows)} fit, at least {least:.0%} must)" if low else ""


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def _found_without_zeros(child: pl.Series, parent: pl.Series) -> int:
    lost = child.filter(~child.is_in(parent.unique().implode()))
    short = [values.str.replace(_LEADING_ZEROS, "$1") for values in (lost, parent.unique())]
    return _held(*short)


def fit_table(fits: Sequence[Fit]) -> pl.DataFrame:
    """The fits as ExtractFit (extract_schema.py): one row each, in order, counts and shares only."""
    columns = {
        "measure": pl.String,
        "extract": pl.String,
        "column": pl.String,
        "rows": pl.Int64,
        "fitting": pl.Int64,
        "least": pl.Float64,
        "stops": pl.Boolean,
        "problem": pl.String,
        "remedy": pl.String,
    }
    rows = [tuple(getattr(fit, field.name) for field in fields(Fit)) for fit in fits]
    return pl.DataFrame(rows, schema=columns, orient="row")


def fits_of(extract_fit: pl.DataFrame) -> list[Fit]:
    """The fits that `fit_table` made a table of."""
    return [Fit(*row) for row in extract_fit.iter_rows()]
