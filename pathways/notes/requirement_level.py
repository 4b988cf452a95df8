"""Measures an engine of this repository at the level of requirements, on invented notes: `pathways measure-engine`.

Belongs here: drawing requirements and their notes, counting, and writing the figures beside the engine. Does not belong
here: reading notes (nlp_assets/engines), composing them (synthetic_extracts/notes), and reviewed cases of real notes
(pathways/review/notes).

Known wordings are those that engines are built from, held-out wordings those that none has seen.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import polars as pl

from nlp_assets.engines.open_engine import open_engine
from nlp_assets.labels.labels_file import labels_file
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_notes import label_notes
from nlp_assets.steps.labels.label_progress import say_progress
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import NoteEngine
from nlp_assets.steps.labels.requirement_rules import by_count, by_mean_odds
from nlp_assets.steps.quality.confusion import Estimate, confusion
from nlp_assets.steps.quality.evaluate_labels import P1_THRESHOLDS
from pathways.refresh.ending import said_of
from resources.process.data_root import REPOSITORY
from resources.secrets.kept_file import read_kept
from resources.secrets.zone_secrets import notes_secrets
from resources.settings.study_settings import Notes, load_study_settings
from synthetic_extracts.notes.calibration import CONTACT_KINDS, calibration
from synthetic_extracts.notes.compose import compose_notes
from synthetic_extracts.notes.subjects import draw_subjects

WRITTEN_TO = {"fixture": "note_models/fixture", "encoder": "note_models/encoder"}
WORDINGS = {"known_wordings": False, "held_out_wordings": True}
DIGITS = 4


class NotMeasured(Exception):
    """No requirement of a kind has an answer, so nothing was measured; says of which engine."""


def measure_engine_command(
    engine_name: str,
    requirements: int,
    seed: int,
    root: Path,
    environment: Mapping[str, str],
    folder: Path = REPOSITORY,
) -> int:
    """Run `pathways measure-engine`; the exit code. Prints the figures as JSON."""
    try:
        settings = load_study_settings().notes
        with (
            redirect_stdout(sys.stderr),
            open_engine(engine_name, settings.labels, root, Serving.of(environment)) as engine,
            LabelStore(labels_file(root), notes_secrets(root).of("note_hash")) as store,
        ):
            found = measure_engine(engine, settings, requirements, seed, store)
    except Exception as error:
        print(said_of(error), file=sys.stderr)
        return 1
    print(json.dumps(found, indent=1))
    if engine_name in WRITTEN_TO:
        write_level(folder / WRITTEN_TO[engine_name] / "metrics.json", found)
    return 0


def measure_engine(engine: NoteEngine, settings: Notes, requirements: int, seed: int, store: LabelStore) -> dict:
    """Sensitivity and specificity per requirement with Wilson intervals, known and held-out wordings apart.

    `requirements`: of each kind of wording, half of them engaged. Raises what label_notes raises, and NotMeasured.
    """
    found: dict = {
        "engine": engine.identity.engine,
        "weights": engine.identity.weights,
        "prompt_hash": engine.identity.prompt_hash,
        "notes": "invented",
        "seed": seed,
        "rule": {"minimum_notes": settings.requirement_rule.minimum_notes, "minimum_p1": settings.engaged_p1},
        "confidence_level": settings.review.confidence_level,
    }
    for name, held_out in WORDINGS.items():
        notes, truth = draw_requirements(seed, requirements, held_out)
        notes = notes.with_columns(store.hashed(notes["note_text"]))
        labels = label_notes(notes, settings.labels, engine, store, say_progress)
        found[name] = _figures(notes, truth, labels, settings, engine.identity.engine)
    return found


def draw_requirements(seed: int, requirements: int, held_out: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Invented requirements: notes (requirement_key, note_text, label) and truth (requirement_key, engaged).

    Half are engaged. Numbers of keyword notes and the share of them that say so are drawn as for the extracts
    (synthetic_extracts/notes/calibration.toml); an engaged requirement has at least one such note, another none.
    """
    rng = np.random.default_rng([seed, int(held_out)])
    counts, share = calibration()["counts"], calibration()["engaged_share_earlier"]
    engaged = np.arange(requirements) % 2 == 0
    spread = rng.gamma(counts["dispersion"], 1 / counts["dispersion"], requirements)
    of = np.repeat(np.arange(requirements), 1 + rng.poisson((counts["keyword_notes_mean"] - 1) * spread))
    label = engaged[of] & (rng.random(len(of)) < rng.beta(share["alpha"], share["beta"], requirements)[of])
    first = np.unique(of, return_index=True)[1]
    none_yet = engaged & (np.bincount(of[label], minlength=requirements) == 0)
    label[first[none_yet]] = True
    female = rng.random(requirements) < calibration()["attributes"]["female"]
    subjects = draw_subjects(rng, rng.integers(0, 2, requirements), female).of_notes(of)
    shares = calibration()["contact_kind"]
    kind = rng.choice(len(CONTACT_KINDS), size=len(of), p=[shares[name] for name in CONTACT_KINDS])
    text = compose_notes(rng, subjects, label.astype(np.int64), kind, held_out=held_out).text.tolist()
    keys = [f"r{number:05}" for number in range(requirements)]
    notes = pl.DataFrame(
        {
            "requirement_key": [keys[number] for number in of],
            "note_text": pl.Series(text, dtype=pl.String),
            "label": pl.Series(label.astype(np.int8)),
        }
    )
    return notes, pl.DataFrame({"requirement_key": keys, "engaged": engaged})


