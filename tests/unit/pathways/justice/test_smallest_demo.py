"""Synthetic justice extracts from the command line: too few are refused, and a quarter continues the one before."""

import polars as pl
import pytest
from typer.testing import CliRunner

from contracts.zones import JUSTICE_SOURCES_FOLDER
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


def test_a_later_quarter_is_written_with_scale_and_seed_of_the_one_before_or_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))

    def write(*options: str):
        return CliRunner().invoke(cli.app, ["justice-extracts", "--only-linked", *options])

    def cases(quarter: str) -> pl.DataFrame:
        folder = tmp_path / JUSTICE_SOURCES_FOLDER / "extracts" / quarter / "magistrates"
        return pl.read_parquet(folder / "magistrates_defendant_case.parquet" / "*")

    assert write("--scale", "0.0002", "--seed", "7").exit_code == 0
    assert write("--quarter", "2023Q2").exit_code == 0
    before, now = cases("2023Q1"), cases("2023Q2")
    key = "defendant_on_case_id"
    assert before.join(now, on=key, how="anti").is_empty() and before.height <= now.height < 1.1 * before.height
    refused = write("--quarter", "2023Q3", "--scale", "0.0003")
    assert refused.exit_code == 1 and "--scale 0.0002 --seed 7" in refused.stderr
    demo = CliRunner().invoke(cli.app, ["demo-justice", "--quarter", "2023Q3"])  # of last quarter's scale: too few
    assert demo.exit_code == 1 and "Give a scale" in demo.stderr


def test_the_smallest_demo_of_justice_records_is_not_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    asked = []
    monkeypatch.setattr(cli, "run_child", lambda command, _: asked.append(command) or Ended())
    monkeypatch.setattr(cli, "_refresh_justice", asked.append)
    assert CliRunner().invoke(cli.app, ["demo-justice", "--scale", "0.001"]).exit_code == 0
    assert asked[0][-4:] == ["--scale", "0.001", "--seed", "1"] and asked[1] == "2023Q1"


class Ended:
    """A child process that came to its end."""

    returncode = 0
