"""Where a server that reads notes is, and the one way in which it is spoken to.

Belongs here: which addresses note text may be sent to, keys, proxies and certificates. Does not belong here: what is
asked (nlp_assets/serving/json_client.py and the clients), who serves (nlp_assets/serving/serving.py).

An address is https://, or http:// on this machine, or a Unix socket (unix:/run/vllm.sock). Plain http to another
machine and a proxy are used only where the deployment names them in variables of its own. HTTP_PROXY, ALL_PROXY,
NO_PROXY and SSL_CERT_FILE stand in many environments for other reasons: they lead no note anywhere. No redirect is
followed, and certificates are verified. No message quotes an address, a key or a proxy: each may hold a password.
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import httpx2

from nlp_assets.serving.json_client import ANSWER_SECONDS, ServerRefuses

CONNECT_SECONDS = 10.0
SOCKET_SCHEME = "unix:"
LONGEST_SOCKET_PATH = 107  # bytes that the kernel takes
# A header cannot carry a line break, and no key has blanks or letters beyond ASCII.
VISIBLE = re.compile(r"[\x21-\x7e]*")
PLAIN_HTTP_HOSTS, PROXY, CA_BUNDLE = "PATHWAYS_PLAIN_HTTP_HOSTS", "PATHWAYS_PROXY", "PATHWAYS_CA_BUNDLE"


@dataclass(frozen=True)
class Route:
    """How servers on other machines are reached, as the deployment says.

    plain_http_hosts: hosts on a network that nobody else is on; proxy: address of a proxy for https, "" for none;
    ca_bundle: file of the certificates that are trusted instead of the system's.
    """

    plain_http_hosts: tuple[str, ...] = ()
    proxy: str = field(default="", repr=False)
    ca_bundle: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Route":
        """What the environment variables say."""
        hosts = environment.get(PLAIN_HTTP_HOSTS, "").lower().split(",")
        named = tuple(host.strip() for host in hosts if host.strip())
        return cls(named, environment.get(PROXY, ""), environment.get(CA_BUNDLE, ""))


@dataclass(frozen=True)
class Endpoint:
    """A server and its key. Making one raises ServerRefuses unless note text may be sent to that address."""

    address: str = field(repr=False)
    api_key: str = field(default="", repr=False)
    answer_seconds: float = ANSWER_SECONDS
    route: Route = Route()

    def __post_init__(self) -> None:
        if not VISIBLE.fullmatch(self.api_key):
            raise ServerRefuses(
                "VLLM_API_KEY holds a line break, a blank or another character that no key has. Set it without."
            )
        if not VISIBLE.fullmatch(self.address):
            raise ServerRefuses("VLLM_BASE_URL holds a line break, a blank or a character that no address has.")
        if self.socket:
            _require_socket_path(self.socket)
            return
        parts = _split(self.address, "VLLM_BASE_URL", "https://HOST/v1")
        if parts.query or parts.fragment:
            raise ServerRefuses("VLLM_BASE_URL holds ? or #. Name the server and its path only.")
        if parts.scheme == "http" and not self._may_be_plain(parts):
            raise ServerRefuses(
                "VLLM_BASE_URL is plain http:// to another machine: whoever is on the way could read the notes. Use "
                f"https://, or name the host in {PLAIN_HTTP_HOSTS} if nobody else is on that network."
            )
        if self.route.proxy:
            _split(self.route.proxy, PROXY, "http://HOST:PORT", may_hold_password=True)
        if self.route.ca_bundle and not Path(self.route.ca_bundle).is_file():
            raise ServerRefuses(f"{CA_BUNDLE} names no file.")

    @property
    def socket(self) -> str:
        """Path of the Unix socket; "" for a server behind a port."""
        if not self.address.startswith(SOCKET_SCHEME):
            return ""
        return self.address.removeprefix(SOCKET_SCHEME).removeprefix("//")

    @property
    def path(self) -> str:
        """Path of the address without a final slash, such as /v1."""
        return "" if self.socket else urlsplit(self.address).path.rstrip("/")

    def http_client(self, path: str) -> httpx2.Client:
        """Connections to `path` of the server, safe to use from several threads; close them in the end.

        Raises ServerRefuses when the file of certificates cannot be read.
        """
        parts = urlsplit("http://localhost" if self.socket else self.address)
        is_https = parts.scheme == "https"
        transport = httpx2.HTTPTransport(
            uds=self.socket or None,
            verify=_certificates(self.route.ca_bundle) if is_https else False,
            proxy=self.route.proxy or None if is_https and not _is_loopback(parts) else None,
            trust_env=False,
        )
        return httpx2.Client(
            base_url=f"{parts.scheme}://{parts.netloc}{path}",
            transport=transport,
            trust_env=False,
            headers={"Authorization": f"Bearer {self.api_key}"} if self.api_key else {},
            follow_redirects=False,
            timeout=httpx2.Timeout(self.answer_seconds, connect=CONNECT_SECONDS),
        )

    def _may_be_plain(self, parts: SplitResult) -> bool:
        return _is_loopback(parts) or parts.hostname in self.route.plain_http_hosts


def _split(address: str, variable: str, example: str, may_hold_password: bool = False) -> SplitResult:
    """The parts of a web address. Raises ServerRefuses for anything else."""
    try:
        parts = urlsplit(address)
        is_address = VISIBLE.fullmatch(address) and parts.scheme in ("http", "https") and parts.hostname
        _ = parts.port  # a ValueError when it is no number
    except ValueError:
        parts, is_address = urlsplit(""), False
    if not is_address:
        raise ServerRefuses(f"{variable} is not a whole address. Write it like {example}")
    if "@" in parts.netloc and not may_hold_password:
        raise ServerRefuses(f"{variable} holds a user name or a password. Take it out, and set VLLM_API_KEY.")
    return parts


def _require_socket_path(path: str) -> None:
    if not path.startswith("/"):
        raise ServerRefuses("VLLM_BASE_URL names a socket without its whole path. Write it like unix:/run/vllm.sock")
    if len(path.encode()) > LONGEST_SOCKET_PATH:
        raise ServerRefuses(f"VLLM_BASE_URL names a socket by more than {LONGEST_SOCKET_PATH} bytes. Use a short path.")


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _certificates(bundle: str) -> ssl.SSLContext | bool:
    """What decides whether a certificate is trusted: those of the file, or those of the system."""
    if not bundle:
        return True
    try:
        return ssl.create_default_context(cafile=bundle)
    except OSError:  # an SSLError is one
        pass
    raise ServerRefuses(f"{CA_BUNDLE} names a file that holds no certificates.")
