"""Writes the published tables as open data: a CSV for each table, a dictionary, metadata, and all of it in one archive.

Belongs here: files and their bytes. Does not belong here: what stands in them (observations.py, data_dictionary.py,
csvw_metadata.py, templates/open_data.md.j2).
"""

import csv
import io
import zipfile

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.open_data.csvw_metadata import METADATA_FILE, csvw_metadata
from publication_assets.steps.open_data.data_dictionary import data_dictionary, file_of, marks
from publication_assets.steps.open_data.observations import COLUMNS, observations, precision_in_words
from publication_assets.steps.workbook.repack_zip import FIRST_DAY_OF_ZIP
from publication_assets.templates_folder import TEMPLATES

FOLDER, ARCHIVE, READ_ME = "open_data", "open_data.zip", "README.md"


def open_data_files(cells: pl.DataFrame, facts: RunFacts) -> dict[str, bytes]:
    """The files of the folder open_data, and open_data.zip with the same. `cells` is published_tables.

    The same cells give the same bytes.
    """
    rows = observations(cells, counts_are_rounded=bool(facts.rounding_base))
    tables = {file_of(table): rows.filter(pl.col("table") == table) for table in rows["table"].unique().sort()}
    dictionary = {f"{name}.csv": frame for name, frame in data_dictionary(rows, cells, facts).items()}
    files = {name: _csv(frame) for name, frame in (tables | dictionary).items()}
    files |= {METADATA_FILE: csvw_metadata(cells, facts), READ_ME: _read_me(facts)}
    return {f"{FOLDER}/{name}": content for name, content in files.items()} | {ARCHIVE: _archive(files)}


def _csv(frame: pl.DataFrame) -> bytes:
    """One header row, UTF-8, lines that end as RFC 4180 says; a blank is an empty value."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([frame.columns, *frame.iter_rows()])
    return written.getvalue().encode("utf-8")


def _read_me(facts: RunFacts) -> bytes:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # Markdown, read as text
        keep_trailing_newline=True,
    )
    template = environment.get_template("open_data.md.j2")
    precision = precision_in_words(bool(facts.rounding_base))
    said = {"columns": COLUMNS, "marks": marks(facts), "precision": precision, "metadata": METADATA_FILE}
    return template.render(facts=facts, **said).encode("utf-8")


def _archive(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", FIRST_DAY_OF_ZIP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return written.getvalue()
