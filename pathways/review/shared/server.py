"""The review page's server: on this machine only, for one reviewer, until it is stopped.

Belongs here: the page's calls, and what its browser is told. Does not belong here: who may come in
(pathways/webserver/door.py), what comes next (session.py), the pages (review_page.py).

It listens on 127.0.0.1, in a container on a network of its own. The page may load nothing from elsewhere. Nothing is
logged: neither requests nor the text of an error.
"""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pathways.review.shared.review_page import Page
from pathways.review.shared.session import NotTheOneShown
from pathways.webserver.door import LOOPBACK, SAFE, Door, loopback_hosts
from pathways.webserver.door import Session as Opened
from pathways.webserver.headers import HEADERS as EVERY_PAGE
from pathways.webserver.headers import with_headers
from pathways.webserver.requests import Refused, read_body, read_json, refuse
from resources.process.shield import withhold_details

MEDIA = {".css": "text/css", ".js": "text/javascript"}
LARGEST_BODY = 1000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {**EVERY_PAGE, "Cache-Control": "no-store"}


class Session(Protocol):
    """One reviewer at work: ReviewSession of pairs, or NotesSession of notes."""

    page: Page
    about: dict

    def state(self) -> dict:
        """What the page shows."""
        ...

    def answer(self, given: dict) -> None:
        """Keep what the page sent. Raises NotTheOneShown, ValueError, KeyError, TypeError."""
        ...

    def undo(self) -> None:
        """Take back the last answer."""
        ...


def review_app(session: Session, door: Door) -> Starlette:
    """The page and its three calls: GET what is judged, POST an answer (paths as in session.page), POST api/undo."""

    async def page(_: Request) -> Response:
        return HTMLResponse(session.page.html)

    async def show(_: Request) -> Response:
        return JSONResponse(session.state())

    async def save(request: Request) -> Response:
        given = read_json(await read_body(request.receive, LARGEST_BODY))
        try:
            session.answer(given)
        except (ValueError, KeyError, TypeError, OverflowError, NotTheOneShown):
            return JSONResponse(session.state(), status_code=409)
        return JSONResponse(session.state())

    async def undo(_: Request) -> Response:
        session.undo()
        return JSONResponse(session.state())

    routes = [
        Route("/", page),
        *(Route(path, _file(file)) for path, file in session.page.files.items()),
        Route(session.page.show, show),
        Route(session.page.save, save, methods=["POST"]),
        Route("/api/undo", undo, methods=["POST"]),
    ]
    return Starlette(
        routes=[Mount(door.place, routes=routes)],
        middleware=[Middleware(Guard, door=door)],
        exception_handlers={Refused: _refused},
    )


class Guard:
    """Refuses whoever has not opened the printed address, names another host, or comes from another page."""

    def __init__(self, app: ASGIApp, door: Door):
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on with HEADERS and POLICY added."""
        send = with_headers(send, POLICY, HEADERS)
        try:
            asked = HTTPConnection(scope)
            answer = self._door.answer(asked) or self._app
            if scope["type"] != "http" or (scope["method"] not in SAFE and not _is_json(asked)):
                raise Refused(403, "Only the review page itself may save.")
            await answer(scope, receive, send)
        except Refused as refused:
            await refuse(refused, scope, receive, send)
        except Exception as error:  # its message may quote data
            print(f"The review page failed: {withhold_details(error)}", flush=True)
            await Response("The page failed. See where it was started.", 500)(scope, receive, send)


def _file(file: Path) -> Callable:
    async def sent(_: Request) -> Response:
        return Response(file.read_bytes(), media_type=MEDIA[file.suffix])

    return sent


async def _refused(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return Response(refused.text, refused.status)


def _is_json(asked: HTTPConnection) -> bool:
    return asked.headers.get("content-type") == "application/json"


def serve(session: Session, port: int, listen: str = LOOPBACK) -> None:
    """Serve the page until it is stopped (Ctrl+C). `port` 0: any free one. Prints the address to open.

    `listen`: address in a container whose port is published on 127.0.0.1; what browsers call the page is the same.
    """
    # it listens before the address is printed: who opens it at once is kept waiting, not refused
    with socket.create_server((listen, port)) as listener:
        port = listener.getsockname()[1]
        opened = Opened(port, once=False)
        state = session.about
        print(f"{state['stage']} sample, {state['total']} {session.page.counts}. Open this on this machine:")
        print(opened.address(port), flush=True)
        app = review_app(session, Door(loopback_hosts(port), opened))
        config = uvicorn.Config(app, access_log=False, log_level="critical", server_header=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])
