"""The hash of a folder of weights, and when it is computed again."""

import os

import pytest

from nlp_assets.serving.vllm.model_weights import NoWeights, weights_sha256


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "a.safetensors").write_bytes(b"one")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    return folder


def test_contents_and_names_decide_and_other_files_do_not(folder):
    first = weights_sha256(folder)
    (folder / "README.md").write_text("words", encoding="utf-8")
    assert weights_sha256(folder) == first
    (folder / "a.safetensors").rename(folder / "b.safetensors")
    assert weights_sha256(folder) != first


def test_a_remembered_hash_is_used_until_a_file_changes(folder, tmp_path):
    memory = tmp_path / "var" / "weights.json"
    first = weights_sha256(folder, memory)
    memory.write_text(memory.read_text(encoding="utf-8").replace(first, "remembered"), encoding="utf-8")
    assert weights_sha256(folder, memory) == "remembered"
    os.utime(folder / "a.safetensors", ns=(1, 1))
    assert weights_sha256(folder, memory) == first


def test_a_damaged_memory_is_made_anew(folder, tmp_path):
    (tmp_path / "weights.json").write_text("[", encoding="utf-8")
    assert weights_sha256(folder, tmp_path / "weights.json") == weights_sha256(folder)


@pytest.mark.parametrize("missing", ["a.safetensors", "config.json"])
def test_a_folder_without_a_model_says_what_it_needs(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(NoWeights, match=r"config.json"):
        weights_sha256(folder)
