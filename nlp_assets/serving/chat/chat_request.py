"""What is asked of /v1/chat/completions, and how it is changed until a server takes it.

Belongs here: the body of a request, and what a server's complaint says of it. Does not belong here: HTTP and answers.

Servers refuse parameters in words of their own: "Unsupported parameter: 'max_tokens' is not supported with this model.
Use 'max_completion_tokens' instead" (OpenAI, Azure), "integer below minimum value. Expected a value >= 16" (Azure),
"openai does not support parameters: ['logprobs']" (LiteLLM), "System role not supported" (vLLM, TGI, llama.cpp with
Gemma's template). No complaint is quoted anywhere: it may hold the note or the key.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from nlp_assets.serving.json_client import ServerRefuses

# Of the whole answer: some servers take no fewer, and `<think></think>` and blanks before the digit are tokens too.
ANSWER_TOKENS = 16
MOST_ANSWER_TOKENS = 4096
MOST_CHANGES = 6
REFUSED = (400, 413, 422)
WITHOUT_KEY = (401, 403, 407)

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class ChatRequest:
    """How a server is asked. The first of its kind is what is asked for; what a server does not take is left out."""

    tokens: int = ANSWER_TOKENS
    tokens_name: str = "max_tokens"
    temperature: bool = True
    probabilities: bool = True
    system_role: bool = True

    def body(self, model: str, messages: Messages) -> dict[str, Any]:
        """The JSON of a request."""
        asked: dict[str, Any] = {"model": model, "messages": self._messages(messages), self.tokens_name: self.tokens}
        if self.temperature:
            asked["temperature"] = 0
        if self.probabilities:
            asked |= {"logprobs": True, "top_logprobs": 5}
        return asked

    def left_out(self) -> list[str]:
        """What a server does not take of it, in words; logprobs aside, which many do not."""
        words = {"temperature 0": not self.temperature, "the system role": not self.system_role}
        return [word for word, is_left_out in words.items() if is_left_out]

    def _messages(self, messages: Messages) -> Messages:
        if self.system_role:
            return messages
        return [{"role": "user", "content": "\n\n".join(message["content"] for message in messages)}]


def fitting_request(ask: Callable[[ChatRequest], httpx2.Response], name: str) -> tuple[ChatRequest, httpx2.Response]:
    """The request that a server takes and its answer to it: what it complains of is changed, else one thing, else all.

    At most MOST_CHANGES + 6 are tried. Raises ServerRefuses when it takes none.
    """
    request, complaint, tried = ChatRequest(), "", set[ChatRequest]()
    for _ in range(MOST_CHANGES):
        response = ask(request)
        if (complaint := complaint_of(response)) is None:
            return request, response
        tried.add(request)
        changed = next((other for other in _named(request, complaint) if other not in tried), None)
        if changed is None:
            break
        request = changed
    for request in _others():
        if request not in tried and complaint_of(response := ask(request)) is None:
            return request, response
    raise ServerRefuses(
        f"{name} refuses the prompt's own examples as they are sent, also without logprobs, temperature "
        f"and system role and with max_completion_tokens. {_hint(complaint)}"
    )


def complaint_of(response: httpx2.Response) -> str | None:
    """What a server says against the form of a request, in lower case, "" for no words; None when it takes it.

    A fault that names a parameter of the request is a complaint too: llama.cpp answers 500 for a role.
    """
    status = response.status_code
    if status < 400 or status in (*WITHOUT_KEY, 408, 425, 429):
        return None
    words = _words_of(response)
    return words if status in REFUSED or any(_named(ChatRequest(), words)) else None


def names_length(response: httpx2.Response) -> bool:
    """Whether a refusal is of a prompt that is too long."""
    return bool(_OF_LENGTH.search(_words_of(response)))


_SAID_IN = ("message", "msg", "detail", "error", "errors", "param", "loc", "code", "type", "reason", "raw", "title")
_OF_LENGTH = re.compile(
    r"context.{0,20}(?:length|size|window)|context_length|too (?:long|large|many tokens)|maximum.{0,30}tokens|"
    r"exceed.{0,40}(?:token|length|limit|context)|(?:token|length).{0,20}exceed|reduce the length"
)
# LiteLLM without a database says "No connected db." of a key that it does not know.
_OF_KEY = re.compile(r"api.?key|authenti|authori[sz]|credential|permission|billing|budget|quota|connected db")
_LEAST = re.compile(r"(?:>=|≥|at least|minimum(?: value)?(?: is| of)?:?|greater than(?: or equal to)?)\s*(\d{1,4})\b")
_OF_TOKENS = re.compile(r"max_?(?:completion_|output_|new_)?_?tokens|maxtokens|maxoutputtokens")
_OF_ROLE = re.compile(
    r"(?:system|developer).{0,3}(?:role|message|prompt|instruction)|role.{0,12}(?:system|developer)|['\"`](?:system|developer)"
    r"['\"`]|\.role\b|roles? must|alternate|unexpected role|only .{0,20}user|chat.?template|template.?error|jinja"
)


def _named(request: ChatRequest, complaint: str) -> Iterator[ChatRequest]:
    """Changes of what a complaint names, the surest first."""
    if _OF_TOKENS.search(complaint):
        least = next((int(found) for found in _LEAST.findall(complaint) if int(found) > request.tokens), 0)
        if 0 < least <= MOST_ANSWER_TOKENS:
            yield replace(request, tokens=least)
        elif "context" not in complaint and request.tokens_name == "max_tokens":
            yield replace(request, tokens_name="max_completion_tokens")
    if "logprob" in complaint and request.probabilities:
        yield replace(request, probabilities=False)
    if "temperature" in complaint and request.temperature:
        yield replace(request, temperature=False)
    if _OF_ROLE.search(complaint) and request.system_role:
        yield replace(request, system_role=False)


def _others() -> Iterator[ChatRequest]:
    first = ChatRequest()
    yield replace(first, probabilities=False)
    yield replace(first, tokens_name="max_completion_tokens")
    yield replace(first, system_role=False)
    yield replace(first, temperature=False)
    without = replace(first, probabilities=False, temperature=False, system_role=False)
    yield without
    yield replace(without, tokens_name="max_completion_tokens")


def _hint(complaint: str) -> str:
    if _OF_LENGTH.search(complaint):
        return "It names the length: its context is shorter than the prompt. Raise it."
    if _OF_KEY.search(complaint):
        return "It names the key: is VLLM_API_KEY right, and has it a budget?"
    if "model" in complaint:
        return "It names the model: is VLLM_MODEL right, and has the server a chat template for it?"
    return "Has the server a chat template for it?"


def _words_of(response: httpx2.Response) -> str:
    try:
        content = response.json()
    except (ValueError, RecursionError):
        return response.text.lower()[:2000]
    return " ".join(_said(content, depth=0)).lower()


def _said(content: Any, depth: int) -> Iterator[str]:
    """Texts of an error that are the server's own: what it echoes of the request stands under other names."""
    if isinstance(content, str) and depth < 8:
        try:
            inner = json.loads(content)
        except (ValueError, RecursionError):
            inner = None
        if isinstance(inner, dict | list):
            yield from _said(inner, depth + 1)
        else:
            yield content
    elif isinstance(content, list) and depth < 8:
        for part in content:
            yield from _said(part, depth + 1)
    elif isinstance(content, dict) and depth < 8:
        for name, part in content.items():
            if str(name).lower() in (*_SAID_IN, "metadata"):
                yield from _said(part, depth + 1)
