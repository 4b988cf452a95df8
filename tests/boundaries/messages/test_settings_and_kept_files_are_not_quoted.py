"""What is wrong in settings, decisions or a file that a run left is named, and no value of it repeated."""

import tomllib

import pytest
import tomlkit

from resources.secrets.kept_file import KeptFileDamaged, read_kept
from resources.settings.study_settings import SETTINGS_FILE, StudySettingsError, load_study_settings
from resources.zone.gates import DecisionsFolder, DecisionsNotReadable

SECRET = "X320741"


@pytest.mark.parametrize(
    "setting",
    [
        "study.cohort_start",
        "study.requirement_types",
        "linkage.threshold",
        "linkage.placeholder_birth_dates",
        "linkage.no_fixed_abode_postcodes",
        "combining.identity_numbers",
        "notes.seed",
    ],
)
@pytest.mark.parametrize("value", [SECRET, [SECRET, 7], {"first": SECRET}])
def test_a_setting_that_is_wrong_is_named_without_what_it_says(setting, value, tmp_path):
    section, _, name = setting.partition(".")
    settings = tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    settings[section][name] = value
    (tmp_path / "study.toml").write_text(tomlkit.dumps(settings), encoding="utf-8")
    with pytest.raises(StudySettingsError, match=setting) as caught:
        load_study_settings(tmp_path / "study.toml")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("damage", [f'x = "{SECRET}', f"x = {SECRET}", f'"{SECRET}" = 1\n"{SECRET}" = 2', "\x00"])
def test_a_file_of_settings_that_is_no_toml_is_not_quoted(damage, tmp_path):
    (tmp_path / "study.toml").write_text(damage, encoding="utf-8")
    with pytest.raises(StudySettingsError) as caught:
        load_study_settings(tmp_path / "study.toml")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("content", [f'{{"scale": "{SECRET}"}}', f'["{SECRET}"]', f'{{"{SECRET}": 1', f'"{SECRET}"'])
def test_a_file_that_a_run_left_is_not_quoted(content, tmp_path):
    (tmp_path / "kept.json").write_text(content, encoding="utf-8")
    with pytest.raises(KeptFileDamaged) as caught:
        read_kept(tmp_path / "kept.json", {"scale": float}, "Write it again.")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "content", [f'[[accepted]]\nquarter = "{SECRET}"', f'accepted = ["{SECRET}"]', f"x = {SECRET}"]
)
def test_a_file_of_decisions_is_not_quoted(content, tmp_path):
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "2023Q1.toml").write_text(content, encoding="utf-8")
    with pytest.raises(DecisionsNotReadable) as caught:
        DecisionsFolder(tmp_path).of_quarter("2023Q1")
    assert SECRET not in str(caught.value)
