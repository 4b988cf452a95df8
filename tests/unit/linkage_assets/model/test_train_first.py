"""A quarter of synthetic extracts has its linkage model trained first, once; a quarter of real ones never."""

import json

import pytest

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.models.linkage_model_file import model_file
from linkage_assets.models.train_first import TRAINED_TABLE, training_first
from resources.extracts.synthetic_mark import write_mark
from resources.settings.study_settings import load_study_settings

QUARTER = "2023Q1"


@pytest.fixture
def extracts(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    folder = tmp_path / "extracts" / QUARTER
    for each in LINKAGE_EXTRACTS:
        (folder / each.system).mkdir(parents=True, exist_ok=True)
        (folder / each.system / f"{each.name}.csv").write_text("crn\n", encoding="utf-8")
    return folder


def test_without_a_model_one_is_trained_and_asked_for_once(extracts):
    write_mark(extracts, {"scale": 0.02, "seed": 1})
    name = load_study_settings().linkage.model.name
    first, again = training_first(QUARTER), training_first(QUARTER)
    assert first and again and first.run_key == again.run_key
    assert first.run_config == {"ops": {TRAINED_TABLE: {"config": {"name": name}}}}


def test_a_damaged_model_is_trained_again(extracts, tmp_path):
    write_mark(extracts, {"scale": 0.02, "seed": 1})
    before = training_first(QUARTER)
    file = tmp_path / model_file(load_study_settings().linkage.model.name)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"trained_on": {}}), encoding="utf-8")
    after = training_first(QUARTER)
    assert before and after and before.run_key != after.run_key


def test_of_real_extracts_no_model_is_trained(extracts):
    assert training_first(QUARTER) is None
    write_mark(extracts, {"scale": 0.02, "seed": 1})
    (extracts / "ndelius" / "offender.csv").write_text("crn\nA1\n", encoding="utf-8")
    assert training_first(QUARTER) is None
