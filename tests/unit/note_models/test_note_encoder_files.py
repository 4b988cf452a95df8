"""The committed encoder: its files belong together, are small, and were not trained on what measures them."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from nlp_assets.engines.encoder.encoder_files import DIMENSION, EncoderFiles
from nlp_assets.engines.encoder.encoder_weights import apply_changes, changes_of
from note_models.encoder import graph
from note_models.encoder.train import FOLDS, TEST_AUTHORS, Notes, calibration, figures, written_notes

ENCODER = Path(__file__).resolve().parents[3] / "note_models/encoder"


@pytest.fixture(scope="module")
def metrics() -> dict:
    return json.loads((ENCODER / "metrics.json").read_text())


def test_the_figures_were_measured_with_the_committed_files(metrics):
    for name, file in (("changes_sha256", "changes.safetensors"), ("head_sha256", "head.json")):
        assert metrics[name] == sha256((ENCODER / file).read_bytes()).hexdigest(), "run note_models/encoder/train.py"


def test_the_encoder_reads_wordings_it_was_not_built_from_as_well_as_asked(metrics):
    for wordings in ("held_out_wordings", "held_out_wordings_without_pairs"):
        of = metrics[wordings]
        assert of["sensitivity"] >= 0.9 and of["specificity"] >= 0.82 and of["auc"] >= 0.95


def test_the_encoder_reads_authors_it_was_not_trained_on_as_well_as_asked(metrics):
    for author in TEST_AUTHORS:
        assert metrics[author]["sensitivity"] >= 0.85 and metrics[author]["specificity"] >= 0.9
    of_strangers = [metrics[f"without_{author}"] for author in metrics["authors"]]
    assert np.mean([of["auc"] for of in of_strangers]) >= 0.92


def test_the_card_states_the_measured_figures(metrics):
    card = (ENCODER / "MODEL_CARD.md").read_text()
    for name in ("known_wordings", "held_out_wordings", *TEST_AUTHORS):
        for figure in ("sensitivity", "specificity", "auc", "brier"):
            assert f"{metrics[name][figure]:.3f}" in card


def test_no_note_of_a_test_author_was_trained_on(metrics):
    assert not set(TEST_AUTHORS) & set(metrics["authors"])
    trained_on = {text for fold in FOLDS for author in fold for text in written_notes(author).texts}
    assert not trained_on & {text for author in TEST_AUTHORS for text in written_notes(author).texts}


def test_every_written_note_is_labelled_and_every_author_is_used_once():
    authors = [author for fold in FOLDS for author in fold]
    assert sorted([*authors, *TEST_AUTHORS]) == sorted(path.stem for path in (ENCODER / "written_notes").glob("*.csv"))
    for author in [*authors, *TEST_AUTHORS]:
        with (ENCODER / "written_notes" / f"{author}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert all(row["text"].strip() and row["label"] in "01" and row["meaning"] for row in rows)


def test_the_head_reads_two_means():
    assert EncoderFiles(Path("package")).head().weights.shape == (2, DIMENSION)


def test_the_committed_graph_is_the_one_that_its_script_writes():
    assert (ENCODER / "graph.onnx").read_bytes() == graph.model().SerializeToString(deterministic=True)


def test_the_committed_files_stay_small():
    assert sum(file.stat().st_size for file in ENCODER.rglob("*") if file.suffix != ".pyc" and file.is_file()) < 8e6


def test_stored_changes_give_the_tuned_tensors_back_to_within_a_step():
    rng = np.random.default_rng(1)
    pretrained = {name: rng.normal(size=shape).astype(np.float32) for name, shape in (("w", (4, 6)), ("b", (6,)))}
    pretrained["untouched"] = np.ones(3, dtype=np.float32)
    tuned = {name: pretrained[name] + rng.normal(scale=0.01, size=pretrained[name].shape) for name in "wb"}
    tuned["w"][2] = pretrained["w"][2]  # a row that training left alone
    changes = changes_of(pretrained, tuned)
    model = apply_changes(pretrained, changes)
    assert changes["w"].dtype == np.int8 and model["w"].dtype == np.float32
    np.testing.assert_array_equal(model["untouched"], pretrained["untouched"])
    np.testing.assert_array_equal(model["w"][2], pretrained["w"][2])
    for name in "wb":
        largest = np.abs(tuned[name] - pretrained[name]).max()
        np.testing.assert_allclose(model[name], tuned[name], rtol=0, atol=largest / 127)


def test_calibration_takes_back_what_was_exaggerated():
    rng = np.random.default_rng(2)
    log_odds = rng.normal(scale=2, size=20_000)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-log_odds))).astype(int)
    slope, shift = calibration(3 * log_odds + 1, labels)
    assert slope == pytest.approx(1 / 3, abs=0.02) and shift == pytest.approx(-1 / 3, abs=0.06)


def test_figures_count_what_they_say():
    notes = Notes(["a", "b", "c", "d"], [1, 1, 0, 0], ["attended", "attended", "missed", "booked"])
    of = figures(np.array([0.9, 0.4, 0.1, 0.6]), notes)
    assert (of["sensitivity"], of["specificity"], of["accuracy"], of["auc"]) == (0.5, 0.5, 0.5, 0.75)
    assert of["brier"] == pytest.approx((0.01 + 0.36 + 0.01 + 0.36) / 4)
    assert of["at_threshold"]["0.7"] == {"sensitivity": 0.5, "specificity": 1.0}
    assert of["accuracy_by_meaning"] == {"attended": 0.5, "booked": 0.0, "missed": 1.0}
