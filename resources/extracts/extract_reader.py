"""Read one extract file: what has one meaning is normalised and counted, what has none is voided or quarantined.

Belongs here: what happens to rows. Does not belong here: any particular file (contracts/sources), finding and
opening a file (extract_file.py), what a value means (extract_values.py), the rules' names (extract_rules.py).

What happens to a value that cannot be read:
    in a required column  its row is quarantined
    in an optional column the value is voided: losing a person because a court's name is odd would be worse
A row that contradicts itself (ended before it started) is quarantined, or only the dates are voided, as declared.
Of rows with a mark, such as that of a refusal, what is declared as withheld becomes empty before anything else.
Rows that are identical in every column kept are one row. Rows that share a key but differ are all quarantined:
which of them is right cannot be told, and keeping the first would make the result depend on the order of the file.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from resources.extracts import extract_rules as rules
from resources.extracts.extract_contradictions import find_contradictions
from resources.extracts.extract_declaration import Column, Extract
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_file import RawExtract, find_extract, is_not_sent, read_raw
from resources.extracts.values.date_order import cut_fault, order_fault
from resources.extracts.values.extract_dates import DateForms
from resources.extracts.values.extract_text import plain_values
from resources.extracts.values.extract_values import ColumnValues, read_values
from resources.settings.extract_settings import Extracts

# Fewer faulty values than this in an optional column do not condemn the file (a rarely filled column may be all wrong).
FEWEST_FAULTY_VALUES = 20
# A column without any value in fewer rows than this may be rarely filled; in more, it was not exported.
FEWEST_ROWS_WITH_A_VALUE = 50
DEFAULTS = Extracts()
FAULT_SCHEMA = {"extract": pl.String, "row_number": pl.Int64, "column": pl.String, "rule": pl.String}
WHOLE_ROW = "(row)"


@dataclass
class ReadExtract:
    """One extract as read.

    frame: kept columns in declared order and types (Column.polars_type), rows in file order, without quarantined rows.
    quarantined: one row per fault of a quarantined row: extract, row_number (1-based data row), column, rule.
    voided: the same columns, one row per optional value emptied in a row that was kept.
    normalised: column (or "(file)", "(row)") -> rule -> count. form: rule -> count of what changes no value.
    ignored: columns of the file that are not declared. absent: optional columns that the file does not have.
    warnings: what is odd about a folder of parts.
    """

    extract: str
    path: Path
    frame: pl.DataFrame
    quarantined: pl.DataFrame
    voided: pl.DataFrame
    normalised: dict[str, dict[str, int]]
    sha256: str
    rows_read: int
    ignored: list[str] = field(default_factory=list[str])
    absent: list[str] = field(default_factory=list[str])
    form: dict[str, int] = field(default_factory=dict[str, int])
    warnings: list[str] = field(default_factory=list[str])

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside; a row with two faults counts once."""
        return self.quarantined["row_number"].n_unique()

    @property
    def empty(self) -> list[str]:
        """Columns that the file has but that hold no value in any of many rows: as good as absent."""
        if self.frame.height < FEWEST_ROWS_WITH_A_VALUE:
            return []
        there = [name for name in self.frame.columns if name not in self.absent]
        return [name for name in there if self.frame[name].null_count() == self.frame.height]


def read_extract(folder: Path, extract: Extract, latest: date, limits: Extracts = DEFAULTS) -> ReadExtract:
    """Read `folder`/`system`/`name`.csv or .parquet; `latest` is the last day of the quarter.

    An extract that may be absent and is not sent has no row. Raises ExtractError (file, rule, remedy, counts; never a
    value) when the file is missing or cannot be used.
    """
    if is_not_sent(folder, extract):
        return not_sent(folder, extract)
    return read_extract_file(find_extract(folder, extract), extract, latest, limits)


def not_sent(folder: Path, extract: Extract) -> ReadExtract:
    """The reading of an extract that may be absent and is: its columns, and no row."""
    faults = pl.DataFrame(schema=FAULT_SCHEMA)
    return ReadExtract(
        extract.name,
        Path(folder) / extract.system,
        pl.DataFrame(schema=extract.schema),
        faults,
        faults,
        {},
        "",
        0,
        warnings=[f"the file was not sent: {extract.absent_means}"],
    )


