"""How right the links of synthetic justice records are: person_link beside the truth written with the extracts.

Belongs here: the file compared.json beside the truth. Does not belong here: the measures (pathways/bench/justice), what
can be said without truth (justice_assets/steps/quality).
"""

import json
from pathlib import Path

import polars as pl

from contracts.zones import JUSTICE_SOURCES_FOLDER
from pathways.bench.justice.measure_clusters import measure_clusters

RECORD = ["source", "record_key"]


def compare_with_truth(root: Path, quarter: str) -> dict[str, dict[str, float]] | None:
    """Pair and B-cubed measures by threshold, also written beside the truth; None where no truth was written."""
    folder = root / JUSTICE_SOURCES_FOLDER / "truth" / quarter
    people, link = folder / "justice_people.parquet", root / "justice" / quarter / "person_link.parquet"
    if not people.exists() or not link.exists():
        return None
    truth = pl.read_parquet(people).select(*RECORD, person=pl.col("person_id"))
    both = pl.read_parquet(link).join(truth, on=RECORD, how="inner", maintain_order="left")
    levels = ("high", "medium", "low")
    compared = {level: measure_clusters(both[f"person_{level}"], both["person"]) for level in levels}
    (folder / "compared.json").write_text(json.dumps(compared, indent=1) + "\n", encoding="utf-8")
    return compared
