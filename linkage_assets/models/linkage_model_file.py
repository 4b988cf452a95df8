"""The file of a trained linkage model: where it lies, and which extracts it was trained on.

Does not belong here: what a model is, and keeping one (linkage_models.py).
"""

import re
from pathlib import Path

from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.settings.study_settings import MODEL_NAME

REAL = "real extracts"


class LinkageModelMisnamed(Exception):
    """What was given is no name of a model; says what one is."""


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
