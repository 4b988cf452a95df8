"""Whoever works in Dagster's pages has a review of a synthetic quarter played, and what follows starts by itself."""

import shutil

import dagster as dg
import pytest

import linkage_assets.definitions
import nlp_assets.definitions
from resources.operation.quarter_lock import who_runs
from resources.operation.starts import came_to_its_end
from resources.zone.zone_definitions import to_do
from tests.conftest import one_at_a_time

QUARTER = "2023Q1"
JOBS = [
    (
        "simulated_review_of_pairs",
        linkage_assets.definitions,
        f"linkage/{QUARTER}/review_simulated/review_findings.json",
        "linkage_quality",
    ),
    (
        "simulated_review_of_notes",
        nlp_assets.definitions,
        f"nlp/review_simulated/{QUARTER}/reviewed_cases.parquet",
        "note_reading_quality",
    ),
]


@pytest.fixture(scope="module")
def var(small_quarter, tmp_path_factory):
    """A refreshed quarter of its own that nobody has reviewed."""
    var = tmp_path_factory.mktemp("reviewed")
    with one_at_a_time():
        for part in ("extracts", "truth", "linkage", "nlp", "crossings"):
            shutil.copytree(small_quarter / part, var / part, ignore=shutil.ignore_patterns("review_simulated"))
    return var


@pytest.mark.parametrize(("name", "zone", "findings", "table"), JOBS, ids=[job[0] for job in JOBS])
def test_a_review_is_played_and_the_table_that_it_changes_is_to_be_made_again(
    name, zone, findings, table, var, monkeypatch
):
    monkeypatch.setenv("PATHWAYS_VAR", str(var))
    before = zone.defs()
    assert came_to_its_end(before, QUARTER)
    with dg.DagsterInstance.ephemeral() as instance:
        assert before.resolve_job_def(name).execute_in_process(partition_key=QUARTER, instance=instance).success
    assert (var / findings).is_file()
    assert who_runs(var, findings.partition("/")[0], QUARTER) == ""
    after = zone.defs()
    assert not came_to_its_end(after, QUARTER)
    assert table in {key.path[-1] for key in to_do(after, QUARTER).tables}
