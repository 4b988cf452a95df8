"""A release as an RO-Crate: what each file is, of what kind, how large, with which hash.

Belongs here: the vocabulary of RO-Crate. Does not belong here: what a release is and which files it has.

Source: RO-Crate 1.1 (https://www.researchobject.org/ro-crate/specification/1.1/), JSON-LD over schema.org. It is
written here, as a library for it would bring twelve packages for one file; a test reads it with that library.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

CRATE_FILE = "ro-crate-metadata.json"
CRATE = "https://w3id.org/ro/crate/1.1"
CSVW = "http://www.w3.org/ns/csvw#"
FORMATS = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".zip": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
}


def crate_of(release: Mapping[str, Any], parts: Sequence[Mapping[str, Any]], version: str, run: str) -> bytes:
    """The file ro-crate-metadata.json: the same parts, the same bytes.

    release: the Dataset "./". parts: its files and folders. version: of the software, such as a commit.
    """
    graph = [
        {"@id": CRATE_FILE, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": CRATE}},
        release,
        *parts,
        {"@id": "#software", "@type": "SoftwareApplication", "name": "Pathways", "softwareVersion": version},
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": run,
            "instrument": {"@id": "#software"},
            "result": {"@id": "./"},
        },
    ]
    return (json.dumps({"@context": f"{CRATE}/context", "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def crate_file(name: str, title: str, size: int, sha256: str, **besides: Any) -> dict[str, Any]:
    """A file of a release, by its name in the folder of the release. besides: what else is said of it."""
    return {
        "@id": name,
        "@type": "File",
        "name": title,
        "contentSize": str(size),
        "encodingFormat": FORMATS.get(PurePosixPath(name).suffix, "application/octet-stream"),
        "sha256": sha256,
        **besides,
    }
