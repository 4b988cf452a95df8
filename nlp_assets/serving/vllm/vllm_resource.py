"""The server of the model that reads notes, as a Dagster resource that the UI shows.

Belongs here: its fields and how the environment fills them. Does not belong here: what is done with it (serving.py).

The UI shows names of environment variables, not what is in them: an address may hold a password, and the key is one.
"""

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg
from pydantic import Field

from nlp_assets.serving.endpoint import Route
from nlp_assets.serving.json_client import ANSWER_SECONDS
from nlp_assets.serving.serving import VARIABLES, Serving
from nlp_assets.serving.vllm.vllm_process import SECONDS_TO_START


class VllmResource(dg.ConfigurableResource):
    """The vLLM server that reads contact notes: one that somebody else runs, or one that a run starts here and ends.

    A server elsewhere goes before a model folder, and a folder before an engine of this repository. The encoder among
    those reads in the run itself, without a server. On extracts that are not synthetic an instruct model is required: a
    server elsewhere or a model folder.
    """

    served: str = Field(description="who serves the model: somebody elsewhere, or a run of this zone here")
    base_url: str = Field(
        default="", description="address of a server elsewhere, such as https://gpu-host/v1 (VLLM_BASE_URL)"
    )
    api_key: str = Field(default="", description="key of that server (VLLM_API_KEY)")
    model: str = Field(
        default="", description="name to ask it for (VLLM_MODEL); empty: notes.labels.model of study.toml"
    )
    api: str = Field(
        default="", description="chat for a server that has only /v1/chat/completions (PATHWAYS_API); empty: vLLM"
    )
    model_folder: str = Field(
        default="", description="folder of an instruct model that is served here on the CPU (PATHWAYS_MODEL_DIR)"
    )
    engine: str = Field(
        default="",
        description="engine of this repository that reads where there is neither (PATHWAYS_ENGINE): encoder, "
        "served_encoder or fixture; empty: notes.labels.engine of study.toml",
    )
    llm_python: str = Field(
        default="", description="Python that has vLLM, for serving here (PATHWAYS_LLM_PYTHON); empty: .venv-llm"
    )
    start_seconds: float = Field(
        default=SECONDS_TO_START, gt=0, description="seconds that a server started here may take to be healthy"
    )
    answer_seconds: float = Field(
        default=ANSWER_SECONDS, gt=0, description="seconds that one answer may take, of a server here or elsewhere"
    )

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "VllmResource":
        """The resource filled by the environment variables that are set, each by its name."""
        named: dict[str, Any] = {
            name: dg.EnvVar(variable) for name, variable in VARIABLES.items() if environment.get(variable, "")
        }
        return cls(served=Serving.of(environment).where, **named)

    @property
    def serving(self) -> Serving:
        """Where the model is served, in a run: with the values of the variables."""
        said: dict[str, Any] = {name: getattr(self, name) for name in VARIABLES}
        # Whoever launches a run may change its fields: how far notes may travel is no field.
        return Serving(
            **said, start_seconds=self.start_seconds, answer_seconds=self.answer_seconds, route=Route.of(os.environ)
        )
