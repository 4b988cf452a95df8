"""Tunes the last layers of the pretrained encoder with a logistic head, in the model's own environment.

    .venv-llm/bin/python note_models/encoder/tune.py JOB_FILE RESULT_FOLDER        (called by train.py)

Belongs here: everything that needs torch. Does not belong here: which notes, what is looked at in them, calibration and
figures (train.py). The layers that stay as they are run once: their output is kept for all epochs and folds. Every
encoder is tuned by one thread, several at a time in processes of their own: how many changes nothing.
"""

# pyright: reportMissingImports=false
import copy
import json
import multiprocessing
import resource
import sys
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional
from transformers import AutoModel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from nlp_assets.engines.encoder.encoder_weights import TENSORS, apply_changes, changes_of  # noqa: E402

TEXTS_AT_A_TIME = 64
# Embeddings have length 1: scaled, so that the head learns at the pace of the layers.
SCALE = 10.0
WARM_UP = 30
LOWEST_RATE = 0.03


class Text(NamedTuple):
    """A text: the output of the layers below, [tokens, dimension], and which tokens are of keyword sentences."""

    states: torch.Tensor
    of_keyword: torch.Tensor


class Encoder:
    """The pretrained model in two parts: `below` is left as it is, `above` (its last layers) is tuned."""

    def __init__(self, package: Path, tuned_layers: int):
        self.below = AutoModel.from_pretrained(package, dtype=torch.float32).eval()
        layers = self.below.encoder.layer
        self.first = len(layers) - tuned_layers
        self.above = layers[self.first :]
        self.below.encoder.layer = layers[: self.first]

    @torch.no_grad()
    def hidden(self, texts: list[tuple[list[int], list[bool]]]) -> list[Text]:
        """Each text, given as its tokens and which are of keyword sentences, with the output of the layers below."""
        kept: dict[int, Text] = {}
        ordered = sorted(range(len(texts)), key=lambda place: len(texts[place][0]))
        for _, of_length in groupby(ordered, key=lambda place: len(texts[place][0])):
            places = list(of_length)
            for start in range(0, len(places), TEXTS_AT_A_TIME):
                batch = places[start : start + TEXTS_AT_A_TIME]
                output = self.below(torch.tensor([texts[place][0] for place in batch])).last_hidden_state
                for place, states in zip(batch, output, strict=True):
                    kept[place] = Text(states.clone(), torch.tensor(texts[place][1]))
        return [kept[place] for place in range(len(texts))]

    def tensor_name(self, name: str) -> str:
        """Name in the model's file of a parameter of the layers above."""
        layer, _, rest = name.partition(".")
        return f"encoder.layer.{self.first + int(layer)}.{rest}"


def embed(above: nn.ModuleList, texts: list[Text]) -> torch.Tensor:
    """Means of the layers above over the tokens of keyword sentences and over all, side by side, each of length 1.

    What the encoder's two_means (nlp_assets/engines/encoder/encoder_text.py) says of them: [texts, 2 * dimension].
    """
    padded = nn.utils.rnn.pad_sequence([text.states for text in texts], batch_first=True)
    of_keyword = nn.utils.rnn.pad_sequence([text.of_keyword for text in texts], batch_first=True).float()
    lengths = torch.tensor([len(text.states) for text in texts])
    is_token = (torch.arange(padded.shape[1]) < lengths[:, None]).float()
    mask = torch.where(is_token[:, None, None, :] > 0, 0.0, torch.finfo(torch.float32).min)
    for layer in above:
        padded = layer(padded, mask)
        padded = padded[0] if isinstance(padded, tuple) else padded
    means = [
        functional.normalize((padded * of[..., None]).sum(1) / of.sum(1, keepdim=True), dim=-1)
        for of in (of_keyword, is_token)
    ]
    return torch.cat(means, dim=1)


