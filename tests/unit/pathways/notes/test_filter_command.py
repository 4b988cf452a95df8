"""`pathways filter` on a file: lines, order, counts, exit codes."""

import json

import pytest
from typer.testing import CliRunner

from pathways.cli import app

FIELDS = ["id", "kept", "keywords", "label", "p1", "status"]


@pytest.fixture
def run(tmp_path):
    def call(data, *options):
        path = tmp_path / "notes.csv"
        path.write_bytes(data)
        return CliRunner().invoke(app, ["filter", "--notes", str(path), *options])

    return call


def test_every_note_gets_a_line_in_the_order_of_the_file(run):
    result = run('id,text\n2,"AA meeting,\nthen CGL"\n1,a NATIONAL plan\n01,\n3,“Methadone”\n'.encode())
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert all(list(line) == FIELDS for line in lines)
    assert [(line["id"], line["kept"], line["keywords"], line["status"]) for line in lines] == [
        ("2", True, ["CGL", "AA", "AA meeting"], "kept"),
        ("1", False, [], "excluded"),
        ("01", False, [], "excluded"),
        ("3", True, ["Methadone"], "kept"),
    ]
    assert {(line["label"], line["p1"]) for line in lines} == {(None, None)}
    assert result.stderr.strip() == "excluded 2, kept 2"


def test_an_output_file_is_written_whole_and_nothing_goes_to_standard_output(run, tmp_path):
    result = run(b"id,text\n1,CGL\n", "--output", str(tmp_path / "lines.jsonl"))
    assert result.exit_code == 0 and result.stdout == ""
    assert json.loads((tmp_path / "lines.jsonl").read_text())["keywords"] == ["CGL"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lines.jsonl", "notes.csv"]


def test_a_file_without_the_columns_stops_with_a_message_and_no_line(run, tmp_path):
    result = run(b"number,body\n1,Jo Bloggs at CGL\n", "--output", str(tmp_path / "lines.jsonl"))
    assert result.exit_code == 1 and result.stdout == "" and not (tmp_path / "lines.jsonl").exists()
    assert result.stderr.startswith("notes.csv: none of its 2 column(s) is called id") and "Bloggs" not in result.stderr


def test_rows_that_were_left_out_are_said_in_counts_and_in_the_exit_code(run):
    result = run(b"id,text\n1,CGL\n2,Jo Bloggs, at CGL\n")
    assert result.exit_code == 1 and len(result.stdout.splitlines()) == 1
    assert "1 row(s)" in result.stderr and "Bloggs" not in result.stderr
