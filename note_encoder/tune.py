"""Tunes the last layers of the pretrained encoder with a logistic head, in the model's own environment.

    .venv-llm/bin/python note_encoder/tune.py JOB_FILE RESULT_FOLDER        (called by train.py)

Belongs here: everything that needs torch. Does not belong here: which notes, what is looked at in them, calibration and
figures (train.py). The layers that stay as they are run once: their output is kept for all epochs and folds.
"""

# pyright: reportMissingImports=false
import copy
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from nlp_assets.engines.encoder_weights import TENSORS, apply_changes, changes_of  # noqa: E402

MAXIMUM_TOKENS = 256
TEXTS_AT_A_TIME = 64
# Embeddings have length 1: scaled, so that the head learns at the pace of the layers.
SCALE = 10.0
WARM_UP = 30
LOWEST_RATE = 0.03


class Encoder:
    """The pretrained model in two parts: `below` is left as it is, `above` (its last layers) is tuned."""

    def __init__(self, package: Path, tuned_layers: int):
        self.tokenizer = AutoTokenizer.from_pretrained(package)
        self.below = AutoModel.from_pretrained(package, dtype=torch.float32).eval()
        layers = self.below.encoder.layer
        self.first = len(layers) - tuned_layers
        self.above = layers[self.first:]
        self.below.encoder.layer = layers[:self.first]

    @torch.no_grad()
    def hidden(self, texts: list[str]) -> dict[str, torch.Tensor]:
        """Output of the layers below for each text, [tokens, dimension]."""
        kept = {}
        ordered = sorted(set(texts), key=lambda text: (len(text), text))
        for start in range(0, len(ordered), TEXTS_AT_A_TIME):
            batch = ordered[start : start + TEXTS_AT_A_TIME]
            tokens = self.tokenizer(
                batch, padding=True, truncation=True, max_length=MAXIMUM_TOKENS, return_tensors="pt"
            )
            output = self.below(**tokens).last_hidden_state
            for text, states, length in zip(batch, output, tokens["attention_mask"].sum(1), strict=True):
                kept[text] = states[:length].clone()
        return kept

    def tensor_name(self, name: str) -> str:
        """Name in the model's file of a parameter of the layers above."""
        layer, _, rest = name.partition(".")
        return f"encoder.layer.{self.first + int(layer)}.{rest}"


def embed(above: nn.ModuleList, states: list[torch.Tensor]) -> torch.Tensor:
    """Mean over tokens of the layers above, scaled to length 1: what vLLM returns, [texts, dimension]."""
    padded = nn.utils.rnn.pad_sequence(states, batch_first=True)
    lengths = torch.tensor([len(state) for state in states])
    is_token = (torch.arange(padded.shape[1]) < lengths[:, None]).float()
    mask = torch.where(is_token[:, None, None, :] > 0, 0.0, torch.finfo(torch.float32).min)
    for layer in above:
        padded = layer(padded, mask)
        padded = padded[0] if isinstance(padded, tuple) else padded
    mean = (padded * is_token[..., None]).sum(1) / lengths[:, None]
    return functional.normalize(mean, dim=-1)


def embed_windows(above: nn.ModuleList, windows: list[tuple[torch.Tensor, torch.Tensor]]) -> torch.Tensor:
    """Both embeddings of each window side by side, [windows, 2 * dimension]. Equal texts are embedded once."""
    distinct = list({id(state): state for window in windows for state in window}.values())
    distinct.sort(key=len)
    middle = len(distinct) // 2  # two batches of texts of similar length waste little on padding
    parts = [part for part in (distinct[:middle], distinct[middle:]) if part]
    vectors = torch.cat([embed(above, part) for part in parts])
    row = {id(state): number for number, state in enumerate(distinct)}
    first, second = (torch.tensor([row[id(window[side])] for window in windows]) for side in (0, 1))
    return torch.cat([vectors[first], vectors[second]], dim=1)


