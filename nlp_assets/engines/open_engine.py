"""Opens an engine that reads notes, by its name.

Belongs here: which engine is used where, and what each is called. Does not belong here: how any of them reads.
Where the model is served, nlp_assets/serving/serving.py says.
"""

from hashlib import sha256
from pathlib import Path

from nlp_assets.engines.baselines.rules_baseline import RulesBaseline
from nlp_assets.engines.baselines.tfidf_baseline import TfidfBaseline
from nlp_assets.engines.engine_quality import ENCODERS
from nlp_assets.engines.prompted.chat_engine import ChatEngine
from nlp_assets.engines.prompted.fixture_model import FIXTURE_NAME, FIXTURE_TELLTALE, FIXTURE_WEIGHTS, fixture_tokens
from nlp_assets.engines.prompted.prompt_engine import NAME as VLLM_PROMPT
from nlp_assets.engines.prompted.prompt_engine import PromptEngine
from nlp_assets.serving.completions_client import CompletionsClient, ServedModel
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from nlp_assets.serving.label_client import LabelClient
from nlp_assets.serving.serving import Serving
from nlp_assets.serving.vllm.model_weights import NoWeights, weights_sha256
from nlp_assets.serving.vllm.vllm_process import DTYPE, VllmCannotStart, VllmProcess, vllm_version
from nlp_assets.steps.labels.note_engine import (
    ENGINE_NAMES,
    STATED_BY_NOBODY,
    EngineCannotOpen,
    EngineIdentity,
    EngineKind,
    NoteEngine,
)
from nlp_assets.steps.notes.prompt import load_prompt, render
from resources.settings.study_settings import Labels

GIVEN = ("server", "chat")
INSTRUCT = (*GIVEN, "folder")  # models that follow a prompt; the encoder and the fixture were trained on invented notes


def default_engine_name(labels: Labels, serving: Serving) -> str:
    """The engine that reads where nobody names one: a server, else a model folder, else one of this repository.

    That is the one that the environment names (PATHWAYS_ENGINE), else that of study.toml. Raises ServerRefuses for a
    PATHWAYS_API that is none.
    """
    if serving.base_url:
        return "chat" if serving.has_chat_only else "server"
    return "folder" if serving.model_folder else serving.engine or labels.engine


def open_engine(name: str, labels: Labels, root: Path, serving: Serving) -> NoteEngine:
    """The engine called `name`; nothing is started yet. `root`: folder of everything a run makes (`var`).

    Raises EngineCannotOpen for another name, a missing folder or an encoder that is not installed, PromptError for a
    prompt that cannot be used, ServerRefuses when a server is asked for and none is named.
    """
    if name in ENCODERS:
        return _encoder(name, labels, root, serving)
    if name == "fixture":
        return _managed(FIXTURE_WEIGHTS, FIXTURE_NAME, labels, root, serving)
    if name == "folder":
        folder = model_folder(serving)
        return _managed(folder, folder.name, labels, root, serving)
    if name == "server":
        return _given(serving.server(), serving.model or labels.model, labels)
    if name == "chat":
        model = serving.model or labels.model
        return ChatEngine(
            load_prompt(labels.prompt), labels, serving.server(), model, _kind_of_given(model, "", labels)
        )
    if name == "rules":
        return RulesBaseline()
    if name == "tfidf":
        return TfidfBaseline()
    raise EngineCannotOpen(f"There is no engine {name!r}. Engines: {', '.join(ENGINE_NAMES)}.")


def engine_fingerprint(labels: Labels, root: Path, serving: Serving) -> str:
    """What decides the labels besides code and settings, for telling whether stored tables are current.

    Asks no server and starts nothing. A given server is known by the hash of its address and the model asked for:
    other weights behind the same name are not noticed here unless study.toml states their hash.
    """
    try:
        name = default_engine_name(labels, serving)
    except ServerRefuses:
        return "server missing"
    if name in GIVEN:
        address = sha256(serving.base_url.encode()).hexdigest()[:8]
        return f"{name} {address} {serving.model}".strip()
    try:
        return f"{name} {open_engine(name, labels, root, serving).identity.run_id}"
    except (EngineCannotOpen, NoWeights, VllmCannotStart, ImportError):
        return f"{name} missing"


