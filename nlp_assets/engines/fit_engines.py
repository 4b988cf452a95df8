"""Which engines may make tables of which extracts, or why one may not.

Does not belong here: labelling (publishable_labels.py) and opening engines (open_engine.py).
"""

from pathlib import Path

from nlp_assets.engines.engine_quality import ENCODERS
from nlp_assets.engines.open_engine import INSTRUCT, default_engine_name
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.note_engine import EngineIdentity
from resources.settings.study_settings import Labels


class EngineRefused(Exception):
    """An engine was about to make labels that it is not fit for; the message says which and what to do."""


def require_instruct_model(labels: Labels, is_synthetic: bool, quarter: str, serving: Serving) -> None:
    """Raise EngineRefused unless the extracts are synthetic, an instruct model is due, or study.toml says why not.

    The environment says where the model is served; which one reads real notes is said by study.toml, which is
    published. Asks no server and reads nothing: for before a refresh, and before notes are taken.
    """
    if is_synthetic:
        return
    name = default_engine_name(labels, serving)
    if name not in INSTRUCT:
        _require_own_engine(name, labels, quarter)
        return
    asked = serving.model_folder if name == "folder" else serving.model
    if asked and Path(asked).name != Path(labels.model).name:
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the environment names the model {Path(asked).name}, "
            f"study.toml {labels.model}. Name the model that reads in notes.labels.model: it is published."
        )


def require_fit(identity: EngineIdentity, labels: Labels, is_synthetic: bool, quarter: str) -> None:
    """Raise EngineRefused for a baseline; on extracts that are not synthetic also for the fixture, whoever serves it,
    unless study.toml names it and says why, and for a model with other weights than study.toml states.
    """
    if identity.kind == "baseline":
        raise EngineRefused(
            f"{identity.model} is a baseline and makes no table that is published. Use it with `pathways label` or "
            "`pathways compare-models`."
        )
    if is_synthetic:
        return
    if identity.kind == "fixture":
        _require_own_engine("fixture", labels, quarter)
    elif identity.kind == "model" and labels.weights_sha256 not in ("", identity.weights):
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the weights of {identity.model} are not those that "
            "notes.labels.weights_sha256 of study.toml states. Serve those, or state the hash of these."
        )


def _require_own_engine(name: str, labels: Labels, quarter: str) -> None:
    """Raise EngineRefused unless study.toml names this engine of the repository, and says why it reads real notes."""
    if not labels.without_instruct_model_because.strip():
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the {name} of this repository was trained on invented "
            "notes: an instruct model has to read them. Set VLLM_BASE_URL to a server of the model named in "
            "study.toml, or PATHWAYS_MODEL_DIR to its folder. To read them without one, write the reason into "
            "notes.labels.without_instruct_model_because in study.toml: it is published with the figures."
        )
    if name != labels.engine and not {name, labels.engine} <= set(ENCODERS):
        raise EngineRefused(
            f"The extracts of {quarter} are not synthetic, and the {name} would read them. The reason in study.toml is "
            f"given for the {labels.engine} (notes.labels.engine): let that read, or name the other there."
        )
