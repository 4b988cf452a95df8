"""Who may come in: by the host name that is asked, by the page that asks, by an address that was printed.

Belongs here: what the head of a request says. Does not belong here: what is asked for.

A browser sends requests for every page that is open in it, and a web site can point a name of its own at 127.0.0.1. So
a request must name a host of ours, and whatever is more than looking must come from a page of ours. Who has no login
proxy in front has an address with a random place and a random token: the token becomes a cookie. Cookies know no ports:
they go to every program of this machine that listens. So the cookie belongs to the random place, which no other program
knows, and its name to the port.
"""

import hmac
import secrets

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response

from pathways.webserver.requests import Refused

LOOPBACK = "127.0.0.1"
SAFE = {"GET", "HEAD"}
TOKEN = "token"  # noqa: S105  # the name of the parameter
GO_ON = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pathways</title><link rel="icon" href="data:,">'
    '<meta http-equiv="refresh" content="0; url={place}"><p><a href="{place}">Go on</a></p></html>'
)
NOT_OPEN = (
    "This page is not open in this browser. Open the address that was printed when it was started. "
    "If that has been used, stop the command and start it again: it prints a new one."
)


class Session:
    """The printed address of one start, and the cookie of whoever opened it.

    `once`: the address opens one browser, then no other.
    """

    def __init__(self, port: int, once: bool):
        self.place = f"/{secrets.token_urlsafe(18)}"
        self.cookie = f"pathways_{port}"
        self._value, self._token, self._once = secrets.token_urlsafe(32), secrets.token_urlsafe(32), once
        self._is_open = True

    def address(self, port: int) -> str:
        """What is printed, to be opened on this machine."""
        return f"http://{LOOPBACK}:{port}{self.place}/?{TOKEN}={self._token}"

    def opens(self, token: str) -> bool:
        """Whether a token is the printed one and not used; then it is used."""
        opens = self._is_open and _same(token, self._token)
        self._is_open = self._is_open and not (opens and self._once)
        return opens

    def knows(self, asked: HTTPConnection) -> bool:
        """Whether a request has the cookie. Another program may have set one of the same name: any of them counts."""
        pairs = (pair.strip() for header in asked.headers.getlist("cookie") for pair in header.split(";"))
        values = (value for name, _, value in (pair.partition("=") for pair in pairs) if name == self.cookie)
        return any(_same(value, self._value) for value in values)

    def go_on(self, opened: bool) -> Response:
        """A page that goes on to the place without the token, with the cookie where the token has just been used.

        A page and no redirect: a browser that was sent here by another site keeps a strict cookie back from redirects.
        """
        answer = HTMLResponse(GO_ON.format(place=f"{self.place}/"))
        if opened:
            answer.set_cookie(self.cookie, self._value, path=f"{self.place}/", httponly=True, samesite="strict")
        return answer


class Door:
    """Lets requests in that name one of `hosts`, come from our own pages and, with a `session`, know its cookie.

    `hosts` are as in the header Host: names, with a port unless it is that of the scheme.
    """

    def __init__(self, hosts: set[str], session: Session | None = None):
        self._hosts, self._session = frozenset(host.lower() for host in hosts), session

    @property
    def place(self) -> str:
        """First part of every path: a random one, or none."""
        return self._session.place if self._session else ""

    def answer(self, asked: HTTPConnection) -> Response | None:
        """The answer to whoever opens the printed address, None for a request to go on with. Raises Refused."""
        host = self._host(asked)
        is_looking = asked.scope["type"] == "http" and asked.scope["method"] in SAFE
        if not (_only_looks(asked, host) if is_looking else _from_our_page(asked, host)):
            raise Refused(403, "Only the page itself may do this.")
        return self._open(asked, self._session) if self._session else None

    def _host(self, asked: HTTPConnection) -> str:
        hosts = [host.lower() for host in asked.headers.getlist("host")]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            raise Refused(421, "This page does not answer to that host name.")
        return hosts[0]

    def _open(self, asked: HTTPConnection, session: Session) -> Response | None:
        path, token = asked.scope["path"], asked.query_params.get(TOKEN)
        if not path.startswith(f"{session.place}/"):
            raise Refused(403, NOT_OPEN)
        opens = token is not None and path == f"{session.place}/" and asked.scope.get("method") == "GET"
        opened = opens and session.opens(token or "")
        if not opened and not session.knows(asked):
            raise Refused(403, NOT_OPEN)
        return session.go_on(opened) if opens else None


def loopback_hosts(port: int) -> set[str]:
    """What a browser of this machine calls a page on `port`."""
    return {f"{LOOPBACK}:{port}", f"localhost:{port}"}


def _from_our_page(asked: HTTPConnection, host: str) -> bool:
    """Whether a page of ours sent what is more than looking: its origin says so, and nothing says otherwise."""
    scheme = "http" if host.partition(":")[0] in (LOOPBACK, "localhost") else "https"
    site = asked.headers.get("sec-fetch-site", "same-origin")
    return asked.headers.getlist("origin") == [f"{scheme}://{host}"] and site == "same-origin"


def _only_looks(asked: HTTPConnection, host: str) -> bool:
    """Whether a request to look comes from our own page, or opens the page itself: in a window, not in another page."""
    if asked.headers.get("origin") is not None and not _from_our_page(asked, host):
        return False
    site, mode, shown_as = (asked.headers.get(f"sec-fetch-{name}") for name in ("site", "mode", "dest"))
    return site in (None, "none", "same-origin") or (mode, shown_as) == ("navigate", "document")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