class Averaged:
    """The mean of parameters over the last steps of training: it reads strangers better than the last step alone."""

    def __init__(self, parameters: list[nn.Parameter], first_step: int):
        self._parameters, self._first, self._steps = parameters, first_step, 0
        self._mean: list[torch.Tensor] = []

    @torch.no_grad()
    def take(self, step: int) -> None:
        """Add what the parameters are after `step`, when it is one of the last."""
        if step < self._first:
            return
        self._steps += 1
        self._mean = self._mean or [parameter.detach().clone() for parameter in self._parameters]
        for mean, parameter in zip(self._mean, self._parameters, strict=True):
            mean += (parameter - mean) / self._steps

    @torch.no_grad()
    def put(self) -> None:
        """Make the parameters what they were on average."""
        for mean, parameter in zip(self._mean, self._parameters, strict=True):
            parameter.copy_(mean)


def fit(encoder: Encoder, texts: list[Text], labels: torch.Tensor, is_synthetic: np.ndarray, settings: dict):
    """Layers and head tuned on the texts; an epoch has all written notes and a draw of the synthetic ones."""
    torch.manual_seed(settings["seed"])
    rng = np.random.default_rng(settings["seed"])
    above = copy.deepcopy(encoder.above).train()
    head = nn.Linear(2 * texts[0].states.shape[1], 1)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    parameters = [*above.parameters(), *head.parameters()]
    rates = (settings["rate"], settings["head_rate"])
    groups = [{"params": list(part.parameters()), "lr": rate} for part, rate in zip((above, head), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=settings["weight_decay"])
    synthetic, written = np.flatnonzero(is_synthetic), np.flatnonzero(~is_synthetic)
    drawn = min(settings["synthetic_per_epoch"], len(synthetic))
    batches = []
    for _ in range(settings["epochs"]):
        used = np.concatenate([rng.choice(synthetic, drawn, replace=False), written])
        batches += _batches(used, texts, settings["batch"], rng)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(LOWEST_RATE, 1 - step / len(batches))
    )
    torch.set_float32_matmul_precision("medium")  # products of bfloat16 where the machine has them: half the time
    averaged = Averaged(parameters, int(settings["averaged_from"] * len(batches)))
    for step, rows in enumerate(batches):
        log_odds = head(SCALE * embed(above, [texts[row] for row in rows]))[:, 0]
        wanted = labels[rows] * (1 - 2 * settings["smoothing"]) + settings["smoothing"]
        loss = functional.binary_cross_entropy_with_logits(log_odds, wanted)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        averaged.take(step)
    torch.set_float32_matmul_precision("highest")  # an encoder is measured as it will read
    averaged.put()
    return above.eval(), head


