"""Where labels and what a label engine leaves behind are kept, as a Dagster resource.

Belongs here: paths, whether a quarter's extracts are synthetic, and what is kept open for a run. Does not belong here:
engines and labels.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TypeVar

import dagster as dg
from pydantic import PrivateAttr

from nlp_assets.labels.labels_file import labels_file
from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_folder import ExtractFolder
from resources.process.shield import shielded

T = TypeVar("T")


class LabelFolder(dg.ConfigurableResource):
    """`root` is the folder of everything a run makes (`var`)."""

    root: str
    _kept: dict[str, object] = PrivateAttr(default_factory=dict)
    _until_the_end: ExitStack = PrivateAttr(default_factory=ExitStack)

    def kept_open(self, name: str, open_it: Callable[[], AbstractContextManager[T]]) -> T:
        """What `open_it` opens, once a run: several tables are labelled, and a server takes half a minute to start."""
        if name not in self._kept:
            self._kept[name] = self._until_the_end.enter_context(open_it())
        return self._kept[name]  # type: ignore[return-value]

    @shielded
    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close what was kept open."""
        self._kept.clear()
        self._until_the_end.close()

    @property
    def path(self) -> Path:
        """The folder as a path."""
        return Path(self.root)

    @property
    def labels_file(self) -> Path:
        """File that keeps every label made, across quarters. It holds no note text."""
        return labels_file(self.path)

    def is_synthetic(self, quarter: str, of: Iterable[Extract]) -> bool:
        """Whether the extracts `of` a quarter were written by the generator. Raises KeptFileDamaged."""
        return ExtractFolder(root=self.root).synthetic(quarter, of) is not None
