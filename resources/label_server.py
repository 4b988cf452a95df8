"""The label server as a resource: a server that is given, or the fixture model started on this machine's CPU.

Belongs here: which server and model make the labels, and what they are called. Does not belong here: how they are
asked (resources/label_engine.py), prompts, notes and labels (nlp_assets/steps).

Environment: VLLM_BASE_URL, VLLM_API_KEY and VLLM_MODEL name a running server (Qwen2.5-7B-Instruct on a GPU in
production). Without VLLM_BASE_URL the fixture model of this repository is started; it shows and tests the path but
classifies poorly, so every label it makes says `is_fixture`, and it is refused on extracts that are not synthetic
unless PATHWAYS_ALLOW_FIXTURE_ON_REAL=1.
"""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import dagster as dg

from resources.completions_client import CompletionsClient, ServedModel, ServerRefuses, ServerUnavailable
from resources.label_engine import GivenServer, LabelEngine
from resources.vllm_process import DTYPE, REPOSITORY, VllmCannotStart, VllmProcess, llm_python, vllm_version

FIXTURE_NAME = "pathways-fixture"
FIXTURE_WEIGHTS = REPOSITORY / "fixture_model" / "weights"
WEIGHT_SUFFIXES = {".safetensors", ".json"}


class FixtureRefused(Exception):
    """The fixture model was about to label notes that are not synthetic."""


class LabelServer(dg.ConfigurableResource):
    """Opens the label engine of a quarter. `root` is the folder of everything a run makes (`var`)."""

    root: str
    weights: str = str(FIXTURE_WEIGHTS)

    @property
    def labels_file(self) -> Path:
        """File that keeps every label made, across quarters. It holds no note text."""
        return Path(self.root) / "nlp" / "labels.sqlite"

    def engine(self, quarter: str, expected_model: str, warm_up: str) -> LabelEngine:
        """The engine that labels the notes of `quarter`; nothing is started yet.

        `expected_model` is asked for at VLLM_BASE_URL unless VLLM_MODEL names another. Raises FixtureRefused,
        VllmCannotStart, ServerRefuses and ServerUnavailable, each saying what to do.
        """
        given_url = os.environ.get("VLLM_BASE_URL", "")
        if given_url:
            server = GivenServer(given_url, os.environ.get("VLLM_API_KEY", ""))
            model = _given_model(server, os.environ.get("VLLM_MODEL") or expected_model)
            is_fixture = model.name == FIXTURE_NAME
            name, model_id = model.name, f"{model.name} ({Path(model.root).name or 'origin not given'})"
        else:
            is_fixture, name = True, FIXTURE_NAME
            python, weights = llm_python(os.environ), Path(self.weights)
            server = VllmProcess(python, weights, name, Path(self.root) / "nlp" / "vllm.log")
            model_id = managed_model_id(weights, python)
        if is_fixture:
            _require_synthetic(Path(self.root), quarter)
        return LabelEngine(name, model_id, is_fixture, warm_up, server)


def managed_model_id(weights: Path, python: Path) -> str:
    """Name, hash of the files, precision and engine of the fixture, found without starting anything.

    Raises VllmCannotStart when the weights or the engine are missing.
    """
    files = sorted(path for path in weights.glob("*") if path.suffix in WEIGHT_SUFFIXES)
    if not any(path.suffix == ".safetensors" for path in files):
        raise VllmCannotStart(f"There are no weights in {weights}. Restore the folder from the repository.")
    digest = sha256()
    for path in files:
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return f"{FIXTURE_NAME}@{digest.hexdigest()[:12]} {DTYPE} {vllm_version(python)}"


def label_engine_identity(environment: Mapping[str, str]) -> str:
    """What decides the labels besides code and settings, for telling whether stored tables are current.

    Asks no server and starts nothing. A given server is known by the hash of its address and the model asked for:
    other weights behind the same name are not noticed here.
    """
    if base_url := environment.get("VLLM_BASE_URL", ""):
        return f"given server {sha256(base_url.encode()).hexdigest()[:8]} {environment.get('VLLM_MODEL', '')}".strip()
    try:
        return managed_model_id(FIXTURE_WEIGHTS, llm_python(environment))
    except VllmCannotStart:
        return "no label engine"


def _given_model(server: GivenServer, wanted: str) -> ServedModel:
    client = CompletionsClient(server.base_url, server.api_key, trust_environment=True)
    try:
        models = client.served_models()
    except ServerUnavailable:
        raise ServerUnavailable("The server at VLLM_BASE_URL does not answer. Start it or correct the URL.") from None
    finally:
        client.close()
    for model in models:
        if wanted in (model.name, Path(model.name).name, Path(model.root).name):
            return model
    raise ServerRefuses(
        f"The server at VLLM_BASE_URL serves {', '.join(model.name for model in models) or 'nothing'}, not {wanted}. "
        "Set VLLM_MODEL to the name to use, or notes.labels.model in study.toml."
    )


def _require_synthetic(root: Path, quarter: str) -> None:
    is_allowed = os.environ.get("PATHWAYS_ALLOW_FIXTURE_ON_REAL") == "1"
    if is_allowed or (root / "extracts" / quarter / "SYNTHETIC.json").exists():
        return
    raise FixtureRefused(
        f"The extracts of {quarter} are not synthetic, and the fixture model classifies too poorly for real notes. "
        "Set VLLM_BASE_URL to a server of the model named in study.toml, or PATHWAYS_ALLOW_FIXTURE_ON_REAL=1 to try."
    )
