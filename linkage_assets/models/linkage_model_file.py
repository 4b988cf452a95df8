"""The file of a trained linkage model: where it lies, and which extracts it was trained on.

Belongs here too: whether one is to be trained first. Does not belong here: what a model is, and keeping one
(linkage_models.py).
"""

import re
from pathlib import Path

from contracts.extracts import LINKAGE_EXTRACTS
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.secrets.keyed_hash import key_digest
from resources.secrets.zone_secrets import linkage_secrets
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


def is_to_be_trained(root: Path, quarter: str, name: str) -> bool:
    """Whether the extracts of a quarter are synthetic, and no model of that name was trained on such: not at all, on
    extracts of another size, or with another key of its values; or it is damaged. Of real extracts a model is never
    trained by itself. Raises KeptFileDamaged.

    How likely two records are one person depends on how many there are: hence the size.
    """
    synthetic = synthetic_mark(extracts_of(root, quarter), LINKAGE_EXTRACTS)
    if synthetic is None:
        return False
    file, key = root / model_file(name), key_digest(linkage_secrets(root).of("model_values"))
    return not file.is_file() or trained_on(file) not in (REAL, (synthetic["scale"], key))
