"""A quarter of five tables, an extract and a file of the publication."""

from pathlib import Path

import polars as pl
import pytest

from resources.extracts.files.extract_parts import extract_hash
from resources.receipts.receipts import file_hash
from tests.conftest import QUARTER, stored

CELLS = pl.DataFrame(
    {
        "table": [16, 16, 17],
        "row_key": ["sex/female", "sex/male", "sex/female"],
        "measure_key": ["odds_ratio"] * 3,
        "row_group": ["Sex", "Sex", "Sex"],
        "row_label": ["Female", "Male", "Female"],
        "measure": ["Adjusted odds ratio"] * 3,
        "unit": ["odds ratio"] * 3,
        "shown": ["1.10", "1.00", "[c]"],
        "status": ["shown", "shown", "[c]"],
    }
)
EXTRACT = "ndelius/offender"


@pytest.fixture
def quarter(tmp_path) -> Path:
    """Data root of the quarter, with a file of the publication."""
    extract = tmp_path / "extracts" / QUARTER / f"{EXTRACT}.csv"
    extract.parent.mkdir(parents=True)
    extract.write_text("crn\nX000001\n", encoding="utf-8")
    few, many = pl.DataFrame({"row": range(3)}), pl.DataFrame({"row": range(1234)})
    offender = stored(tmp_path, "linkage", "offender", few, made_from={f"extract:{EXTRACT}": extract_hash(extract)})
    pairs = stored(tmp_path, "linkage", "scored_pairs", many, made_from={"offender": offender})
    frame = stored(tmp_path, "modelling", "analysis_frame", many, made_from={"scored_pairs": pairs})
    cells = stored(
        tmp_path, "modelling", "published_tables", CELLS, made_from={"analysis_frame": frame, "settings:linkage": "a"}
    )
    file = tmp_path / "publication" / QUARTER / "report.html"
    file.parent.mkdir(parents=True)
    file.write_text("<html>", encoding="utf-8")
    listed = pl.DataFrame({"file": [file.name], "bytes": [file.stat().st_size], "sha256": [file_hash(file)]})
    stored(tmp_path, "modelling", "publication", listed, made_from={"published_tables": cells})
    return tmp_path
