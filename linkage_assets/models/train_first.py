"""The run that trains the linkage model before a quarter of synthetic extracts, as `pathways refresh` does.

Does not belong here: when a quarter starts (resources/operation/starts.py), and training (steps/model).
"""

from hashlib import sha256

import dagster as dg

from linkage_assets.models.linkage_model_file import is_to_be_trained
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import MARK
from resources.process.data_root import data_root
from resources.receipts.receipts import file_hash
from resources.settings.study_settings import load_study_settings

TRAINING_JOB, TRAINED_TABLE = "train_linkage_model", "trained_linkage_model"


def training_first(quarter: str) -> dg.RunRequest | None:
    """The run that trains the model which study.toml names, once for each set of extracts; None where none is needed.

    Of real extracts there is none: without an approved model the refresh itself says so, and stops.
    Raises KeptFileDamaged.
    """
    root, name = data_root(), load_study_settings().linkage.model.name
    if not is_to_be_trained(root, quarter, name):
        return None
    mark = file_hash(extracts_of(root, quarter) / MARK)
    return dg.RunRequest(
        run_key=f"{quarter} {sha256(f'{name} {mark}'.encode()).hexdigest()}",
        job_name=TRAINING_JOB,
        partition_key=quarter,
        run_config={"ops": {TRAINED_TABLE: {"config": {"name": name}}}},
    )
