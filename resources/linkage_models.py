"""Where trained linkage models are kept: one folder per name, which a refresh only reads.

Belongs here: writing and reading the text of a model and its pages, and what may be written over. Does not belong here:
what a model is.
"""

import os
import re
from pathlib import Path

import dagster as dg

from resources.kept_file import KeptFileDamaged, read_kept
from resources.study_settings import MODEL_NAME

REAL = "real extracts"


class LinkageModelExists(Exception):
    """A model of that name is already there and may be in use; says what to do."""


class LinkageModelMisnamed(Exception):
    """What was given is no name of a model; says what one is."""


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
            os.replace(path.with_suffix(".partial"), path)
        return file


def model_file(name: str) -> str:
    """Path of a model below the data root. Raises LinkageModelMisnamed for what is no name: a name is no path."""
    if not re.fullmatch(MODEL_NAME, name):
        raise LinkageModelMisnamed(
            "The name of a linkage model is made of a-z, 0-9, - and _, and begins with a letter or digit: such as "
            "spring_2023. Give it such a name."
        )
    return f"linkage/models/{name}/model.json"


def trained_on(file: Path) -> tuple[float, str] | str | None:
    """Scale of the synthetic extracts that a model was trained on with the digest of the key that hashed its values, or
    REAL; None when it is damaged.
    """
    try:
        model = read_kept(file, {"trained_on": dict}, "")
        synthetic = model["trained_on"]["synthetic"]
        return REAL if synthetic is None else (synthetic["scale"], model["values_key"])
    except (KeptFileDamaged, KeyError, TypeError):
        return None


def _gives_way(there: Path, new: Path) -> bool:
    if there.read_bytes() == new.read_bytes():
        return True
    return trained_on(new) != REAL and trained_on(there) not in (REAL, trained_on(new))
