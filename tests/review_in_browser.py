"""The page of a review in a real browser, served as its command serves it.

Belongs here: serving, opening, keys. Does not belong here: what is shown and kept (tests of pairs and of notes).
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn

from pathways.review.shared.server import Session, review_app
from pathways.webserver.door import LOOPBACK, Door, loopback_hosts
from pathways.webserver.door import Session as Opened
from tests.headless_browser import NO_BROWSER, Page, browser_here, headless_browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ANSWERS_WITHIN = 20.0
SHOWN = "typeof busy !== 'undefined' && !busy && document.readyState === 'complete'"


@contextmanager
def review_in_browser(session: Session, profile: Path) -> Iterator[Page]:
    """The opened page of a reviewer at work, with its first item shown; the browser's profile lies in `profile`."""
    if browser_here() is None:
        pytest.skip(NO_BROWSER)
    profile.mkdir()
    with socket.create_server((LOOPBACK, 0)) as listener, headless_browser(profile) as browser:
        port = listener.getsockname()[1]
        opened = Opened(port, once=False)
        app = review_app(session, Door(loopback_hosts(port), opened))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            browser.visit(opened.address(port), 1200)
            wait_for_answer(browser)
            yield browser
        finally:
            server.should_exit = True
            thread.join()


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, each once the page has its answer to the last."""
    for key in keys:
        page.ask("Input.dispatchKeyEvent", type="keyDown", key=key)
        wait_for_answer(page)


def wait_for_answer(page: Page) -> None:
    """Wait until the page is loaded and not asking its server."""
    until = time.monotonic() + ANSWERS_WITHIN
    while not page.value(SHOWN) and time.monotonic() < until:
        time.sleep(0.02)


def text_of(page: Page, name: str) -> str:
    """What an element says that is shown."""
    return page.value(f"document.getElementById('{name}').innerText")