def _batches(used: np.ndarray, texts: list[Text], size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Rows in batches of similar length, batches in random order."""
    shuffled = rng.permutation(used)
    batches = []
    for start in range(0, len(shuffled), 20 * size):
        part = shuffled[start : start + 20 * size]
        part = part[np.argsort([len(texts[row].states) for row in part], kind="stable")]
        batches += [part[begin : begin + size] for begin in range(0, len(part), size)]
    return [batches[number] for number in rng.permutation(len(batches))]


@dataclass(frozen=True)
class Tuned:
    """A tuned encoder: its layers above, and its head."""

    above: nn.ModuleList
    weights: np.ndarray
    intercept: float

    @torch.no_grad()
    def log_odds(self, texts: list[Text]) -> np.ndarray:
        """The head's log-odds of each text, float64."""
        order = np.argsort([len(text.states) for text in texts], kind="stable")
        result = np.empty(len(texts))
        for start in range(0, len(order), TEXTS_AT_A_TIME):
            rows = order[start : start + TEXTS_AT_A_TIME]
            means = embed(self.above, [texts[row] for row in rows]).double().numpy()
            result[rows] = means @ self.weights + self.intercept
        return result


@dataclass(frozen=True)
class Task:
    """What train.py asks for (its job), and where results go."""

    job: dict
    results: Path

    @cached_property
    def encoder(self) -> Encoder:
        """As it was pretrained."""
        return Encoder(Path(self.job["package"]), self.job["settings"]["tuned_layers"])

    @cached_property
    def texts(self) -> dict[str, list[Text]]:
        """The texts of each set, "training" among them."""
        sets = {"training": self.job["training"], **self.job["evaluated"]}
        every = iter(self.encoder.hidden([text for of_set in sets.values() for text in of_set]))
        return {name: [next(every) for _ in of_set] for name, of_set in sets.items()}

    @cached_property
    def groups(self) -> np.ndarray:
        """Of each training text the group that may be left out; "" is synthetic."""
        return np.array(self.job["groups"])

    def tuned_without(self, left_out: list[str]) -> Tuned:
        """An encoder tuned on all training texts but those of some groups."""
        rows = np.flatnonzero(~np.isin(self.groups, left_out))
        texts = [self.texts["training"][row] for row in rows]
        labels = torch.tensor(self.job["labels"], dtype=torch.float32)[rows]
        above, head = fit(self.encoder, texts, labels, self.groups[rows] == "", self.job["settings"])
        return Tuned(above, head.weight.detach().double().numpy()[0] * SCALE, float(head.bias.detach()[0]))

    def whole(self) -> dict[str, np.ndarray]:
        """Tune on all, write the changes and the head; log-odds of every set by what was stored, not what was tuned."""
        tuned = self.tuned_without([])
        pretrained = load_file(Path(self.job["package"]) / TENSORS)
        parameters = {self.encoder.tensor_name(name): it for name, it in tuned.above.named_parameters()}
        changes = changes_of(pretrained, {name: parameter.detach().numpy() for name, parameter in parameters.items()})
        save_file(changes, self.results / "changes.safetensors")
        stored = apply_changes(pretrained, changes)
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(torch.from_numpy(stored[name]))
        head = {"weights": tuned.weights.tolist(), "intercept": tuned.intercept}
        (self.results / "head.json").write_text(json.dumps(head), encoding="utf-8")
        return {name: tuned.log_odds(texts) for name, texts in self.texts.items()}

    def fold(self, left_out: list[str]) -> dict[str, np.ndarray]:
        """Log-odds of the groups of a fold by an encoder that was tuned without them, as `without_GROUP`."""
        tuned = self.tuned_without(left_out)
        found = {}
        for group in left_out:
            rows = np.flatnonzero(self.groups == group)
            found[f"without_{group}"] = tuned.log_odds([self.texts["training"][row] for row in rows])
        for name in self.job["also_without"] if self.job["also_left_out"] in left_out else []:
            found[f"{name}_without_{self.job['also_left_out']}"] = tuned.log_odds(self.texts[name])
        return found

    def part(self, left_out: list[str]) -> dict[str, np.ndarray]:
        """The whole, or a fold."""
        found = self.fold(left_out) if left_out else self.whole()
        print(f"tuned without {', '.join(left_out) or 'leaving anybody out'}: {_cpu_seconds()} CPU seconds", flush=True)
        return found


_task: Task | None = None


def _begin(task: Task) -> None:
    """What a process starts with: the task is too large to be sent with every part."""
    global _task
    _task = task


def _part(left_out: list[str]) -> dict[str, np.ndarray]:
    assert _task is not None
    return _task.part(left_out)


def _cpu_seconds() -> int:
    """Of this process and those that it started and that have ended."""
    used = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(of.ru_utime + of.ru_stime for of in used))


def main(job_file: Path, results: Path) -> None:
    """Tune on all, and without the groups of each fold; write the changes, the head and the log-odds."""
    task = Task(json.loads(job_file.read_text(encoding="utf-8")), results)
    torch.set_num_threads(1)
    assert task.texts  # before the processes part
    parts = [[], *task.job["folds"]]
    with multiprocessing.get_context("fork").Pool(task.job["settings"]["processes"], _begin, (task,)) as pool:
        found = {name: of for part in pool.imap(_part, parts) for name, of in part.items()}
        pool.close()
        pool.join()
    np.savez(results / "log_odds.npz", **found)
    (results / "cpu_seconds.json").write_text(json.dumps(_cpu_seconds()), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
