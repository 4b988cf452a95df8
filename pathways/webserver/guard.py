"""The middleware before Dagster's webserver: passes on what its pages need, and nothing else.

Belongs here: paths, methods, bodies and messages. Does not belong here: who may come in (door.py), what a GraphQL
document may do (graphql.py).

Looking is GET and HEAD; GraphQL is POST with JSON, or a WebSocket. Closed are GraphQL by GET, every other way to write
(/report_asset_*), and downloads that a page of Dagster shows anyway: logs, notebooks, dumps of a run.
"""

import json

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pathways.webserver.door import SAFE, Door
from pathways.webserver.graphql import judge_request, judge_subscription
from pathways.webserver.headers import with_headers
from pathways.webserver.requests import POLICY_VIOLATED, Refused, read_body, read_json, refuse

LARGEST = 1_000_000  # bytes of a body, or of a message
GRAPHQL = "/graphql"
CLOSED = (GRAPHQL, "/report_asset_", "/logs", "/notebook", "/dagit", "/download_debug")
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; base-uri 'none'; object-src 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """Refuses, in plain words, what does not come from our own pages or is not for them.

    `may_change`: as in graphql.py. An error of Dagster leaves no more than its type: its text may quote what was asked.
    """

    def __init__(self, app: ASGIApp, door: Door, may_change: bool):
        self._app, self._door, self._may_change = app, door, may_change

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        send = with_headers(send, POLICY)
        try:
            answer = self._door.answer(HTTPConnection(scope))
            if answer is None:
                scope, receive = await self._judged(scope, receive, send)
            await (answer or self._app)(scope, receive, send)
        except Refused as refused:
            await refuse(refused, scope, receive, send)
        except Exception as error:
            print(f"The webserver failed: {type(error).__name__}. Load the page again.", flush=True)

    async def _judged(self, scope: Scope, receive: Receive, send: Send) -> tuple[Scope, Receive]:
        """What is passed on to Dagster. Raises Refused."""
        path = scope["path"].removeprefix(self._door.place)
        if scope["type"] == "websocket":
            if path != GRAPHQL:
                raise Refused(403, "There is no WebSocket here.")
            return scope, _judging_messages(receive, send)
        if scope["method"] in SAFE:
            if f"/{path.lstrip('/')}".lower().startswith(CLOSED):
                raise Refused(405 if path == GRAPHQL else 403, "This is closed. GraphQL is asked by POST, as JSON.")
            return scope, receive
        if scope["method"] != "POST" or path != GRAPHQL:
            raise Refused(405, "This is closed: only GraphQL is asked by POST, and nothing by another method.")
        return await self._judged_body(scope, receive)

    async def _judged_body(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        kind = HTTPConnection(scope).headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refused(415, "GraphQL is asked with Content-Type: application/json.")
        request = judge_request(read_json(await read_body(receive, LARGEST)), self._may_change)
        body = json.dumps(request).encode()
        scope = {**scope, "headers": [*scope["headers"]], "query_string": b""}
        headers = MutableHeaders(scope=scope)
        headers["content-length"], headers["content-type"] = str(len(body)), "application/json"
        return scope, _first(body, receive)


def _first(body: bytes, receive: Receive) -> Receive:
    """`receive` that gives `body`, and then what comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_body() -> Message:
        return left.pop() if left else await receive()

    return receive_body


def _judging_messages(receive: Receive, send: Send) -> Receive:
    """`receive` that closes the WebSocket on a message that is not for it; Dagster then sees that it is closed."""

    async def receive_judged() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        try:
            return {"type": "websocket.receive", "text": json.dumps(_judged_message(message))}
        except Refused as refused:
            await send({"type": "websocket.close", "code": POLICY_VIOLATED, "reason": refused.text[:120]})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATED}

    return receive_judged


def _judged_message(message: Message) -> dict:
    text = message.get("text") or message.get("bytes") or b""
    if len(text) > LARGEST:
        raise Refused(413, f"The message is larger than {LARGEST} bytes.")
    given = read_json(text)
    if not isinstance(given, dict) or not isinstance(given.get("id"), str | None):
        raise Refused(400, "A message is one JSON object.")
    if given.get("type") == "start":
        return {"id": given.get("id"), "type": "start", "payload": judge_subscription(given.get("payload"))}
    return {"id": given.get("id"), "type": given.get("type")}
