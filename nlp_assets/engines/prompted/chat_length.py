"""Whether a chat server reads a long note whole, found out before any real note is sent, and looked at in every answer.

Belongs here: notes of letters without sense, and what the answers to them give away. Does not belong here: asking
(nlp_assets/serving/chat/chat_client.py), windows (chat_engine.py).

Some servers keep only a part of a long prompt and say nothing: a note that begins with "attended" is then read without
its beginning, or the instructions before it are lost. How many tokens a text has, only the server knows: at worst one a
byte. So it is tried with texts that have as many tokens as any of their length: digits, letters without sense, and
letters that no vocabulary has. Two things are looked at. The tokens that the server says it read must grow with the
text. And a note that speaks for 1 must not be answered as one that speaks for 0, where it stands at the beginning, in
the middle or at the end of a long text. Of a real note, fewer tokens than its words must have are too few, and more
than were seen to be read whole are too many.
"""

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from nlp_assets.serving.chat.chat_answer import Answer
from nlp_assets.serving.chat.chat_client import TOO_LONG, ChatClient
from nlp_assets.serving.json_client import ServerRefuses
from nlp_assets.steps.notes.prompt import Prompt, messages

_SEED = 7
DIGITS = "0123456789"
NKO = "".join(map(chr, range(0x7CA, 0x7EB)))
ALPHABETS = (DIGITS, "bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ0123456789#%&=+", NKO)
_GROUP = 7
_SHORT_SHARE = 8  # a short note has this part of the longest note's bytes
_HALVINGS = 4
# Of a text of one kind, twice as much has twice the tokens, give or take where words happen to end.
_LEAST_GROWTH = 0.9
_FEWEST_TOKENS_PER_BYTE = 0.1
_PLAIN_PAIR = ("Did not attend. No contact with any service.", "Attended CGL today and engaged well with treatment.")
_REMEDY = "Raise its context length (Ollama: num_ctx), or lower notes.labels.chat_window_bytes."
_NUMBER = re.compile(r"(?<!\S)[0-9]+(?!\S)")
# Long numbers have fewer tokens a digit than those of the trial, where a token is up to three digits.
_LEAST_OF_NUMBERS = 0.65


@dataclass(frozen=True)
class TokensRead:
    """What was seen of the tokens that a server says it reads.

    most: of a prompt that it read whole, infinite when it does not say or refuses what is longer. around: of a prompt
    without a note, None when it does not say. per_word, per_digit_byte: the fewest that the texts of the trial had.
    counted: the trial texts with their tokens.
    """

    most: float = math.inf
    around: int | None = None
    per_word: float = 0.0
    per_digit_byte: float = 0.0
    counted: tuple[tuple[str, int], ...] = field(default=(), repr=False)

    def is_cut(self, note: str, tokens: int | None) -> bool:
        """Whether a server that says it read `tokens` for this note may not have read it whole."""
        if tokens is None or self.around is None:
            return False
        digits = sum(len(found) + 1 for found in _NUMBER.findall(note))
        words = len(_NUMBER.sub(" ", note).split())
        fewest = _LEAST_GROWTH * self.per_word * words + _LEAST_OF_NUMBERS * self.per_digit_byte * digits
        return not math.floor(self.around + fewest) <= tokens <= self.most


def tokens_read_whole(client: ChatClient, prompt: Prompt, longest: int) -> TokensRead:
    """What the server is seen to read whole. `longest`: bytes of the longest note that is sent.

    Raises ServerRefuses when the server cuts notes of that length, or when that cannot be told; ServerUnavailable.
    """
    around = _around(client, prompt)
    tried = [_tried(client, prompt, alphabet, longest) for alphabet in ALPHABETS]
    counted = [(text, it.prompt_tokens) for _, text, it, _ in tried if it.prompt_tokens is not None]
    says = around is not None and len(counted) == len(tried)
    rates = [_growth(client, prompt, around, *it[:3]) if around is not None and says else 0.0 for it in tried]
    size = min(len(text.encode()) for _, text, _, _ in tried)
    around_it = (DIGITS,) if says else (DIGITS, NKO)
    seen = all(_is_read_everywhere(client, prompt, alphabet, size) for alphabet in around_it)
    if not says and not seen:
        raise ServerRefuses(
            "The server does not say how many tokens it reads, and answers every note alike: whether it cuts notes "
            "cannot be told. Use a server that states usage.prompt_tokens."
        )
    if not says or around is None:
        return TokensRead()
    return TokensRead(
        most=math.inf if any(refuses for *_, refuses in tried) else max(tokens for _, tokens in counted),
        around=around,
        per_word=_per_word(client, prompt, around),
        per_digit_byte=rates[0],
        counted=tuple(counted),
    )


