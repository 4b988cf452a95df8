"""A page of the publication in a real browser: Chromium without a window, driven over its DevTools protocol.

Belongs here: starting the browser, opening a file, asking the page. Does not belong here: what a page must be
(tests/flow/test_documents_are_accessible.py). The browser has a profile of its own, which goes with it, and is told
that no name resolves, nor any address but this machine's: a page that wants something from elsewhere does not get it.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
STARTS_WITHIN, WIDEST_PHONE = 60.0, 600
NO_BROWSER = (
    "There is no Chromium here, and `make headless-browser` could not install Debian's chromium-headless-shell."
)


class PageFailed(Exception):
    """The browser did not do what it was asked; holds its message."""


def browser_here() -> str | None:
    """The program, if this machine has it."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One page of the browser."""

    def __init__(self, socket: ClientConnection):
        self._socket, self._numbers = socket, count(1)
        self._events: list[str] = []

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers. Raises PageFailed."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            self._events.append(answer["method"])
        if "error" in answer:
            raise PageFailed(answer["error"]["message"])
        return answer["result"]

    def open(self, file: Path, width: int) -> None:
        """Show a file in a window so many pixels wide and wait until it has loaded."""
        self.visit(file.resolve().as_uri(), width)

    def visit(self, address: str, width: int) -> None:
        """The same of an address of this machine."""
        self.ask("Page.enable")
        self.ask("Emulation.setEmulatedMedia", media="")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < WIDEST_PHONE}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self._events.clear()
        self.ask("Page.navigate", url=address)
        while "Page.loadEventFired" not in self._events:
            self._events.append(json.loads(self._socket.recv()).get("method", ""))

    def as_printed(self, width: int) -> None:
        """Show the page as on paper whose print area is so many pixels wide."""
        self.ask("Emulation.setEmulatedMedia", media="print")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript is worth in the page. Raises PageFailed."""
        answer = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise PageFailed(answer["exceptionDetails"].get("exception", {}).get("description", "an error in the page"))
        return answer["result"].get("value")

    def accessibility_faults(self, *tags: str) -> list[str]:
        """Rules of axe-core with these tags that the page breaks: rule, what it asks, where."""
        self.value(axe_core())
        asked = json.dumps(
            {
                "runOnly": {"type": "tag", "values": list(tags)},
                "rules": {"target-size": {"enabled": True}},  # of WCAG 2.2, which axe-core leaves off unless asked
                "resultTypes": ["violations"],
            }
        )
        found = self.value(f"axe.run(document, {asked}).then(found => found.violations)")
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']}, {len(rule['nodes'])} place(s), such as "
            f"{rule['nodes'][0]['target'][0]} {rule['nodes'][0]['html'][:160]}"
            for rule in found
        ]


def axe_core() -> str:
    """The script axe-core, of the package axe-playwright-python; the package itself is not imported."""
    spec = find_spec("axe_playwright_python")
    assert spec and spec.submodule_search_locations, "axe-playwright-python is a dependency of the tests"
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def headless_browser(folder: Path) -> Iterator[Page]:
    """A page of a browser of our own, whose profile lies in `folder`. It ends with the block."""
    program = browser_here()
    assert program, NO_BROWSER
    port_file = folder / "DevToolsActivePort"
    options = [
        "--headless",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
        "--disable-gpu",
        "--no-first-run",
    ]
    options += [
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
    ]
    if os.geteuid() == 0:  # Chromium refuses its sandbox to root, as in a container
        options.append("--no-sandbox")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *options, "about:blank"], stdout=log, stderr=log, start_new_session=True)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not port_file.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        with connect(_address_of_page(port_file), max_size=None, proxy=None) as socket:
            yield Page(socket)
    finally:
        with suppress(ProcessLookupError):  # what draws pages are processes of their own, which may outlive it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)


def _address_of_page(port_file: Path) -> str:
    """Where the page that the browser started with is spoken to; this machine alone reaches it."""
    port = port_file.read_text(encoding="ascii").split()[0]
    with urlopen(f"http://127.0.0.1:{port}/json") as answer:
        return next(target["webSocketDebuggerUrl"] for target in json.load(answer) if target["type"] == "page")
