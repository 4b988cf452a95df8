"""The fixture: the tiny model of this repository that shows and tests the path of notes.

Belongs here: its name and files, and knowing it behind another name. Does not belong here: training it
(note_models/fixture/train.py) and serving it (open_engine.py).

Whoever serves it may call it anything, but not change its vocabulary: no other model cuts a text into the same tokens.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from nlp_assets.serving.vllm.vllm_process import REPOSITORY
from nlp_assets.steps.notes.prompt import Prompt, render

FIXTURE_NAME = "pathways-fixture"
FIXTURE_WEIGHTS = REPOSITORY / "note_models/fixture" / "weights"
FIXTURE_TELLTALE = "Attended an appointment with the recovery worker at the community drug and alcohol service."
# Of a single text, two vocabularies may by chance have as many tokens.
_FEWEST_TEXTS = 2


def fixture_tokens(text: str) -> list[int]:
    """The tokens that the fixture reads for a text."""
    return _tokenizer().encode(text, add_special_tokens=False).ids


@cache
def _tokenizer() -> Any:
    from tokenizers import Tokenizer  # only here: whoever asks no server needs nothing of it

    return Tokenizer.from_file(str(FIXTURE_WEIGHTS / "tokenizer.json"))


def has_the_fixtures_tokens(prompt: Prompt, around: int | None, counted: Sequence[tuple[str, int]]) -> bool:
    """Whether notes have the fixture's numbers of tokens.

    `around`: tokens of a prompt without a note; `counted`: notes, each with the tokens of its whole prompt.
    """
    if around is None or len(counted) < _FEWEST_TEXTS:
        return False
    empty = len(fixture_tokens(render(prompt, "")))
    return all(len(fixture_tokens(render(prompt, note))) - empty == tokens - around for note, tokens in counted)
