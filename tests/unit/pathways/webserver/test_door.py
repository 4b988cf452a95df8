"""Who may come in: host names, the page that asks, the printed address and its cookie."""

import pytest

from pathways.webserver.__main__ import allowed_hosts
from pathways.webserver.door import Door, Session, loopback_hosts

PORT = 3000
ASKS = '{"query": "{ version }"}'


@pytest.fixture
def session():
    return session_at("/a-place")


def session_at(place: str) -> Session:
    """A session at a place that is known, so that Dagster's webserver is made once."""
    session = Session(PORT, once=True)
    session.place = place
    return session


@pytest.fixture
def browser(client_of, session):
    return client_of(Door(loopback_hosts(PORT), session))


def ask(browser, **headers):
    sent = {"Origin": f"http://127.0.0.1:{PORT}", "Content-Type": "application/json"} | headers
    return browser.post("/graphql", content=ASKS, headers={name: value for name, value in sent.items() if value})


def test_the_printed_address_opens_the_page_with_one_click_and_then_no_other_browser(browser, session):
    assert ask(browser).status_code == 403
    opened = browser.get(session.address(PORT))
    assert opened.status_code == 200 and f"url={session.place}/" in opened.text
    assert "token" not in opened.text and opened.headers["referrer-policy"] == "no-referrer"
    assert set(ask(browser).json()["data"]) == {"version"}
    assert browser.get("/").status_code == 200
    browser.cookies.clear()
    again = browser.get(session.address(PORT))
    assert again.status_code == 403 and "start it again" in again.text and "set-cookie" not in again.headers


def test_the_printed_address_may_be_clicked_again_in_the_browser_that_it_opened(browser, session):
    browser.get(session.address(PORT))
    again = browser.get(session.address(PORT))
    assert again.status_code == 200 and "set-cookie" not in again.headers


def test_the_cookie_is_for_this_start_this_port_and_this_place(browser, session):
    cookie = browser.get(session.address(PORT)).headers["set-cookie"]
    assert cookie.startswith(f"pathways_{PORT}=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "httponly",
        "samesite=strict",
        f"path={session.place.lower()}/",
    }
    value = cookie.partition("=")[2].partition(";")[0]
    assert len(value) >= 43 and value not in session.address(PORT)


def test_the_cookie_of_another_server_is_refused(client_of, browser, session):
    browser.get(session.address(PORT))
    other = session_at(session.place)
    elsewhere = client_of(Door(loopback_hosts(PORT), other))
    value = browser.cookies[session.cookie]
    assert ask(elsewhere, Cookie=f"{other.cookie}={value}").status_code == 403
    assert ask(elsewhere, Cookie=f"pathways_3001={value}").status_code == 403


def test_a_cookie_that_another_program_sets_beside_ours_locks_nobody_out(browser, session):
    browser.get(session.address(PORT))
    value = browser.cookies[session.cookie]
    browser.cookies.clear()
    assert ask(browser, Cookie=f"{session.cookie}=x; {session.cookie}={value}").status_code == 200
    assert ask(browser, Cookie=f"{session.cookie}={value}; {session.cookie}=x").status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_the_token_is_used_by_opening_the_page_alone(browser, session, method):
    headers = {"Origin": f"http://127.0.0.1:{PORT}"}
    assert browser.request(method, session.address(PORT), headers=headers).status_code == 403
    assert browser.get(session.address(PORT)).status_code == 200


def test_outside_the_place_there_is_nothing_even_with_the_cookie(browser, session):
    browser.get(session.address(PORT))
    for path in ("/", "/graphql", f"{session.place}", f"{session.place}x/", "/favicon.png"):
        assert browser.get(f"http://127.0.0.1:{PORT}{path}").status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        f"attacker.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:3001",
        f"127.0.0.1.:{PORT}",
        f"127.0.0.1.attacker.example:{PORT}",
        f"[::1]:{PORT}",
        f"0.0.0.0:{PORT}",
        f"2130706433:{PORT}",
    ],
)
def test_a_name_that_is_not_ours_is_refused_with_token_and_cookie(browser, session, host):
    assert browser.get(session.address(PORT), headers={"Host": host}).status_code == 421
    browser.get(session.address(PORT))
    assert ask(browser, Host=host).status_code == 421
    assert browser.get("/", headers={"Host": host}).status_code == 421


def test_each_start_has_a_place_a_token_and_a_cookie_of_its_own():
    one, other = Session(PORT, once=True), Session(PORT, once=True)
    assert one.place != other.place and len(one.place) >= 24
    assert one.address(PORT).partition("token=")[2] != other.address(PORT).partition("token=")[2]


def test_two_host_names_are_none(browser, session):
    browser.get(session.address(PORT))
    two = [("Host", f"127.0.0.1:{PORT}"), ("Host", "attacker.example")]
    assert browser.get("/", headers=two).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://attacker.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:3001"},
        {"Origin": f"https://127.0.0.1:{PORT}"},
        {"Origin": f"http://localhost:{PORT}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_another_page_in_the_same_browser_can_ask_for_nothing(browser, session, headers):
    browser.get(session.address(PORT))
    assert ask(browser).status_code == 200
    answer = ask(browser, **headers)
    assert answer.status_code == 403 and answer.text == "Only the page itself may do this."


@pytest.mark.parametrize(
    ("site", "mode", "shown_as", "status"),
    [
        ("cross-site", "navigate", "document", 200),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "no-cors", "image", 403),
        ("same-site", "cors", "empty", 403),
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
    ],
)
def test_another_page_can_open_ours_in_a_window_and_not_look_into_it(browser, session, site, mode, shown_as, status):
    browser.get(session.address(PORT))
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": shown_as}
    assert browser.get("/", headers=headers).status_code == status


def test_behind_the_login_proxy_names_have_https_and_loopback_has_http(behind_proxy):
    assert ask(behind_proxy).status_code == 200
    assert ask(behind_proxy, Host="pathways.example.org", Origin="https://pathways.example.org").status_code == 200
    for origin in ("http://pathways.example.org", "https://127.0.0.1:3000", "https://other.example.org"):
        assert ask(behind_proxy, Host="pathways.example.org", Origin=origin).status_code == 403
    assert ask(behind_proxy, Host="other.example.org", Origin="https://other.example.org").status_code == 421


def test_hosts_are_named_in_the_environment_and_none_is_everything():
    assert allowed_hosts(" Pathways.example.org, 127.0.0.1:3000 ,") == {"pathways.example.org", "127.0.0.1:3000"}
    for named in ("", " , ", "*", "https://pathways.example.org", "pathways.example.org/ui", "a b", "a..*"):
        with pytest.raises(ValueError, match="Set PATHWAYS_UI_HOSTS"):
            allowed_hosts(named)
