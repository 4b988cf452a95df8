"""The jobs that play a review: refused unless extracts are synthetic, and nothing can be said to them at launch."""

from collections.abc import Iterator

import dagster as dg
import pytest

import linkage_assets.definitions
import nlp_assets.definitions

QUARTER = "2023Q1"
JOBS = {
    "simulated_review_of_pairs": (linkage_assets.definitions, "ndelius/offender.csv", "`pathways review sample"),
    "simulated_review_of_notes": (
        nlp_assets.definitions,
        "contact_notes/contact_note.csv",
        "`pathways review-notes sample",
    ),
}


@pytest.fixture(params=JOBS)
def refused(request, tmp_path, monkeypatch):
    """Job, what it failed with on extracts without a mark, what people type instead, and the data folder."""
    zone, sent, instead = JOBS[request.param]
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    extract = tmp_path / "extracts" / QUARTER / sent
    extract.parent.mkdir(parents=True)
    extract.write_text("crn\nX1\n", encoding="utf-8")
    job = zone.defs().resolve_job_def(request.param)
    with dg.DagsterInstance.ephemeral() as instance:
        run = job.execute_in_process(partition_key=QUARTER, instance=instance, raise_on_error=False)
    failures = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
    return job, " ".join(str(error) for error in failures), instead, tmp_path


def test_a_review_is_not_played_on_extracts_that_are_not_synthetic(refused):
    _, said, instead, root = refused
    assert "are not synthetic, so nobody knows the answers" in said and instead in said
    assert not list(root.rglob("review*"))


def values_of(field, path: str) -> Iterator[str]:
    """Paths of all values that a configuration may hold."""
    fields = getattr(field.config_type, "fields", None)
    if fields is None:
        yield path
    for name, inside in (fields or {}).items():
        yield from values_of(inside, f"{path}/{name}")


def test_nothing_can_be_said_to_it_at_launch(refused):
    fields = refused[0].run_config_schema.config_type.fields
    assert [path for name, field in fields.items() for path in values_of(field, name)] == []
