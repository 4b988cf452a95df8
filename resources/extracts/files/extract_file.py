"""Find an extract and read it as text, one String column per declared column, before anything is normalised.

Belongs here: which file, is it that table, which columns has it. Does not belong here: opening a file (table_file.py),
what a value means (extract_values.py).
"""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_rules import COLUMN_ORDER, HEADER_SPELLING, REPEATED_HEADER, ExtractError
from resources.extracts.files.extract_csv import csv_header
from resources.extracts.files.extract_parts import Part, extract_parts, shown_name
from resources.extracts.values.extract_names import folded, likely_names, names_to_show, shown_names
from resources.settings.extract_settings import Extracts
from resources.zone.table_file import OpenTable, of_part, open_table, require_size

_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LINES_SEARCHED_FOR_HEADER = 20


@dataclass
class RawBlock:
    """Some rows: `frame`, the declared columns as String, in the order of the file.

    before: rows of the extract before these. faulty: 1-based row of the extract -> rule (row unreadable). odd: whether
    values may hold what is no text.
    """

    frame: pl.DataFrame
    before: int
    faulty: dict[int, str]
    odd: bool


@dataclass
class RawExtract:
    """What is said of an extract besides its rows; complete when all blocks were read.

    `counts`: normalising rule -> count; `form`: the same of what changes no value. `absent`: optional columns that the
    file does not have, which are null. `rows`: all that were read.
    """

    path: Path
    sha256: str = ""
    ignored: list[str] = field(default_factory=list[str])
    absent: list[str] = field(default_factory=list[str])
    fields_found: Counter[int] = field(default_factory=Counter[int])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    form: dict[str, int] = field(default_factory=dict[str, int])
    warnings: list[str] = field(default_factory=list[str])
    columns: int = 0
    rows: int = 0


def find_extract(folder: Path, extract: Extract) -> Path:
    """Path of the extract, a file or folder under `folder`/`system`. Raises ExtractError when there is none, or two."""
    places = [Path(folder) / extract.system / f"{extract.name}{ending}" for ending in (".csv", ".parquet")]
    found = [path for path in places if path.exists() or path.is_symlink()]
    if len(found) == 2:
        raise ExtractError(found[0], f"{found[1].name} lies beside it", "Keep the one that is meant, remove the other.")
    if not found:
        raise ExtractError(places[0], "the file is missing", _missing_remedy(places[0], extract))
    return found[0]


def is_not_sent(folder: Path, extract: Extract) -> bool:
    """Whether an extract that may be absent is: its system's folder is there, and no file that could be meant by it."""
    place = Path(folder) / extract.system / f"{extract.name}.csv"
    there = any(path.exists() or path.is_symlink() for path in (place, place.with_suffix(".parquet")))
    return bool(extract.absent_means) and not there and place.parent.is_dir() and not _close_names(place, extract)


def _missing_remedy(path: Path, extract: Extract) -> str:
    remedy = f"Put {extract.name}.csv or {extract.name}.parquet in {path.parent}."
    if not path.parent.is_dir():
        return f"The folder {path.parent} does not exist. " + remedy
    close = _close_names(path, extract)
    return remedy + (f" {close[0]} is there: is it this file under another name or in another format?" if close else "")


def _close_names(path: Path, extract: Extract) -> list[str]:
    """Files beside `path` that may be the extract under another name or in another format."""
    names = sorted(entry.name for entry in path.parent.iterdir())
    close = [name for name in names if name.lower().split(".")[0] == extract.name]
    return close or difflib.get_close_matches(path.name, names, 1, 0.85)


