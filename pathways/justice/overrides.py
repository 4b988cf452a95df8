"""`pathways overrides`: what people decide of pairs of justice records is checked, signed and recorded.

Belongs here: a file of decisions, and the entries of the signed file. Does not belong here: the form of the signed file
and reading it (justice_assets/steps/clusters/overrides.py), options (overrides_commands.py).

Messages hold counts, row numbers and names of columns, never a record.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from contracts.sources.justice.codes import JUSTICE_SOURCES
from justice_assets.models.who_decides import MAY_DECIDE, keys_of_deciders
from justice_assets.steps.clusters.overrides import (
    COLUMNS,
    ENDS,
    FILE,
    Entry,
    contradicting,
    entry_of,
    pair_of,
    read_entries,
    read_overrides,
    sign_overrides,
    withdrawn,
)
from pathways.duties.people import key_of
from resources.receipts.signed_statement import key_text, public_key
from resources.secrets.private_files import make_folder, only_one, put_in_place
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import known_quarter

YES, NO = ("yes", "true", "1"), ("no", "false", "0")
ROWS_SHOWN, LONGEST = 20, 500


class NotDecided(Exception):
    """Decisions cannot be signed; says in which rows what is wrong, and what to do."""


def checked(root: Path, decisions: Path, quarter: str) -> pl.DataFrame:
    """The pairs (COLUMNS) in a CSV file: of records that were linked in the quarter, and not decided yet.

    Raises NotDecided, OverridesRefused, NotAQuarter.
    """
    table = _read(decisions)
    same = pl.col("same").str.to_lowercase()
    _refuse(decisions, table, pl.any_horizontal(pl.all().is_null()), "a cell is empty", "Fill every cell.")
    known = pl.all_horizontal(pl.col(name).is_in(list(JUSTICE_SOURCES)) for name in ("source", "other_source"))
    _refuse(decisions, table, ~known, "the source is none", f"Sources: {', '.join(JUSTICE_SOURCES)}.")
    _refuse(decisions, table, ~same.is_in([*YES, *NO]), "same is neither yes nor no", "Write yes or no.")
    itself = pl.all_horizontal(pl.col(one) == pl.col(other) for one, other in zip(*ENDS, strict=True))
    _refuse(decisions, table, itself, "a record is paired with itself", "Name two records.")
    _refuse(decisions, table, pair_of().is_duplicated(), "the pair is there twice", "Write each pair once.")
    decided = table.with_columns(same=same.is_in(YES))
    there = signed_pairs(root)
    signed = there.select(pair=pair_of())
    earlier = pair_of().is_in(signed["pair"].implode()) if signed.height else pl.lit(False)
    again = "To decide otherwise, take the earlier entry back: pathways overrides withdraw."
    _refuse(decisions, table, earlier, "the pair was decided earlier", again)
    _require_records(root, decisions, table, known_quarter(quarter))
    _require_no_contradiction(decisions, decided.select(list(COLUMNS)), there)
    _require_apart(root, decisions, decided, known_quarter(quarter))
    return decided.select(list(COLUMNS))


def sign(root: Path, decisions: Path, quarter: str, by: str, reason: str, on: date) -> Entry:
    """Check the decisions in a file, and add them to the signed ones.

    Raises as checked, RolesRefused, SecretNotReadable, KeyNotUsable.
    """
    reason = _said(reason)
    with _changing(root):
        made = entry_of(checked(root, decisions, quarter), by, reason, on)
        _write(root, [*entries(root), made], by)
    return made


def withdraw(root: Path, number: int, by: str, reason: str, on: date) -> Entry:
    """Take an entry back, by its number in the list. Raises NotDecided, OverridesRefused, RolesRefused."""
    reason = _said(reason)
    with _changing(root):
        there = entries(root)
        if not 1 <= number <= len(there):
            raise NotDecided(f"There is no entry {number}. There are {len(there)}: pathways overrides list.")
        if there[number - 1].withdrawn:
            raise NotDecided(f"Entry {number} was taken back already.")
        there[number - 1] = withdrawn(there[number - 1], by, reason, on)
        _write(root, there, by)
    return there[number - 1]


def entries(root: Path) -> list[Entry]:
    """All entries, in order. Raises OverridesRefused, KeyNotUsable, RolesRefused."""
    return read_entries(root / FILE, keys_of_deciders(root))


def signed_pairs(root: Path) -> pl.DataFrame:
    """The pairs that are decided (COLUMNS). Raises as entries."""
    return read_overrides(root / FILE, keys_of_deciders(root))


def lines(root: Path) -> Iterator[str]:
    """Every entry in words: how many pairs, by whom, when and why, and who took it back."""
    number = 0
    for number, each in enumerate(entries(root), 1):
        one = each.pairs["same"].sum()
        yield f"{number}. {one} pair(s) one person, {len(each.decided) - one} two: {each.by}, {each.on}. {each.reason}"
        if each.withdrawn:
            by, reason, on = each.withdrawn
            yield f"   Taken back: {by}, {on}. {reason}"
    if not number:
        yield "Nobody has decided anything of pairs of justice records."


def _changing(root: Path):
    make_folder(root, (root / FILE).parent)
    return only_one((root / FILE).with_suffix(".lock"))


def _write(root: Path, all_entries: list[Entry], by: str) -> None:
    """Sign and write all entries, after the public key: a kill in between leaves the entries before."""
    seed = key_of(root, by)
    public = key_text(public_key(seed))
    if load_study_settings().duties.appointed_by:
        _require_appointed(root, by, public)
    else:
        _put(root, (root / FILE).with_name(f"{by}.pub"), public)
    _put(root, root / FILE, sign_overrides(all_entries, by, seed))


def _require_appointed(root: Path, by: str, public: str) -> None:
    allowed = keys_of_deciders(root)
    if by not in allowed or key_text(allowed[by]) != public:
        raise NotDecided(
            f"{by} is not {' or '.join(MAY_DECIDE)}, or has another key than that of the appointment. Of these there "
            f"are: {', '.join(sorted(allowed)) or 'nobody'} (pathways sign-off appoint)."
        )


def _put(root: Path, path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="ascii")
    put_in_place(root, partial, path)


def _said(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST or not reason.isprintable():
        raise NotDecided(f"Say why with --reason, in at most {LONGEST} characters. Name nobody.")
    return reason


def _read(path: Path) -> pl.DataFrame:
    """The columns of a file of decisions as text, without spaces around values."""
    try:
        table = pl.read_csv(path, infer_schema=False)
    except OSError:
        raise NotDecided(f"{path} cannot be read. Name a CSV file with the columns {', '.join(COLUMNS)}.") from None
    except pl.exceptions.PolarsError:
        raise NotDecided(f"{path.name} is no CSV file with the columns {', '.join(COLUMNS)}.") from None
    if sorted(table.columns) != sorted(COLUMNS):
        raise NotDecided(f"{path.name} must have just these columns in its first line: {', '.join(COLUMNS)}.")
    if table.is_empty():
        raise NotDecided(f"{path.name} has no row. Write one pair of records in each.")
    trimmed = table.select(pl.col(list(COLUMNS)).str.strip_chars())
    return trimmed.select(pl.when(pl.all() != "").then(pl.all()))


def _refuse(path: Path, table: pl.DataFrame, wrong: pl.Expr, rule: str, remedy: str) -> None:
    rows = table.with_row_index("row", 1).filter(wrong.fill_null(True))["row"].to_list()
    if rows:
        shown = ", ".join(map(str, rows[:ROWS_SHOWN]))
        raise NotDecided(f"{path.name}: {rule} in {len(rows)} row(s): data rows {shown}. {remedy}")


def _require_no_contradiction(path: Path, decided: pl.DataFrame, there: pl.DataFrame) -> None:
    wrong = contradicting(pl.concat([there, decided])).tail(decided.height)
    rule = "the pair is one of some that are said to be one person and, through each other, two"
    _refuse(path, decided, pl.lit(wrong), rule, "Leave out the one that is wrong, or take back what was signed.")


def _require_apart(root: Path, path: Path, decided: pl.DataFrame, quarter: str) -> None:
    """Records that are alike in all that is compared are never told apart, so nobody can say that they are two."""
    file = root / "justice" / quarter / "justice_members.parquet"
    if not file.exists():  # a run was stopped before records were condensed
        return
    members = pl.scan_parquet(file).select(*ENDS[0], "identity").unique()
    found = decided.lazy().with_row_index("row").filter(~pl.col("same"))
    for end in ENDS:
        identities = members.rename({"source": end[0], "record_key": end[1], "identity": f"{end[0]}_identity"})
        found = found.join(identities, on=list(end), how="inner")
    alike = found.filter(pl.col("source_identity") == pl.col("other_source_identity")).select("row").collect()["row"]
    wrong = pl.int_range(decided.height, eager=True).is_in(alike.cast(pl.Int64).implode())
    rule = "the records are alike in all that is compared, so they cannot be two persons here"
    _refuse(path, decided, pl.lit(wrong), rule, "Leave the row out, and have one of them corrected in its source.")


def _require_records(root: Path, path: Path, table: pl.DataFrame, quarter: str) -> None:
    persons = root / "justice" / quarter / "standardised_persons.parquet"
    if not persons.exists():
        raise NotDecided(
            f"The justice records of {quarter} are not linked here, so nothing says whether these records are among "
            f"them. Name one that is with --quarter, or run: pathways refresh --study justice --quarter {quarter}"
        )
    records = pl.scan_parquet(persons).select(*ENDS[0]).unique()
    lacking = pl.Series([False] * table.height)
    for end in ENDS:
        named = table.lazy().select(source=end[0], record_key=end[1]).with_row_index("row")
        lost = named.join(records, on=list(ENDS[0]), how="anti").collect()["row"]
        lacking |= pl.int_range(table.height, eager=True).is_in(lost.cast(pl.Int64).implode())
    remedy = f"Copy source and key from a table of {quarter}."
    _refuse(path, table, pl.lit(lacking), f"a record is not among those of {quarter}", remedy)
