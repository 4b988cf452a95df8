"""Where the model that reads notes is served: by somebody else, or here.

Belongs here: addresses, folders and timeouts, and the environment variables that name them. Does not belong here: the
Dagster resource (vllm_resource.py), asking a server (label_client.py), starting one (vllm_process.py).

Environment: VLLM_BASE_URL, VLLM_API_KEY and VLLM_MODEL name a server that somebody else runs (Qwen2.5-7B-Instruct on a
GPU in production); PATHWAYS_API=chat says that it has only /v1/chat/completions. PATHWAYS_PLAIN_HTTP_HOSTS,
PATHWAYS_PROXY and PATHWAYS_CA_BUNDLE say how it is reached (endpoint.py). PATHWAYS_MODEL_DIR names a folder of a
Qwen2.5-Instruct model, served here on the CPU by the Python that PATHWAYS_LLM_PYTHON names. With neither, the engine of
this repository that PATHWAYS_ENGINE names reads, or else that of study.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nlp_assets.serving.endpoint import Endpoint, Route
from nlp_assets.serving.json_client import ANSWER_SECONDS, ServerRefuses
from nlp_assets.serving.vllm.vllm_process import SECONDS_TO_START, llm_python

Where = Literal["elsewhere", "here, from a folder", "here, an engine of this repository"]


@dataclass(frozen=True)
class Serving:
    """What is known of it; an empty text is not said. `api`: "chat" for a server with /v1/chat/completions alone.

    start_seconds: for a server that is started here to be healthy. answer_seconds: for one answer of any server.
    route: how a server that somebody else runs is reached; no run can say another one.
    """

    base_url: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    model: str = ""
    api: str = ""
    model_folder: str = ""
    engine: str = ""
    llm_python: str = ""
    start_seconds: float = SECONDS_TO_START
    answer_seconds: float = ANSWER_SECONDS
    route: Route = field(default_factory=Route)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Serving":
        """What the environment variables say."""
        said: dict[str, Any] = {name: environment.get(variable, "") for name, variable in VARIABLES.items()}
        return cls(**said, route=Route.of(environment))

    @property
    def where(self) -> Where:
        """Who serves: a server goes before a folder, and a folder before an engine of this repository."""
        if self.base_url:
            return "elsewhere"
        return "here, from a folder" if self.model_folder else "here, an engine of this repository"

    @property
    def has_chat_only(self) -> bool:
        """Whether the server is said to have only /v1/chat/completions. Raises ServerRefuses for another word."""
        api = self.api.strip().lower()
        if api not in ("", "chat"):
            raise ServerRefuses("PATHWAYS_API is neither empty, for vLLM, nor chat, for any other endpoint. Set it so.")
        return api == "chat"

    @property
    def python(self) -> Path:
        """Python that has vLLM."""
        return llm_python({VARIABLES["llm_python"]: self.llm_python})

    def server(self) -> Endpoint:
        """The server that somebody else runs. Raises ServerRefuses when none is named, or none to send notes to."""
        if not self.base_url:
            raise ServerRefuses("No server is named. Set VLLM_BASE_URL (and VLLM_API_KEY), e.g. https://gpu-host/v1")
        return Endpoint(self.base_url, self.api_key, self.answer_seconds, self.route)


VARIABLES = {
    "base_url": "VLLM_BASE_URL",
    "api_key": "VLLM_API_KEY",
    "model": "VLLM_MODEL",
    "api": "PATHWAYS_API",
    "model_folder": "PATHWAYS_MODEL_DIR",
    "engine": "PATHWAYS_ENGINE",
    "llm_python": "PATHWAYS_LLM_PYTHON",
}
