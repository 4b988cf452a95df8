"""Trains the encoder that reads notes: tunes the last layers of a pretrained sentence encoder and a logistic head on
synthetic notes of known wordings and on invented notes that several authors wrote.

One command, seeded, in the core environment (which starts the model's own for what needs torch):

    .venv/bin/python note_models/encoder/train.py

Writes changes.safetensors (what training changed of the pretrained model), head.json, metrics.json and the figures of
MODEL_CARD.md. Belongs here: which notes, calibration, figures. Does not belong here: torch (tune.py) and what is looked
at in a note (nlp_assets/engines/encoder/encoder_text.py).

Never trained on: the held-out wordings and the notes of two test authors, by which nothing is chosen either. Authors
are left out of training in turn: how the encoder reads somebody it has never read is measured, and calibrated, on
those.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import rankdata
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from nlp_assets.engines.encoder.encoder_engine import fits  # noqa: E402
from nlp_assets.engines.encoder.encoder_files import EncoderFiles  # noqa: E402
from nlp_assets.engines.encoder.encoder_text import TokenText, note_windows, token_text  # noqa: E402
from nlp_assets.serving.vllm.vllm_process import llm_python  # noqa: E402
from synthetic_extracts.notes.compose import evaluation_texts  # noqa: E402
from synthetic_extracts.notes.wordings import core_wordings  # noqa: E402

SEED = 20261123
WRITTEN = HERE / "written_notes"
TEST_AUTHORS = ("test_author", "second_test_author")
# Left out together, so that few encoders are tuned. `pairs` is by somebody who knew the held-out wordings, so it is
# left out alone and those wordings are read without it too.
FOLDS = (
    ("officer", "longform", "court_team", "approved_premises"),
    ("narrative", "trainee", "partners", "telephone_desk", "iom_team"),
    ("colleagues", "duty_desk", "seasoned", "resettlement"),
    ("pairs",),
)
KNEW_HELD_OUT, WITHOUT_PAIRS = "pairs", "held_out_wordings_without_pairs"
SYNTHETIC_NOTES, SYNTHETIC_CONTEXT, SYNTHETIC_ENGAGED = 3000, 0.6, 0.45
EVALUATION_NOTES = 2000
SETTINGS = {
    "seed": SEED,
    "processes": 2,
    "tuned_layers": 3,
    "epochs": 4,
    "batch": 32,
    "synthetic_per_epoch": 1500,
    "rate": 2e-4,
    "head_rate": 3e-3,
    "weight_decay": 0.01,
    "smoothing": 0.05,
    "averaged_from": 0.4,
}
THRESHOLDS = (0.5, 0.7, 0.9)
DIGITS = 4
HEAD_AND_TIME = ("head.json", "cpu_seconds.json")
FIGURES_FROM, FIGURES_TO = "<!-- figures: written by train.py -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Notes:
    """Notes with their labels (1 engaged) and meanings; lists of one length."""

    texts: list[str]
    labels: list[int]
    meanings: list[str]

    def tokens(self, tokenizer: Tokenizer) -> list[TokenText]:
        """What the encoder looks at in each note. No invented note is so long that it is read in several windows."""
        windows = [note_windows(text, partial(fits, tokenizer=tokenizer)) for text in self.texts]
        assert all(len(of_note) == 1 for of_note in windows)
        return [token_text(of_note[0], tokenizer) for of_note in windows]


def written_notes(author: str) -> Notes:
    """The notes of one author: written_notes/AUTHOR.csv, columns text, label, meaning."""
    with (WRITTEN / f"{author}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Notes([row["text"] for row in rows], [int(row["label"]) for row in rows], [row["meaning"] for row in rows])


def synthetic_notes(seed: int, notes: int, held_out: bool, engaged: float, context: float) -> Notes:
    """Notes as in the synthetic extracts, of known or of held-out wordings."""
    texts, cores = evaluation_texts(seed, notes, held_out, engaged, context)
    wordings = [core_wordings()[core] for core in cores]
    return Notes([str(text) for text in texts], [it.label for it in wordings], [it.meaning for it in wordings])


def calibration(log_odds: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Slope and shift of the log-odds that fit `labels` best (Platt)."""

    def loss(line: np.ndarray) -> float:
        scaled = line[0] * log_odds + line[1]
        return float(np.mean(np.logaddexp(0, scaled) - labels * scaled))

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="BFGS").x
    return float(slope), float(shift)


