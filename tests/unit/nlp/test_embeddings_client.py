"""How answers of an embeddings server are verified. The server is a small HTTP server that can be told to misbehave."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from resources.embeddings_client import EmbeddingsClient
from resources.endpoint import Endpoint
from resources.json_server import ServerRefuses, ServerUnavailable

DIMENSION = 4


def vector_of(text: str) -> np.ndarray:
    """A vector of length 1 that tells texts apart."""
    vector = np.array([1.0, len(text), text.count("a"), 0.0], dtype="<f4")
    return (vector / np.linalg.norm(vector)).astype("<f4")


class Server(ThreadingHTTPServer):
    """A server that can be told to misbehave."""

    behaviour = ""


class Handler(BaseHTTPRequestHandler):
    """Answers as vLLM does. `server.behaviour` changes one thing about it."""

    server: Server

    def do_GET(self):
        self._reply(200, {"data": [{"id": "m", "max_model_len": 256}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behaviour = self.server.behaviour
        if behaviour == "away":
            return self._reply(503, {})
        if any("TOO LONG" in text for text in body["input"]):
            return self._reply(400, {"error": {"message": body["input"][0]}})
        vectors = [vector_of(text) for text in body["input"]]
        if behaviour == "other dimension":
            vectors = [vector[:3] for vector in vectors]
        if behaviour == "not a number":
            vectors[0] = vectors[0] * np.float32("nan")
        if behaviour == "not normalised":
            vectors[0] = vectors[0] * np.float32(2)
        rows = [
            {"index": index, "embedding": base64.b64encode(vector.tobytes()).decode()}
            for index, vector in enumerate(vectors)
        ]
        if behaviour == "row missing":
            rows = rows[:-1]
        if behaviour == "numbered wrongly":
            rows[0]["index"] = 1
        model = "another" if behaviour == "other model" else body["model"]
        return self._reply(200, {"model": model, "data": rows[::-1]})

    def _reply(self, status, content):
        payload = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


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


def test_vectors_come_in_the_order_of_the_texts_whatever_the_order_of_the_answer(client):
    texts = ["a", "bb", "aaa"]
    for vector, text in zip(client.embed(texts), texts, strict=True):
        np.testing.assert_array_equal(vector, vector_of(text))


def test_one_text_that_is_too_long_leaves_the_others_their_vectors(client):
    vectors = client.embed(["a", "b", "TOO LONG", "dd"])
    assert [vector is None for vector in vectors] == [False, False, True, False]
    np.testing.assert_array_equal(vectors[3], vector_of("dd"))


@pytest.mark.parametrize(("behaviour", "words"), [
    ("other model", "answers as another model"),
    ("row missing", "1 vectors for 2 texts"),
    ("numbered wrongly", "numbered them wrongly"),
    ("other dimension", "not the 4 numbers"),
    ("not a number", "length 1"),
    ("not normalised", "length 1"),
])
def test_an_answer_that_is_not_what_was_asked_for_is_refused(server, client, behaviour, words):
    server.behaviour = behaviour
    with pytest.raises(ServerRefuses, match=words):
        client.embed(["a note of somebody", "b"])


def test_a_server_that_cannot_just_now_is_worth_asking_again_and_no_text_is_quoted(server, client):
    server.behaviour = "away"
    with pytest.raises(ServerUnavailable) as raised:
        client.embed(["a note of somebody"])
    assert "somebody" not in str(raised.value)


def test_a_server_of_another_model_or_a_shorter_one_is_refused_before_any_text_is_sent(server, client):
    client.require_model(256)
    with pytest.raises(ServerRefuses, match="texts of 512 tokens"):
        client.require_model(512)
    other = EmbeddingsClient(Endpoint(f"http://127.0.0.1:{server.server_port}", "key"), "other", DIMENSION)
    with pytest.raises(ServerRefuses, match="does not serve other"):
        other.require_model(256)
    other.close()
