"""What passes to Dagster's webserver, and what does not."""

import json

import pytest
from starlette.websockets import WebSocketDisconnect

from pathways.webserver.door import Door
from pathways.webserver.guard import LARGEST
from pathways.webserver.requests import DEEPEST

from .conftest import HOST, ORIGIN

JSON = {"Origin": ORIGIN, "Content-Type": "application/json"}
CHANGE = "mutation { setNuxSeen }"
FORBIDDEN = 'mutation { deleteRun(runId: "a") { __typename } }'


@pytest.fixture
def ask(behind_proxy):
    """Function: the answer to a GraphQL query sent as Dagster's pages send it."""

    def post(query, **more):
        return behind_proxy.post("/graphql", json={"query": query, **more}, headers=JSON)

    return post


@pytest.fixture
def governance(client_of):
    """Dagster as the read-only container serves it."""
    return client_of(Door({HOST}), may_change=False)


def test_pages_queries_and_subscriptions_pass(behind_proxy, ask):
    page = behind_proxy.get("/asset-groups/", headers={"Accept": "text/html"})
    assert page.status_code == 200 and "<html" in page.text
    named = ask("query Version { version }", operationName="Version", variables={})
    assert named.json() == ask("{ version }").json() and set(named.json()["data"]) == {"version"}
    assert ask(CHANGE).json()["data"] == {"setNuxSeen": True}


@pytest.mark.parametrize(
    "path",
    [
        "/graphql",
        "/graphql?query={version}",
        "/graphql?query=mutation{setNuxSeen}",
        "/graphql/",
        "//graphql",
        "/GraphQL",
        "/logs/a/compute_logs/b.out",
        "/notebook?path=a.ipynb&repoLocName=x",
        "/dagit/notebook",
        "/dagit_info",
        "/download_debug/a",
        "/report_asset_materialization/a",
    ],
)
def test_what_is_closed_is_closed_to_looking(behind_proxy, path):
    for accept in ("text/html", "application/json"):
        answer = behind_proxy.get(f"{ORIGIN}{path}", headers={"Accept": accept})
        assert answer.status_code in (403, 405) and "This is closed" in answer.text


@pytest.mark.parametrize("kind", ["materialization", "check", "observation"])
def test_events_that_no_run_made_cannot_be_reported(behind_proxy, ask, kind):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = behind_proxy.request(method, f"/report_asset_{kind}/publication", json={}, headers=JSON)
        assert answer.status_code == 405
    for field in ("reportRunlessAssetEvents", "reportAssetCheckEvaluations", "wipeAssets", "deletePipelineRun"):
        answer = ask(f"mutation {{ {field} {{ __typename }} }}")
        assert answer.status_code == 403 and "neither deleted nor made up" in answer.text


def test_no_other_method_and_no_other_place_takes_a_body(behind_proxy):
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert behind_proxy.request(method, "/graphql", headers=JSON).status_code == 405
    for path in ("/", "/graphql/", "/graphql/x", "/runs", "/server_info"):
        assert behind_proxy.post(path, json={"query": "{ version }"}, headers=JSON).status_code == 405


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/graphql",
        "text/plain; application/json",
        "application/jsonp",
        "",
    ],
)
def test_graphql_is_asked_as_json_only(behind_proxy, kind):
    for path in ("/graphql", "/graphql?query=mutation{setNuxSeen}"):
        answer = behind_proxy.post(path, content='{"query": "{ version }"}', headers=JSON | {"Content-Type": kind})
        assert answer.status_code == 415


