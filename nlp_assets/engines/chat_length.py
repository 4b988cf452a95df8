"""Whether a chat server reads a long note whole, found out before any real note is sent.

Belongs here: notes of digits and letters without sense, and what the answers to them give away. Does not belong here:
asking (resources/chat_client.py), windows (chat_engine.py).

Some servers keep only the end of a long prompt and say nothing: a note that begins with "attended" is then read without
its beginning, and without the instructions before it. How many tokens a text has, only the server knows; digits have
the most. So two things are looked at. The tokens that the server says it read must grow with the text up to the longest
note that is sent. And a long note that begins with an example for 1 must not be answered as the same note that begins
with an example for 0.
"""

import math
import random

from nlp_assets.steps.prompt import Prompt, messages
from resources.chat_client import Answer, ChatClient, Messages
from resources.json_server import ServerRefuses

_SEED = 7
_ALPHABETS = ("0123456789", "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ0123456789#%&=+")
_GROUP = 7
_SHORT_SHARE = 8  # a short note has this part of the longest note's bytes
# Of a text of one kind, twice as much has twice the tokens, give or take where words happen to end.
_LEAST_GROWTH = 0.9
_FEWEST_TOKENS_PER_BYTE = 0.1
_PLAIN_PAIR = ("Did not attend. No contact with any service.", "Attended CGL today and engaged well with treatment.")
_REMEDY = "Raise its context length (Ollama: num_ctx), or lower notes.labels.chat_window_bytes."


def tokens_read_whole(client: ChatClient, prompt: Prompt, longest: int) -> float:
    """The most tokens of a prompt that the server was seen to read whole; infinite when it does not say what it reads.

    `longest`: bytes of the longest note that is sent. Raises ServerRefuses when the server cuts notes of that length,
    ServerUnavailable.
    """
    empty = client.answer(messages(prompt, "")).prompt_tokens
    read = []
    for alphabet in _ALPHABETS:
        short, long = _dense(alphabet, longest // _SHORT_SHARE), _dense(alphabet, longest)
        few = client.answer(messages(prompt, short)).prompt_tokens
        many = client.answer(messages(prompt, long))
        if many.score is None:  # refused: a server that says so cuts nothing
            return math.inf
        if empty is not None and few is not None and many.prompt_tokens is not None:
            _require_growth(empty, few - empty, len(short), many.prompt_tokens, len(long))
            read.append(many.prompt_tokens)
    seen = _beginning_is_read(client, prompt, longest)
    if not read and not seen:
        raise ServerRefuses(
            "The server does not say how many tokens it reads, and answers every note alike: whether it cuts notes "
            "cannot be told. Use a server that states usage.prompt_tokens."
        )
    return max(read, default=math.inf)


def _dense(alphabet: str, size: int) -> str:
    """Text without sense of `size` bytes, another for every size: a server may not count what it has seen before."""
    draw = random.Random(f"{_SEED} {size}")
    letters = "".join(draw.choice(alphabet) for _ in range(size))
    return " ".join(letters[start:start + _GROUP] for start in range(0, size, _GROUP + 1))[:size]


def _require_growth(empty: int, few: int, short: int, many: int, long: int) -> None:
    expected = empty + max(few / short, _FEWEST_TOKENS_PER_BYTE) * long
    if many < _LEAST_GROWTH * expected:
        raise ServerRefuses(
            f"The server read {many} of about {expected:.0f} tokens: it cuts long prompts without saying so. {_REMEDY}"
        )


def _beginning_is_read(client: ChatClient, prompt: Prompt, longest: int) -> bool:
    """Whether two notes that are told apart still are with a long text behind them; False when none are told apart.

    Raises ServerRefuses when they no longer are.
    """
    examples = tuple(next(note for note, label in prompt.examples if label == wanted) for wanted in ("0", "1"))
    filler = _dense(_ALPHABETS[0], longest)
    for pair in (examples, _PLAIN_PAIR):
        if not _differ([client.answer(messages(prompt, note)) for note in pair]):
            continue
        if _differ([client.answer(_followed(prompt, note, filler, longest)) for note in pair]):
            return True
        raise ServerRefuses(
            "The server gives the same answer however a long note begins: it cuts long prompts without saying so, or "
            f"loses the thread. {_REMEDY}"
        )
    return False


def _followed(prompt: Prompt, note: str, filler: str, longest: int) -> Messages:
    # Both notes end in the same letters, so that what is left of them after a cut is the same text.
    room = longest - len(note.encode()) - 1
    return messages(prompt, f"{note}\n{filler[-room:]}" if room > 0 else note)


def _differ(answers: list[Answer]) -> bool:
    scores = [answer.score for answer in answers]
    return None in scores or scores[0] != scores[1]
