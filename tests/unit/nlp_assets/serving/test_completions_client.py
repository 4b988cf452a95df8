"""How answers of a label server are read. The server is a small HTTP server that can be told to misbehave."""

import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nlp_assets.serving.completions_client import CompletionsClient, ServerRefuses, ServerUnavailable
from nlp_assets.serving.endpoint import Endpoint
from tests.unit.nlp_assets.json_replies import JsonReplies

ZERO, ONE, OTHER = 15, 16, 99


class Server(ThreadingHTTPServer):
    """A server that can be told to misbehave."""

    behaviour = ""


class Handler(JsonReplies, BaseHTTPRequestHandler):
    """Answers as vLLM does. `server.behaviour` changes one thing about it."""

    server: Server

    def do_GET(self):
        self._reply(200, {"data": [{"id": "m", "root": "/models/Qwen", "max_model_len": 2048}]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behaviour = self.server.behaviour
        if behaviour == "away":
            self._reply(503, {})
        elif behaviour == "wrong key":
            self._reply(401, {})
        elif self.path == "/tokenize":
            tokens = {"0": [ZERO], "1": [ONE]}.get(body["prompt"], list(range(len(body["prompt"]))))
            self._reply(200, {"tokens": tokens * 2 if behaviour == "two tokens" else tokens})
        elif any("TOO LONG" in prompt for prompt in body["prompt"]):
            self._reply(400, {"error": {"message": body["prompt"][0]}})
        else:
            choices = [self._choice(index, prompt, body) for index, prompt in enumerate(body["prompt"])]
            self._reply(200, {"choices": choices[::-1]})

    def _choice(self, index, prompt, body):
        allowed = body["allowed_token_ids"]
        wanted = ONE if "yes" in prompt else ZERO
        token = wanted if wanted in allowed else allowed[0]
        if self.server.behaviour == "ignores constraint":
            token = OTHER
        logprobs = {f"token_id:{ZERO}": math.log(0.1), f"token_id:{ONE}": math.log(0.3)}
        if self.server.behaviour == "knows no logprob_token_ids":
            logprobs = {f"token_id:{OTHER}": math.log(0.5), f"token_id:{ONE}": math.log(0.3)}
        return {"index": index, "logprobs": {"tokens": [f"token_id:{token}"], "top_logprobs": [logprobs]}}


@pytest.fixture
def server():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(server):
    client = CompletionsClient(Endpoint(f"http://127.0.0.1:{server.server_port}/v1/", "key"))
    client.choose_model("m")
    yield client
    client.close()


def test_p1_is_one_against_zero_and_the_rest_is_off_choice(client):
    yes, no = client.score(["yes", "no"])
    assert (yes.chosen, no.chosen) == ("1", "0")
    assert yes.p1 == pytest.approx(0.75) and yes.off_choice == pytest.approx(0.6)


def test_answers_are_put_back_in_the_order_of_the_prompts(client):
    prompts = ["yes" if number % 3 else "no" for number in range(10)]
    assert [score.chosen for score in client.score(prompts)] == ["1" if prompt == "yes" else "0" for prompt in prompts]


def test_a_refused_prompt_is_found_and_its_neighbours_are_scored(client):
    scores = client.score(["yes", "no", "TOO LONG", "no", "yes"])
    assert [score and score.chosen for score in scores] == ["1", "0", None, "0", "1"]


def test_a_server_that_ignores_the_constraint_is_refused_before_any_note(client, server):
    client.check_constraint("warm up")
    server.behaviour = "ignores constraint"
    with pytest.raises(ServerRefuses, match="allowed_token_ids"):
        client.check_constraint("warm up")


def test_a_token_outside_the_choice_is_no_label(client, server):
    server.behaviour = "ignores constraint"
    assert client.score(["yes"])[0].chosen == ""


def test_a_choice_the_server_does_not_show_has_no_probability(client, server):
    server.behaviour = "knows no logprob_token_ids"
    (score,) = client.score(["yes"])
    assert score.p1 == 1.0 and score.off_choice == pytest.approx(0.7)


def test_a_vocabulary_without_single_digits_is_refused(client, server):
    server.behaviour = "two tokens"
    with pytest.raises(ServerRefuses, match="one token each"):
        client.choose_model("m")


@pytest.mark.parametrize(("behaviour", "error"), [("away", ServerUnavailable), ("wrong key", ServerRefuses)])
def test_an_error_quotes_no_note(client, server, behaviour, error):
    server.behaviour = behaviour
    with pytest.raises(error) as raised:
        client.score(["John met Jane at CGL"])
    assert "Jane" not in f"{raised.value} {raised.value.args} {raised.value.__context__!r}"


def test_a_server_that_is_not_there_is_unavailable():
    client = CompletionsClient(Endpoint("http://127.0.0.1:9"))
    with pytest.raises(ServerUnavailable):
        client.served_models()


def test_served_models_are_read(client):
    (model,) = client.served_models()
    assert (model.name, model.root, model.maximum_tokens) == ("m", "/models/Qwen", 2048)
