"""Makes the asset of an extract from its declaration: the same way in every zone that reads extracts.

Belongs here: the skin over read_extract. Does not belong here: any particular extract (contracts/sources).
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from resources.extracts.compare_age import age_table, judge_age
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_folder import ExtractFolder, Found
from resources.extracts.extract_reader import ReadExtract, counts_by_rule, not_sent, read_extract, read_extract_file
from resources.extracts.files.extract_file import find_extract, is_not_sent
from resources.extracts.kept_reading import reading_key, readings_folder, take_reading
from resources.process.spill_folder import spill_folder
from resources.records.record_counts import record_counts
from resources.secrets.private_files import make_folder
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import quarter_end
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_store import EXTRACT, ZoneStore


def all_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """What a zone keeps of an extract that it needs whole."""
    return rows


def extract_asset(
    extract: Extract, zone: str, keep: Callable[..., pl.DataFrame] = all_rows, beside: Sequence[str] = ()
) -> dg.AssetsDefinition:
    """Asset named as the extract: its rows as declared, without quarantined ones; counts as metadata.

    `zone`: which the asset is of, for the name of its group: groups of one name in two zones are drawn as one.
    `keep`: which of the rows the zone needs, given them and the tables `beside` by name; else all.
    """

    @zone_asset(
        name=extract.name,
        group_name=f"{zone}_extracts",
        description=f"{extract.meaning}.",
        metadata={EXTRACT: f"{extract.system}/{extract.name}"},
        ins={name: dg.AssetIn(name) for name in beside},
    )
    def table(
        context: dg.AssetExecutionContext,
        extracts: ExtractFolder,
        zone_store: dg.ResourceParam[ZoneStore],
        **tables: pl.DataFrame,
    ) -> Any:  # Dagster does not know a frame, or a scan of one
        quarter = context.partition_key
        readings = readings_folder(Path(extracts.root), zone_store.zone.name, quarter)
        parts = zone_store.chunk_folder(extract.name, quarter)  # which is gone once the table is written
        make_folder(zone_store.zone.root, parts.parent)
        read = _read(extracts.folder(quarter), extract, quarter, readings, parts)
        extracts.keep_found(quarter, extract.name, _found(extract, read, quarter))
        record_counts(context, extract_counts(read))
        if read.in_files and keep is all_rows:
            return read.table
        # Tables are alike to the byte whether the file was read now or its reading was kept.
        return keep(read.frame, **tables).rechunk()

    return table


def _read(folder: Path, extract: Extract, quarter: str, readings: Path, parts: Path) -> ReadExtract:
    latest, limits = quarter_end(quarter), load_study_settings().extracts
    if is_not_sent(folder, extract):
        return not_sent(folder, extract)
    path = find_extract(folder, extract)
    kept = take_reading(readings, extract.name, path, reading_key(latest, limits))
    if kept is not None:
        return kept
    try:
        return read_extract_file(path, extract, latest, limits, parts)
    except BaseException:
        shutil.rmtree(parts, ignore_errors=True)
        raise


def extract_counts(read: ReadExtract) -> dict[str, Any]:
    """What is worth knowing of a file that was read, in counts and names of columns and rules."""
    return {
        "rows_read": read.rows_read,
        "rows_quarantined": read.rows_quarantined,
        "quarantined": counts_by_rule(read.quarantined),
        "voided": counts_by_rule(read.voided),
        "normalised": read.normalised,
        "form": read.form,
        "columns_ignored": read.ignored,
        "columns_absent": read.absent,
        "warnings": read.warnings,
        "source_sha256": read.sha256,
    }


def quarantine_of(
    folder: ExtractFolder, extracts: Sequence[Extract], quarter: str, spill: Path | None = None
) -> pl.DataFrame:
    """Rows set aside in these extracts: extract, row_number, column, rule; sorted.

    Reads again only the files that this run has not read. `spill`: where rows of a large one may lie meanwhile; else in
    the system's folder for temporary files.
    """
    frames = [found.quarantined for found in _found_in(folder, extracts, quarter, spill)]
    return pl.concat(frames).sort("extract", "row_number", maintain_order=True)


def ages_of(
    folder: ExtractFolder, extracts: Sequence[Extract], quarter: str, spill: Path | None = None
) -> pl.DataFrame:
    """What the ages of these extracts say, as ExtractAges. Reads again only the files that this run has not read."""
    return age_table(age for found in _found_in(folder, extracts, quarter, spill) for age in found.ages)


def _found_in(folder: ExtractFolder, extracts: Sequence[Extract], quarter: str, spill: Path | None) -> Iterator[Found]:
    latest, limits = quarter_end(quarter), load_study_settings().extracts
    for extract in extracts:
        found = folder.found(quarter, extract.name)
        if found is None:
            with spill_folder(spill) as parts:
                read = read_extract(folder.folder(quarter), extract, latest, limits, parts / extract.name)
                found = _found(extract, read, quarter)
            folder.keep_found(quarter, extract.name, found)
        yield found


def _found(extract: Extract, read: ReadExtract, quarter: str) -> Found:
    if not read.sha256:  # it was not sent
        return Found(read.quarantined, ())
    study = load_study_settings()
    ages = judge_age(extract, read.path, read, quarter, study.study.cohort_start, study.extracts)
    return Found(read.quarantined, tuple(ages))