def read_raw(raw: RawExtract, extract: Extract, limits: Extracts) -> Iterator[RawBlock]:
    """Read the extract at `raw.path` as text, some rows at a time, and say in `raw` what it is; at least one block.

    Rows of a folder's parts are numbered through, in the order of the parts. Raises ExtractError when it cannot be what
    it claims; the message quotes no value.
    """
    path, folder = raw.path, raw.path.absolute().parent
    parts = extract_parts(path, folder.parent if folder.name == extract.system else folder)
    require_size(parts, limits.largest_file_mb)
    hashes: list[str] = []
    kinds: dict[str, str] = {}
    for part in parts.parts:
        table = open_table(path, part, limits.largest_file_mb)
        one = RawExtract(path, counts=table.counts, form=table.form)
        places = _places(path, part, table, extract, one)
        for block in _blocks(path, part, table, extract, places, one):
            yield replace(block, before=raw.rows, faulty={raw.rows + row: rule for row, rule in block.faulty.items()})
            raw.rows += block.frame.height
        if not hashes:
            raw.absent, raw.ignored, raw.columns = one.absent, one.ignored, one.columns
        _require_same_columns(path, part, one.absent, raw.absent)
        _require_same_kinds(path, part, table, extract, kinds)
        _add(raw, one)
        hashes.append(table.sha256)
    raw.sha256, raw.warnings = parts.hash(hashes), list(parts.warnings)
    if not raw.rows and not extract.may_be_empty:
        remedy = "Send the extract again; this table is never empty."
        raise ExtractError(path, "the file has a header but no row", remedy)


def _places(path: Path, part: Part, table: OpenTable, extract: Extract, raw: RawExtract) -> dict[str, int]:
    """Declared name -> place in one file; columns that the names of its folders state come after its own."""
    stated = dict(part.columns)
    if both := {folded(name) for name in stated} & {folded(name) for name in table.header}:
        rule = of_part(path, part, f"{len(both)} column(s) stand in the file and in the name of its folder")
        raise ExtractError(path, rule, "Write each column once.")
    if table.head:
        _look_at_header(path, part, table.head, extract)
    header = [*table.header, *stated]
    raw.columns = len(header)
    return _match_header(path, part, header, extract, raw)


def _blocks(
    path: Path, part: Part, table: OpenTable, extract: Extract, places: dict[str, int], raw: RawExtract
) -> Iterator[RawBlock]:
    """The rows of one file, with the columns that the names of its folders state."""
    own, stated = len(table.header), [value for _, value in part.columns]
    columns = [
        pl.col(str(place)).alias(name) if place < own else pl.lit(stated[place - own], pl.String).alias(name)
        for name, place in places.items()
    ]
    absent = [pl.lit(None, pl.String).alias(name) for name in raw.absent]
    for read in table.blocks([place for place in places.values() if place < own]):
        raw.fields_found += read.fields_found
        frame = read.frame.select(columns).with_columns(absent).select(extract.column_names)
        if table.head:
            frame = _without_repeated_headers(path, part, raw, frame, list(places))
        yield RawBlock(frame, 0, read.faulty, read.odd)
        raw.rows += frame.height


def _add(whole: RawExtract, raw: RawExtract) -> None:
    whole.fields_found += raw.fields_found
    for ours, theirs in ((whole.counts, raw.counts), (whole.form, raw.form)):
        ours.update({rule: ours.get(rule, 0) + count for rule, count in theirs.items()})


def _require_same_columns(path: Path, part: Part, absent: list[str], first: list[str]) -> None:
    """Raise ExtractError when a part lacks other declared columns than the first: it is of another export."""
    lacking = [sorted(set(one) - set(other)) for one, other in ((absent, first), (first, absent))]
    if differing := [*lacking[0], *lacking[1]]:
        lacks = f"lacks column(s) {', '.join(lacking[0])}" if lacking[0] else f"alone has {', '.join(lacking[1])}"
        raise ExtractError(
            path,
            f"part {shown_name(part.path.name)} {lacks}: the parts are not of one export",
            "Export the table anew, into an empty folder.",
            differing[0] if len(differing) == 1 else "",
        )


