"""A server that speaks JSON over HTTP: requests, answers, and what went wrong without quoting either.

Belongs here: one request and the reading of its answer as JSON. Does not belong here: what is asked
(resources/completions_client.py, resources/chat_client.py) and asking again. Requests hold note text and a server may
echo them: so no error and no log line quotes a request or an answer.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import httpx2

ANSWER_SECONDS = 300.0
WORTH_ASKING_AGAIN = (408, 425, 429)

T = TypeVar("T")


class ServerUnavailable(Exception):
    """The server did not answer, or answered that it cannot just now: worth asking again.

    `busy`: it answered; `wait`: seconds after which it asks to be asked again, 0 when it names none.
    """

    def __init__(self, message: str, busy: bool = False, wait: float = 0.0):
        super().__init__(message)
        self.busy, self.wait = busy, wait


class ServerRefuses(Exception):
    """The server answers, but not as labelling needs; asking again will not help. The message says what to do."""


class JsonServer:
    """The server that `http` is connected to (resources/endpoint.py), safe to use from several threads."""

    def __init__(self, http: httpx2.Client):
        self._http = http

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, method: str, path: str, body: dict | None = None) -> httpx2.Response:
        """One request. Raises ServerUnavailable for no answer, HTTP 408, 425, 429 and 5xx."""
        try:
            response = self._http.request(method, path, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            unavailable = ServerUnavailable(f"{path}: {type(error).__name__}")
        else:
            if response.status_code < 500 and response.status_code not in WORTH_ASKING_AGAIN:
                return response
            named = response.headers.get("Retry-After", "")
            wait = float(named) if named.isdigit() else 0.0
            unavailable = ServerUnavailable(f"{path}: HTTP {response.status_code}", busy=True, wait=wait)
        raise unavailable

    def answer(self, response: httpx2.Response) -> Any:
        """The JSON of an answer. Raises ServerRefuses for any status but 200 and for what is not JSON."""
        path = response.request.url.path
        if response.status_code in (401, 403):
            raise ServerRefuses("The server refuses the key. Set VLLM_API_KEY.")
        if response.is_redirect:
            raise ServerRefuses(f"The server sends {path} on to another address. Set VLLM_BASE_URL to that itself.")
        if response.status_code != 200:
            raise ServerRefuses(f"The server answers {path} with HTTP {response.status_code}.")
        try:
            return response.json()
        except ValueError:
            pass
        raise ServerRefuses(f"The server answers {path} with something that is not JSON. Is VLLM_BASE_URL right?")


def read_answer(read: Callable[[Any], T], answer: Any, path: str) -> T:
    """`read(answer)`, which takes the answer apart. Raises ServerRefuses when the answer has not the form it should."""
    try:
        return read(answer)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        pass
    raise ServerRefuses(f"The server's answer to {path} has not the form of the OpenAI interface.")