def model_folder(serving: Serving) -> Path:
    """The folder that PATHWAYS_MODEL_DIR names. Raises EngineCannotOpen when it is not set or no folder."""
    named = serving.model_folder
    if not named:
        raise EngineCannotOpen("No model folder is named. Set PATHWAYS_MODEL_DIR, or use --model DIR.")
    folder = Path(named).expanduser().resolve()
    if not folder.is_dir():
        raise EngineCannotOpen(f"{named} is no folder. PATHWAYS_MODEL_DIR names that of a Qwen2.5-Instruct model.")
    return folder


def _encoder(name: str, labels: Labels, root: Path, serving: Serving) -> NoteEngine:
    # Imported only here: whoever reads with a server needs nothing of the encoder.
    if name == "encoder":
        from nlp_assets.engines.encoder.embedded_encoder import embedded_encoder

        return embedded_encoder(labels.encoder_threads)
    from nlp_assets.engines.encoder.served_encoder import served_encoder

    return served_encoder(root, serving)


def _managed(weights: Path, name: str, labels: Labels, root: Path, serving: Serving) -> PromptEngine:
    prompt, python = load_prompt(labels.prompt), serving.python
    process = VllmProcess(
        python,
        weights,
        name,
        root / "nlp" / "vllm.log",
        start_seconds=serving.start_seconds,
        answer_seconds=serving.answer_seconds,
    )

    def identify(settings: str) -> EngineIdentity:
        digest = weights_sha256(weights, root / "nlp" / "weights_sha256.json")
        return EngineIdentity(
            VLLM_PROMPT,
            name,
            digest,
            prompt.hash,
            f"{vllm_version(python)} {DTYPE}",
            settings,
            "fixture" if digest == weights_sha256(FIXTURE_WEIGHTS) else "model",
        )

    return PromptEngine(prompt, labels, LabelClient(name, render(prompt, ""), process), identify)


def _given(server: Endpoint, wanted: str, labels: Labels) -> PromptEngine:
    prompt = load_prompt(labels.prompt)
    model, version, has_fixture_tokens = _ask_what_is_served(server, wanted)

    def identify(settings: str) -> EngineIdentity:
        root = Path(model.root).name or "origin not given"
        return EngineIdentity(
            VLLM_PROMPT,
            f"{model.name} ({root})",
            labels.weights_sha256 or STATED_BY_NOBODY,
            prompt.hash,
            f"vllm {version or 'version not given'}",
            settings,
            "fixture" if has_fixture_tokens else _kind_of_given(model.name, model.root, labels),
        )

    return PromptEngine(prompt, labels, LabelClient(model.name, render(prompt, ""), server), identify)


def _kind_of_given(name: str, root: str, labels: Labels) -> EngineKind:
    """The fixture stays the fixture when somebody else serves it."""
    named_so = FIXTURE_NAME in f"{name} {root}".lower() or Path(root) == FIXTURE_WEIGHTS
    return "fixture" if named_so or labels.weights_sha256 == weights_sha256(FIXTURE_WEIGHTS) else "model"


def _ask_what_is_served(server: Endpoint, wanted: str) -> tuple[ServedModel, str, bool]:
    """The model served by that name, the version of the server, and whether it has the fixture's vocabulary."""
    client = CompletionsClient(server)
    try:
        models, version = client.served_models(), client.version()
        for model in models:
            if wanted in (model.name, Path(model.name).name, Path(model.root).name):
                tokens = client.tokens_of(model.name, FIXTURE_TELLTALE)
                return model, version, tokens == fixture_tokens(FIXTURE_TELLTALE)
    except ServerUnavailable:
        raise ServerUnavailable("The server at VLLM_BASE_URL does not answer. Start it or correct the URL.") from None
    finally:
        client.close()
    raise ServerRefuses(
        f"The server at VLLM_BASE_URL serves {', '.join(model.name for model in models) or 'nothing'}, not {wanted}. "
        "Set VLLM_MODEL to the name to use, or notes.labels.model in study.toml."
    )
