"""Where the extracts of a quarter lie, and what a run has set aside in them.

Belongs here: the folder. Does not belong here: reading a file.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.process.shield import shielded


class ExtractFolder(dg.ConfigurableResource):  # pyright: ignore[reportMissingTypeArgument]
    """The folder that suppliers' extracts are put in: `root`/extracts/<quarter>/<system>/<table>.csv or .parquet."""

    root: str
    _set_aside: dict[tuple[str, str], pl.DataFrame] = PrivateAttr(default_factory=dict[tuple[str, str], pl.DataFrame])

    def folder(self, quarter: str) -> Path:
        """Folder of one quarter. Raises NotAQuarter."""
        return extracts_of(Path(self.root), quarter)

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

    def synthetic(self, quarter: str, of: Iterable[Extract] | None = None) -> dict[str, Any] | None:
        """What the generator says of the extracts it wrote (scale, seed); None for others, and for a mixture of both.

        `of`: the extracts that the zone may read, as in synthetic_mark. Raises KeptFileDamaged.
        """
        return synthetic_mark(self.folder(quarter), of)
