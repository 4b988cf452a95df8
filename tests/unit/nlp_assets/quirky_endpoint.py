"""A chat endpoint with the quirks of real ones, one at a time: a small HTTP server, each quirk a field.

Belongs here: what OpenAI, Azure, LiteLLM, vLLM, TGI, llama.cpp and Ollama are known to answer. Does not belong here:
what should come of it.

It reads a note as a model would that follows the prompt: an example of the prompt by its label, another note by whether
it says "attended". It counts a token per word of letters, digit or other sign, and per byte of a letter beyond ASCII.
"""

import json
import math
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from nlp_assets.steps.notes.prompt import load_prompt, render
from resources.settings.study_settings import load_study_settings
from tests.unit.nlp_assets.json_replies import JsonReplies

LABELS = load_study_settings().notes.labels
EXAMPLES = dict(load_prompt(LABELS.prompt).examples)
MODEL = "some-model"
_PIECE = re.compile(r" ?[A-Za-z]+|.", re.DOTALL)

# A complaint: HTTP status and body.
Complaint = tuple[int, Any]


@dataclass
class Quirks:
    """`keeps`: tokens of a prompt that are read, of its `part`, or it is refused; `counts`: those read, sent or not
    told; `tokens`: "fixture" for those of its vocabulary.

    `of_notes`: what is done to notes that hold a word, always or, where it ends in "once", the first time. `refuses`:
    fields of a request, or "system", or "few tokens", with the complaint about them. `writes`: how an answer is
    written. `everything`: what is done to every request. That, and the cut, only from `after` requests on.
    """

    keeps: float = math.inf
    part: str = "end"
    counts: str = "read"
    shows_probabilities: bool = True
    of_notes: dict[str, str] = field(default_factory=dict)
    refuses: dict[str, Complaint] = field(default_factory=dict)
    least_tokens: int = 0
    writes: str = "plain"
    answers_as: str = MODEL
    models: Complaint = (200, {"data": [{"id": MODEL}]})
    tokens: str = ""
    everything: str = ""
    after: int = 0


