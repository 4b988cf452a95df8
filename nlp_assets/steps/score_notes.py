"""Has a label engine score notes, many at a time, and puts the scores into the store chunk by chunk.

Belongs here: the order of requests, windows, retries. Does not belong here: HTTP (resources/completions_client.py) and
what a score means for a note's label (label_notes.py). No error and no progress line holds note text.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Protocol

from nlp_assets.steps.label_store import Engine, LabelStore, NoteScore
from nlp_assets.steps.prompt import Prompt, render
from nlp_assets.steps.window_notes import window_note
from resources.completions_client import Score, ServerUnavailable
from resources.study_settings import Labels

# The same note in another batch differs in the seventh decimal at most: rounding makes reruns agree.
DECIMALS = 4
# A byte is at most one token; a few more where the note meets the prompt.
TOKENS_AT_SEAMS = 8


class Scorer(Protocol):
    """What resources/label_engine.py offers; tests offer less."""

    def count_tokens(self, text: str) -> int: ...

    def require_room(self, tokens: int) -> None: ...

    def score(self, prompts: list[str]) -> list[Score | None]: ...

    def recover(self) -> None: ...


def score_notes(
    notes: Sequence[tuple[str, str]], prompt: Prompt, settings: Labels, scorer: Scorer,
    store: LabelStore, engine: Engine, say: Callable[[int, int, float], None],
) -> None:
    """Score notes given as (hash, text), none of them blank, and put the scores into `store`.

    `say` is told notes done, notes in all, and notes per second, after each chunk of `settings.notes_per_chunk`.
    `requests_in_flight` batches of `notes_per_request` notes are asked at a time; when the server goes away, what was
    in its hands is asked again. Raises ServerUnavailable when it stays away, ServerRefuses when it will not serve.
    """
    scorer.require_room(settings.maximum_prompt_tokens)
    score_batch = partial(_score_batch, prompt=prompt, settings=settings, scorer=scorer,
                          around_note=scorer.count_tokens(render(prompt, "")))
    size = settings.notes_per_request
    waiting = deque(notes[start : start + size] for start in range(0, len(notes), size))
    in_flight: dict[Future, Sequence[tuple[str, str]]] = {}
    finished: list[NoteScore] = []
    done, started = 0, time.monotonic()
    with ThreadPoolExecutor(settings.requests_in_flight) as pool:
        while waiting or in_flight:
            while waiting and len(in_flight) < settings.requests_in_flight:
                batch = waiting.popleft()
                in_flight[pool.submit(score_batch, batch)] = batch
            answered = wait(in_flight, return_when=FIRST_COMPLETED).done
            server_away = any(isinstance(future.exception(), ServerUnavailable) for future in answered)
            if server_away:
                answered = wait(in_flight).done
            for future in answered:
                batch = in_flight.pop(future)
                if isinstance(future.exception(), ServerUnavailable):
                    waiting.appendleft(batch)
                else:
                    finished += future.result()
            if server_away:
                scorer.recover()
            if len(finished) >= settings.notes_per_chunk or not (waiting or in_flight):
                store.add(engine, finished)
                done += len(finished)
                finished = []
                say(done, len(notes), done / (time.monotonic() - started))


def _score_batch(
    batch: Sequence[tuple[str, str]], prompt: Prompt, settings: Labels, scorer: Scorer, around_note: int
) -> list[NoteScore]:
    def fits(text: str) -> bool:
        if around_note + len(text.encode()) + TOKENS_AT_SEAMS <= settings.maximum_prompt_tokens:
            return True
        return scorer.count_tokens(render(prompt, text)) <= settings.maximum_prompt_tokens

    prompts = [[render(prompt, window) for window in window_note(text, fits)] for _, text in batch]
    flat = [text for windows in prompts for text in windows]
    size = settings.notes_per_request
    scores = iter([score for start in range(0, len(flat), size) for score in scorer.score(flat[start : start + size])])
    return [
        _note_score(note_hash, [next(scores) for _ in windows])
        for (note_hash, _), windows in zip(batch, prompts, strict=True)
    ]


def _note_score(note_hash: str, scores: list[Score | None]) -> NoteScore:
    """One score of a note from those of its windows: the highest of each number, since one window is enough."""
    if not scores:
        return NoteScore(note_hash, "too_long")
    answered = [score for score in scores if score is not None]
    if len(answered) < len(scores):
        return NoteScore(note_hash, "rejected")
    return NoteScore(
        note_hash, "scored",
        p1=round(max(score.p1 for score in answered), DECIMALS),
        off_choice=round(max(1.0 if not score.chosen else score.off_choice for score in answered), DECIMALS),
    )
