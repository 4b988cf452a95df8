"""What is passed on of vLLM's counters: totals since labelling began, and none that confirms a guess of a note."""

import json

import httpx2
import pytest

from nlp_assets.serving.json_client import JsonClient
from nlp_assets.serving.server_metrics import PASSED_ON, ServerMetrics, counted
from nlp_assets.steps.labels.label_progress import progress_with_metrics, say_server_metrics
from resources.records.json_log import LOG

# Lines of a page of vLLM 0.32.0
PAGE = """# HELP vllm:prompt_tokens_total Number of prefill tokens processed.
# TYPE vllm:prompt_tokens_total counter
vllm:prompt_tokens_total{engine="0",model_name="fixture"} 4096.0
vllm:prompt_tokens_created{engine="0",model_name="fixture"} 1.7960915921425812e+09
vllm:prefix_cache_queries_total{engine="0",model_name="fixture"} 4096.0
vllm:prefix_cache_hits_total{engine="0",model_name="fixture"} 2000.0
vllm:prompt_tokens_cached_total{engine="0",model_name="fixture"} 2000.0
vllm:generation_tokens_total{engine="0",model_name="fixture"} 100.0
vllm:request_success_total{engine="0",finished_reason="stop",model_name="fixture"} 1.0
vllm:request_success_total{engine="0",finished_reason="length",model_name="fixture"} 99.0
vllm:num_preemptions_total{engine="0",model_name="fixture"} 0.0
vllm:request_queue_time_seconds_count{engine="0",model_name="fixture"} 100.0
vllm:request_queue_time_seconds_sum{engine="0",model_name="fixture"} 7.922999998299929e-05
vllm:e2e_request_latency_seconds_sum{engine="0",model_name="fixture"} 63.955962896347046
"""


def page(tokens: int) -> str:
    return f'vllm:prompt_tokens_total{{engine="0"}} {float(tokens)}\n'


def test_totals_of_work_are_read_over_all_series_and_nothing_of_the_cache():
    assert counted(PAGE) == {
        "requests_answered": 100.0,
        "prompt_tokens": 4096.0,
        "generated_tokens": 100.0,
        "preemptions": 0.0,
        "seconds_waiting": 7.922999998299929e-05,
        "seconds_answering": 63.955962896347046,
    }
    assert not any("cache" in counter for counter in PASSED_ON.values())
    assert counted("<html>no page of counters</html>") == {}


def test_what_the_server_did_before_a_table_was_begun_is_not_told():
    pages = iter([page(500), page(700), page(1000), page(1600)])
    metrics = ServerMetrics()
    metrics.begin()
    assert metrics.so_far() == {}
    metrics.follow(lambda: next(pages))
    assert metrics.so_far() == {"prompt_tokens": 200}
    metrics.begin()
    assert metrics.so_far() == {"prompt_tokens": 600} == metrics.told()


def test_a_server_that_was_away_is_counted_on_and_one_that_was_started_again_from_nothing():
    metrics = ServerMetrics()
    metrics.begin()
    metrics.follow(lambda: page(100))
    metrics.away()
    assert metrics.so_far() == {}
    metrics.follow(lambda: page(150))
    assert metrics.so_far() == {"prompt_tokens": 50}
    metrics.away()
    metrics.follow(lambda: page(30))
    assert metrics.so_far() == {"prompt_tokens": 80}
    metrics.leave()
    metrics.follow(lambda: page(9000))
    assert metrics.so_far() == {"prompt_tokens": 80}


def test_nothing_is_asked_of_a_server_before_anybody_counts():
    metrics = ServerMetrics()
    metrics.follow(lambda: pytest.fail("it was asked"))
    assert metrics.so_far() == {}


@pytest.mark.parametrize("answer", [404, 401, 503, None])
def test_a_server_without_counters_is_no_fault(answer):
    def handle(request: httpx2.Request) -> httpx2.Response:
        if answer is None:
            raise httpx2.ConnectError("gone")
        return httpx2.Response(answer, text=PAGE)

    client = JsonClient(httpx2.Client(transport=httpx2.MockTransport(handle), base_url="http://127.0.0.1"))
    assert client.counters() == ""


def test_a_line_tells_them_rounded_in_words_or_as_json_and_none_where_nothing_was_asked(monkeypatch, capsys):
    told = {"requests_answered": 1234, "preemptions": 3, "seconds_waiting": 5.6}
    say_server_metrics({}, 10)
    say_server_metrics({"requests_answered": 0, "seconds_waiting": 0.0}, 10)
    assert capsys.readouterr().out == ""
    say_server_metrics(told, 10)
    assert capsys.readouterr().out == (
        "  label server counts: requests answered 1230, preemptions fewer than 10, seconds waiting 5.6\n"
    )
    monkeypatch.setenv(LOG, "json")
    say_server_metrics(told, 10)
    line = json.loads(capsys.readouterr().out)
    line.pop("time")
    assert line == {
        "event": "label_server_metrics",
        "requests_answered": 1230,
        "preemptions": "fewer than 10",
        "seconds_waiting": 5.6,
    }


def test_while_notes_are_labelled_they_are_told_at_most_once_a_minute(monkeypatch, capsys):
    monkeypatch.setenv(LOG, "json")
    times = iter([0.0, 30.0, 61.0, 61.0, 90.0, 122.0, 122.0])
    say = progress_with_metrics(lambda: {"prompt_tokens": 500}, 10, lambda: next(times))
    for done in range(4):
        say(done, 4, 1.0)
    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert events == ["progress", "progress", "label_server_metrics", "progress", "progress", "label_server_metrics"]