def _around(client: ChatClient, prompt: Prompt) -> int | None:
    """Tokens of a prompt without a note, asked twice: some servers do not count what they remember."""
    first, second = (client.answer(messages(prompt, "")).prompt_tokens for _ in range(2))
    return None if first is None or second is None else min(first, second)


def _tried(client: ChatClient, prompt: Prompt, alphabet: str, longest: int) -> tuple[str, str, Answer, bool]:
    """Alphabet, longest text of it that the server does not refuse, the answer, and whether what is longer is refused
    for its length.
    """
    refuses = False
    for halved in range(_HALVINGS):
        text = dense(alphabet, longest >> halved)
        answer = client.remembered(messages(prompt, text))
        if answer.outcome not in ("refused", "failed"):
            return alphabet, text, answer, refuses
        refuses = refuses or answer.reason == TOO_LONG
    raise ServerRefuses(f"The server refuses notes of {longest >> (_HALVINGS - 1)} bytes ({answer.reason}). {_REMEDY}")


def _growth(client: ChatClient, prompt: Prompt, around: int, alphabet: str, text: str, answer: Answer) -> float:
    """Tokens a byte. Raises ServerRefuses when they do not grow with the text."""
    long, short = len(text.encode()), max(1, len(text.encode()) // _SHORT_SHARE)
    few = client.remembered(messages(prompt, dense(alphabet, short))).prompt_tokens
    many = answer.prompt_tokens
    if few is None or many is None:
        return 0.0
    rate = max((few - around) / short, _FEWEST_TOKENS_PER_BYTE)
    expected = around + rate * long
    if many < _LEAST_GROWTH * expected:
        raise ServerRefuses(
            f"The server read {many} of about {expected:.0f} tokens: it cuts long prompts without saying so. {_REMEDY}"
        )
    return max(0.0, (many - around) / long)


def _per_word(client: ChatClient, prompt: Prompt, around: int) -> float:
    """The fewest tokens a word that the prompt's examples have; 0 when the server does not say."""
    answers = [(client.remembered(messages(prompt, note)), len(note.split())) for note, _ in prompt.examples]
    # Common words are one token each, in any vocabulary.
    return max(0.0, min(1.0, *(((answer.prompt_tokens or around) - around) / words for answer, words in answers)))


@cache
def dense(alphabet: str, size: int) -> str:
    """Text without sense of `size` bytes, another for every size: a server may not count what it has seen before."""
    draw = random.Random(f"{_SEED} {size}")
    letters = "".join(draw.choice(alphabet) for _ in range(size))
    words = " ".join(letters[start : start + _GROUP] for start in range(0, size, _GROUP + 1))
    return words.encode()[:size].decode(errors="ignore")


def _is_read_everywhere(client: ChatClient, prompt: Prompt, alphabet: str, longest: int) -> bool:
    """Whether two notes that are told apart still are with a long text around them; False when none are told apart.

    Raises ServerRefuses when they no longer are.
    """
    examples = tuple(next(note for note, label in prompt.examples if label == wanted) for wanted in ("0", "1"))
    pairs = [pair for pair in (examples, _PLAIN_PAIR) if _differ(client, prompt, pair)]
    for place in (0.0, 0.5, 1.0) if pairs else ():
        if not any(_differ(client, prompt, _within(pair, alphabet, longest, place)) for pair in pairs):
            raise ServerRefuses(
                f"The server gives the same answer whatever the {_PLACES[place]} of a long note says: it cuts long "
                f"prompts without saying so, or loses the thread. {_REMEDY}"
            )
    return bool(pairs)


_PLACES = {0.0: "beginning", 0.5: "middle", 1.0: "end"}


def _within(pair: Sequence[str], alphabet: str, longest: int, place: float) -> list[str]:
    """Both notes in the same text of letters without sense."""
    room = max(0, longest - max(len(note.encode()) for note in pair) - 2)
    before, behind = dense(alphabet, int(room * place)), dense(alphabet, int(room * (1 - place)))
    return ["\n".join(part for part in (before, note, behind) if part) for note in pair]


def _differ(client: ChatClient, prompt: Prompt, notes: Sequence[str]) -> bool:
    """Whether the answers differ; one that is refused shows that nothing is cut."""
    answers = [client.remembered(messages(prompt, note)) for note in notes]
    return any(it.outcome in ("refused", "failed") for it in answers) or answers[0].score != answers[1].score