def _require_same_kinds(path: Path, part: Part, table: OpenTable, extract: Extract, kinds: dict[str, str]) -> None:
    """Raise ExtractError when a column is of another kind than in the parts before, such as text after numbers."""
    declared = {folded(name) for name in extract.column_names}
    for place, name in enumerate(map(folded, table.header)):
        kind = table.kind(place)
        if name in declared and kind != "nothing" and kinds.setdefault(name, kind) != kind:
            rule = f"part {shown_name(part.path.name)} holds {kind}, and the parts before hold {kinds[name]}"
            raise ExtractError(path, rule, "Write every part with the same types.", name)


def _without_repeated_headers(
    path: Path, part: Part, raw: RawExtract, frame: pl.DataFrame, present: list[str]
) -> pl.DataFrame:
    """Empty the rows that repeat the header, where files were put one behind the other; `present` in file order.

    Raises ExtractError where the second header has its columns in another order: its rows would be read wrongly.
    """
    ends = [present[0], present[-1]]
    names = [folded(name) for name in frame.columns]
    alike = (pl.col(name).str.replace_all(r"[\s_.-]+", "_").str.to_lowercase().is_in(names) for name in ends)
    suspects = frame.with_row_index("row").filter(pl.any_horizontal(alike))
    repeated: list[int] = []
    for row, *values in suspects.iter_rows():
        if sum(folded(value or "") == name for value, name in zip(values, names, strict=True)) == len(present):
            repeated.append(row)
        elif sum(folded(value or "") in names for value in values) > len(present) / 2:
            number = raw.rows + row + 1
            rule = of_part(path, part, f"data row {number} is another header, with its columns in another order")
            raise ExtractError(path, rule, "Send the two files apart, or with the same header.")
    if not repeated:
        return frame
    raw.counts[REPEATED_HEADER] = raw.counts.get(REPEATED_HEADER, 0) + len(repeated)
    places = pl.int_range(pl.len()).is_in(repeated)
    return frame.with_columns(pl.when(~places).then(pl.all()))


def _look_at_header(path: Path, part: Part, data: bytes, extract: Extract) -> None:
    """Raise ExtractError when the header line is there but with another delimiter, or further down."""
    declared = {folded(name) for name in extract.column_names}

    def matched(line: bytes, delimiter: str = ",") -> int:
        return len(declared & {folded(name) for name in csv_header(line, delimiter)})

    if matched(data):
        return
    for delimiter, name in _DELIMITERS.items():
        other_fields = len(csv_header(data)) == 1 < len(csv_header(data, delimiter))
        if other_fields or matched(data, delimiter) > len(declared) / 2:
            rule = of_part(path, part, f"columns are separated by {name}s ({delimiter!r}), not commas")
            raise ExtractError(path, rule, "Export with commas.")
    for number, line in enumerate(data[:200_000].split(b"\n")[1:_LINES_SEARCHED_FOR_HEADER], start=2):
        if line and matched(line) > len(declared) / 2:
            rule = of_part(path, part, f"the header is on line {number}, not line 1")
            raise ExtractError(path, rule, "Remove the lines above the header.")


def _match_header(
    path: Path,
    part: Part,
    header: list[str],
    extract: Extract,
    raw: RawExtract,
) -> dict[str, int]:
    """Declared name -> place in the file, in file order. Notes in `raw` what is respelled, ignored and absent."""
    by_folded = {folded(name): name for name in extract.column_names}
    besides = {folded(name): name for name in extract.not_asked}
    places: dict[str, int] = {}
    strangers: dict[int, str] = {}
    repeated: list[str] = []
    respelled = 0
    for place, written in enumerate(header):
        name = by_folded.get(folded(written))
        if name is None and folded(written) in besides:
            raw.ignored.append(besides[folded(written)])
        elif name is None:
            strangers[place] = written
        elif name in places:
            repeated.append(name)
        else:
            places[name] = place
            respelled += written != name
    if repeated:
        names = ", ".join(dict.fromkeys(repeated))
        rule = of_part(path, part, f"column(s) {names} stand twice in the header")
        raise ExtractError(path, rule, "Send each column once.", names)
    raw.absent = [name for name in extract.column_names if name not in places]
    asked = [name for name in header if folded(name) not in besides]
    _require_columns(path, part, raw, asked, strangers, extract)
    raw.ignored += names_to_show(strangers, extract.column_names)
    if respelled:
        raw.form[HEADER_SPELLING] = respelled
    in_order = [name for name in extract.column_names if name in places]
    if moved := sum(a != b for a, b in zip(places, in_order, strict=True)):
        raw.form[COLUMN_ORDER] = moved
    return places


