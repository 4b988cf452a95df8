"""Which declared columns a file has, and where: what may be written otherwise, and what may be missing.

Belongs here: the first line of a file. Does not belong here: its rows (extract_file.py), names that are alike
(extract_names.py).
"""

from collections.abc import Sequence
from pathlib import Path

from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_rules import COLUMN_ORDER, HEADER_SPELLING, ExtractError
from resources.extracts.files.extract_csv import csv_header
from resources.extracts.files.extract_parts import Part
from resources.extracts.files.raw_extract import RawExtract
from resources.extracts.values.extract_names import folded, likely_names, names_to_show, shown_names
from resources.zone.table_file import OpenTable, of_part

_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "vertical bar"}
_LINES_SEARCHED_FOR_HEADER = 20


def places_in(path: Path, part: Part, table: OpenTable, extract: Extract, raw: RawExtract) -> dict[str, int]:
    """Declared name -> place in one file; columns that the names of its folders state come after its own.

    Raises ExtractError where it has not the columns of `extract`.
    """
    stated = dict(part.columns)
    if both := {folded(name) for name in stated} & {folded(name) for name in table.header}:
        rule = of_part(path, part, f"{len(both)} column(s) stand in the file and in the name of its folder")
        raise ExtractError(path, rule, "Write each column once.")
    if table.head:
        _look_at_header(path, part, table.head, extract)
    header = [*table.header, *stated]
    raw.columns = len(header)
    return _match_header(path, part, header, extract, raw)


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
