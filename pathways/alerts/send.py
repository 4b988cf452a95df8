"""Sends alerts: by a webhook that takes JSON, and by e-mail; and calls the address of a heartbeat.

Belongs here: addresses, from the environment of the process, and sending. Does not belong here: what is said
(what_happened.py). An error names what could not be reached by its kind, never an address: it may hold a token.
"""

import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from pathways.alerts.what_happened import Alert

WEBHOOK, HEARTBEAT = "PATHWAYS_ALERT_WEBHOOK", "PATHWAYS_HEARTBEAT_URL"
SERVER, SENDER, READERS = "PATHWAYS_ALERT_SMTP", "PATHWAYS_ALERT_FROM", "PATHWAYS_ALERT_TO"
PASSWORD = "PATHWAYS_ALERT_SMTP_PASSWORD"  # noqa: S105  # the name of a variable
HERE = ("127.0.0.1", "localhost", "::1")
PATIENCE_SECONDS = 15


class NotSent(Exception):
    """An alert or heartbeat could not be sent; says by which way, what kind of error, and which variable to look at."""


@dataclass(frozen=True)
class Addresses:
    """Where alerts go. Empty: not that way."""

    webhook: str = ""
    heartbeat: str = ""
    server: str = ""
    sender: str = ""
    readers: tuple[str, ...] = ()
    password: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Addresses":
        """The addresses that an environment names. Raises NotSent for one that cannot be used."""
        given = {name: environment.get(name, "").strip() for name in (WEBHOOK, HEARTBEAT, SERVER, SENDER, READERS)}
        for name in (WEBHOOK, HEARTBEAT):
            url = urlsplit(given[name])
            if given[name] and url.scheme != "https" and not (url.scheme == "http" and url.hostname in HERE):
                raise NotSent(f"{name} must begin with https://.")
        if len({bool(given[name]) for name in (SERVER, SENDER, READERS)}) > 1:
            raise NotSent(f"E-mail needs all of {SERVER}, {SENDER} and {READERS}.")
        if given[SERVER] and urlsplit(given[SERVER]).scheme not in ("smtp", "smtps"):
            raise NotSent(f"{SERVER} must begin with smtp:// or smtps://.")
        readers = tuple(reader.strip() for reader in given[READERS].split(",") if reader.strip())
        return cls(
            given[WEBHOOK], given[HEARTBEAT], given[SERVER], given[SENDER], readers, environment.get(PASSWORD, "")
        )

    @property
    def ways(self) -> dict[str, Callable[[Alert], None]]:
        """Ways to send an alert, by the variable that names each."""
        found: dict[str, Callable[[Alert], None]] = {}
        if self.webhook:
            found[WEBHOOK] = self._post
        if self.server:
            found[SERVER] = self._mail
        return found

    def tell(self, alert: Alert) -> list[str]:
        """Send an alert every way. Returns what could not be sent. Raises NotSent when it went no way at all."""
        failed = []
        for name, way in self.ways.items():
            try:
                way(alert)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                failed.append(f"{name}: {type(error).__name__}")
        if failed and len(failed) == len(self.ways):
            raise NotSent(f"An alert could not be sent ({', '.join(failed)}). It is tried again.")
        return failed

    def beat(self) -> None:
        """Call the address of the heartbeat, where there is one. Raises NotSent."""
        if not self.heartbeat:
            return
        try:
            with urlopen(Request(self.heartbeat), timeout=PATIENCE_SECONDS):  # noqa: S310  # its scheme was looked at
                return
        except (OSError, ValueError) as error:
            kind = type(error).__name__
        raise NotSent(f"{HEARTBEAT}: {kind}.")

    def _post(self, alert: Alert) -> None:
        body = json.dumps({"from": "pathways", **asdict(alert)}).encode()
        request = Request(self.webhook, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310
        with urlopen(request, timeout=PATIENCE_SECONDS):  # noqa: S310  # its scheme was looked at
            return

    def _mail(self, alert: Alert) -> None:
        message, url = EmailMessage(), urlsplit(self.server)
        message["Subject"], message["From"] = f"Pathways: {alert.subject}", self.sender
        message["To"] = ", ".join(self.readers)
        message.set_content(alert.text)
        host, tls = url.hostname or "", ssl.create_default_context()
        if url.scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, url.port or 465, timeout=PATIENCE_SECONDS, context=tls)
        else:
            connection = smtplib.SMTP(host, url.port or 25, timeout=PATIENCE_SECONDS)
        with connection as server:
            server.ehlo()
            secret = url.scheme == "smtps"
            if not secret and server.has_extn("starttls"):
                server.starttls(context=tls)
                secret = True
            if url.username:
                if not secret:
                    raise ssl.SSLError("no password is sent in plain text")
                server.login(url.username, self.password)
            server.send_message(message)
