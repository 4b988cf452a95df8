"""What browsers are told with every answer: show it in no other page, guess no type, tell no address on.

Belongs here: headers of every page. Does not belong here: deciding who gets an answer (door.py).
"""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = "Content-Security-Policy"


def with_headers(send: Send, policy: str, headers: Mapping[str, str] = HEADERS) -> Send:
    """`send`, with `headers` in every answer instead of what it says itself, and `policy` besides its own.

    A browser keeps every Content-Security-Policy that it is sent, so one more can only forbid more.
    """

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = MutableHeaders(scope=message)
            for name, value in headers.items():
                sent[name] = value
            sent.append(POLICY, policy)
        await send(message)

    return send_with_headers