def read_extract_file(path: Path, extract: Extract, latest: date, limits: Extracts = DEFAULTS) -> ReadExtract:
    """As read_extract, of one file wherever it lies."""
    raw = read_raw(Path(path), extract, limits)
    body = raw.frame.with_row_index("row_number", 1)
    unreadable = pl.Series(sorted(raw.faulty), dtype=pl.UInt32)
    written = pl.any_horizontal(pl.col(name).is_not_null() & (pl.col(name) != "") for name in extract.column_names)
    body = body.filter(written | pl.col("row_number").is_in(unreadable.implode()))
    rows_read = body.height
    normalised: dict[str, dict[str, int]] = {"(file)": dict(raw.counts)}
    if empty := raw.frame.height - rows_read - raw.counts.get(rules.REPEATED_HEADER, 0):
        normalised[WHOLE_ROW] = {rules.EMPTY_ROW: empty}
    body = body.filter(~pl.col("row_number").is_in(unreadable.implode()))
    quarantined = [_unreadable_rows(raw, extract)]
    voided: list[pl.DataFrame] = []
    numbers = body["row_number"].cast(pl.Int64)
    read: dict[str, pl.Series] = {}
    suspicion: tuple[str, str, str] | None = None
    date_forms: dict[str, DateForms] = {}
    for column in extract.columns:
        result = _values(body[column.name], column, latest, raw.odd)
        read[column.name] = result.values.alias(column.name)
        if result.counts:
            normalised[column.name] = result.counts
        faults = _fault_rows(extract.name, numbers, column.name, result.faults)
        (voided if column.null else quarantined).append(faults)
        suspicion = suspicion or _suspicion(column, result, limits)
        if result.date_forms != DateForms():
            date_forms[column.name] = result.date_forms
        body = body.drop(column.name)
    suspicion = order_fault(date_forms) or suspicion
    outcome = _settle(raw, extract, pl.DataFrame(read), numbers, quarantined, voided, normalised, rows_read)
    suspicion = suspicion or _exchanged_columns(outcome, extract, limits) or _nothing_of_use(outcome, extract)
    _reject_if_not_what_it_claims(outcome, raw, suspicion, limits)
    return outcome


def _values(text: pl.Series, column: Column, latest: date, odd: bool) -> ColumnValues:
    """The values of a column; where some hold bytes that are no text, those are faulty."""
    plain = plain_values(text, column.kind == "note") if odd else None
    if plain is None:
        return read_values(text, column, latest)
    result = read_values(plain.values.zip_with(plain.faults.is_null(), _nothing(text)), column, latest)
    result.faults = plain.faults.zip_with(plain.faults.is_not_null(), result.faults)
    result.counts |= plain.counts
    return result


def _nothing(text: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(text))


def _settle(
    raw: RawExtract,
    extract: Extract,
    frame: pl.DataFrame,
    numbers: pl.Series,
    quarantined: list[pl.DataFrame],
    voided: list[pl.DataFrame],
    normalised: dict[str, dict[str, int]],
    rows_read: int,
) -> ReadExtract:
    """Leave out quarantined and contradictory rows, then identical rows, then rows whose key is not theirs alone."""
    frame = _without_withheld(frame, extract, normalised)
    frame, contradictions, doubtful = find_contradictions(frame.with_columns(numbers.alias("row_number")), extract)
    faulty = pl.concat([*quarantined, contradictions])
    frame = frame.filter(~pl.col("row_number").is_in(faulty["row_number"].unique().implode()))
    frame, repeated = _drop_identical(frame, [column.name for column in extract.columns])
    if repeated:
        normalised.setdefault(WHOLE_ROW, {})[rules.DUPLICATE_ROW] = repeated
    if extract.key:
        shared = frame.select(pl.struct(extract.key).is_duplicated()).to_series()
        conflicts = frame.filter(shared).select(
            extract=pl.lit(extract.name),
            row_number="row_number",
            column=pl.lit(" + ".join(extract.key)),
            rule=pl.lit(rules.CONFLICTING_KEY),
        )
        faulty = pl.concat([faulty, conflicts])
        frame = frame.filter(~shared)
    emptied = pl.concat([pl.DataFrame(schema=FAULT_SCHEMA), *voided, doubtful])
    emptied = emptied.filter(~pl.col("row_number").is_in(faulty["row_number"].unique().implode()))
    return ReadExtract(
        extract=extract.name,
        path=raw.path,
        frame=frame.select(column.name for column in extract.columns),
        quarantined=faulty.sort("row_number", maintain_order=True),
        voided=emptied.sort("row_number", maintain_order=True),
        normalised={name: counts for name, counts in normalised.items() if counts},
        sha256=raw.sha256,
        rows_read=rows_read,
        ignored=raw.ignored,
        absent=raw.absent,
        form=raw.form,
        warnings=raw.warnings,
    )


def _without_withheld(frame: pl.DataFrame, extract: Extract, normalised: dict[str, dict[str, int]]) -> pl.DataFrame:
    for withheld in extract.withheld:
        marked = (frame[withheld.mark] == withheld.value).fill_null(False)
        for column in withheld.columns:
            if filled := int((marked & frame[column].is_not_null()).sum()):
                normalised.setdefault(column, {})[withheld.rule] = filled
                frame = frame.with_columns(pl.when(~marked).then(column).alias(column))
    return frame