def odds_against(labels: np.ndarray) -> float:
    """Log-odds by which 0 outnumbers 1: added to calibrated log-odds, 0.5 is where both kinds of error weigh the same.

    Authors were asked for 45 % of one label, which says nothing of real notes.
    """
    return float(np.log(np.sum(labels == 0) / np.sum(labels == 1)))


def figures(p1: np.ndarray, notes: Notes) -> dict:
    """How well probabilities fit labels: at threshold 0.5 and higher, without a threshold, and by meaning."""
    truth, meanings = np.array(notes.labels), np.array(notes.meanings)
    right = (p1 >= 0.5) == truth
    positive, negative = p1[truth == 1], p1[truth == 0]
    ranks = rankdata(p1)[truth == 1].sum() - len(positive) * (len(positive) + 1) / 2
    measured = {
        "notes": len(truth),
        "accuracy": np.mean(right),
        "sensitivity": np.mean(positive >= 0.5),
        "specificity": np.mean(negative < 0.5),
        "brier": np.mean((p1 - truth) ** 2),
        "auc": ranks / (len(positive) * len(negative)),
    }
    rounded = {name: round(float(value), DIGITS) if name != "notes" else value for name, value in measured.items()}
    at = {
        str(threshold): {
            "sensitivity": round(float(np.mean(positive >= threshold)), DIGITS),
            "specificity": round(float(np.mean(negative < threshold)), DIGITS),
        }
        for threshold in THRESHOLDS
    }
    by_meaning = {
        str(meaning): round(float(right[meanings == meaning].mean()), DIGITS) for meaning in np.unique(meanings)
    }
    return {**rounded, "at_threshold": at, "accuracy_by_meaning": by_meaning}


