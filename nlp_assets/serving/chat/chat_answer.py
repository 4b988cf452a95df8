"""Reads what a server says of one note: "0" or "1" and nothing else, with its probability where one is shown.

Belongs here: the forms in which servers put an answer, and what to do about other forms. Does not belong here: HTTP
(json_client.py), what is asked (chat_request.py). No message quotes an answer: a server may echo the note.

No constraint to two tokens is known to all servers, so the answer is read strictly. Where it carries `logprobs`, those
of its first token that is no blank give the probabilities; where not, an answer "1" is p1 1.0, an answer "0" is p1 0.0,
and what else the model could have said is not known: its probability is given as 0.
"""

import math
import re
from dataclasses import dataclass
from typing import Any, Literal

from contracts.vocabulary import NOTE_LABELS
from nlp_assets.serving.completions_client import Score
from nlp_assets.serving.json_client import ServerRefuses, read_answer

PATH = "/chat/completions"
Outcome = Literal["scored", "other words", "withheld", "refused", "failed"]


@dataclass(frozen=True)
class Answer:
    """What a server said of one note.

    outcome: scored; other words than 0 and 1; withheld by a filter or a refusal of the model; refused or failed, as
    `reason` says. score: when it is scored. at_once: whether the digit is the first token, None when no probabilities
    are shown. prompt_tokens: read by the server, None when unsaid.
    """

    outcome: Outcome
    reason: str = ""
    score: Score | None = None
    at_once: bool | None = None
    prompt_tokens: int | None = None
    answered_by: str = ""


def read_chat_answer(content: Any, shows_probabilities: bool | None) -> Answer:
    """The answer in the JSON of a response. `shows_probabilities`: whether the server does; None when not yet known.

    Raises ServerRefuses, with a hint, for what is no answer to one note.
    """
    choice = _only_choice(content)
    said_by = read_answer(lambda it: str(it.get("model") or ""), content, PATH)
    tokens = _count(content.get("usage"))
    if reason := _withheld(choice):
        return Answer("withheld", reason, prompt_tokens=tokens, answered_by=said_by)
    first = read_answer(_first_token, choice, PATH)
    if shows_probabilities and first is None:
        raise ServerRefuses(f"The server's answer to {PATH} lacks the probabilities that others have.")
    if first is None:
        text = _text(choice)
        score = Score(text, float(text), 0.0) if text in NOTE_LABELS else None
    else:
        score = first.score
    at_once = None if first is None else first.at_once
    if score is None:
        return Answer("other words", _shape(choice), None, at_once, tokens, said_by)
    return Answer("scored", "", score, at_once, tokens, said_by)


# Answers of other interfaces: a key of theirs, and what it says of the address or the server.
_OTHER_FORMS = {
    "message": "the form of Ollama's own interface: end VLLM_BASE_URL with /v1",
    "content": "the form of Anthropic's interface: name an address of the OpenAI interface",
    "output": "the form of the Responses interface: name an address that has /chat/completions",
    "candidates": "the form of Gemini's own interface: name its address of the OpenAI interface",
    "generated_text": "the form of TGI's own interface: end VLLM_BASE_URL with /v1",
    "results": "the form of another interface: name an address that has /chat/completions",
}
_FILTERS = re.compile(
    r"filter|safety|blocked|block_?list|prohibited|recitation|guardrail|refusal|spii|moderat", re.IGNORECASE
)


def _only_choice(content: Any) -> dict[str, Any]:
    """Raises ServerRefuses unless there is exactly one."""
    if not isinstance(content, dict):
        forms = "TGI's own interface: end VLLM_BASE_URL with /v1" if isinstance(content, list) else "no object"
        raise ServerRefuses(f"The server's answer to {PATH} has the form of {forms}.")
    choices = content.get("choices")
    if isinstance(choices, list) and len(choices) == 1 and isinstance(choices[0], dict):
        return choices[0]
    if content.get("error"):
        raise ServerRefuses(f"The server answers {PATH} with an error inside HTTP 200.")
    if isinstance(choices, list) and len(choices) > 1:
        raise ServerRefuses(f"The server gave {len(choices)} answers to one note.")
    form = next((words for key, words in _OTHER_FORMS.items() if key in content), "no choice in it")
    raise ServerRefuses(f"The server's answer to {PATH} has not the form of the OpenAI interface, but {form}.")


