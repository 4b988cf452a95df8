"""What `pathways bench labels` counts, against a small HTTP server whose answers and counters are known."""

import json
import math
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from nlp_assets.steps.notes.prompt import load_prompt, render
from pathways.cli import app
from resources.settings.study_settings import load_study_settings

ZERO, ONE = 15, 16
BLOCK = 32
LINE_OF_COUNTER = 'vllm:{name}{{engine="0",model_name="m"}} {value:.1f}\n'
EMPTY_PROMPT = render(load_prompt(load_study_settings().notes.labels.prompt), "")
PREFIX_LETTERS = len(load_prompt(load_study_settings().notes.labels.prompt).prefix)


class Server(ThreadingHTTPServer):
    """Serves the models it is told, and keeps what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.has_counters, self.models, self.lock = True, ["m"], threading.Lock()
        self.requests: list[list[str]] = []
        self.counters = {"prefix_cache_queries": 1000.0, "prefix_cache_hits": 10.0, "prompt_tokens": 1000.0}


class Handler(BaseHTTPRequestHandler):
    """A letter is a token; every prompt finds the whole blocks of the shared prefix in the cache, as vLLM counts."""

    server: Server

    def do_GET(self):
        if self.path == "/metrics" and self.server.has_counters:
            self._reply(200, self._counters_page())
        elif self.path == "/v1/models":
            self._reply(200, json.dumps({"data": [{"id": name} for name in self.server.models]}))
        else:
            self._reply(404, "")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tokenize":
            tokens = {"0": [ZERO], "1": [ONE]}.get(body["prompt"], list(range(len(body["prompt"]))))
            self._reply(200, json.dumps({"tokens": tokens}))
            return
        prompts = body["prompt"]
        with self.server.lock:
            self.server.requests.append(prompts)
            tokens = sum(map(len, prompts))
            self.server.counters["prefix_cache_queries"] += tokens
            self.server.counters["prompt_tokens"] += tokens
            self.server.counters["prefix_cache_hits"] += len(prompts) * (PREFIX_LETTERS // BLOCK * BLOCK)
        choices = [{"index": index, "logprobs": self._logprobs(index)} for index in range(len(prompts))]
        self._reply(200, json.dumps({"choices": choices}))

    def _logprobs(self, index):
        """The first prompt of every request is one that the model wants to answer with something else."""
        off_choice = 0.75 if index == 0 else 0.25
        likely = {f"token_id:{ONE}": math.log(1 - off_choice), f"token_id:{ZERO}": -1000.0}
        return {"tokens": [f"token_id:{ONE}"], "top_logprobs": [likely]}

    def _counters_page(self):
        """As vLLM writes it: a `_created` time beside each counter, and other counters with longer names."""
        page = "# HELP vllm:prompt_tokens_total Number of prefill tokens processed.\n"
        for name, value in self.server.counters.items():
            page += LINE_OF_COUNTER.format(name=f"{name}_total", value=value)
            page += LINE_OF_COUNTER.format(name=f"{name}_created", value=1.7e9)
            page += LINE_OF_COUNTER.format(name=f"external_{name}_total", value=12345)
        return page

    def _reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def bench(server, *options):
    return CliRunner().invoke(app, ["bench", "labels", "--url", f"http://127.0.0.1:{server.server_port}/v1", *options])


def measured(server, *options):
    done = bench(server, "--notes", "40", "--warm-up", "10", "--notes-per-request", "16", *options)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_every_note_is_sent_once_in_requests_of_the_size_asked_for_and_only_those_after_the_warm_up_count(server):
    line = measured(server)
    assert line["notes"] == 40
    assert sorted(map(len, server.requests)) == [8, 10, 16, 16]
    prompts = [prompt for request in server.requests for prompt in request]
    assert len(set(prompts)) == 50


def test_notes_have_the_length_asked_for(server):
    measured(server, "--note-tokens", "80")
    notes = [len(prompt) - len(EMPTY_PROMPT) for request in server.requests for prompt in request]
    assert 60 < sum(notes) / len(notes) <= 81


def test_the_cached_share_is_of_all_prompt_tokens_and_leaves_the_warm_up_out(server):
    line = measured(server)
    prompts = [prompt for request in server.requests if len(request) != 10 for prompt in request]
    cached = 40 * (PREFIX_LETTERS // BLOCK * BLOCK)
    assert line["cached_prefix_share"] == round(cached / sum(map(len, prompts)), 4)
    assert line["prompt_tokens_mean"] == round(sum(map(len, prompts)) / 40, 1)
    assert line["shared_prompt_tokens"] == len(EMPTY_PROMPT)


def test_a_server_without_counters_has_no_cached_share(server):
    server.has_counters = False
    line = measured(server)
    assert (line["cached_prefix_share"], line["prompt_tokens_mean"]) == (None, None)
    assert line["notes"] == 40


def test_what_the_model_wanted_to_say_besides_0_and_1_is_averaged_and_counted(server):
    line = measured(server)
    assert line["off_choice_mean"] == round((3 * 0.75 + 37 * 0.25) / 40, 6)
    assert line["off_choice_above_maximum"] == 3


def test_the_bound_is_the_arithmetic_of_the_tokens_that_are_not_cached(server):
    line = measured(server, "--parameters-billion", "6.53", "--peak-tflops", "790")
    computed = line["prompt_tokens_mean"] * (1 - line["cached_prefix_share"])
    assert line["bound_notes_per_second"] == pytest.approx(790e12 / (2 * 6.53e9 * computed), abs=0.06)
    assert line["bound_without_cache"] == pytest.approx(790e12 / (2 * 6.53e9 * line["prompt_tokens_mean"]), abs=0.06)


def test_one_of_several_served_models_has_to_be_named(server):
    server.models = ["m", "n"]
    done = bench(server)
    assert done.exit_code == 1 and done.stdout == ""
    assert "m, n" in done.stderr and "--model" in done.stderr


def test_a_server_that_does_not_answer_is_named_with_what_to_do():
    done = CliRunner().invoke(app, ["bench", "labels", "--url", "http://127.0.0.1:9/v1"])
    assert done.exit_code == 1 and done.stdout == ""
    assert "http://127.0.0.1:9/v1 does not answer" in done.stderr