def tune(training: list[Notes], groups: list[str], evaluated: dict[str, Notes], files: EncoderFiles, folder: Path):
    """Have tune.py tune the encoder on all of `training`, and without the groups of each fold.

    Returns its log-odds by name, its head and the CPU seconds; leaves changes.safetensors in `folder`.
    """
    python, tokenizer = llm_python(os.environ), files.tokenizer()
    job = {
        "package": str(files.package),
        "settings": SETTINGS,
        "training": [text for notes in training for text in notes.tokens(tokenizer)],
        "labels": [label for notes in training for label in notes.labels],
        "groups": [group for notes, group in zip(training, groups, strict=True) for _ in notes.texts],
        "folds": FOLDS,
        "also_left_out": KNEW_HELD_OUT,
        "also_without": ["held_out_wordings"],
        "evaluated": {name: notes.tokens(tokenizer) for name, notes in evaluated.items()},
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    subprocess.run([str(python), str(HERE / "tune.py"), str(folder / "job.json"), str(folder)], check=True)
    head, cpu_seconds = (json.loads((folder / name).read_text(encoding="utf-8")) for name in HEAD_AND_TIME)
    return dict(np.load(folder / "log_odds.npz")), head, cpu_seconds


def write_card(metrics: dict, card: Path) -> None:
    """Put the measured figures between the two marks of the model card."""
    rows = [
        "| notes | n | sensitivity | specificity | AUC | Brier |",
        "|---|---|---|---|---|---|",
    ]
    named = {
        "known_wordings": "synthetic, known wordings",
        "held_out_wordings": "synthetic, held-out wordings",
        WITHOUT_PAIRS: "the same, `pairs` left out of training",
        **{f"without_{author}": f"author `{author}`, left out of training" for author in metrics["authors"]},
        **{author: f"`{author}`, never trained on" for author in TEST_AUTHORS},
    }
    for name, words in named.items():
        of = metrics[name]
        shares = " | ".join(f"{of[figure]:.3f}" for figure in ("sensitivity", "specificity", "auc", "brier"))
        rows.append(f"| {words} | {of['notes']:,} | {shares} |")
    before, _, rest = card.read_text(encoding="utf-8").partition(FIGURES_FROM)
    after = rest.partition(FIGURES_TO)[2]
    table = "\n".join(rows)
    made = f"{metrics['training_notes']:,} notes, {metrics['cpu_seconds']:,} CPU seconds."
    card.write_text(f"{before}{FIGURES_FROM}\n{table}\n\n{made}\n{FIGURES_TO}{after}", encoding="utf-8")


def calibrate(measured: dict[str, Notes], log_odds: dict[str, np.ndarray]) -> tuple[float, float, float]:
    """Slope and shift of the log-odds, and the odds against, by the authors that were left out of training."""
    strangers = [f"without_{author}" for fold in FOLDS for author in fold if author != KNEW_HELD_OUT]
    labels = np.concatenate([measured[name].labels for name in strangers])
    slope, shift = calibration(np.concatenate([log_odds[name] for name in strangers]), labels)
    return slope, shift, odds_against(labels)


def store_head(files: EncoderFiles, head: dict, slope: float, shift: float, even_odds: float) -> None:
    """Write the head with the calibration in it."""
    stored = {
        "intercept": slope * head["intercept"] + shift + even_odds,
        "weights": [slope * value for value in head["weights"]],
    }
    files.head_file.write_text(json.dumps(stored) + "\n", encoding="utf-8")


def main() -> None:
    """Tune, calibrate, store, measure."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--out", type=Path, default=HERE)
    out = arguments.parse_args().out
    authors = [author for fold in FOLDS for author in fold]
    files = EncoderFiles.of(out)
    files.require_pretrained()
    synthetic = synthetic_notes(SEED, SYNTHETIC_NOTES, False, SYNTHETIC_ENGAGED, SYNTHETIC_CONTEXT)
    training = [synthetic, *(written_notes(author) for author in authors)]
    evaluated = {
        "known_wordings": synthetic_notes(SEED + 1, EVALUATION_NOTES, False, 0.35, 1.0),
        "held_out_wordings": synthetic_notes(SEED + 2, EVALUATION_NOTES, True, 0.35, 1.0),
        **{author: written_notes(author) for author in TEST_AUTHORS},
    }
    with tempfile.TemporaryDirectory() as folder:
        log_odds, head, cpu_seconds = tune(training, ["", *authors], evaluated, files, Path(folder))
        shutil.copyfile(Path(folder) / "changes.safetensors", files.changes)
    measured = {
        **evaluated,
        WITHOUT_PAIRS: evaluated["held_out_wordings"],
        **{f"without_{author}": notes for author, notes in zip(authors, training[1:], strict=True)},
    }
    slope, shift, even_odds = calibrate(measured, log_odds)
    store_head(files, head, slope, shift, even_odds)
    metrics = {
        "settings": SETTINGS,
        "authors": authors,
        "training_notes": sum(len(notes.texts) for notes in training),
        "changes_sha256": sha256(files.changes.read_bytes()).hexdigest(),
        "head_sha256": sha256(files.head_file.read_bytes()).hexdigest(),
        "calibration": {
            "slope": round(slope, DIGITS),
            "shift": round(shift, DIGITS),
            "even_odds": round(even_odds, DIGITS),
        },
        "cpu_seconds": cpu_seconds,
        # Encoders that read without somebody are measured at the base rate of the notes they are calibrated on, those
        # that read all as they are stored.
        **{
            name: figures(expit(slope * log_odds[name] + shift + (even_odds if name in evaluated else 0)), notes)
            for name, notes in measured.items()
        },
    }
    (out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(metrics, indent=2))
    if out == HERE:
        write_card(metrics, HERE / "MODEL_CARD.md")


if __name__ == "__main__":
    main()
