"""What the dry run says of a file by its age: of an earlier quarter, or with the new rows alone.

Belongs here: where earlier quarters lie. Does not belong here: judging (resources/extracts/extract_age.py).
"""

from datetime import date
from pathlib import Path

from resources.extracts.extract_age import Age, judge_dates, judge_same_file
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_reader import ReadExtract
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.extract_file import find_extract
from resources.receipts.receipts import file_hash
from resources.settings.extract_settings import Extracts
from resources.zone.partitions import QUARTER_NAMES, quarter_end


def judge_age(
    extract: Extract, path: Path, read: ReadExtract, quarter: str | None, cohort_start: date, limits: Extracts
) -> list[Age]:
    """What the dates and the bytes of a file say of it; nothing where it is not known which quarter it is for."""
    if quarter is None:
        return []
    ages = judge_dates(extract, read.frame, quarter, quarter_end(quarter), cohort_start, limits)
    earlier = _same_in(extract, path, quarter)
    return [*ages, judge_same_file(extract, earlier, read.rows_read)] if earlier else ages


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
