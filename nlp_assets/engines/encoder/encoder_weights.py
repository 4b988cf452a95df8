"""The encoder's weights: the pretrained tensors with what training changed of them.

Belongs here: storing and applying changes, and a folder of the result for vLLM. Does not belong here: which files
(encoder_files.py), training (train.py). Imports numpy and safetensors only: the environment of training,
note_models/encoder/tune.py, uses it too.

A changed tensor is stored as the difference to the pretrained one, in whole numbers of a step per row: a quarter of
its size, and the rounding is far below what training can tell apart.
"""

import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

TENSORS = "model.safetensors"
STEPS = 127


def changes_of(pretrained: dict[str, np.ndarray], tuned: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The differences of `tuned` tensors to `pretrained` ones: `NAME` (int8) and `NAME.step` (float32, per row)."""
    changes = {}
    for name, tensor in sorted(tuned.items()):
        difference = (tensor - pretrained[name]).reshape(tensor.shape[0] if tensor.ndim > 1 else 1, -1)
        step = (np.abs(difference).max(axis=1, keepdims=True) / STEPS).astype(np.float32)
        whole = np.divide(difference, step, out=np.zeros_like(difference), where=step > 0)
        changes[name] = np.rint(whole).astype(np.int8).reshape(tensor.shape)
        changes[f"{name}.step"] = step[:, 0]
    return changes


def apply_changes(pretrained: dict[str, np.ndarray], changes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All tensors of the model, those changed with their changes. Raises KeyError for a tensor that is not there."""
    model = dict(pretrained)
    for name in (name for name in changes if not name.endswith(".step")):
        step = changes[f"{name}.step"]
        difference = changes[name].reshape(len(step), -1).astype(np.float32) * step[:, None]
        model[name] = (pretrained[name] + difference.reshape(pretrained[name].shape)).astype(np.float32)
    return model


def read_weights(package: Path, changes: Path) -> dict[str, np.ndarray]:
    """The tensors of the encoder by name. `package`: folder of the pretrained model; `changes`: file of the changes."""
    return apply_changes(load_file(package / TENSORS), load_file(changes))


def build(package: Path, changes: Path, target: Path) -> None:
    """Write the folder `target`, which vLLM can serve, whole or not at all."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    ignored = shutil.ignore_patterns(TENSORS, "*.md", ".git*", "data_config.json")
    shutil.copytree(package, unfinished, ignore=ignored, copy_function=shutil.copyfile)
    for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
        folder.chmod(0o700)  # the mode of the package's folder was copied with it
    save_file(read_weights(package, changes), unfinished / TENSORS, metadata={"format": "pt"})
    unfinished.rename(target)
