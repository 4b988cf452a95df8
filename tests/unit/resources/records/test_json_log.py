"""Log lines as JSON: one object a line, counts and names, and nothing that code or an error says in words."""

import json
from pathlib import Path

import dagster as dg
import pytest
import yaml

from resources.records.json_log import LOG, writes_json
from resources.records.progress import say

REPOSITORY = Path(__file__).resolve().parents[4]
quarters = dg.StaticPartitionsDefinition(["2023Q1"])
SAID = "Zebedee"


@dg.asset(partitions_def=quarters)
def numbers(context: dg.AssetExecutionContext) -> None:
    context.log.info(SAID)
    context.add_output_metadata({"dagster/row_count": 120, "peak_mb": 7})


@dg.asset_check(asset=numbers)
def number_is_small() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN, metadata={"found": SAID})


@dg.asset(deps=[numbers], partitions_def=quarters)
def broken() -> None:
    raise ValueError(SAID)


@pytest.fixture
def lines(tmp_path, monkeypatch, capsys) -> list[dict]:
    """What a run prints with the settings of the deployment, but its database."""
    settings = yaml.safe_load((REPOSITORY / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    del settings["storage"]
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        definitions = [numbers, number_is_small, broken]
        dg.materialize(definitions, partition_key="2023Q1", instance=instance, raise_on_error=False)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_a_run_of_the_deployment_prints_its_events_with_counts_and_no_words(lines):
    assert SAID not in json.dumps(lines)
    (made,) = (line for line in lines if line["event"] == "table_made")
    assert made["table"] == "numbers" and made["quarter"] == "2023Q1"
    assert (made["rows"], made["peak_mb"]) == (120, 7)
    (check,) = (line for line in lines if line["event"] == "check")
    assert (check["check"], check["passed"], check["severity"]) == ("number_is_small", False, "warn")
    (failure,) = (line for line in lines if line["event"] == "step_failure")
    assert (failure["step"], failure["error"]) == ("broken", "ValueError")
    assert [lines[0]["event"], lines[-1]["event"]] == ["run_start", "run_failure"]
    assert len({line["run"] for line in lines}) == 1 and all(line["time"].endswith("+00:00") for line in lines)


def test_progress_is_a_line_of_json_where_the_environment_asks_for_it(monkeypatch, capsys):
    say("labelled 5 of 10 notes")
    assert capsys.readouterr().out == "  labelled 5 of 10 notes\n" and not writes_json()
    monkeypatch.setenv(LOG, "json")
    say("labelled 5 of 10 notes")
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["said"]) == ("progress", "labelled 5 of 10 notes")
