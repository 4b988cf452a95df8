"""Reading what was sent: bodies of bounded size, and JSON that can be judged.

Belongs here: what every page needs for reading a request. Does not belong here: what a request asks for.
"""

import json
import math
import re
from typing import Any, NoReturn

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

DEEPEST = 60  # levels of lists and objects; Dagster's own pages were seen to send 9
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it, and not a backslash before "u0000"
POLICY_VIOLATED = 1008  # close code of a WebSocket


class Refused(Exception):
    """A request that is not answered: status code, and what its sender is told. It quotes nothing that was sent."""

    def __init__(self, status: int, text: str):
        super().__init__(text)
        self.status, self.text = status, text


async def refuse(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    """Say so; a WebSocket that is not open yet is closed."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATED, "reason": ""})
    else:
        await PlainTextResponse(refused.text, refused.status)(scope, receive, send)


async def read_body(receive: Receive, largest: int) -> bytes:
    """The whole body of a request. Raises Refused (413) as soon as it is longer than `largest` bytes."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request ended before its body did.")
        body += message.get("body", b"")
        if len(body) > largest:
            raise Refused(413, f"The request is larger than {largest} bytes.")
        if not message.get("more_body", False):
            return body


def read_json(body: bytes | str) -> Any:
    """JSON in UTF-8, read in one way only: no name twice, no number that is none, no half character, bounded depth.

    Raises Refused (400).
    """
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
        text.encode("utf-8")
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_each_name_once)
        # "\ud800" is half a character, which no answer could hold; a database refuses "\0"
        if NUL.search(json.dumps(value, ensure_ascii=False).encode("utf-8")):
            raise ValueError
    except (ValueError, RecursionError):
        raise Refused(400, "The request is not JSON as RFC 8259 has it, in UTF-8.") from None
    if _depth(value) > DEEPEST:
        raise Refused(400, f"The request has more than {DEEPEST} levels of lists and objects.")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError
    return values


def _depth(value: Any) -> int:
    """Levels of lists and objects, counted without recursion and no further than it matters."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        inside = [each for each in level if isinstance(each, dict | list)]
        depth += bool(inside)
        level = [item for each in inside for item in (each.values() if isinstance(each, dict) else each)]
    return depth
