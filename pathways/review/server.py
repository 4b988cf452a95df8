"""The review page's server: on this machine only, for one reviewer, until it is stopped.

Belongs here: HTTP, who may ask, headers. Does not belong here: which pair comes next (session.py), the page (page/).

It listens on 127.0.0.1. A random key of this start is in the address that is printed, and then in a cookie; requests
that name another host are refused, because a web site could point its own name at 127.0.0.1. The page may load nothing
from elsewhere. Nothing is logged: neither requests nor the text of an error.
"""

import hmac
import json
import secrets
import socket
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pathways.review.session import NotThisPair, Page
from resources.zone_asset import is_fault, withhold_details

ADDRESS = "127.0.0.1"
MEDIA = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LARGEST_BODY = 1000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Session(Protocol):
    """One reviewer at work: ReviewSession of pairs, or NotesSession of notes."""

    page: Page
    about: dict

    def state(self) -> dict: ...

    def answer(self, given: dict) -> None: ...

    def undo(self) -> None: ...


def review_app(session: Session, key: str, port: int) -> Starlette:
    """The page and its three calls: GET what is judged, POST an answer (paths as in session.page), POST api/undo."""

    async def page(request: Request) -> Response:
        file = session.page.files[request.url.path]
        return Response(file.read_bytes(), media_type=MEDIA[file.suffix])

    async def show(_: Request) -> Response:
        return JSONResponse(session.state())

    async def save(request: Request) -> Response:
        try:
            session.answer(json.loads(await _body(request)))
        except (ValueError, KeyError, TypeError, NotThisPair):
            return JSONResponse(session.state(), status_code=409)
        return JSONResponse(session.state())

    async def undo(_: Request) -> Response:
        session.undo()
        return JSONResponse(session.state())

    return Starlette(
        routes=[
            *(Route(path, page) for path in session.page.files),
            Route(session.page.show, show),
            Route(session.page.save, save, methods=["POST"]),
            Route("/api/undo", undo, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, key=key, port=port)],
    )


class Guard:
    """Refuses whoever does not hold this start's key, names another host, or comes from another page."""

    def __init__(self, app: ASGIApp, key: str, port: int):
        self._app, self._key = app, key
        self._hosts = {f"{ADDRESS}:{port}", f"localhost:{port}"}
        # Cookies do not know ports: two reviewers' pages in one browser need names of their own.
        self._cookie = f"pathways_review_{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on with the headers of HEADERS added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                message["headers"] += [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            await send(message)

        try:
            answer = self._answer(Request(scope)) or self._app
            await answer(scope, receive, send_with_headers)
        except BaseException as error:  # its message may quote data
            if not is_fault(error):
                raise
            print(f"The review page failed: {withhold_details(error)}", flush=True)
            await Response("The page failed. See where it was started.", 500)(scope, receive, send_with_headers)

    def _answer(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return Response("This page answers on this machine only.", 421)
        if self._is_key(request.query_params.get("key", "")) and request.url.path == "/":
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self._key, httponly=True, samesite="strict")
            return answer
        if not self._is_key(request.cookies.get(self._cookie, "")):
            return Response("Open the address that was printed when this page was started.", 403)
        if request.method == "POST" and not _from_this_page(request, host):
            return Response("Only the review page itself may save.", 403)
        return None

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._key.encode())


def _from_this_page(request: Request, host: str) -> bool:
    return (
        request.headers.get("origin") == f"http://{host}"
        and request.headers.get("content-type") == "application/json"
        and int(request.headers.get("content-length") or LARGEST_BODY + 1) <= LARGEST_BODY
    )


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise NotThisPair
    return body


def serve(session: Session, port: int) -> None:
    """Serve the page until it is stopped (Ctrl+C). `port` 0: any free one. Prints the address to open."""
    key = secrets.token_urlsafe(32)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
        listener.listen()  # before the address is printed: who opens it at once is kept waiting, not refused
        port = listener.getsockname()[1]
        state = session.about
        print(f"{state['stage']} sample, {state['total']} {session.page.counts}. Open this on this machine:")
        print(f"http://{ADDRESS}:{port}/?key={key}", flush=True)
        config = uvicorn.Config(
            review_app(session, key, port), access_log=False, log_level="critical", server_header=False, lifespan="off"
        )
        uvicorn.Server(config).run(sockets=[listener])
