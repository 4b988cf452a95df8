"""Where trained linkage models are kept: one folder per name, which a refresh only reads.

Belongs here: writing and reading the text of a model and its pages. Does not belong here: what a model is.
"""

import os
from pathlib import Path

import dagster as dg


class LinkageModelExists(Exception):
    """A model of that name is already there and may be in use; says what to do."""


class LinkageModels(dg.ConfigurableResource):
    """The folder `root`/linkage/models with <name>/model.json and <name>/charts.html."""

    root: str

    def file(self, name: str) -> Path:
        """File of a model, whether or not it is there."""
        return Path(self.root) / model_file(name)

    def save(self, name: str, model: str, charts: str, replace: bool) -> Path:
        """Keep a model and its charts, each by rename; the model last, so that a kill leaves none or a whole one.

        Raises LinkageModelExists when a different model has this name, unless `replace`.
        """
        file = self.file(name)
        if file.exists() and not replace and file.read_bytes() != model.encode():
            raise LinkageModelExists(
                f"a different linkage model is called {name!r} already. Train under another name: an approved model "
                "is never overwritten."
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        for path, text in ((file.with_name("charts.html"), charts), (file, model)):
            partial = path.with_suffix(".partial")
            partial.write_text(text, encoding="utf-8")
            os.replace(partial, path)
        return file


def model_file(name: str) -> str:
    """Path of a model below the data root."""
    return f"linkage/models/{name}/model.json"