def _withheld(choice: dict[str, Any]) -> str:
    """Why the answer is kept back, "" when it is not."""
    message = choice.get("message")
    if isinstance(message, dict) and message.get("refusal"):
        return "a refusal of the model"
    return "a content filter" if _FILTERS.search(str(choice.get("finish_reason") or "")) else ""


def _count(usage: Any) -> int | None:
    """Tokens of the prompt; 0 is what servers say that do not count what they remember."""
    tokens = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    is_count = isinstance(tokens, int | float) and not isinstance(tokens, bool) and 0 < tokens < math.inf
    return int(tokens) if is_count and tokens is not None else None


_THOUGHTS = re.compile(r"\s*<(think|thinking|thought|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THINKS = re.compile(r"\s*<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
# What some servers leave behind an answer.
_ENDING = re.compile(r"(?:<\|[^<>\s]*\|>|</s>|<eos>|<end_of_turn>|<｜[^<>\s]*｜>|\s)+$")
_BLANK_LETTERS = str.maketrans({"▁": " ", "Ġ": " ", "Ċ": "\n"})


def _raw_text(choice: dict[str, Any]) -> str:
    message = choice.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        # Parts of another type are thoughts.
        parts = [it for it in content if isinstance(it, dict) and it.get("type", "text") in ("text", "output_text")]
        content = "".join(str(part.get("text") or "") for part in parts)
    if isinstance(content, bool) or not isinstance(content, str | int):
        return ""
    return str(content)


def _text(choice: dict[str, Any]) -> str:
    """The answer without thoughts before it, blanks, and tokens that end it."""
    return _ENDING.sub("", _THOUGHTS.sub("", _raw_text(choice), count=1)).strip()


@dataclass(frozen=True)
class _FirstToken:
    """The first token that is an answer; `score` is None when that is neither 0 nor 1."""

    score: Score | None
    at_once: bool


def _first_token(choice: dict[str, Any]) -> _FirstToken | None:
    """None when no probabilities are shown. Raises ValueError, TypeError for what are none."""
    logprobs = choice.get("logprobs")
    entries = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(entries, list) or not entries or not isinstance(entries[0], dict):
        return None
    if not any(entry.get("top_logprobs") for entry in entries):
        return None
    tokens = [_plain(entry["token"]) for entry in entries]
    thoughts = _THOUGHTS.match("".join(tokens))
    if not thoughts and _THINKS.match("".join(tokens)):
        return _FirstToken(None, at_once=False)
    begin, end = thoughts.end() if thoughts else 0, 0
    for place, token in enumerate(tokens):
        end += len(token)
        if end > begin and token[max(0, begin - (end - len(token))) :].strip():
            return _FirstToken(_score(entries[place], token.strip()), at_once=place == 0)
    return _FirstToken(None, at_once=False)


def _score(entry: dict[str, Any], said: str) -> Score | None:
    found = dict.fromkeys(NOTE_LABELS, 0.0)
    for likely in entry["top_logprobs"]:
        if (token := _plain(likely["token"]).strip()) in NOTE_LABELS:
            found[token] += math.exp(float(likely["logprob"]))
    zero, one = found.values()
    if said not in NOTE_LABELS:
        return None
    if not 0 < zero + one < math.inf:
        raise ValueError
    return Score(said, one / (zero + one), min(1.0, max(0.0, 1.0 - zero - one)))


def _plain(token: Any) -> str:
    """A token as text: some servers write blanks as the vocabulary does."""
    text = str(token)
    return "\n" if text.upper() == "<0X0A>" else text.translate(_BLANK_LETTERS)


def _shape(choice: dict[str, Any]) -> str:
    """What an answer that is neither 0 nor 1 looks like, and what to do, without a word of it."""
    raw, text, message = _raw_text(choice), _text(choice), choice.get("message")
    message = message if isinstance(message, dict) else {}
    if _THINKS.match(raw) or (not text and (message.get("reasoning_content") or message.get("reasoning"))):
        return "thoughts that do not end: turn thinking off, or use a model that answers at once"
    if message.get("tool_calls") or message.get("function_call"):
        return "a call of a tool: serve the model without tools"
    if not text:
        return "no text" if "message" in choice else "no message: the address may be that of /completions"
    if text[0] in "{[":
        return "JSON: serve the model without a format for its answers"
    digits = set(re.findall(r"(?<!\d)[01](?!\d)", text))
    return "a digit among other words" if len(digits) == 1 else "words without the digit"
