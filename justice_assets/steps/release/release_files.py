"""The files of a release: each table as Parquet and CSV, what the columns mean, and the whole as an RO-Crate.

Belongs here: which files there are. Does not belong here: writing them (released_files.py), the tables.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any

import polars as pl

from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.release.describe_release import describe_for_programs, meaning_of
from justice_assets.steps.release.write_catalogue import catalogue_html
from publishing.research_crate import CRATE_FILE, CSVW, crate_file, crate_of
from resources.settings.justice_settings import JusticeLinkage
from resources.zone.schema_check import Table

METADATA, CATALOGUE = "metadata.json", "catalogue.html"
ABOUT = (
    "Which records of probation, prisons and courts are one person, the magistrates' case of each Crown Court case, "
    "what became of the ids of the last release, and tables of research views. For accredited researchers."
)


def release_files(
    tables: Mapping[str, pl.DataFrame],
    classes: Mapping[str, type[Table]],
    facts: PanelFacts,
    linkage: JusticeLinkage,
    version: str,
) -> dict[str, bytes]:
    """Name to content. The same tables, the same bytes. `classes`: what each table is declared as. `version`: of the
    code, by its content.
    """
    described = describe_for_programs(classes, {name: table.height for name, table in tables.items()}, facts)
    files = {
        METADATA: (json.dumps(described, indent=1) + "\n").encode(),
        CATALOGUE: catalogue_html(described, METADATA, facts, linkage).encode(),
    }
    for name, table in tables.items():
        parquet = BytesIO()
        table.write_parquet(parquet)
        files |= {f"{name}.parquet": parquet.getvalue(), f"{name}.csv": table.write_csv().encode()}
    return {**files, CRATE_FILE: _crate(files, classes, facts, version)}


def _crate(files: Mapping[str, bytes], classes: Mapping[str, type[Table]], facts: PanelFacts, version: str) -> bytes:
    parts = [_part(name, content, classes) for name, content in sorted(files.items())]
    mark = f" [{facts.synthetic_mark}]" if facts.synthetic else ""
    release = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{facts.title}, {facts.quarter}{mark}",
        "description": " ".join([ABOUT, *facts.warnings]),
        "spatialCoverage": "England and Wales",
        "inLanguage": "en-GB",
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    return crate_of(release, parts, version, f"Run of {facts.quarter}")


def _part(name: str, content: bytes, classes: Mapping[str, type[Table]]) -> dict[str, Any]:
    table = classes.get(name.rpartition(".")[0])
    title = (
        meaning_of(table)
        if table
        else {METADATA: "What columns mean, CSV on the Web"}.get(name, "What columns mean, as a page")
    )
    besides: dict[str, Any] = {"subjectOf": {"@id": METADATA}} if table else {}
    if name == METADATA:
        besides = {"conformsTo": {"@id": CSVW}}
    return crate_file(name, title, len(content), sha256(content).hexdigest(), **besides)