def test_a_query_in_the_address_is_not_read(behind_proxy):
    answer = behind_proxy.post("/graphql?query=mutation{setNuxSeen}", json={"query": "{ version }"}, headers=JSON)
    assert set(answer.json()["data"]) == {"version"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '[{"query": "{ version }"}]',
        '"{ version }"',
        "{}",
        '{"query": 1}',
        '{"query": [""]}',
        '{"query": "{ version }", "variables": "{}"}',
        '{"query": "{ version }", "variables": []}',
        '{"query": "{ version }", "operationName": 1}',
        '{"query": "{ version }", "query": "{ version }"}',
        '{"query": "{ version }", "variables": {"a": NaN}}',
        '{"query": "{ version }", "variables": {"a": -Infinity}}',
        '{"query": "{ version }", "variables": {"a": 1e999}}',
        '{"query": "{ version }", "variables": {"a": "\\ud800"}}',
        '{"query": "{ version }", "variables": {"a": ["x\\u0000"]}}',
        '{"query": "{ version }", "\\u0000": 1}',
        '{"query": "{ version }", "variables": {"a": ' + "9" * 5000 + "}}",
        '{"query": "{ version"}',
        '{"query": ""}',
        '\ufeff{"query": "{ version }"}',
        '{"query": "subscription { locationStateChangeEvents { event { message } } }"}',
        '{"query": "fragment A on Query { version } { ...B }"}',
    ],
)
def test_what_is_no_request_is_refused_before_dagster_sees_it(behind_proxy, body):
    answer = behind_proxy.post("/graphql", content=body.encode(), headers=JSON)
    assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/plain")


def test_other_encodings_of_json_are_refused(behind_proxy):
    for encoding in ("utf-16", "utf-32", "utf-16-le"):
        answer = behind_proxy.post("/graphql", content='{"query": "{ version }"}'.encode(encoding), headers=JSON)
        assert answer.status_code == 400


@pytest.mark.parametrize("depth", [DEEPEST + 1, 500, 5_000, 100_000])
@pytest.mark.parametrize(
    "nested",
    [
        lambda n: '{"query": "{ version }", "variables": {"a": ' + "[" * n + "]" * n + "}}",
        lambda n: '{"query": "{ version }", "variables": {"a": ' + '{"a":' * n + "1" + "}" * n + "}}",
        lambda n: json.dumps({"query": "{a" * n + "}" * n}),
        lambda n: json.dumps({"query": "{ a(b: " + "[" * n + "]" * n + ") }"}),
        lambda n: json.dumps({"query": "query (" + "$a: " + "[" * n + "Int" + "]" * n + ") { version }"}),
        lambda n: json.dumps({"query": "{ ...on Query " * n + "{ version }" + "}" * n}),
        lambda n: json.dumps(
            {
                "query": "{ ...F0 }"
                + "".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(min(n, 2000)))
                + "fragment F2000 on Query { a }"
            }
        ),
    ],
)
def test_deep_requests_are_refused_and_never_fail(behind_proxy, nested, depth):
    body = nested(depth)
    answer = behind_proxy.post("/graphql", content=body, headers=JSON)
    assert answer.status_code == (413 if len(body) > LARGEST else 400)


def test_fragments_without_end_and_fragments_that_double_are_no_work(ask):
    cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    assert ask(cycle).status_code == 400
    doubling = "{ ...F0 }" + "".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(50))
    assert ask(doubling + "fragment F50 on Query { version }").status_code == 200


