"""Where the extracts of a quarter lie. Belongs here: the folder. Does not belong here: reading a file."""

import json
from pathlib import Path

import dagster as dg

from resources.partitions import quarter_end

SYNTHETIC_MARKER = "SYNTHETIC.json"


class ExtractFolder(dg.ConfigurableResource):
    """The folder that suppliers' extracts are put in: `root`/extracts/<quarter>/<system>/<table>.csv or .parquet."""

    root: str

    def folder(self, quarter: str) -> Path:
        """Folder of one quarter. Raises ValueError when `quarter` is not a quarter such as "2023Q1"."""
        quarter_end(quarter)
        return Path(self.root) / "extracts" / quarter

    def synthetic(self, quarter: str) -> dict | None:
        """What the generator says of the extracts it wrote (scale, seed), or None for extracts from suppliers."""
        marker = self.folder(quarter) / SYNTHETIC_MARKER
        return json.loads(marker.read_text(encoding="utf-8")) if marker.is_file() else None
