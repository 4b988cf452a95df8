"""`pathways ui` as a page of another site, another program of this machine and whoever may launch runs meet it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from pathways.refresh.zone_order import ZONES

REPOSITORY = Path(__file__).resolve().parents[3]
LAUNCH = """mutation Launch($run: ExecutionParams!) { launchRun(executionParams: $run) { __typename
  ... on LaunchRunSuccess { run { runId } } ... on RunConfigValidationInvalid { errors { message } }
  ... on Error { message } } }"""
WAIT_SECONDS = 300  # for an answer, on a machine that is busy
RUNS = "{ runsOrError { ... on Runs { results { runId } } } }"


class Ui:
    """A running user interface: its process, what it has printed, and a browser that has opened its address."""

    def __init__(self, var: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pathways", "ui", "--port", "0"],
            cwd=REPOSITORY,
            env={**os.environ, "PATHWAYS_VAR": str(var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said, self._printed = "", threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self._printed.wait()
        found = re.search(r"(http://127\.0\.0\.1:\d+)(/\S+)/\?token=(\S+)", self.said)
        assert found, self.said
        self.address, (self.origin, self.place, self.token) = found.group(), found.groups()
        self.base = self.origin + self.place
        self.browser = httpx2.Client(trust_env=False, timeout=WAIT_SECONDS)
        self.opened = self.browser.get(self.address)

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if "token=" in line:
                self._printed.set()
        self._printed.set()

    @property
    def cookie(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies.jar)

    def ask(self, query: str, **variables) -> dict:
        """The answer to what a page of the user interface asks."""
        answer = self.browser.post(
            f"{self.base}/graphql", json={"query": query, "variables": variables}, headers={"Origin": self.origin}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def launch(self, table: str, location: str = "linkage_assets", **config) -> dict:
        """What is said to a launch of one table."""
        selector = {
            "repositoryLocationName": location,
            "repositoryName": "__repository__",
            "jobName": "__ASSET_JOB",
            "assetSelection": [{"path": [table]}],
            "assetCheckSelection": [],
        }
        tags = [{"key": "dagster/partition", "value": "2023Q1"}]
        run = {"selector": selector, "runConfigData": config, "executionMetadata": {"tags": tags}}
        return self.ask(LAUNCH, run=run)["launchRun"]

    def runs(self) -> int:
        return len(self.ask(RUNS)["runsOrError"]["results"])

    def processes(self) -> set[int]:
        """The user interface and all that it has started."""
        parents = {}
        for place in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parents[int(place.parent.name)] = int(place.read_text().rpartition(")")[2].split()[1])
        found, new = set(), {self.process.pid}
        while new:
            found |= new
            new = {child for child, parent in parents.items() if parent in new} - found
        return found

    def environments(self) -> list[bytes]:
        """Environment variables of the processes that are still there when they are looked at."""
        found = []
        for process in self.processes():
            with suppress(OSError):
                found.append(Path(f"/proc/{process}/environ").read_bytes())
        return found


@pytest.fixture(scope="module")
def ui(tmp_path_factory) -> Iterator[Ui]:
    """The user interface on a data folder without extracts."""
    started = Ui(tmp_path_factory.mktemp("ui"))
    yield started
    if started.process.poll() is None:
        started.process.send_signal(signal.SIGTERM)
        started.process.wait()


def test_the_printed_address_opens_it_with_one_click_and_opens_no_other_browser(ui):
    assert ui.opened.status_code == 200
    assert ui.browser.get(f"{ui.base}/asset-groups").status_code == 200
    assert len(ui.ask("{ assetNodes { id } }")["assetNodes"]) > 60
    with httpx2.Client(trust_env=False) as other:
        answer = other.get(ui.address)
    assert answer.status_code == 403 and "prints a new one" in answer.text


CHANGE = "mutation { setNuxSeen }"
DELETE = 'mutation { deleteRun(runId: "a") { __typename } }'
FORM = "application/x-www-form-urlencoded"
REPORT = "/report_asset_materialization/publication"
ATTACKS = {
    "a link on another site": ("GET", "/graphql", {"params": {"query": CHANGE}}),
    "a picture on another site": (
        "GET",
        "/graphql",
        {
            "params": {"query": CHANGE},
            "headers": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        },
    ),
    "a frame of another site": (
        "GET",
        "/asset-groups",
        {"headers": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}},
    ),
    "a form of another site": (
        "POST",
        "/graphql",
        {
            "params": {"query": CHANGE},
            "data": "a=b",
            "headers": {"Origin": "http://attacker.example", "Content-Type": FORM},
        },
    ),
    "a form without its origin": (
        "POST",
        "/graphql",
        {"params": {"query": CHANGE}, "data": "a=b", "headers": {"Origin": "null", "Content-Type": FORM}},
    ),
    "a script on another site": (
        "POST",
        "/graphql",
        {"json": {"query": CHANGE}, "headers": {"Origin": "http://attacker.example"}},
    ),
    "a script on another port": (
        "POST",
        "/graphql",
        {"json": {"query": CHANGE}, "headers": {"Origin": "http://127.0.0.1:1"}},
    ),
    "text that a script may send anywhere": (
        "POST",
        "/graphql",
        {"data": json.dumps({"query": CHANGE}), "headers": {"Content-Type": "text/plain"}},
    ),
    "a name pointed at this machine": (
        "POST",
        "/graphql",
        {"json": {"query": CHANGE}, "headers": {"Host": "attacker.example", "Origin": "http://attacker.example"}},
    ),
    "a page of that name": ("GET", "/", {"headers": {"Host": "attacker.example"}}),
    "a program without the cookie": ("POST", "/graphql", {"json": {"query": CHANGE}, "cookie": ""}),
    "a program with a cookie of its own": ("POST", "/graphql", {"json": {"query": CHANGE}, "cookie": "pathways=x"}),
    "several requests in a list": ("POST", "/graphql", {"json": [{"query": CHANGE}, {"query": CHANGE}]}),
    "a made-up event": ("POST", REPORT, {"json": {}}),
    "a made-up event of another site": ("POST", REPORT, {"json": {}, "headers": {"Origin": "null"}}),
    "deleting what was recorded": ("POST", "/graphql", {"json": {"query": DELETE}}),
    "logs by their path": ("GET", "/logs/../../etc/passwd.out", {}),
    "outside the place of the cookie": ("POST", "/../graphql", {"json": {"query": CHANGE}}),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_not_asked_by_its_own_page_is_refused(ui, attack):
    method, path, sent = ATTACKS[attack]
    headers = {"Origin": ui.origin} if method == "POST" else {}
    cookie = sent.get("cookie", ui.cookie)
    more = {name: value for name, value in sent.items() if name not in ("cookie", "headers")}
    with httpx2.Client(trust_env=False) as browser:
        answer = browser.request(
            method, f"{ui.base}{path}", headers={**headers, "Cookie": cookie, **sent.get("headers", {})}, **more
        )
    assert answer.status_code in (400, 403, 405, 415, 421), answer.text
    assert "setNuxSeen" not in answer.text and answer.headers["content-type"].startswith("text/plain")


def socket_of(ui: Ui, origin: str, cookie: str) -> ClientConnection:
    return connect(
        f"{ui.base.replace('http', 'ws', 1)}/graphql",
        origin=origin,
        proxy=None,  # type: ignore[arg-type]
        subprotocols=["graphql-ws"],
        additional_headers={"Cookie": cookie},  # type: ignore[list-item]
    )


@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://127.0.0.1:1"])
def test_a_websocket_of_another_page_is_refused(ui, origin):
    with pytest.raises(InvalidStatus, match="403"), socket_of(ui, origin, ui.cookie):
        pass
    with pytest.raises(InvalidStatus, match="403"), socket_of(ui, ui.origin, "pathways=x"):
        pass


def of_resource(name: str, **config) -> dict:
    return {"resources": {name: {"config": config}}}


CONFIGS = {
    "another settings file": ("linkage_assets", "linkage_model", of_resource("study", settings_file="/tmp/study.toml")),
    "another folder of extracts": ("linkage_assets", "linkage_model", of_resource("extracts", root="/tmp")),
    "another folder of models": ("linkage_assets", "linkage_model", of_resource("linkage_models", root="/tmp")),
    "another database": ("linkage_assets", "scored_pairs", of_resource("splink_backend", engine="spark")),
    "another store": ("linkage_assets", "linkage_model", of_resource("io_manager", root="/tmp")),
    "another server that reads notes": (
        "nlp_assets",
        "note_labels",
        of_resource("vllm", base_url="http://192.0.2.1/v1"),
    ),
    "another variable as the key": ("nlp_assets", "note_labels", of_resource("vllm", api_key={"env": "HOME"})),
    "another program that reads notes": ("nlp_assets", "note_labels", of_resource("vllm", llm_python="/tmp/python")),
    "another folder of labels": ("nlp_assets", "note_labels", of_resource("label_folder", root="/tmp")),
    "another publication": ("publication_assets", "publication", of_resource("publication_folder", root="/tmp")),
    "another model": ("linkage_assets", "linkage_model", {"ops": {"linkage_model": {"config": {"name": "x"}}}}),
    "a model that may be overwritten": (
        "linkage_assets",
        "trained_linkage_model",
        {"ops": {"trained_linkage_model": {"config": {"name": "x", "replace": True}}}},
    ),
    "another way to run": ("linkage_assets", "linkage_model", {"execution": {"config": {"marker_to_close": "/tmp/x"}}}),
    "another logger": ("linkage_assets", "linkage_model", {"loggers": {"progress": {"config": {"file": "/tmp/x"}}}}),
}


@pytest.mark.parametrize("chosen", CONFIGS)
def test_a_launch_chooses_neither_settings_nor_folders_nor_servers(ui, chosen):
    location, table, config = CONFIGS[chosen]
    said, before = ui.launch(table, location, **config), ui.runs()
    assert said["__typename"] == "RunConfigValidationInvalid", said
    assert re.match(r'Received unexpected config entr(y|ies) ".*" at path root.*Expected', said["errors"][0]["message"])
    assert ui.runs() == before


def test_its_own_page_launches_a_run_and_follows_it(ui):
    launched = ui.launch("linkage_model")
    assert launched["__typename"] == "LaunchRunSuccess" and ui.runs() == 1
    run = launched["run"]["runId"]
    follow = f'subscription {{ pipelineRunLogs(runId: "{run}") {{ __typename }} }}'
    with socket_of(ui, ui.origin, ui.cookie) as socket:
        socket.send('{"type": "connection_init"}')
        assert json.loads(socket.recv()) == {"type": "connection_ack"}
        socket.send(json.dumps({"id": "1", "type": "start", "payload": {"query": follow}}))
        said = json.loads(socket.recv())
    assert said["payload"]["data"]["pipelineRunLogs"]["__typename"] == "PipelineRunLogsSubscriptionSuccess"
    at_once = "terminatePolicy: MARK_AS_CANCELED_IMMEDIATELY"
    stop = f'mutation {{ terminateRun(runId: "{run}", {at_once}) {{ __typename }} }}'
    assert ui.ask(stop)["terminateRun"]["__typename"] == "TerminateRunSuccess"


def test_nothing_but_the_page_listens_and_no_other_user_reaches_the_code_servers(ui):
    inodes = {}
    for process in ui.processes():
        for link in Path(f"/proc/{process}/fd").glob("*"):
            with suppress(OSError):
                inodes[str(link.readlink())] = process
    listening = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    ours = [row[1] for row in listening if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]
    assert ours == [f"0100007F:{int(ui.origin.rpartition(':')[2]):04X}"]
    sockets = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    paths = [Path(row[7]) for row in sockets if len(row) > 7 and f"socket:[{row[6]}]" in inodes and row[7][0] == "/"]
    folders = {path.parent for path in paths}
    assert {*ZONES} <= {path.name for path in paths} and len(folders) == 1
    assert folders.pop().stat().st_mode & 0o777 == 0o700


def test_the_token_is_printed_once_and_is_in_no_command_line_and_no_record(ui):
    assert ui.said.count(ui.token) == 1
    commands = [Path(f"/proc/{process}/cmdline").read_bytes() for process in ui.processes()]
    assert len(commands) > 5 and not any(ui.token.encode() in command for command in commands)
    assert not any(ui.token.encode() in environment for environment in ui.environments())
    assert "Traceback" not in ui.said and "webserver failed" not in ui.said


def is_running(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_stopped_it_leaves_no_process_and_no_socket(ui):
    processes = ui.processes()
    folders = {environment.partition(b"\0TMPDIR=")[2].partition(b"\0")[0] for environment in ui.environments()}
    folders = {Path(os.fsdecode(folder)) for folder in folders if b"pathways-spill" in folder}
    assert len(folders) == 1
    ui.process.send_signal(signal.SIGTERM)
    assert ui.process.wait() == 128 + signal.SIGTERM
    assert [process for process in processes if is_running(process)] == []
    assert not folders.pop().exists()
