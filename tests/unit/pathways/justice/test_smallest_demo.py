"""A demo of justice records that would be too small to train on is refused before anything is made."""

import pytest
from typer.testing import CliRunner

from pathways import cli


@pytest.mark.parametrize("scale", ["0.0009", "0", "-1"])
def test_a_demo_of_too_few_justice_records_is_refused_in_a_sentence_before_anything_is_made(
    tmp_path, monkeypatch, scale
):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    done = CliRunner().invoke(cli.app, ["demo-justice", "--scale", scale])
    assert done.exit_code == 1
    assert "Give a scale of 0.001 or more" in done.stderr and "Nothing was made." in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_smallest_demo_of_justice_records_is_not_refused(monkeypatch):
    asked = []
    monkeypatch.setattr(cli, "run_child", lambda command, _: asked.append(command) or Ended())
    monkeypatch.setattr(cli, "_refresh_justice", asked.append)
    assert CliRunner().invoke(cli.app, ["demo-justice", "--scale", "0.001"]).exit_code == 0
    assert asked[0][-4:] == ["--scale", "0.001", "--seed", "1"] and asked[1] == "2023Q1"


class Ended:
    """A child process that came to its end."""

    returncode = 0
