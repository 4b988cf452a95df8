"""The login proxy of the deployment, HAProxy itself: who comes in at which page, and what the page is told of them."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

REPOSITORY = Path(__file__).resolve().parents[3]
SETTINGS, COMPOSE = REPOSITORY / "deploy" / "login.haproxy.cfg", REPOSITORY / "deploy" / "login.compose.yml"
HAPROXY = shutil.which("haproxy") or shutil.which("/usr/sbin/haproxy")
PORTS = {"operators": "8443", "governance": "8444"}
needs_haproxy = pytest.mark.skipif(HAPROXY is None, reason="HAProxy is not here: `make login-proxy`")


class Issuer:
    """Who issues certificates."""

    def __init__(self, name: str):
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._own = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))

    def _sign(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(extension, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def write(self, file: Path, name: str = "") -> Path:
        """Write the issuer's own certificate, or one of somebody with the key; the file."""
        if not name:
            file.write_bytes(self._own.public_bytes(Encoding.PEM))
            return file
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signed = self._sign(subject, key, x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]))
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(signed.public_bytes(Encoding.PEM) + text)
        return file


class Page(BaseHTTPRequestHandler):
    """Answers with what the proxy says of who asks."""

    def do_GET(self) -> None:
        said = "|".join([self.headers["Host"], *self.headers.get_all("X-Forwarded-User", [])])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None: ...


@contextmanager
def page() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


class Login:
    """The running proxy, and people with their certificates."""

    def __init__(self, folder: Path, ports: dict[str, str]):
        self.folder, self.ports = folder, ports

    def visits(self, at: str, who: str, **headers: str) -> tuple[int, str]:
        """Status and answer for somebody at a page; 0 where no connection is made."""
        trusted = ssl.create_default_context(cafile=self.folder / "issuer")
        trusted.check_hostname = False
        if who:
            trusted.load_cert_chain(self.folder / who)
        connection = http.client.HTTPSConnection("127.0.0.1", int(self.ports[at]), context=trusted, timeout=60)
        try:
            connection.request("GET", "/", headers={"Host": "pathways.example.org", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (ssl.SSLError, ConnectionError):
            return 0, ""
        finally:
            connection.close()


@pytest.fixture(scope="module")
def login(tmp_path_factory):
    folder = tmp_path_factory.mktemp("login")
    issuer, other = Issuer("an issuer"), Issuer("another issuer")
    issuer.write(folder / "issuer")
    issuer.write(folder / "login_people")
    issuer.write(folder / "login_certificate", "pathways.example.org")
    (folder / "login_operators").write_text("Ada Operator\n", encoding="utf-8")
    for file, name, by in (
        ("ada", "Ada Operator", issuer),
        ("gil", "Gil Governance", issuer),
        ("eve", "Ada Operator", other),
    ):
        by.write(folder / file, name)
    ports = {name: free_port() for name in PORTS}
    text = SETTINGS.read_text(encoding="utf-8").replace("/run/secrets", str(folder))
    for name, port in PORTS.items():
        text = text.replace(f"bind :{port}", f"bind 127.0.0.1:{ports[name]}")
    (folder / "haproxy.cfg").write_text(text, encoding="utf-8")
    assert HAPROXY
    with ExitStack() as stack:
        places = {f"{name.upper()}_ADDRESS": stack.enter_context(page()) for name in PORTS}
        process = subprocess.Popen(
            [HAPROXY, "-f", folder / "haproxy.cfg"],
            env=places,
            stdout=(folder / "log").open("w"),
            stderr=subprocess.STDOUT,
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        running = Login(folder, ports)
        while process.poll() is None and not reached(ports.values()):
            sleep(0.05)
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
        yield running


def reached(ports) -> bool:
    for port in ports:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", int(port))):
                return False
    return True


@needs_haproxy
def test_who_may_start_runs_comes_in_everywhere_and_the_page_is_told_who_it_is(login):
    for at in PORTS:
        assert login.visits(at, "ada") == (200, "pathways.example.org|Ada Operator")


@needs_haproxy
def test_who_may_look_comes_in_there_alone_and_cannot_say_to_be_somebody_else(login):
    assert login.visits("governance", "gil", **{"X-Forwarded-User": "Ada Operator"}) == (
        200,
        "pathways.example.org|Gil Governance",
    )
    assert login.visits("operators", "gil", **{"X-Forwarded-User": "Ada Operator"})[0] == 403


@needs_haproxy
@pytest.mark.parametrize("who", ["", "eve"])
@pytest.mark.parametrize("at", PORTS)
def test_nobody_comes_in_without_a_certificate_of_the_organisation(login, at, who):
    assert login.visits(at, who)[0] == 0


def test_the_proxy_is_in_front_of_both_pages_as_a_container_without_rights_and_its_secrets_are_files():
    composed = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    (login,) = composed["services"].values()
    assert login["read_only"] and login["cap_drop"] == ["ALL"] and login["security_opt"] == ["no-new-privileges:true"]
    assert set(login["networks"]) == {"front_operators", "front_governance"}
    text = SETTINGS.read_text(encoding="utf-8")
    assert set(login["secrets"]) == set(composed["secrets"]) == set(re.findall(r"/run/secrets/(\w+)", text))
    for name, secret in composed["secrets"].items():
        assert re.fullmatch(r"\$\{PATHWAYS_SECRETS:\?[^}]+\}/" + name, secret["file"])
    assert [port.partition(":")[0] for port in login["ports"]] == re.findall(r"bind :(\d+)", text) == [*PORTS.values()]
    image = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["labels"][
        "image"
    ]
    assert login["image"] == image