def _unreadable_rows(raw: RawExtract, extract: Extract) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "extract": [extract.name] * len(raw.faulty),
            "row_number": list(raw.faulty),
            "column": [WHOLE_ROW] * len(raw.faulty),
            "rule": list(raw.faulty.values()),
        },
        schema=FAULT_SCHEMA,
    )


def _fault_rows(extract: str, numbers: pl.Series, column: str, faults: pl.Series) -> pl.DataFrame:
    return (
        pl.DataFrame({"row_number": numbers, "rule": faults})
        .filter(pl.col("rule").is_not_null())
        .select(
            extract=pl.lit(extract),
            row_number="row_number",
            column=pl.lit(column),
            rule="rule",
        )
    )


def _drop_identical(frame: pl.DataFrame, columns: list[str]) -> tuple[pl.DataFrame, int]:
    # Hashes first: comparing whole rows of a full-size table costs ten times as much, and few share a hash.
    suspects = frame.select(columns).hash_rows().is_duplicated()
    if not suspects.any():
        return frame, 0
    kept = frame.filter(suspects).unique(columns, keep="first", maintain_order=True)
    dropped = int(suspects.sum()) - kept.height
    if not dropped:
        return frame, 0
    return frame.filter(~suspects | frame["row_number"].is_in(kept["row_number"].implode())), dropped


def _suspicion(column: Column, result: ColumnValues, limits: Extracts) -> tuple[str, str, str] | None:
    """(column, rule, remedy) when too many of a column's values are unreadable, or its dates were cut short."""
    filled = int(result.values.count())
    faulty = result.faults.filter(~result.faults.is_in([rules.MISSING, rules.TOO_LATE]))
    wrong = faulty.count()
    if wrong >= FEWEST_FAULTY_VALUES and wrong > limits.largest_unreadable_share * (filled + wrong):
        rule = faulty.drop_nulls().mode().sort()[0]
        return column.name, f"{wrong} of {filled + wrong} values cannot be read, mostly: {rule}", rules.REMEDIES[rule]
    cut = cut_fault(result.values) if column.kind == "date" else None
    return (column.name, *cut) if cut else None


def _exchanged_columns(outcome: ReadExtract, extract: Extract, limits: Extracts) -> tuple[str, str, str] | None:
    """(columns, rule, remedy) when most rows contradict themselves in one way: then the two columns are exchanged."""
    for order in extract.orders:
        times = outcome.voided.filter(pl.col("rule") == order.rule)["row_number"].n_unique()
        if times >= FEWEST_FAULTY_VALUES and times > limits.largest_unreadable_share * outcome.rows_read:
            return (
                f"{order.first}, {order.then}",
                f"{times} of {outcome.rows_read} rows are {order.rule}",
                f"Check that {order.first} and {order.then} are not exchanged.",
            )
    return None


def _nothing_of_use(outcome: ReadExtract, extract: Extract) -> tuple[str, str, str] | None:
    """(columns, rule, remedy) when columns that the table is void without are there, and empty."""
    for columns in extract.one_of:
        if set(columns) <= {*outcome.absent, *outcome.empty} and not set(columns) & set(extract.may_be_blank):
            rule = "no row has a value, and the table is of no use without one"
            return ", ".join(columns), rule, "Export the values too, not the column alone."
    return None


def _reject_if_not_what_it_claims(
    outcome: ReadExtract,
    raw: RawExtract,
    suspicion: tuple[str, str, str] | None,
    limits: Extracts,
) -> None:
    aside, share = outcome.rows_quarantined, limits.quarantined_share(outcome.extract)
    if suspicion:
        column, rule, remedy = suspicion
        error = ExtractError(outcome.path, rule, remedy, column)
    elif aside > share * outcome.rows_read:
        columns = outcome.quarantined.group_by("column", "rule").len().sort("len", "column", "rule", descending=True)
        column, most = columns.row(0)[:2]
        where = _fields_found(raw) if most == rules.WRONG_FIELD_COUNT else "" if column == WHOLE_ROW else f"{column}: "
        error = ExtractError(
            outcome.path,
            f"{aside} of {outcome.rows_read} rows cannot be used, more than the {share:.0%} allowed "
            f"(extracts.largest_quarantined_share in study.toml); mostly: {where}{most}",
            rules.REMEDIES[most],
        )
    else:
        return
    error.result = outcome
    raise error


def _fields_found(raw: RawExtract) -> str:
    """How many fields the rows have that differ from the header in it."""
    if not raw.fields_found:
        return ""
    fields, rows = min(raw.fields_found.items(), key=lambda found: (-found[1], found[0]))
    return f"{rows} row(s) have {fields} fields, the header has {raw.columns}: "


def counts_by_rule(faults: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Column -> rule -> number of values, of a quarantined or voided frame."""
    counts: dict[str, dict[str, int]] = {}
    for column, rule, number in faults.group_by("column", "rule").len().sort("column", "rule").iter_rows():
        counts.setdefault(column, {})[rule] = number
    return counts
