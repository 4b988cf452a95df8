"""The run that trains the linkage model before a quarter of synthetic extracts, as `pathways refresh` does.

Does not belong here: when a quarter starts (resources/operation/starts.py), and training (steps/model).
"""

from hashlib import sha256

import dagster as dg

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.models.linkage_model_file import is_to_be_trained, model_file
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.process.data_root import data_root
from resources.receipts.receipts import file_hash
from resources.secrets.keyed_hash import key_digest
from resources.secrets.zone_secrets import linkage_secrets
from resources.settings.study_settings import load_study_settings

TRAINING_JOB, TRAINED_TABLE = "train_linkage_model", "trained_linkage_model"


def training_first(quarter: str) -> dg.RunRequest | None:
    """The run that trains the model which study.toml names, once for a scale and seed; None where none is needed.

    Of real extracts there is none: without an approved model the refresh itself says so, and stops.
    Raises KeptFileDamaged.
    """
    root, name = data_root(), load_study_settings().linkage.model.name
    if not is_to_be_trained(root, quarter, name):
        return None
    there, synthetic = root / model_file(name), synthetic_mark(extracts_of(root, quarter), LINKAGE_EXTRACTS)
    given = (
        name,
        synthetic,
        key_digest(linkage_secrets(root).of("model_values")),
        file_hash(there) if there.is_file() else "",
    )
    return dg.RunRequest(
        run_key=f"{quarter} {sha256(repr(given).encode()).hexdigest()}",
        job_name=TRAINING_JOB,
        partition_key=quarter,
        run_config={"ops": {TRAINED_TABLE: {"config": {"name": name}}}},
    )
