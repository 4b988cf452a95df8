"""Connecting to a label server and bringing it back. The server is a stand-in for the client and the process."""

import threading
from typing import ClassVar

import pytest

from nlp_assets.serving import connection, label_client
from nlp_assets.serving.completions_client import Score, ServedModel
from nlp_assets.serving.endpoint import Endpoint
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from nlp_assets.serving.label_client import LabelClient
from nlp_assets.serving.serving import Serving


class Client:
    """Behaves as `Client.served` and `Client.fails` say; counts connections."""

    served: ClassVar = [ServedModel("m", "/models/Qwen", 2048)]
    connections = fails = checks = 0

    def __init__(self, *_, **__):
        type(self).connections += 1

    def counters(self) -> str:
        return ""

    def close(self):
        pass

    def served_models(self):
        if type(self).fails:
            type(self).fails -= 1
            raise ServerUnavailable("away")
        return self.served

    def choose_model(self, name):
        assert name == "m"

    def check_constraint(self, prompt):
        type(self).checks += 1

    def score(self, prompts):
        return [Score("1", 0.9, 0.0) for _ in prompts]


@pytest.fixture
def client(monkeypatch):
    class OwnClient(Client):
        pass

    monkeypatch.setattr(label_client, "CompletionsClient", OwnClient)
    monkeypatch.setattr(connection.time, "sleep", lambda _: None)
    return OwnClient


@pytest.fixture
def server(client):
    with LabelClient("m", "warm up", Endpoint("https://gpu", "")) as server:
        yield server


def test_nothing_is_reached_before_the_first_prompt(server, client):
    assert client.connections == 0
    server.score(["a"])
    assert (client.connections, client.checks) == (1, 1)


def test_threads_that_send_the_first_prompt_together_connect_once(server, client):
    threads = [threading.Thread(target=server.score, args=(["a"],)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.connections == 1


def test_a_server_that_comes_back_is_waited_for(server, client):
    client.fails = 3
    assert server.score(["a"])[0].chosen == "1"


def test_a_server_that_stays_away_is_given_up(server, client):
    client.fails = 100
    with pytest.raises(ServerUnavailable, match="5 attempts"):
        server.score(["a"])


def test_answers_between_them_count_attempts_from_none_again(server, client):
    for _ in range(20):
        server.score(["a"])
        server.recover()
    assert client.connections == 21


def test_a_server_that_comes_back_with_other_weights_is_refused(server, client):
    server.score(["a"])
    client.served = [ServedModel("m", "/models/another", 2048)]
    with pytest.raises(ServerRefuses, match="Run the command again"):
        server.recover()


def test_a_prompt_longer_than_the_server_takes_is_refused(server):
    server.require_room(2047)
    with pytest.raises(ServerRefuses, match="takes 2047"):
        server.require_room(2048)


def test_a_given_server_needs_an_address():
    serving = Serving.of({"VLLM_BASE_URL": "https://gpu", "VLLM_API_KEY": "k"})
    assert serving.server() == Endpoint("https://gpu", "k")
    with pytest.raises(ServerRefuses, match="VLLM_BASE_URL"):
        Serving.of({"VLLM_API_KEY": "k"}).server()
