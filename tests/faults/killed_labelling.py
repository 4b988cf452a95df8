"""A labelling run that tests kill: its notes, its engine and its store, the same in every process that goes on with it.

Belongs here: what the killed process runs. Does not belong here: killing it.
"""

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl

from nlp_assets.engines.prompted.prompt_engine import PromptEngine
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.label_client import LabelClient
from nlp_assets.serving.vllm.vllm_process import VllmProcess
from nlp_assets.steps.labels.label_notes import label_notes
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import EngineIdentity
from nlp_assets.steps.notes.note_hash import note_hash
from nlp_assets.steps.notes.prompt import load_prompt, render
from resources.settings.study_settings import load_study_settings

MODEL = "fixture"
KEY = bytes(32)
MARK = "Zebedee"
DISTINCT, REPEATED = 600, 60
SETTINGS = load_study_settings().notes.labels.model_copy(
    update={"notes_per_request": 4, "requests_in_flight": 2, "notes_per_chunk": 8}
)
PROMPT = load_prompt(SETTINGS.prompt)


def notes() -> pl.DataFrame:
    """600 notes, the last of which needs windows, and 60 of them a second time."""
    rng = random.Random(5)
    who = ["He", "She", "They", "PP", "POP"]
    what = ["attended CGL", "missed his AA meeting", "is on methadone", "was referred to Turning Point", "refuses help"]
    when = ["today", "last week", "on Monday", "as planned", "again"]
    texts = [
        f"{rng.choice(who)} {rng.choice(what)} {rng.choice(when)}, said {MARK}, entry {number}."
        for number in range(DISTINCT - 1)
    ]
    texts.append(" ".join(f"Entry {number}: nothing new to report about treatment." for number in range(300)))
    texts += texts[:REPEATED]
    return pl.DataFrame({"note_text": texts, "note_hash": note_hash(texts, KEY)})


def engine_on(server: VllmProcess | Endpoint) -> PromptEngine:
    """The engine on a server; with another server it is the same engine, as after a restart at another place."""
    return PromptEngine(
        PROMPT,
        SETTINGS,
        LabelClient(MODEL, render(PROMPT, ""), server),
        lambda settings: EngineIdentity(
            "vllm_prompt", MODEL, "of the test", PROMPT.hash, "of the test", settings, "fixture"
        ),
    )


def label(
    engine: PromptEngine, file: Path, say: Callable[[int, int, float], None] = lambda *_: None, **settings: int
) -> pl.DataFrame:
    """Label the notes with the store in `file`; `settings` differ from SETTINGS."""
    with LabelStore(file, KEY) as store:
        return label_notes(notes(), SETTINGS.model_copy(update=settings), engine, store, say)


def label_over(port: int, api_key: str, file: Path) -> None:
    """What a client process does: label over the server at a port of this machine, and stop."""
    with engine_on(Endpoint(f"http://127.0.0.1:{port}/v1", api_key)) as engine:
        label(engine, file)
