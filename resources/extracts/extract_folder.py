"""Where the extracts of a quarter lie, and what a run has found in them.

Belongs here: the folder. Does not belong here: reading a file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from pydantic import PrivateAttr

from resources.extracts.extract_age import Age
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.process.shield import shielded


@dataclass(frozen=True)
class Found:
    """What reading an extract found beside its rows: those set aside, and what its age says."""

    quarantined: pl.DataFrame
    ages: tuple[Age, ...]


class ExtractFolder(dg.ConfigurableResource):  # pyright: ignore[reportMissingTypeArgument]
    """The folder that suppliers' extracts are put in: `root`/extracts/<quarter>/<system>/<table>.csv or .parquet."""

    root: str
    _found: dict[tuple[str, str], Found] = PrivateAttr(default_factory=dict[tuple[str, str], Found])

    def folder(self, quarter: str) -> Path:
        """Folder of one quarter. Raises NotAQuarter."""
        return extracts_of(Path(self.root), quarter)

    def keep_found(self, quarter: str, extract: str, found: Found) -> None:
        """Keep what reading an extract found until the end of the run, so that it need not be read again."""
        self._found[quarter, extract] = found

    def found(self, quarter: str, extract: str) -> Found | None:
        """What this run found in an extract; None when it has not read it."""
        return self._found.get((quarter, extract))

    @shielded
    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Forget what was found."""
        self._found.clear()

    def synthetic(self, quarter: str, of: Iterable[Extract] | None = None) -> dict[str, Any] | None:
        """What the generator says of the extracts it wrote (scale, seed); None for others, and for a mixture of both.

        `of`: the extracts that the zone may read, as in synthetic_mark. Raises KeptFileDamaged.
        """
        return synthetic_mark(self.folder(quarter), of)