def test_enormous_bodies_and_queries_are_refused(behind_proxy, ask):
    body = json.dumps({"query": "{ version }" + " " * LARGEST})
    assert behind_proxy.post("/graphql", content=body, headers=JSON).status_code == 413
    pieces = (piece for piece in [b" " * 1000] * (LARGEST // 1000 + 1))
    assert behind_proxy.post("/graphql", content=pieces, headers=JSON).status_code == 413
    assert ask("{ " + "version " * 30_000 + "}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        CHANGE,
        f"# a comment\n{CHANGE}",
        f"\ufeff{CHANGE}",
        f",,, {CHANGE}",
        f"query A {{ version }} {CHANGE}",
        f"{CHANGE.replace('mutation', 'mutation B')} query A {{ version }}",
        "mutation { version: setNuxSeen }",
        "mutation { ...F } fragment F on Mutation { setNuxSeen }",
        "mutation { ... on Mutation { setNuxSeen } }",
        "mutation { ... { setNuxSeen @include(if: false) } }",
        '"""query""" ' + CHANGE,
    ],
)
def test_governance_changes_nothing_however_it_is_written(governance, ask, query):
    request = {"query": query, "operationName": "A"}
    answer = governance.post("/graphql", json=request, headers=JSON)
    assert answer.status_code in (400, 403) and "data" not in answer.text
    if answer.status_code == 403:
        assert answer.text == "This page is for reading. It changes nothing."
    batch = governance.post("/graphql", json=[request], headers=JSON)
    assert batch.status_code == 400


def test_governance_reads(governance):
    assert governance.post("/graphql", json={"query": "{ version }"}, headers=JSON).status_code == 200
    assert governance.get("/asset-groups").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        FORBIDDEN,
        f"query A {{ version }} {FORBIDDEN}",
        'mutation A { setNuxSeen deleteRun(runId: "a") { __typename } }',
        'mutation A { setNuxSeen: deleteRun(runId: "a") { __typename } }',
        "mutation A { ...F } fragment F on Mutation { ...G } fragment G on Mutation { wipeAssets { __typename } }",
        'mutation A { ... on Mutation { deleteRun(runId: "a") { __typename } } }',
        "mutation A { noSuchChange }",
    ],
)
def test_what_was_recorded_is_not_deleted_however_it_is_written(ask, query):
    assert ask(query, operationName="A").status_code == 403


def test_answers_cannot_be_shown_in_another_page_and_pass_no_address_on(behind_proxy, ask):
    page = behind_proxy.get("/asset-groups", headers={"Accept": "text/html"})
    for answer in (page, ask("{ version }"), behind_proxy.get("/graphql"), behind_proxy.get("/favicon.png")):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


SUBSCRIPTION = "subscription { locationStateChangeEvents { event { message } } }"


def connected(client, path="/graphql", **headers):
    sent = {"Origin": ORIGIN} | headers
    return client.websocket_connect(f"ws://{HOST}{path}", subprotocols=["graphql-ws"], headers=sent)


def test_a_subscription_of_our_own_page_is_answered(behind_proxy):
    with connected(behind_proxy) as socket:
        socket.send_json({"type": "connection_init", "payload": {}})
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_json({"id": "1", "type": "start", "payload": {"query": "subscription { noSuchField }"}})
        assert socket.receive_json()["type"] == "error"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3001"},
        {"Host": "attacker.example", "Origin": "http://attacker.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_websocket_of_another_page_is_refused(behind_proxy, headers):
    with pytest.raises(WebSocketDisconnect), connected(behind_proxy, **headers):
        pass


def test_there_is_no_other_websocket(behind_proxy):
    for path in ("/", "/graphql/", "/ws"):
        with pytest.raises(WebSocketDisconnect), connected(behind_proxy, path):
            pass


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        '"start"',
        "[" * 100_000,
        '{"type": "start", "id": "1"}',
        '{"type": "start", "id": "1", "payload": []}',
        '{"type": "start", "id": {}, "payload": {}}',
        json.dumps({"type": "start", "id": "1", "payload": {"query": CHANGE}}),
        json.dumps({"type": "start", "id": "1", "payload": {"query": "{ version }"}}),
        json.dumps({"type": "start", "id": "1", "payload": {"query": f"{SUBSCRIPTION} {CHANGE}"}}),
        json.dumps({"type": "start", "id": "1", "payload": {"query": SUBSCRIPTION, "variables": "x"}}),
        json.dumps({"type": "start", "id": "1", "payload": {"query": "subscription {a" + "{a" * 500 + "}" * 501}}),
    ],
)
def test_a_message_that_is_no_subscription_closes_the_websocket(behind_proxy, message):
    with connected(behind_proxy) as socket:
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_text(message)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1008


def test_a_backslash_before_a_number_is_text(ask):
    for text in ("\\u0000", "\\\\u0000"):
        assert ask("{ version }", variables={"a": text}).status_code == 200
