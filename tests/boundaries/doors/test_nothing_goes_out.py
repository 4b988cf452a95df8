"""A refresh reaches for nothing beyond this machine: no connection, no datagram, no name lookup, by any program.

The small quarter's refresh runs under tests/outbound_recorder.py, which the kernel tells of every such call.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drawing.svg import _drawn
from publication_assets.templates_folder import TEMPLATES
from record_linkage.splink_backend import SplinkBackend, SplinkFailed, query_frame
from tests.conftest import RECORDER
from tests.outbound_recorder import CANNOT_RECORD

WORDS = """
import contextlib, socket
with socket.create_server(("127.0.0.1", 0)) as here:
    socket.create_connection(here.getsockname()).close()
for attempt in (
    lambda: socket.create_connection(("192.0.2.1", 443)),
    lambda: socket.create_connection(("2001:db8::1", 443)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.2", 99)),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, ("192.0.2.3", 99)),
):
    with contextlib.suppress(OSError):
        attempt()
        print("went out")
"""
LOOK_UP = "import socket; socket.getaddrinfo('pathways.invalid', 443)"


def recorded(record: Path, code: str) -> tuple[list[list[str]], str]:
    """Addresses and ports that running Python code would have sent to, and what it printed."""
    command = [sys.executable, "-I", str(RECORDER), str(record), sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == CANNOT_RECORD:
        pytest.skip("this kernel lets nobody record connections")
    return [line.split()[-2:] for line in record.read_text(encoding="utf-8").splitlines()], done.stdout


def test_what_a_program_sends_out_is_recorded_and_kept_in(tmp_path):
    places, printed = recorded(tmp_path / "record.txt", WORDS)
    assert places == [["192.0.2.1", "443"], ["2001:db8::1", "443"], ["192.0.2.2", "99"], ["192.0.2.3", "99"]]
    assert printed == ""


def test_a_name_that_a_program_looks_up_is_recorded(tmp_path):
    places, _ = recorded(tmp_path / "record.txt", LOOK_UP)
    assert places


def test_a_whole_refresh_reaches_for_nothing_beyond_this_machine(small_quarter, witness):
    record = witness(small_quarter).file("outbound")
    if not record.exists():
        pytest.skip("this kernel lets nobody record connections")
    assert record.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    "query",
    [
        "INSTALL httpfs",
        "SELECT * FROM 'https://pathways.invalid/a.parquet'",
        "SELECT * FROM read_text('{file}')",
        "SET enable_external_access = true",
    ],
)
def test_no_query_of_the_linkage_reaches_an_address_an_extension_or_a_file(query, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    with pytest.raises(SplinkFailed), SplinkBackend().open("a test") as database:
        query_frame(database, query.format(file=file))


def test_no_chart_fetches_its_data():
    chart = {"data": {"url": "https://pathways.invalid/a.json"}, "mark": "point", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(ValueError, match="External data url not allowed"):
        _drawn(json.dumps(chart))


def test_no_document_fetches_a_package_of_its_typesetter():
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.typ")}
    assert texts and [name for name, text in texts.items() if '"@' in text] == []
