"""What is said of a file by its age: of an earlier quarter, or with the new rows alone. `pathways check` and the zone
that reads the file use this one function.

Belongs here: where earlier quarters lie, and the table of what was found. Does not belong here: judging
(extract_age.py).
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from resources.extracts.extract_age import Age, judge_dates, judge_same_file
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_reader import ReadExtract
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_file import find_extract
from resources.receipts.receipts import file_hash
from resources.settings.extract_settings import Extracts
from resources.zone.gates import Measure
from resources.zone.partitions import QUARTER_NAMES, quarter_end


def judge_age(
    extract: Extract, path: Path, read: ReadExtract, quarter: str | None, cohort_start: date, limits: Extracts
) -> list[Age]:
    """What the dates and the bytes of a file say of it; nothing where it is not known which quarter it is for."""
    if quarter is None:
        return []
    dated = read.table.select([extract.event_date] if extract.event_date else []).collect()
    ages = judge_dates(extract, dated, quarter, quarter_end(quarter), cohort_start, limits)
    earlier = _same_in(extract, path, quarter)
    return [*ages, judge_same_file(extract, earlier, read.rows_read)] if earlier else ages


def age_table(ages: Iterable[Age]) -> pl.DataFrame:
    """Ages as extract_schema.ExtractAges: one row each, in order."""
    schema = {
        "extract": pl.String,
        "measure": pl.String,
        "value": pl.Float64,
        "allowed": pl.String,
        "within": pl.Boolean,
        "problem": pl.String,
        "remedy": pl.String,
    }
    rows = [
        (age.table, age.name, age.measure.value, age.measure.allowed, age.measure.within, age.problem, age.remedy)
        for age in ages
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def ages_in(table: pl.DataFrame) -> list[Measure]:
    """The measures of the ages that `age_table` made a table of."""
    columns = ("measure", "value", "allowed", "within", "remedy")
    return [Measure(*row) for row in table.select(columns).iter_rows()]


def _same_in(extract: Extract, path: Path, quarter: str) -> str | None:
    """The last earlier quarter whose folder, beside that of `quarter`, has the very same file."""
    place = path.absolute().parents[1]
    if place.name != quarter or not path.is_file():
        return None
    for earlier in reversed(QUARTER_NAMES[: QUARTER_NAMES.index(quarter)]):
        try:
            other = find_extract(place.parent / earlier, extract)
        except ExtractError:
            continue
        same_size = other.is_file() and other.stat().st_size == path.stat().st_size
        if same_size and file_hash(other) == file_hash(path):
            return earlier
    return None
