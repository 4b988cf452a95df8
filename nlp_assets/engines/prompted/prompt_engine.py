"""Reads notes with an instruct model behind vLLM: one constrained token per note, many notes in one request.

Belongs here: windows, the prompt around each, and the note's reading from theirs. Does not belong here: which server
and model it is (open_engine.py), HTTP and recovery (nlp_assets/serving/label_client.py).
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, Self

from nlp_assets.serving.completions_client import Score
from nlp_assets.steps.labels.note_engine import CONTROL_TOKENS, EngineIdentity, Reading, reading_of_windows
from nlp_assets.steps.notes.prompt import Prompt, render
from nlp_assets.steps.notes.window_notes import window_note
from resources.settings.study_settings import Labels

NAME = "vllm_prompt"
# A byte is at most one token; a few more where the note meets the prompt.
TOKENS_AT_SEAMS = 8
# No text has longer tokens on average: a longer note is windowed without asking the tokenizer for its length.
BYTES_PER_TOKEN = 16


class Scorer(Protocol):
    """What nlp_assets/serving/label_client.py offers; tests offer less."""

    def __enter__(self) -> object: ...

    def __exit__(self, *error) -> None: ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text."""
        ...

    def require_room(self, tokens: int) -> None:
        """Raise an error where a prompt of so many tokens is too long for the model."""
        ...

    def score(self, prompts: list[str]) -> list[Score | None]:
        """What the model answers to each prompt; None where it gives no answer."""
        ...

    def recover(self) -> None:
        """Bring back a server that ended."""
        ...


class PromptEngine:
    """A NoteEngine (note_engine.py) around a server that scores prompts. `identify` is called once, when needed.

    Equal settings beside prompt and model: the longest prompt, from which notes are windowed.
    """

    def __init__(self, prompt: Prompt, labels: Labels, server: Scorer, identify: Callable[[str], EngineIdentity]):
        self.server = server
        self._prompt = prompt
        self._labels = labels
        self._identify = identify
        self._has_room = False

    @property
    def identity(self) -> EngineIdentity:
        """See NoteEngine."""
        return self._identity

    @cached_property
    def _identity(self) -> EngineIdentity:
        settings = {
            "maximum_prompt_tokens": self._labels.maximum_prompt_tokens,
            "windows": "sentences",
            **CONTROL_TOKENS,
        }
        return self._identify(json.dumps(settings, sort_keys=True))

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self.server.__exit__(*error)

    def recover(self) -> None:
        """See NoteEngine."""
        self.server.recover()

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """See NoteEngine. A note that does not fit one prompt is read in windows of whole sentences."""
        self._require_room()
        prompts = [[render(self._prompt, window) for window in window_note(text, self._fits)] for text in texts]
        flat = [text for windows in prompts for text in windows]
        size = self._labels.notes_per_request
        asked = [flat[start : start + size] for start in range(0, len(flat), size)]
        scores = iter([score for part in asked for score in self.server.score(part)])
        return [reading_of_windows([_reading(next(scores)) for _ in windows]) for windows in prompts]

    def _require_room(self) -> None:
        if not self._has_room:
            self.server.require_room(self._labels.maximum_prompt_tokens)
            self._has_room = True

    @cached_property
    def _around_note(self) -> int:
        return self.server.count_tokens(render(self._prompt, ""))

    def _fits(self, text: str) -> bool:
        size, most = len(text.encode()), self._labels.maximum_prompt_tokens
        if self._around_note + size + TOKENS_AT_SEAMS <= most:
            return True
        return size <= BYTES_PER_TOKEN * most and self.server.count_tokens(render(self._prompt, text)) <= most


def _reading(score: Score | None) -> Reading:
    if score is None:
        return Reading("rejected")
    return Reading("scored", score.p1, score.off_choice if score.chosen else 1.0)
