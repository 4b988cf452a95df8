"""Where trained linkage models are kept: one folder per name, which a refresh only reads.

Belongs here: writing and reading the text of a model and its pages, and what may be written over. Does not belong here:
what a model is.
"""

from pathlib import Path

import dagster as dg

from linkage_assets.models.linkage_model_file import REAL, model_file, trained_on


class LinkageModelExists(Exception):
    """A model of that name is already there and may be in use; says what to do."""


class LinkageModels(dg.ConfigurableResource):
    """The folder `root`/linkage/models with <name>/model.json and <name>/charts.html."""

    root: str

    def file(self, name: str) -> Path:
        """File of a model, whether or not it is there. Raises LinkageModelMisnamed."""
        return Path(self.root) / model_file(name)

    def save(self, name: str, model: str, charts: str) -> Path:
        """Keep a model and its charts, each by rename; the model last, so that a kill leaves none or a whole one.

        A model that was trained on synthetic extracts gives way to one of such extracts of another size, or with
        another key of its values, and so does a damaged one; no other does. Raises LinkageModelExists,
        LinkageModelMisnamed.
        """
        file = self.file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        pages = ((file.with_name("charts.html"), charts), (file, model))
        for path, text in pages:
            path.with_suffix(".partial").write_text(text, encoding="utf-8")
        if file.exists() and not _gives_way(file, file.with_suffix(".partial")):
            for path, _ in pages:
                path.with_suffix(".partial").unlink()
            raise LinkageModelExists(
                f"a different linkage model is called {name!r} already. Train under another name: an approved model "
                "is never overwritten."
            )
        for path, _ in pages:
            path.with_suffix(".partial").replace(path)
        return file


def _gives_way(there: Path, new: Path) -> bool:
    if there.read_bytes() == new.read_bytes():
        return True
    return trained_on(new) != REAL and trained_on(there) not in (REAL, trained_on(new))
