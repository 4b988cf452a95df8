"""The publication as an RO-Crate: what each file is, of what kind, how large, with which hash and licence.

Belongs here: what the release is and which files it has. Does not belong here: the vocabulary of RO-Crate
(publishing/research_crate.py), what the columns of the open data mean, which csv-metadata.json says (steps/open_data).
"""

from pathlib import PurePosixPath
from typing import Any

import polars as pl

from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.open_data.csvw_metadata import LICENCES, METADATA_FILE, as_date
from publication_assets.steps.open_data.write_open_data import FOLDER
from publishing.research_crate import CSVW, crate_file, crate_of

NAMES = {
    "report.html": "Report",
    "methodology.html": "Methodology",
    "linkage_quality.html": "Linkage quality report",
    "note_reading.html": "Classification of contact notes",
    "against_published.html": "Comparison with the published study",
    "lineage.html": "Where the figures come from",
    "prov.json": "Record of the run in PROV JSON",
    "manifest.json": "Manifest of the run",
    "tables.ods": "Data tables",
    "tables.xlsx": "Data tables",
    f"{FOLDER}/{METADATA_FILE}": "Metadata of the open data, CSV on the Web",
}


def crate_json(files: pl.DataFrame, commit: str, facts: RunFacts) -> bytes:
    """The file ro-crate-metadata.json. `files`: published files (file, bytes, sha256). Same files, same bytes."""
    listed = [_file(*row) for row in files.select("file", "bytes", "sha256").sort("file").iter_rows()]
    folder = [{"@id": each["@id"]} for each in listed if each["@id"].startswith(f"{FOLDER}/")]
    apart = [{"@id": each["@id"]} for each in listed if not each["@id"].startswith(f"{FOLDER}/")]
    release = {**_release(facts), "hasPart": [*apart, {"@id": f"{FOLDER}/"}]}
    open_data = {"@id": f"{FOLDER}/", "@type": "Dataset", "name": "Data tables as open data", "hasPart": folder}
    return crate_of(release, [open_data, *listed], commit, f"Run of {facts.quarter}")


def _release(facts: RunFacts) -> dict[str, Any]:
    said = dict(facts.release)
    licence = said.get("Licence", "")
    given = {
        "datePublished": as_date(said.get("Publication date", "")),
        "license": {"@id": LICENCES[licence]} if licence in LICENCES else licence,
        "publisher": said.get("Publisher", ""),
        "creativeWorkStatus": said.get("Status", ""),
        "usageInfo": f"Not given: {said['Not given']}" if "Not given" in said else "",
    }
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.marked(f"{facts.title}, {facts.quarter}"),
        "description": " ".join([f"Statistics of {facts.quarter}.", *facts.warnings]),
        "temporalCoverage": f"{facts.cohort_start}/{facts.cohort_end}",
        "spatialCoverage": "England",
        "inLanguage": "en-GB",
        **{name: value for name, value in given.items() if value},
    }


def _file(name: str, size: int, sha256: str) -> dict[str, Any]:
    besides: dict[str, Any] = {}
    if name.endswith(".csv"):
        besides["subjectOf"] = {"@id": f"{FOLDER}/{METADATA_FILE}"}
    if name.endswith(METADATA_FILE):
        besides["conformsTo"] = {"@id": CSVW}
    return crate_file(name, NAMES.get(name, PurePosixPath(name).name), size, sha256, **besides)