def fit(encoder: Encoder, windows: list, labels: torch.Tensor, is_synthetic: np.ndarray, settings: dict, seed: int):
    """Layers and head tuned on the windows; an epoch has all written notes and a draw of the synthetic ones."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    above = copy.deepcopy(encoder.above).train()
    head = nn.Linear(2 * windows[0][0].shape[1], 1)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    parameters = [*above.parameters(), *head.parameters()]
    rates = (settings["rate"], settings["head_rate"])
    groups = [{"params": list(part.parameters()), "lr": rate} for part, rate in zip((above, head), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=settings["weight_decay"])
    synthetic, written = np.flatnonzero(is_synthetic), np.flatnonzero(~is_synthetic)
    drawn = min(settings["synthetic_per_epoch"], len(synthetic))
    steps = settings["epochs"] * -(-(drawn + len(written)) // settings["batch"])
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(LOWEST_RATE, 1 - step / steps)
    )
    for _ in range(settings["epochs"]):
        used = np.concatenate([rng.choice(synthetic, drawn, replace=False), written])
        for rows in _batches(used, windows, settings["batch"], rng):
            log_odds = head(SCALE * embed_windows(above, [windows[row] for row in rows]))[:, 0]
            wanted = labels[rows] * (1 - 2 * settings["smoothing"]) + settings["smoothing"]
            loss = functional.binary_cross_entropy_with_logits(log_odds, wanted)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
    return above.eval(), head


def _batches(used: np.ndarray, windows: list, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Rows in batches of similar length, batches in random order."""
    shuffled = rng.permutation(used)
    batches = []
    for start in range(0, len(shuffled), 20 * size):
        part = shuffled[start : start + 20 * size]
        part = part[np.argsort([len(windows[row][1]) for row in part], kind="stable")]
        batches += [part[begin : begin + size] for begin in range(0, len(part), size)]
    return [batches[number] for number in rng.permutation(len(batches))]


@torch.no_grad()
def log_odds_of(above: nn.ModuleList, weights: np.ndarray, intercept: float, windows: list) -> np.ndarray:
    """The head's log-odds of each window, float64."""
    order = np.argsort([len(window[1]) for window in windows], kind="stable")
    result = np.empty(len(windows))
    for start in range(0, len(order), TEXTS_AT_A_TIME):
        rows = order[start : start + TEXTS_AT_A_TIME]
        vectors = embed_windows(above, [windows[row] for row in rows]).double().numpy()
        result[rows] = vectors @ weights + intercept
    return result


def main(job_file: Path, results: Path) -> None:
    """Tune on all, then without the groups of each fold; write the changes, the head and the log-odds."""
    job = json.loads(job_file.read_text(encoding="utf-8"))
    settings, begun = job["settings"], time.process_time()
    torch.set_num_threads(settings["threads"])
    package = Path(job["package"])
    encoder = Encoder(package, settings["tuned_layers"])
    sets = {"training": job["training"], **job["evaluated"]}
    kept = encoder.hidden([text for windows in sets.values() for window in windows for text in window])
    windows = {name: [(kept[first], kept[second]) for first, second in of_set] for name, of_set in sets.items()}
    labels, groups = torch.tensor(job["labels"], dtype=torch.float32), np.array(job["groups"])

    def tune(rows: np.ndarray):
        of_rows = [windows["training"][row] for row in rows]
        above, head = fit(encoder, of_rows, labels[rows], groups[rows] == "", settings, settings["seed"])
        return above, head.weight.detach().double().numpy()[0] * SCALE, float(head.bias.detach()[0])

    found = {}
    above, weights, intercept = tune(np.arange(len(groups)))
    tuned = {encoder.tensor_name(name): tensor.detach().numpy() for name, tensor in above.named_parameters()}
    save_file(changes_of(load_file(package / TENSORS), tuned), results / "changes.safetensors")
    # Measured is what was stored, not what was trained.
    stored = apply_changes(load_file(package / TENSORS), load_file(results / "changes.safetensors"))
    with torch.no_grad():
        for name, parameter in above.named_parameters():
            parameter.copy_(torch.from_numpy(stored[encoder.tensor_name(name)]))
    for name in sets:
        found[name] = log_odds_of(above, weights, intercept, windows[name])
    print(f"tuned on all: {time.process_time() - begun:.0f} CPU seconds", flush=True)
    for left_out in job["folds"]:
        fold = tune(np.flatnonzero(~np.isin(groups, left_out)))
        for group in left_out:
            of_group = [windows["training"][row] for row in np.flatnonzero(groups == group)]
            found[f"without_{group}"] = log_odds_of(*fold, of_group)
        for name in job["also_without"] if job["also_left_out"] in left_out else []:
            found[f"{name}_without_{job['also_left_out']}"] = log_odds_of(*fold, windows[name])
        print(f"left out {', '.join(left_out)}: {time.process_time() - begun:.0f} CPU seconds", flush=True)
    np.savez(results / "log_odds.npz", **found)
    head = {"weights": weights.tolist(), "intercept": intercept, "cpu_seconds": round(time.process_time() - begun)}
    (results / "head.json").write_text(json.dumps(head), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