def _figures(notes: pl.DataFrame, truth: pl.DataFrame, labels: pl.DataFrame, settings: Notes, engine: str) -> dict:
    labelled = notes.drop("label").join(labels.select("note_hash", "label", "p1"), on="note_hash")
    answers = by_count(labelled, settings.requirement_rule.minimum_notes, settings.engaged_p1)
    both = truth.join(answers, on="requirement_key").sort("requirement_key")
    found = confusion(both["engaged"], both["said"])
    shares = found.shares(settings.review.confidence_level)
    if shares["sensitivity"].value is None or shares["specificity"].value is None:
        raise NotMeasured(f"No requirement of a kind has an answer from {engine}. Measure more requirements.")
    return {
        "requirements": truth.height,
        "notes": notes.height,
        "no_answer": both["said"].null_count(),
        "engaged": found.true_positives + found.false_negatives,
        "not_engaged": found.false_positives + found.true_negatives,
        **_share("sensitivity", shares["sensitivity"]),
        **_share("specificity", shares["specificity"]),
        "by_rule": {
            name: {f"{p1:g}": _sensitivity_and_specificity(truth, answers) for p1, answers in found}
            for name, found in _other_rules(labelled)
        },
    }


def _other_rules(labelled: pl.DataFrame) -> Iterator[tuple[str, list[tuple[float, pl.DataFrame]]]]:
    """Other rules than the one in use, by name: answers at each threshold on p1."""
    yield "any note", [(p1, by_count(labelled, 1, p1)) for p1 in P1_THRESHOLDS]
    yield "mean odds", [(p1, by_mean_odds(labelled, p1)) for p1 in P1_THRESHOLDS]


def _sensitivity_and_specificity(truth: pl.DataFrame, answers: pl.DataFrame) -> list[float]:
    both = truth.join(answers, on="requirement_key")
    found = confusion(both["engaged"], both["said"])
    engaged, others = found.true_positives + found.false_negatives, found.false_positives + found.true_negatives
    return [round(found.true_positives / engaged, DIGITS), round(found.true_negatives / others, DIGITS)]


def _share(name: str, share: Estimate) -> dict:
    limits = [round(float(limit), DIGITS) for limit in (share.lower, share.upper) if limit is not None]
    return {name: round(share.value or 0.0, DIGITS), f"{name}_interval": limits}


def write_level(path: Path, found: dict) -> None:
    """Write `found` as requirement_level into a metrics.json, by rename; the rest of the file stays."""
    metrics = read_kept(path, {}, "Restore it from the repository.") if path.is_file() else {}
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps({**metrics, "requirement_level": found}, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)
