"""A server that speaks JSON over HTTP: requests, answers, and what went wrong without quoting either.

Belongs here: one request and the reading of its answer as JSON. Does not belong here: what is asked
(completions_client.py, chat_client.py) and asking again. Requests hold note text and a server may
echo them: so no error and no log line quotes a request or an answer.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

import httpx2

from nlp_assets.serving.server_counters import COUNTED

ANSWER_SECONDS = 300.0
WORTH_ASKING_AGAIN = (408, 425, 429)

T = TypeVar("T")


class ServerUnavailable(Exception):
    """The server did not answer, or answered that it cannot just now: worth asking again."""


class ServerRefuses(Exception):
    """The server answers, but not as labelling needs; asking again will not help. The message says what to do."""


class JsonClient:
    """The server that `http` is connected to (nlp_assets/serving/endpoint.py), safe to use from several threads."""

    def __init__(self, http: httpx2.Client):
        self._http = http

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, method: str, path: str, body: dict | None = None) -> httpx2.Response:
        """One request. Raises ServerUnavailable for no answer, HTTP 408, 425, 429 and 5xx."""
        response = self.exchange(method, path, body)
        require_available(response)
        return response

    def exchange(self, method: str, path: str, body: dict | None = None) -> httpx2.Response:
        """One request, whatever the answer. Raises ServerUnavailable for none."""
        began = monotonic()
        try:
            response = self._http.request(method, path, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            unavailable = ServerUnavailable(f"{path}: {type(error).__name__}")
        else:
            COUNTED.count(monotonic() - began, failed=response.status_code >= 500)
            return response
        COUNTED.count(monotonic() - began, failed=True)
        raise unavailable

    def counters(self) -> str:
        """The page of counters that vLLM keeps, as text; "" where the server has none, or does not show it."""
        try:
            response = self.send("GET", "/metrics")
        except ServerUnavailable:
            return ""
        return response.text if response.status_code == 200 else ""

    def answer(self, response: httpx2.Response) -> Any:
        """The JSON of an answer. Raises ServerRefuses for any status but 200 and for what is not JSON."""
        path = response.request.url.path
        if response.status_code == 401:
            raise ServerRefuses("The server refuses the key. Set VLLM_API_KEY.")
        if response.status_code == 403:
            raise ServerRefuses(
                f"The server answers {path} with HTTP 403: it refuses the key (VLLM_API_KEY) or what is sent."
            )
        if response.is_redirect:
            raise ServerRefuses(f"The server sends {path} on to another address. Set VLLM_BASE_URL to that itself.")
        if response.status_code != 200:
            raise ServerRefuses(f"The server answers {path} with HTTP {response.status_code}.")
        try:
            return response.json()
        except (ValueError, RecursionError):
            pass
        if response.text.lstrip().startswith(("data:", "event:")):
            raise ServerRefuses(f"The server streams its answer to {path}, which it was not asked to. Turn that off.")
        raise ServerRefuses(f"The server answers {path} with something that is not JSON. Is VLLM_BASE_URL right?")


def require_available(response: httpx2.Response) -> None:
    """Raise ServerUnavailable for HTTP 408, 425, 429 and 5xx."""
    if response.status_code >= 500 or response.status_code in WORTH_ASKING_AGAIN:
        raise ServerUnavailable(f"{response.request.url.path}: HTTP {response.status_code}")


def read_answer(read: Callable[[Any], T], answer: Any, path: str) -> T:
    """`read(answer)`, which takes the answer apart. Raises ServerRefuses when the answer has not the form it should."""
    try:
        return read(answer)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        pass
    raise ServerRefuses(f"The server's answer to {path} has not the form of the OpenAI interface.")
