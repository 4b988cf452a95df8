"""Who hears alerts in tests: a web server and a mail server of this machine, each with what it was sent."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class Webhook:
    """A web server that takes JSON, and a heartbeat at /beat. It answers with `status`."""

    def __init__(self) -> None:
        self.alerts: list[dict] = []
        self.beats, self.status, self.address = 0, 200, ""

    @contextmanager
    def open(self) -> Iterator["Webhook"]:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if hook.status == 200:
                    hook.alerts.append(sent)
                self._answer()

            def do_GET(self):
                hook.beats += self.path == "/beat"
                self._answer()

            def _answer(self):
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{server.server_port}"
        with _serving(server):
            yield self


class MailServer:
    """As much of SMTP as takes a message without encryption."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.address = ""

    @contextmanager
    def open(self) -> Iterator["MailServer"]:
        mail = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self._say("220 here")
                while line := self.rfile.readline().decode().strip():
                    verb = line.split()[0].upper()
                    if verb == "DATA":
                        self._say("354 go on")
                        text = ""
                        while (part := self.rfile.readline().decode()) != ".\r\n":
                            text += part
                        mail.messages.append(text)
                    self._say("221 bye" if verb == "QUIT" else "250 ok")

            def _say(self, words: str):
                self.wfile.write(f"{words}\r\n".encode())

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.address = f"smtp://127.0.0.1:{server.server_address[1]}"
        with _serving(server):
            yield self
