"""What the health check of a webserver's container asks."""

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from pathways.webserver.health import answers


class OneHost(BaseHTTPRequestHandler):
    """Answers one host name, as the guard does."""

    def do_GET(self):
        self.send_response(200 if (self.headers["Host"], self.path) == ("page.example.org", "/server_info") else 421)
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def port():
    with HTTPServer(("127.0.0.1", 0), OneHost) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_webserver_is_well_when_it_answers_to_its_first_name(port):
    assert answers("127.0.0.1", port, " page.example.org, other.example.org")
    assert not answers("127.0.0.1", port, "other.example.org,page.example.org")


def test_a_webserver_is_not_well_where_nothing_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    assert not answers("127.0.0.1", free, "page.example.org")
