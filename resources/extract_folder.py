"""Where the extracts of a quarter lie, and what a run has set aside in them.

Belongs here: the folder. Does not belong here: reading a file.
"""

from pathlib import Path

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from resources.kept_file import read_kept
from resources.partitions import known_quarter
from resources.zone_asset import shielded

SYNTHETIC_MARKER = "SYNTHETIC.json"
MARKER_REMEDY = "It says that the extracts are synthetic. Restore it, or write the extracts again: pathways extracts."


class ExtractFolder(dg.ConfigurableResource):
    """The folder that suppliers' extracts are put in: `root`/extracts/<quarter>/<system>/<table>.csv or .parquet."""

    root: str
    _set_aside: dict[tuple[str, str], pl.DataFrame] = PrivateAttr(default_factory=dict)

    def folder(self, quarter: str) -> Path:
        """Folder of one quarter. Raises NotAQuarter."""
        return Path(self.root) / "extracts" / known_quarter(quarter)

    def keep_set_aside(self, quarter: str, extract: str, quarantined: pl.DataFrame) -> None:
        """Keep what reading an extract set aside until the end of the run, so that it need not be read again."""
        self._set_aside[quarter, extract] = quarantined

    def set_aside(self, quarter: str, extract: str) -> pl.DataFrame | None:
        """What this run set aside in an extract; None when it has not read it."""
        return self._set_aside.get((quarter, extract))

    @shielded
    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Forget what was set aside."""
        self._set_aside.clear()

    def synthetic(self, quarter: str) -> dict | None:
        """What the generator says of the extracts it wrote (scale, seed), or None for extracts from suppliers.

        Raises KeptFileDamaged: a damaged marker must not make synthetic extracts real ones.
        """
        marker = self.folder(quarter) / SYNTHETIC_MARKER
        return read_kept(marker, {"scale": (int, float), "seed": int}, MARKER_REMEDY) if marker.is_file() else None
