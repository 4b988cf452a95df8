"""The review page answers on this machine, to its own reviewer, and lets nothing out."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import polars as pl
import pytest

from pathways.review.pairs.draw import draw_first_sample
from pathways.review.pairs.folder import PairsFolder
from pathways.review.shared.review_page import PAGE as SHARED
from pathways.review.shared.server import HEADERS, POLICY
from resources.settings.study_settings import load_study_settings

REPOSITORY = Path(__file__).resolve().parents[3]
QUARTER = "2023Q1"
VALUES = {"X770011", "C770012345", "1984-03-07", "07/03/1984", "LS1 4"}


@pytest.fixture(scope="module")
def var(tmp_path_factory, store_table):
    """Six pairs to review, sampled."""
    root = tmp_path_factory.mktemp("review")
    people = {"crn": [f"X77001{i}" for i in range(1, 7)], "client_id": [f"C77001234{i}" for i in range(5, 11)]}
    pairs = pl.DataFrame(
        {
            "offender_record_id": [f"ndelius:{crn}:1" for crn in people["crn"]],
            "client_record_id": [f"ndtms:{client}:1" for client in people["client_id"]],
            **people,
            "match_probability": [0.999, 0.998, 0.9, 0.8, 0.2, 0.1],
            "match_weight": [9.9643, 8.9629, 3.1699, 2.0, -2.0, -3.1699],
            "cluster_id": people["crn"],
            "client_cluster_id": people["client_id"],
        }
    )
    store_table(root, "linkage", "person_pairs", pairs)
    for table, source, ids in (("offenders", "ndelius", people["crn"]), ("clients", "ndtms", people["client_id"])):
        records = pl.DataFrame({"record_id": [f"{source}:{name}:1" for name in ids], "person_id": ids}).with_columns(
            forename_initial=pl.lit("J"),
            surname_initial=pl.lit("S"),
            dob=pl.lit("1984-03-07"),
            sex=pl.lit("M"),
            ethnicity=pl.lit("A"),
            postcode_sector=pl.lit("LS1 4"),
            utla_code=pl.lit("E08000035"),
            easting=pl.lit(1.0),
            northing=pl.lit(1.0),
            no_fixed_abode=pl.lit(False),
        )
        store_table(root, "linkage", f"standardised_{table}", records)
    store_table(root, "linkage", "linkage_model", pl.DataFrame({"model_json": ["{}"]}))
    draw_first_sample(PairsFolder(root, QUARTER), load_study_settings().linkage.review)
    return root


def review(var, *arguments):
    return [sys.executable, "-m", "pathways", "review", *arguments, "--quarter", QUARTER], {
        **os.environ,
        "PATHWAYS_VAR": str(var),
    }


class Page:
    """A running review page."""

    def __init__(self, var, reviewer):
        command, environment = review(var, "serve", "--reviewer", reviewer)
        self.process = subprocess.Popen(
            command, env=environment, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout
        printed = [self.process.stdout.readline() for _ in range(2)]
        self.url = printed[-1].strip()
        assert self.url.startswith("http://127.0.0.1:"), printed
        self.base = self.url.partition("/?")[0]
        self.origin = self.base.rpartition("/")[0]
        self.client = httpx2.Client(follow_redirects=True, trust_env=False)

    def open(self):
        assert self.client.get(self.url).status_code == 200
        return self

    def pair(self):
        return self.client.get(f"{self.base}/api/pair").json()

    def save(self, **changes):
        headers = {"Origin": self.origin, "Content-Type": "application/json"} | changes
        body = json.dumps({"pair": self.pair()["pair"]["number"], "score": 0.7})
        return self.client.post(f"{self.base}/api/score", content=body, headers=headers)

    def stop(self) -> str:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.client.close()
        return self.process.communicate(timeout=300)[0]


@pytest.fixture(scope="module")
def serve(var):
    """Function: name of a reviewer -> their page, started once; with `again` another start."""
    pages = {}

    def start(reviewer="ann", again=False):
        if again or reviewer not in pages:
            pages[reviewer] = Page(var, reviewer)
        pages[reviewer].client.cookies.clear()
        return pages[reviewer]

    yield start
    for page in pages.values():
        page.stop()


def test_the_page_listens_on_this_machine_only(serve):
    page = serve()
    port = int(page.origin.rpartition(":")[2])
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_without_the_key_of_this_start_nothing_is_shown(serve):
    page = serve()
    for path in ("/", "/api/pair", "/review.js", "/?token=wrong"):
        answer = page.client.get(page.base + path)
        assert answer.status_code == 403
        assert not VALUES & set(re.findall(r"[\w/ -]+", answer.text))


def test_another_host_name_is_refused_even_with_the_key(serve):
    page = serve().open()
    assert page.client.get(f"{page.base}/api/pair", headers={"Host": "attacker.example"}).status_code == 421
    assert page.client.get(page.url, headers={"Host": "attacker.example:80"}).status_code == 421


@pytest.mark.parametrize(
    "changes",
    [{"Origin": "http://attacker.example"}, {"Origin": "null"}, {"Content-Type": "text/plain"}],
)
def test_another_page_in_the_same_browser_cannot_save(serve, changes):
    page = serve().open()
    before = page.pair()["judged"]
    assert page.save(**changes).status_code == 403
    assert page.pair()["judged"] == before
    assert page.save().status_code == 200
    assert page.pair()["judged"] == before + 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("[" * 400 + "]" * 400, 400),
        ("[" * 10_000, 413),
        (" " * 1001, 413),
        ("{", 400),
        ("", 400),
        ("\ufeff{}", 400),
        ('{"pair": 1, "score": Infinity}', 400),
        ('{"pair": NaN, "score": 0.7}', 400),
        ('{"pair": 1, "score": 1e999}', 400),
        ('{"pair": 1, "pair": 2, "score": 0.7}', 400),
        ('{"pair": 1, "score": "Infinity"}', 409),
        ('{"pair": 1, "score": 1' + "0" * 400 + "}", 409),
        ("[]", 409),
        ("null", 409),
        ('{"pair": {}, "score": []}', 409),
    ],
)
def test_what_is_no_answer_is_refused_and_the_page_does_not_fail(serve, content, status):
    page = serve().open()
    before = page.pair()
    headers = {"Origin": page.origin, "Content-Type": "application/json"}
    assert page.client.post(f"{page.base}/api/score", content=content.encode(), headers=headers).status_code == status
    assert page.pair() == before


def test_the_cookie_of_one_page_is_not_sent_to_another_port_and_opens_no_other_page(serve):
    ann, ben = serve("ann").open(), serve("ben").open()
    cookie = next(iter(ann.client.cookies.jar))
    assert cookie.name.endswith(ann.origin.rpartition(":")[2]) and f"{ann.origin}{cookie.path}" == f"{ann.base}/"
    value = f"{next(iter(ben.client.cookies.jar)).name}={cookie.value}"
    ben.client.cookies.clear()
    assert ben.client.get(f"{ben.base}/api/pair", headers={"Cookie": value}).status_code == 403


def test_the_page_may_load_nothing_from_elsewhere(serve):
    page = serve().open()
    answer = page.client.get(page.base + "/")
    policy = answer.headers["content-security-policy"]
    assert policy == POLICY
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy and "*" not in policy and "unsafe" not in policy
    assert HEADERS.items() <= {name.title(): value for name, value in answer.headers.items()}.items()
    assert answer.headers["cache-control"] == "no-store"
    for path in SHARED.iterdir():
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|//[a-z]+\.|@import|@font-face|url\(", source), path.name


def test_reviewers_see_neither_the_model_nor_each_other(serve):
    ann, ben = serve("ann").open(), serve("ben").open()
    ann.save()
    state = ben.pair()
    assert state["judged"] == 0
    assert set(state) == {
        "stage",
        "reviewer",
        "quarter",
        "synthetic",
        "total",
        "judged",
        "can_undo",
        "command",
        "sides",
        "pair",
    }
    assert set(state["pair"]) == {"number", "score", "lines"}
    assert set(state["pair"]["lines"][0]) == {
        *("label", "one", "other", "verdict", "differs", "long", "empty"),
    }
    assert "ann" not in str(state)
    assert ben.client.get(f"{ann.base}/api/pair").status_code == 403


def test_what_is_printed_holds_no_value_even_when_the_page_fails(serve, var):
    page = serve("dora").open()
    assert "LS1 4" in page.client.get(f"{page.base}/api/pair").text
    page.save()
    page.client.post(
        f"{page.base}/api/score",
        content='{"pair": "X770011", "score": "x"}',
        headers={"Origin": page.origin, "Content-Type": "application/json"},
    )
    decisions = var / "linkage" / QUARTER / "review" / "reviewers" / "dora" / "first_decisions.jsonl"
    written = decisions.read_text(encoding="utf-8")
    printed = page.stop()
    assert not [value for value in VALUES if value in printed + page.url]
    assert not [value for value in VALUES if value in written]


def test_after_a_kill_the_page_goes_on_with_the_next_pair(serve):
    page = serve("cat").open()
    page.save()
    following = page.pair()["pair"]["number"]
    page.process.kill()
    page.stop()
    after = serve("cat", again=True).open().pair()
    assert (after["judged"], after["pair"]["number"]) == (1, following)


def test_simulated_reviewers_are_refused_on_extracts_that_are_not_synthetic(var):
    for arguments in (("--simulate",), ("simulate",)):
        command, environment = review(var, *arguments)
        done = subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "synthetic extracts only" in done.stderr


def test_the_threshold_in_use_says_who_decided_it():
    decision = load_study_settings().linkage.threshold_decision
    assert decision.decided_by and decision.evidence
