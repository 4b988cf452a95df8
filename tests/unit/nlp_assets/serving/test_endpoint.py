"""Which addresses note text may be sent to, and that nothing in the environment leads it elsewhere."""

import socket
import socketserver
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from nlp_assets.serving.completions_client import CompletionsClient
from nlp_assets.serving.endpoint import CA_BUNDLE, PLAIN_HTTP_HOSTS, PROXY, Endpoint, Route
from nlp_assets.serving.json_client import ServerRefuses, ServerUnavailable
from nlp_assets.serving.serving import Serving

MODELS = b'{"data": [{"id": "m"}]}'
SECRET = "pa55word"


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Keeps what it was asked; sends who asks on to `elsewhere` where that is set."""

    elsewhere = ""

    def __init__(self, address: str | tuple[str, int] = ("127.0.0.1", 0)):
        self.asked: list[tuple[str, str | None]] = []
        super().__init__(address, Handler)  # pyright: ignore[reportArgumentType]  # the path of a socket


class BehindSocket(Server):
    address_family = socket.AF_UNIX


class Handler(BaseHTTPRequestHandler):
    """Lists one model, or sends the question on where `server.elsewhere` says; keeps what it was asked."""

    server: Server

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Authorization"]))
        elsewhere = self.server.elsewhere
        self.send_response(307 if elsewhere else 200)
        self.send_header("Content-Length", "0" if elsewhere else str(len(MODELS)))
        if elsewhere:
            self.send_header("Location", elsewhere)
        self.end_headers()
        if not elsewhere:
            self.wfile.write(MODELS)

    do_CONNECT = do_GET  # noqa: N815  # the name that the server looks for

    def address_string(self):
        return ""

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    """Function: start a server, with a certificate where one is given."""
    started: list[Server] = []

    def start(server: Server, certificate: ssl.SSLContext | None = None) -> Server:
        if certificate:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        started.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(serve):
    return serve(Server())


def url_of(server, scheme="http"):
    return f"{scheme}://127.0.0.1:{server.server_address[1]}/v1"


def models_of(endpoint):
    client = CompletionsClient(endpoint)
    try:
        return [model.name for model in client.served_models()]
    finally:
        client.close()


@pytest.mark.parametrize(
    "address",
    [
        "https://gpu.example/v1",
        "http://127.0.0.1:8000/v1",
        "http://127.9.9.9",
        "http://[::1]:8000",
        "http://localhost:8000",
        "unix:/run/vllm.sock",
        "unix:///run/vllm.sock",
    ],
)
def test_notes_are_sent_by_https_to_this_machine_or_to_a_socket(address):
    assert Endpoint(address, "key").api_key == "key"


@pytest.mark.parametrize(
    "address",
    [
        "http://gpu.example/v1",
        "http://10.0.0.4:8000",
        "http://localhost.example:8000",
        "http://127.0.0.1.example",
        "http://0.0.0.0:8000",
        "HTTP://GPU.example/v1",
    ],
)
def test_plain_http_to_another_machine_is_refused_with_what_to_do(address):
    with pytest.raises(ServerRefuses, match=f"plain http.*https://.*{PLAIN_HTTP_HOSTS}"):
        Endpoint(address)


def test_only_the_deployment_names_hosts_of_plain_http():
    said = {"VLLM_BASE_URL": "http://VLLM:8000/v1", PLAIN_HTTP_HOSTS: "door, vllm"}
    assert Serving.of(said).server().route.plain_http_hosts == ("door", "vllm")
    for other in ("http://vllm.example:8000", "http://a.vllm:8000"):
        with pytest.raises(ServerRefuses, match="plain http"):
            Serving.of(said | {"VLLM_BASE_URL": other}).server()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (f"gpu/{SECRET}", "not a whole address"),
        (f"ftp://gpu/{SECRET}", "not a whole address"),
        (f"https://:8000/{SECRET}", "not a whole address"),
        (f"https://gpu:port/{SECRET}", "not a whole address"),
        (f"https://[gpu/{SECRET}", "not a whole address"),
        (f"https://user:{SECRET}@gpu/v1", "password"),
        (f"https://{SECRET}@gpu/v1", "password"),
        (f"http://127.0.0.1\\@{SECRET}/v1", "password"),
        (f"https://gpu/v1?key={SECRET}", r"holds \? or #"),
        (f"https://gpu/v1#{SECRET}", r"holds \? or #"),
        (f"https://gpu/v1\n{SECRET}", "line break"),
        (f" https://gpu/{SECRET}", "blank"),
        (f"https://gpü/{SECRET}", "character"),
        (f"unix:run/{SECRET}", "whole path"),
        (f"unix:/run/{SECRET}{'x' * 100}", "107 bytes"),
    ],
)
def test_an_address_that_is_none_is_refused_at_once_and_never_quoted(address, message):
    with pytest.raises(ServerRefuses, match=message) as refused:
        Endpoint(address, "key")
    assert SECRET not in f"{refused.value} {refused.value.__context__!r}"


@pytest.mark.parametrize("key", [f"{SECRET}\n", f"{SECRET} ", f"{SECRET}\r\nX: y", f"{SECRET}é", f"{SECRET}\0"])
def test_a_key_that_no_header_can_carry_is_refused_at_once_and_never_quoted(key):
    with pytest.raises(ServerRefuses, match="VLLM_API_KEY") as refused:
        Endpoint("https://gpu", key)
    assert SECRET not in f"{refused.value} {refused.value.__context__!r}"


def test_keys_addresses_and_proxies_are_in_nothing_that_is_printed_by_accident():
    route = Route(proxy=f"http://user:{SECRET}@proxy:3128")
    serving = Serving(base_url=f"https://{SECRET}.example", api_key=SECRET, route=route)
    assert SECRET not in f"{serving!r} {serving.server()!r}"


PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_proxy_variable_leads_a_note_elsewhere(server, serve, monkeypatch, scheme):
    proxy = serve(Server())
    for name in PROXIES:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_address[1]}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    if scheme == "http":
        assert models_of(Endpoint(url_of(server))) == ["m"]
    else:
        with pytest.raises(ServerUnavailable):
            models_of(Endpoint("https://127.0.0.1:9/v1"))
    assert proxy.asked == []


def test_the_proxy_that_the_deployment_names_is_used_for_https_only_and_never_for_this_machine(server, serve):
    proxy = serve(Server())
    route = Route.of({PROXY: f"http://127.0.0.1:{proxy.server_address[1]}"})
    assert models_of(Endpoint(url_of(server), route=route)) == ["m"]
    assert proxy.asked == []
    with pytest.raises(ServerUnavailable):  # it is no real proxy: what counts is that it was asked for a tunnel
        models_of(Endpoint("https://label-server.invalid/v1", "key", route=route))
    assert proxy.asked == [("label-server.invalid:443", None)]


def test_a_proxy_that_is_no_address_is_refused_and_never_quoted():
    with pytest.raises(ServerRefuses, match=PROXY) as refused:
        Endpoint("https://gpu", route=Route(proxy=f"{SECRET}:3128"))
    assert SECRET not in str(refused.value)


def test_a_server_that_sends_notes_elsewhere_is_not_followed(server, serve):
    other = serve(Server())
    server.elsewhere = f"{url_of(other)}/models"
    with pytest.raises(ServerRefuses, match="on to another address"):
        models_of(Endpoint(url_of(server), "key"))
    assert other.asked == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Files of a certificate of 127.0.0.1 that only itself vouches for, and of its key."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "made.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            str(key),
            "-out",
            str(made),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


def test_a_certificate_that_nobody_vouches_for_is_refused_unless_the_deployment_names_it(
    serve, certificate, monkeypatch
):
    made, key = certificate
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made, key)
    server = serve(Server(), tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with pytest.raises(ServerUnavailable):
        models_of(Endpoint(url_of(server, "https"), "key"))
    assert server.asked == []
    assert models_of(Endpoint(url_of(server, "https"), "key", route=Route.of({CA_BUNDLE: str(made)}))) == ["m"]


def test_a_file_of_certificates_that_is_none_is_named_by_its_variable(certificate, tmp_path):
    (tmp_path / "empty.pem").write_text("", encoding="utf-8")
    with pytest.raises(ServerRefuses, match=CA_BUNDLE):
        Endpoint("https://gpu", route=Route(ca_bundle=str(tmp_path / "none.pem")))
    with pytest.raises(ServerRefuses, match=CA_BUNDLE):
        models_of(Endpoint("https://gpu", route=Route(ca_bundle=str(tmp_path / "empty.pem"))))


def test_a_server_behind_a_socket_is_asked_there(serve, tmp_path):
    server = serve(BehindSocket(str(tmp_path / "s")))
    assert models_of(Endpoint(f"unix:{tmp_path / 's'}", "key")) == ["m"]
    assert server.asked == [("/v1/models", "Bearer key")]
    with pytest.raises(ServerUnavailable):
        models_of(Endpoint(f"unix:{tmp_path / 'none'}"))
