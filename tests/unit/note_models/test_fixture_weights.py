"""The committed fixture model: it belongs to the prompt in use, is small, and answers with single tokens."""

import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from contracts.vocabulary import NOTE_LABELS
from nlp_assets.steps.notes.prompt import load_prompt, render
from resources.settings.study_settings import SETTINGS_FILE

FIXTURE = Path(__file__).resolve().parents[3] / "note_models/fixture"


@pytest.fixture(scope="module")
def metrics() -> dict:
    return json.loads((FIXTURE / "metrics.json").read_text())


def test_the_fixture_was_trained_behind_the_prompt_in_use(metrics):
    assert f'prompt = "{metrics["prompt"]}"' in SETTINGS_FILE.read_text()
    assert metrics["prompt_hash"] == load_prompt(metrics["prompt"]).hash, "run note_models/fixture/train.py"


def test_the_fixture_reads_known_wordings_well_enough_to_show_the_path(metrics):
    assert metrics["known_wordings"]["specificity"] >= 0.99
    assert metrics["known_wordings"]["sensitivity"] >= 0.95


def test_the_card_states_the_measured_figures(metrics):
    card = (FIXTURE / "MODEL_CARD.md").read_text()
    for wordings in ("known_wordings", "held_out_wordings"):
        for figure in ("accuracy", "sensitivity", "specificity"):
            assert f"{metrics[wordings][figure]:.3f}" in card


def test_the_answers_are_single_tokens_and_the_chat_marks_are_control_tokens():
    tokenizer = Tokenizer.from_file(str(FIXTURE / "weights" / "tokenizer.json"))
    for label in NOTE_LABELS:
        assert len(tokenizer.encode(label, add_special_tokens=False).ids) == 1
    text = render(load_prompt("treatment_engagement_v1"), "Attended.")
    marks = [token for token in tokenizer.encode(text, add_special_tokens=False).tokens if token.startswith("<|")]
    assert marks == ["<|im_start|>", "<|im_end|>", "<|im_start|>", "<|im_end|>", "<|im_start|>"]


def test_the_committed_files_stay_under_five_megabytes():
    assert sum(file.stat().st_size for file in FIXTURE.rglob("*") if file.is_file()) < 5_000_000
    needed = {"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"}
    assert needed <= {file.name for file in (FIXTURE / "weights").iterdir()}
