"""Find an extract and read it as text, one String column per declared column, before anything is normalised.

Belongs here: which file, and its rows. Does not belong here: which columns it has (extract_header.py), opening a file
(table_file.py), what a value means (extract_values.py).
"""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_rules import REPEATED_HEADER, ExtractError
from resources.extracts.files.extract_header import places_in
from resources.extracts.files.extract_parts import Part, extract_parts, shown_name
from resources.extracts.files.raw_extract import RawBlock, RawExtract
from resources.extracts.values.extract_names import folded
from resources.settings.extract_settings import Extracts
from resources.zone.table_file import OpenTable, of_part, open_table, require_size


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
        places = places_in(path, part, table, extract, one)
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
