"""The options of `pathways bench labels`, and the server it measures. Does not belong here: measuring (labels.py)."""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathways.refresh.ending import said_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlp_assets.serving.endpoint import Endpoint

HELP = """Measure how fast a server reads notes, and print one JSON line.

Notes a second, the share of the prompt found in the server's cache, and how
much the model wanted to say something other than 0 and 1. The notes are
synthetic and of a stated length.

A running vLLM, the key in VLLM_API_KEY:

\b
pathways bench labels --url https://gpu-host/v1 \\
  --parameters-billion 6.53 --peak-tflops 790

A model folder on this machine's CPU; with --dummy-weights it needs no
weights, only config.json and the tokenizer. Without any option: the fixture.

\b
pathways bench labels --folder Qwen2.5-0.5B-Instruct --dummy-weights
"""


_Url = Annotated[str | None, typer.Option(help="Server to measure; the key is read from VLLM_API_KEY.")]
_Model = Annotated[str | None, typer.Option(help="Name it is served under; needed when it serves several.")]
_Folder = Annotated[
    Path | None,
    typer.Option(exists=True, file_okay=False, help="Model folder to serve on this machine's CPU instead."),
]
_DummyWeights = Annotated[bool, typer.Option(help="Serve --folder with random weights: speed only.")]
_Notes = Annotated[int, typer.Option(min=1, help="Notes that are timed.")]
_NoteTokens = Annotated[int, typer.Option(min=5, max=1000, help="Mean length of a note, tokens.")]
_NotesPerRequest = Annotated[int | None, typer.Option(min=1, help="Default: as in study.toml.")]
_RequestsInFlight = Annotated[int | None, typer.Option(min=1, help="Default: as in study.toml.")]
_WarmUp = Annotated[int, typer.Option(min=0, help="Notes sent before the clock starts.")]
_ParametersBillion = Annotated[
    float | None,
    typer.Option(min=0, help="Parameters of the model without its vocabulary, for the bound: 6.53 for Qwen2.5-7B."),
]
_PeakTflops = Annotated[float | None, typer.Option(min=0, help="TFLOP/s of the card, for the bound.")]
_Seed = Annotated[int, typer.Option(help="Seed of the notes.")]


def labels(
    url: _Url = None,
    model: _Model = None,
    folder: _Folder = None,
    dummy_weights: _DummyWeights = False,
    notes: _Notes = 2000,
    note_tokens: _NoteTokens = 150,
    notes_per_request: _NotesPerRequest = None,
    requests_in_flight: _RequestsInFlight = None,
    warm_up: _WarmUp = 200,
    parameters_billion: _ParametersBillion = None,
    peak_tflops: _PeakTflops = None,
    seed: _Seed = 1,
) -> None:
    """Measure a server and print the line of HELP."""
    from nlp_assets.serving.completions_client import CompletionsClient
    from nlp_assets.serving.json_client import ServerUnavailable
    from nlp_assets.steps.notes.prompt import load_prompt
    from pathways.bench.labels.labels import Asked, Card, measure_labels
    from resources.settings.study_settings import load_study_settings

    settings = load_study_settings().notes.labels
    asked = Asked(
        notes,
        note_tokens,
        notes_per_request or settings.notes_per_request,
        requests_in_flight or settings.requests_in_flight,
        warm_up,
        settings.maximum_off_choice,
        seed,
    )
    card = Card(parameters_billion, peak_tflops) if parameters_billion and peak_tflops else None
    failure = ""
    try:
        with _server(url, folder, dummy_weights) as (endpoint, weights):
            client = CompletionsClient(endpoint)
            served = _choose(client, model)
            line = measure_labels(client, load_prompt(settings.prompt), asked, card)
            version = client.version()
            client.close()
        of_server = {"model": served, "weights": weights, "version": version}
        print(json.dumps({"benchmark": "labels", **of_server, "prompt": settings.prompt, **line}))
    except ServerUnavailable:
        failure = f"{url or 'The server'} does not answer. Start it, or correct the URL."
    except Exception as error:
        failure = said_of(error)
    if failure:
        print(f"pathways bench labels: {failure}", file=sys.stderr)
        raise typer.Exit(1)


@contextmanager
def _server(url: str | None, folder: Path | None, dummy_weights: bool) -> "Iterator[tuple[Endpoint, str]]":
    """The server to measure and what is known of its weights; started and stopped here unless given."""
    from nlp_assets.engines.open_engine import FIXTURE_NAME, FIXTURE_WEIGHTS
    from nlp_assets.serving.endpoint import Endpoint, Route
    from nlp_assets.serving.vllm.vllm_process import VllmProcess, llm_python
    from resources.process.data_root import data_root

    if url:
        yield Endpoint(url, os.environ.get("VLLM_API_KEY", ""), route=Route.of(os.environ)), "as served"
        return
    weights, name = (folder.resolve(), folder.resolve().name) if folder else (FIXTURE_WEIGHTS, FIXTURE_NAME)
    origin = "random" if dummy_weights else "of the folder" if folder else "fixture"
    process = VllmProcess(
        llm_python(os.environ), weights, name, data_root() / "bench" / "vllm.log", dummy_weights=dummy_weights
    )
    try:
        process.start(lambda message: print(message, file=sys.stderr))
        yield process.endpoint, origin
    finally:
        process.stop()


def _choose(client, name: str | None) -> str:
    """Make the client ask for `name`, or for the only model served. Raises ServerRefuses."""
    from nlp_assets.serving.json_client import ServerRefuses

    served = [model.name for model in client.served_models()]
    wanted = name or (served[0] if len(served) == 1 else "")
    if wanted not in served:
        raise ServerRefuses(f"The server serves {', '.join(served) or 'nothing'}. Name one of them with --model.")
    client.choose_model(wanted)
    return wanted
