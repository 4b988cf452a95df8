"""What is counted of a server: requests, failures and seconds, told rounded and without a word of a request."""

import json

import httpx2
import pytest

from nlp_assets.serving.json_client import JsonClient, ServerUnavailable
from nlp_assets.serving.server_counters import COUNTED, ServerCounters
from nlp_assets.steps.labels.label_progress import say_server_counts
from resources.records.json_log import LOG


def test_requests_are_counted_with_those_that_fail():
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/gone":
            raise httpx2.ConnectError("gone")
        return httpx2.Response({"/well": 200, "/no": 404, "/broken": 503}[request.url.path], json={})

    client = JsonClient(httpx2.Client(transport=httpx2.MockTransport(answer), base_url="http://127.0.0.1"))
    COUNTED.taken()
    for path in ("/well", "/no"):
        client.send("GET", path)
    for path in ("/broken", "/gone"):
        with pytest.raises(ServerUnavailable):
            client.send("GET", path)
    counted = COUNTED.taken()
    assert (counted.requests, counted.failures) == (4, 2) and counted.seconds >= 0
    assert COUNTED.taken().requests == 0


def test_they_are_told_rounded_as_a_line_of_words_or_of_json(monkeypatch, capsys):
    say_server_counts(ServerCounters(), 10)
    assert capsys.readouterr().out == ""
    say_server_counts(ServerCounters(1234, 3, 56.78), 10)
    assert (
        capsys.readouterr().out == "  label server: 1230 requests, fewer than 10 failed, 57 s until the answers came\n"
    )
    monkeypatch.setenv(LOG, "json")
    say_server_counts(ServerCounters(1234, 0, 56.78), 10)
    line = json.loads(capsys.readouterr().out)
    line.pop("time")
    assert line == {"event": "label_server", "requests": 1230, "failures": 0, "seconds": 56.8}
