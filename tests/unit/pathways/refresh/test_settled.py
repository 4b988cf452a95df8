"""While nothing that a zone decides from has changed, a refresh need not ask it; whatever changed, it is asked."""

import os
import shutil

import pytest

from pathways.refresh import settled
from pathways.refresh.run_zones import run_zones
from pathways.refresh.settled import keep_seen, nothing_changed, seen_now, zone_places
from resources.settings.study_settings import load_study_settings

ZONE, QUARTER = "linkage_assets", "2023Q1"
FILES = [
    "linkage/2023Q1/people.parquet",
    "linkage/2023Q1/people.json",
    "linkage/secrets/release_2023Q1.key",
    "extracts/2023Q1/ndelius/offender.csv",
    "crossings/note_request/2023Q1/note_request.json",
    "publication/2023Q1/open_data/table_1.csv",
]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A data folder in which the zone has found nothing to do."""
    for file in (*FILES, "nlp/2023Q1/notes.parquet", "dagster/history/runs.db"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was", encoding="utf-8")
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    places = zone_places("linkage", QUARTER, ["note_request"], ["publication/{quarter}"])
    keep_seen(tmp_path, ZONE, QUARTER, seen_now(tmp_path, places))
    return tmp_path


def test_it_holds_while_all_is_as_it_was_whatever_other_zones_do(root):
    (root / "nlp/2023Q1/notes.parquet").write_text("made anew", encoding="utf-8")
    (root / "dagster/history/runs.db").write_text("more", encoding="utf-8")
    assert nothing_changed(root, ZONE, QUARTER)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_written_with_the_same_content_dates_and_size_is_seen(root, file):
    path = root / file
    before = path.stat()
    path.write_text("as it was", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not nothing_changed(root, ZONE, QUARTER)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_gone_or_new_is_seen(root, file):
    (root / file).rename(root / f"{file}.away")
    assert not nothing_changed(root, ZONE, QUARTER)
    (root / f"{file}.away").unlink()
    assert not nothing_changed(root, ZONE, QUARTER)


def test_a_decision_that_is_recorded_is_seen(root):
    (root / "decisions").mkdir()
    (root / "decisions" / f"{QUARTER}.toml").write_text("", encoding="utf-8")
    assert not nothing_changed(root, ZONE, QUARTER)


def test_other_settings_code_or_packages_or_another_engine_are_seen(root, monkeypatch):
    with monkeypatch.context() as other:
        settings = load_study_settings()
        changed = settings.model_copy(update={"release": settings.release.model_copy(update={"title": "T"})})
        other.setattr(settled, "load_study_settings", lambda: changed)
        assert not nothing_changed(root, ZONE, QUARTER)
    with monkeypatch.context() as other:
        other.setattr(settled, "_code", lambda: "of today")
        assert not nothing_changed(root, ZONE, QUARTER)
    with monkeypatch.context() as other:
        other.setenv("PATHWAYS_ENGINE", "fixture")
        assert not nothing_changed(root, ZONE, QUARTER)
    assert nothing_changed(root, ZONE, QUARTER)


def test_what_is_kept_of_extracts_until_a_zone_takes_it_changes_nothing(root):
    (root / "linkage/2023Q1/readings/offender").mkdir(parents=True)
    (root / "linkage/2023Q1/readings/offender/facts.json").write_text("{}", encoding="utf-8")
    assert nothing_changed(root, ZONE, QUARTER)


def test_without_a_record_or_with_a_damaged_one_the_zone_is_asked(root):
    assert not nothing_changed(root, ZONE, "2023Q2") and not nothing_changed(root, "nlp_assets", QUARTER)
    (root / "dagster" / f"settled_{ZONE}_{QUARTER}.json").write_text("{", encoding="utf-8")
    assert not nothing_changed(root, ZONE, QUARTER)


def test_a_data_folder_that_was_copied_is_looked_at_anew(root, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copies") / "var"
    shutil.copytree(root, copy)
    assert not nothing_changed(copy, ZONE, QUARTER)


@pytest.mark.parametrize(("engine", "asked"), [("encoder", []), ("fixture", ["nlp_assets"])])
def test_zones_without_changes_are_not_started_but_where_notes_are_read_elsewhere(root, monkeypatch, engine, asked):
    started = []
    monkeypatch.setattr("pathways.refresh.run_zones.nothing_changed", lambda *_: True)
    monkeypatch.setattr("pathways.refresh.run_zones._run_zone", lambda environment, zone, quarter: started.append(zone))
    monkeypatch.setattr("pathways.refresh.run_zones.require_same_extracts", lambda *_: None)
    monkeypatch.setenv("PATHWAYS_ENGINE", engine)
    assert run_zones({}, QUARTER, False, {}) == bool(asked)
    assert started == asked
    started.clear()
    monkeypatch.setattr("pathways.refresh.run_zones.nothing_changed", lambda *_: False)
    assert run_zones({}, QUARTER, False, {})
    assert started == ["linkage_assets", "nlp_assets", "modelling_assets", "publication_assets"]