def _require_columns(
    path: Path,
    part: Part,
    raw: RawExtract,
    header: list[str],
    strangers: dict[int, str],
    extract: Extract,
) -> None:
    """Raise ExtractError unless every required column is there, and one of those that the table is void without.

    An optional column that seems to stand there under another name is not absent: its values would be lost unseen.
    `header` without the names that are known and not asked for.
    """
    if len(raw.absent) == len(extract.columns):
        rule = f"the first line has none of the {len(raw.absent)} column names of {extract.name}"
        raise ExtractError(
            path,
            of_part(path, part, f"{rule} ({len(strangers)} other(s))"),
            "Check that this is the right file and that its first line is the header.",
        )
    names = list(strangers.values())
    required = [column.name for column in extract.columns if not column.null and column.name in raw.absent]
    renamed = likely_names(raw.absent, names) or _in_place_of(raw.absent, header, names, extract)
    if required or renamed or len(raw.absent) > len(extract.columns) / 2:
        raise _missing_columns(path, part, raw.absent, required, strangers, extract)
    for columns in extract.one_of:
        if set(columns) <= set(raw.absent):
            rule = f"columns {', '.join(columns)} are all missing, and the table is of no use without one of them"
            if len(columns) == 1:
                rule = f"column {', '.join(columns)} is missing, and the table is of no use without it"
            raise ExtractError(path, of_part(path, part, rule), _name_columns(columns, strangers, extract))


def _in_place_of(absent: list[str], header: list[str], names: list[str], extract: Extract) -> bool:
    """Whether an unknown name stands where an absent column should: next to the column it is declared next to."""
    written = ["(first)", *map(folded, header), "(last)"]
    declared = ["(first)", *map(folded, extract.column_names), "(last)"]
    strangers = [place for place, name in enumerate(header, 1) if name and name in names]
    before, after = {written[place - 1] for place in strangers}, {written[place + 1] for place in strangers}
    places = [declared.index(folded(name)) for name in absent]
    return any(declared[place - 1] in before or declared[place + 1] in after for place in places)


def _missing_columns(
    path: Path,
    part: Part,
    missing: list[str],
    required: list[str],
    strangers: dict[int, str],
    extract: Extract,
) -> ExtractError:
    rule = f"{len(missing)} column(s) missing: {', '.join(missing)}"
    if required and len(required) < len(missing):
        rule += f" ({', '.join(required)} must be there)"
    if shown := names_to_show(strangers, extract.column_names):
        rule += f"; not known: {', '.join(shown)}"
    remedy = _name_columns(missing, strangers, extract)
    if not required:
        remedy += " If the source has none of them, send the file without the columns that are not known."
    return ExtractError(path, of_part(path, part, rule), remedy, missing[0] if len(missing) == 1 else "")


def _name_columns(missing: Sequence[str], strangers: dict[int, str], extract: Extract) -> str:
    """What to do about missing columns, with guesses among the names that are not known."""
    shown = shown_names(strangers, extract.column_names)
    guesses = [f"{shown[close]} may be {name}" for name, close in likely_names(missing, list(shown)).items()]
    return "Name the columns as contracts/sources declares them." + (f" {'; '.join(guesses)}." if guesses else "")