class QuirkyEndpoint(ThreadingHTTPServer):
    """Listens on a free port from its making on; `asked` counts requests by their note, `bodies` holds them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.quirks = Quirks()
        self.bodies: list[dict] = []
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """Variables that name it."""
        address = f"http://127.0.0.1:{self.server_port}/v1"
        return {"VLLM_BASE_URL": address, "VLLM_MODEL": MODEL, "PATHWAYS_API": "chat", "VLLM_API_KEY": "k3y"}

    def requests_of(self, word: str) -> int:
        """How many requests held a note with the word in it."""
        return sum(count for note, count in self.asked.items() if word in note)


class _Handler(JsonReplies, BaseHTTPRequestHandler):
    server: QuirkyEndpoint
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self._reply(*self.server.quirks.models)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        quirks, (system, user) = self.server.quirks, _parts(body["messages"])
        with self.server.lock:
            self.server.bodies.append(body)
            number, before = len(self.server.bodies), self.server.asked[user]
            self.server.asked[user] += 1
        if complaint := _complaint(quirks, body):
            self._reply(*complaint)
            return
        does = quirks.everything if quirks.everything and number > quirks.after else ""
        for word, done in quirks.of_notes.items():
            if word in user and not (done.endswith(" once") and before):
                does = done.removesuffix(" once")
        sent = _count(quirks, body, system + user)
        keeps = quirks.keeps if number > quirks.after else math.inf
        if quirks.part == "refused" and sent > keeps:
            words = f"This model's maximum context length is {keeps} tokens. However, you requested {sent} tokens."
            self._reply(400, {"object": "error", "message": words, "code": 400})
            return
        seen, read = _read(quirks, system, user) if sent > keeps else (user, sent)
        if does == "no answer":
            self.close_connection = True
        elif does.isdigit():
            self._reply(int(does), {"error": {"message": f"about {user}", "code": "x"}})
        elif does in _WHOLE:
            self._reply(200, _WHOLE[does](user))
        else:
            self._reply(200, _answer(quirks, body, seen, read, does, sent))


# Answers that are none, each as some gateway gives it.
_WHOLE = {
    "error body": lambda note: {"error": {"message": f"upstream failed on {note}", "code": 502}},
    "empty choices": lambda _: {"model": MODEL, "choices": [], "usage": {"prompt_tokens": 1}},
    "null choices": lambda _: {"model": MODEL, "choices": None},
    "no choices": lambda _: {"model": MODEL},
    "two choices": lambda _: {"model": MODEL, "choices": [{}, {}]},
    "HTML": lambda note: f"<html>{note}</html>",
    "deep": lambda _: "[" * 100_000,
    "stream": lambda _: 'data: {"choices": [{"delta": {"content": "1"}}]}\n\ndata: [DONE]\n\n',
    "ollama": lambda _: {"model": MODEL, "message": {"role": "assistant", "content": "1"}, "done": True},
    "anthropic": lambda _: {"type": "message", "content": [{"type": "text", "text": "1"}]},
    "tgi": lambda _: [{"generated_text": "1"}],
    "completions": lambda _: {"model": MODEL, "choices": [{"text": "1"}]},
    "null message": lambda _: {"model": MODEL, "choices": [{"message": None, "finish_reason": "stop"}]},
}


def _parts(messages) -> tuple[str, str]:
    """Instructions and note, however they were sent."""
    joined = "\n".join(message["content"] for message in messages)
    place = joined.rindex("<case_note>")
    return joined[:place], joined[place:]


def _complaint(quirks: Quirks, body) -> Complaint | None:
    fields = {*body, *(message["role"] for message in body["messages"])}
    for name, complaint in quirks.refuses.items():
        if name in fields:
            return complaint
    tokens = body.get("max_tokens", body.get("max_completion_tokens", math.inf))
    if tokens < quirks.least_tokens:
        words = f"integer below minimum value. Expected a value >= {quirks.least_tokens}, but got {tokens} instead."
        return 400, {"error": {"message": f"Invalid 'max_output_tokens': {words}", "param": "max_output_tokens"}}
    return None


def _count(quirks: Quirks, body, text: str) -> int:
    if quirks.tokens == "fixture":
        from nlp_assets.engines.prompted.fixture_model import fixture_tokens

        note = body["messages"][-1]["content"].removeprefix("<case_note>\n").removesuffix("\n</case_note>")
        return len(fixture_tokens(render(load_prompt(LABELS.prompt), note)))
    return _tokens_of(text)


@cache
def _tokens_of(text: str) -> int:
    return sum(1 if part.isascii() else len(part.encode()) for part in _PIECE.findall(text))


def _read(quirks: Quirks, system: str, user: str) -> tuple[str, int]:
    """What of the note is read, and how many tokens are."""
    pieces = [(part, 1 if part.isascii() else len(part.encode())) for part in _PIECE.findall(system + user)]
    total, place, kept = sum(size for _, size in pieces), 0, []
    for part, size in pieces:
        if {
            "end": place >= total - quirks.keeps,
            "beginning": place < quirks.keeps,
            "middle": abs(place - total / 2) >= (total - quirks.keeps) / 2,
        }[quirks.part]:
            kept.append((part, size, place))
        place += size
    of_system = sum(1 if part.isascii() else len(part.encode()) for part in _PIECE.findall(system))
    return "".join(part for part, _, at in kept if at >= of_system), sum(size for _, size, _ in kept)


def _answer(quirks: Quirks, body, seen: str, read: int, does: str, sent: int) -> dict:
    said = next((label for note, label in EXAMPLES.items() if note in seen), None)
    if said is None:
        said = "1" if "attended" in seen.lower() else "0"
    text = {"junk": "I cannot tell", "blank text": " "}.get(does) or _written(quirks.writes, said)
    choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    if does == "content filter":
        choice |= {"finish_reason": "content_filter", "message": {"role": "assistant", "content": ""}}
    if does == "refusal":
        choice["message"] = {"role": "assistant", "content": None, "refusal": "I'm sorry."}
    if quirks.writes == "thoughts in a field":
        choice["message"] = {"role": "assistant", "content": "", "reasoning_content": "The note"}
    if isinstance(text, str):
        tokens = _tokens(text)[: body.get("max_tokens", body.get("max_completion_tokens"))]
        if choice["message"]["content"]:
            choice["message"]["content"] = "".join(tokens).replace("▁", " ")
        if quirks.shows_probabilities and "logprobs" in body:
            choice["logprobs"] = {"content": [_likely(token) for token in tokens]}
    if does == "null logprobs":
        choice["logprobs"] = None
    usage = {
        told: {"usage": {"prompt_tokens": tokens, "completion_tokens": 1, "total_tokens": tokens + 1}}
        for told, tokens in (("read", read), ("sent", sent))
    }
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": quirks.answers_as}
    return {**head, "choices": [choice], **usage.get(quirks.counts, {})}


def _written(how: str, said: str) -> Any:
    return {
        "plain": said,
        "leading space": f" {said}",
        "space token": f"▁|{said}",
        "new line": f"\n\n|{said}\n",
        "list": [{"type": "text", "text": said}],
        "number": int(said),
        "list with thoughts": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": said}],
        "empty thinking": f"<think>|\n\n|</think>|\n\n|{said}",
        "ending": f"{said}<|im_end|>",
        "thinking": "<think>|Let| me| see",
        "sentence": f"The| label| is| {said}",
        "JSON": f'{{"label": {said}}}',
        "thoughts in a field": "",
    }[how]


def _tokens(text: str) -> list[str]:
    """A text is written with a bar between tokens."""
    return text.split("|") if "<|" not in text else [text[0], text[1:]]


def _likely(token: str) -> dict:
    digit = token.strip()
    shown = [(token, 0.9)]
    if digit in ("0", "1"):
        shown = [(token, 0.6), (token.replace(digit, str(1 - int(digit))), 0.2), ("The", 0.1)]
    likely = [{"token": it, "logprob": math.log(p), "bytes": list(it.encode())} for it, p in shown]
    return {**likely[0], "top_logprobs": likely}
