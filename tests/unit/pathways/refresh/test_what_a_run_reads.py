"""A refresh reads its settings once, and notices extracts that change under it."""

import os

import pytest

from pathways.refresh.stopped import RefreshStopped
from pathways.refresh.usable_extracts import require_same_extracts
from resources.extracts.files.extract_parts import hashes_under
from resources.settings import settings_of_run as snapshot
from resources.settings.settings_of_run import settings_of_run
from resources.settings.study_settings import SETTINGS_COPIES, SETTINGS_FILE, StudySettingsError, load_study_settings
from resources.settings.variable_sheet import VARIABLE_SHEET


@pytest.fixture
def edited_settings(tmp_path, monkeypatch):
    """A study.toml that may be edited, in place of the repository's."""
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    file = tmp_path / "study.toml"
    file.write_bytes(SETTINGS_FILE.read_bytes())
    monkeypatch.setattr(snapshot, "FILES", (file, VARIABLE_SHEET))
    return file


def test_a_run_keeps_the_settings_of_its_start_and_says_that_they_were_edited(edited_settings, tmp_path):
    before = load_study_settings()
    with settings_of_run(tmp_path / "settings") as edited:
        assert edited() == []
        text = edited_settings.read_text(encoding="utf-8")
        edited_settings.write_text(text.replace("threshold = ", "threshold = 0"), encoding="utf-8")
        assert load_study_settings() == before
        assert edited() == ["study.toml"]
        edited_settings.unlink()
        assert edited() == ["study.toml"]
    assert SETTINGS_COPIES not in os.environ


def test_processes_of_a_run_read_its_copies(edited_settings, tmp_path):
    edited_settings.write_text(
        edited_settings.read_text(encoding="utf-8").replace("prison_months = 12", "prison_months = 7"), encoding="utf-8"
    )
    with settings_of_run(tmp_path / "settings"):
        assert load_study_settings().combining.prison_months == 7
    assert load_study_settings().combining.prison_months == 12


def test_no_variable_has_other_settings_read_than_study_toml_and_the_copies_of_a_refresh(tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    (other / "study.toml").write_bytes(SETTINGS_FILE.read_bytes())
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path / "var"))
    monkeypatch.setenv(SETTINGS_COPIES, str(other))
    with pytest.raises(StudySettingsError, match="PATHWAYS_SETTINGS names another folder"):
        load_study_settings()


def test_an_extract_that_was_replaced_added_or_removed_stops_the_refresh_with_its_name(tmp_path):
    folder = tmp_path / "extracts" / "2023Q1" / "ndelius"
    folder.mkdir(parents=True)
    (folder / "offender.csv").write_text("crn\nX1\n", encoding="utf-8")
    (folder / "requirement.csv").write_text("crn\nX1\n", encoding="utf-8")
    files = hashes_under(folder.parent)
    require_same_extracts(tmp_path, "2023Q1", files)
    (folder / "offender.csv").write_text("crn\nX2\n", encoding="utf-8")
    (folder / "requirement.csv").unlink()
    (folder / "event.csv").write_text("crn\n", encoding="utf-8")
    with pytest.raises(RefreshStopped, match=r"ndelius/event.csv, ndelius/offender.csv, ndelius/requirement.csv"):
        require_same_extracts(tmp_path, "2023Q1", files)


def test_a_hidden_file_that_appears_beside_the_extracts_stops_nothing(tmp_path):
    folder = tmp_path / "extracts" / "2023Q1" / "ndelius"
    folder.mkdir(parents=True)
    files = hashes_under(folder.parent)
    (folder / ".DS_Store").write_bytes(b"\0")
    require_same_extracts(tmp_path, "2023Q1", files)
