"""What a launch may say of a run, of every zone: the quarter, the tables, and the name of a linkage model."""

import re
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._config import ConfigType, Field

import linkage_assets.definitions
import modelling_assets.definitions
import nlp_assets.definitions
import publication_assets.definitions

ZONES = {
    "linkage": linkage_assets.definitions,
    "nlp": nlp_assets.definitions,
    "modelling": modelling_assets.definitions,
    "publication": publication_assets.definitions,
}
REFUSED = re.compile(r"is not a quarter\. Use 2023Q1 to|: Partition range ")  # our own words, and Dagster's


@pytest.fixture(scope="module")
def job_of(tmp_path_factory):
    """Function: name of a zone -> the job that makes its tables, on a folder without extracts; and that folder."""
    root = tmp_path_factory.mktemp("launches") / "pathways" / "var"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATHWAYS_VAR", str(root))
        jobs = {name: zone.defs().resolve_implicit_global_asset_job_def() for name, zone in ZONES.items()}
    return lambda name: (jobs[name], root)


def said(field: Field, path: str = "") -> Iterator[str]:
    """Paths of all values that a configuration may hold."""
    fields = getattr(field.config_type, "fields", None)
    if fields is None:
        yield path
    for name, inside in (fields or {}).items():
        yield from said(inside, f"{path}/{name}")


@pytest.mark.parametrize("zone", ZONES)
def test_a_launch_says_nothing_but_the_name_of_a_linkage_model(job_of, zone):
    job, _ = job_of(zone)
    config: ConfigType = job.run_config_schema.config_type
    fields = config.fields  # type: ignore[attr-defined]
    found = {path for name, field in fields.items() for path in said(field, name)}
    named = {"ops/trained_linkage_model/config/name"} if zone == "linkage" else set()
    assert found == named


@pytest.mark.parametrize("zone", ZONES)
def test_a_run_of_what_is_no_quarter_says_so_and_writes_nothing(job_of, zone):
    job, root = job_of(zone)
    with dg.DagsterInstance.ephemeral() as instance:
        for key in job.asset_layer.executable_asset_keys:
            run = job.get_subset(asset_selection={key}).execute_in_process(
                instance=instance,
                raise_on_error=False,
                tags={"dagster/partition": "../../crossings"},
                run_config={"ops": {"trained_linkage_model": {"config": {"name": "spring"}}}}
                if key.path[-1] == "trained_linkage_model"
                else {},
            )
            failures = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
            assert failures and all(REFUSED.search(str(error)) for error in failures), (key, failures)
    assert [path for path in root.parent.parent.rglob("*") if path.is_file()] == []
