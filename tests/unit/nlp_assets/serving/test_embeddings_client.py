"""How answers of an embeddings server are verified. The server is a small HTTP server that can be told to misbehave."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from nlp_assets.serving.embeddings_client import EmbeddingsClient
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from tests.unit.nlp_assets.json_replies import JsonReplies

DIMENSION = 4


TOO_LONG = 999


def states_of(tokens: list[int]) -> np.ndarray:
    """Numbers for each token that tell it and its place apart, [tokens, DIMENSION]."""
    return np.array([[token, place, len(tokens), 0.5] for place, token in enumerate(tokens)], dtype="<f4")


class Server(ThreadingHTTPServer):
    """A server that can be told to misbehave."""

    behaviour = ""


class Handler(JsonReplies, BaseHTTPRequestHandler):
    """Answers as vLLM does. `server.behaviour` changes one thing about it."""

    server: Server

    def do_GET(self):
        self._reply(200, {"data": [{"id": "m", "max_model_len": 256}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behaviour = self.server.behaviour
        if behaviour == "away":
            return self._reply(503, {})
        if self.path != "/pooling" or (body["task"], body["use_activation"]) != ("token_embed", False):
            return self._reply(404, {})
        if any(TOO_LONG in tokens for tokens in body["input"]):
            return self._reply(400, {"error": {"message": str(body["input"][0])}})
        states = [states_of(tokens) for tokens in body["input"]]
        if behaviour == "other dimension":
            states = [of[:, :3] for of in states]
        if behaviour == "one vector for a text":
            states = [of.mean(axis=0) for of in states]
        if behaviour == "not a number":
            states[0] = states[0] * np.float32("nan")
        rows = [{"index": index, "data": base64.b64encode(of.tobytes()).decode()} for index, of in enumerate(states)]
        if behaviour == "row missing":
            rows = rows[:-1]
        if behaviour == "numbered wrongly":
            rows[0]["index"] = 1
        model = "another" if behaviour == "other model" else body["model"]
        return self._reply(200, {"model": model, "data": rows[::-1]})


@pytest.fixture
def server():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(server):
    client = EmbeddingsClient(Endpoint(f"http://127.0.0.1:{server.server_port}", "key"), "m", DIMENSION)
    yield client
    client.close()


def test_every_token_has_its_numbers_in_the_order_of_the_texts_whatever_the_order_of_the_answer(client):
    texts = [(1,), (2, 3), (4, 5, 6)]
    for states, tokens in zip(client.embed(texts), texts, strict=True):
        np.testing.assert_array_equal(states, states_of(list(tokens)))


def test_one_text_that_is_too_long_leaves_the_others_their_numbers(client):
    found = client.embed([(1,), (2,), (TOO_LONG,), (3, 4)])
    assert [states is None for states in found] == [False, False, True, False]
    np.testing.assert_array_equal(found[3], states_of([3, 4]))


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("other model", "answers as another model"),
        ("row missing", "1 rows for 2 texts"),
        ("numbered wrongly", "numbered them wrongly"),
        ("other dimension", "not give 4 numbers of m for each token"),
        ("one vector for a text", "not give 4 numbers of m for each token"),
        ("not a number", "that are none"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused(server, client, behaviour, words):
    server.behaviour = behaviour
    with pytest.raises(ServerRefuses, match=words):
        client.embed([(7, 8), (9,)])


def test_a_server_that_cannot_just_now_is_worth_asking_again_and_no_token_is_quoted(server, client):
    server.behaviour = "away"
    with pytest.raises(ServerUnavailable) as raised:
        client.embed([(10_203, 4)])
    assert "203" not in str(raised.value)


def test_a_server_of_another_model_or_a_shorter_one_is_refused_before_any_text_is_sent(server, client):
    client.require_model(256)
    with pytest.raises(ServerRefuses, match="texts of 512 tokens"):
        client.require_model(512)
    other = EmbeddingsClient(Endpoint(f"http://127.0.0.1:{server.server_port}", "key"), "other", DIMENSION)
    with pytest.raises(ServerRefuses, match="does not serve other"):
        other.require_model(256)
    other.close()
