"""An S3 service of this machine with an empty bucket, for tests: moto's, in this process."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

ADDRESS = "s3://zone/tables"


@contextmanager
def bucket_here() -> Iterator[dict[str, str]]:
    """The variables that lead to it, until the block ends."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a line per request is printed
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        urlopen(Request(f"http://{host}:{port}/{ADDRESS.split('/')[2]}", method="PUT")).close()
        yield {
            "AWS_ACCESS_KEY_ID": "of-the-test",
            "AWS_SECRET_ACCESS_KEY": "of-the-test",
            "AWS_REGION": "eu-west-2",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ALLOW_HTTP": "true",
            "NO_PROXY": host,
        }
    finally:
        server.stop()


def use(environment: dict[str, str], monkeypatch) -> None:
    """Set variables for a test."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("AWS_") and name not in environment]:
        monkeypatch.delenv(name)
