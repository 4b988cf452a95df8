"""What is said of an engine with every run that uses it."""

import json

import pytest

from nlp_assets.engines.engine_quality import engine_quality
from nlp_assets.steps.labels.note_engine import EngineIdentity


def lines_of(engine, kind, tmp_path, content=None):
    path = tmp_path / "metrics.json"
    if content is not None:
        path.write_text(json.dumps(content), encoding="utf-8")
    identity = EngineIdentity(engine, "m", "w", "", "1", "{}", kind)
    return "\n".join(engine_quality(identity, {"fixture": path, "encoder": path}))


def test_known_and_held_out_wordings_are_told_apart_per_note_and_per_requirement(tmp_path):
    def figures(value):
        return {"sensitivity": value, "specificity": value + 0.05}

    said = lines_of(
        "vllm_prompt",
        "fixture",
        tmp_path,
        {
            "known_wordings": figures(0.9),
            "held_out_wordings": figures(0.4),
            "requirement_level": {"known_wordings": figures(0.8), "held_out_wordings": figures(0.3)},
        },
    )
    assert "FIXTURE" in said
    for line in (
        "per note, synthetic notes of known wordings: sensitivity 0.900, specificity 0.950",
        "per note, synthetic notes of held-out wordings: sensitivity 0.400, specificity 0.450",
        "per requirement, synthetic notes of known wordings: sensitivity 0.800, specificity 0.850",
        "per requirement, synthetic notes of held-out wordings: sensitivity 0.300, specificity 0.350",
    ):
        assert line in said


def test_figures_that_were_not_recorded_are_said_to_be_missing(tmp_path):
    assert lines_of("vllm_prompt", "fixture", tmp_path, {}).count("not recorded") == 4
    assert lines_of("encoder", "model", tmp_path).count("not recorded") == 4


@pytest.mark.parametrize("engine", ["encoder", "served_encoder"])
def test_the_encoder_says_that_it_knows_invented_notes_only(engine, tmp_path):
    assert "invented notes only" in lines_of(engine, "model", tmp_path, {})


def test_a_baseline_says_that_it_is_one_and_a_served_model_claims_nothing(tmp_path):
    assert "BASELINE" in lines_of("rules", "baseline", tmp_path)
    assert lines_of("vllm_prompt", "model", tmp_path, {}) == "notes are read by vllm_prompt: m, 1"
