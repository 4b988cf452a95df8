"""study.toml: what is refused, and how the refusal reads."""

from datetime import date

import pytest

from resources.settings import study_settings as module
from resources.settings.study_settings import SETTINGS_FILE, StudySettingsError, load_study_settings
from resources.zone.partitions import quarter_before, quarter_end


def test_the_settings_of_the_repository_are_valid():
    assert load_study_settings().linkage.threshold == 0.985


def test_a_wrong_key_is_refused_by_name(settings_with):
    path = settings_with("threshold = 0.985", "treshold = 0.985")
    with pytest.raises(StudySettingsError) as caught:
        load_study_settings(path)
    assert "linkage.treshold: no such setting" in str(caught.value)
    assert "linkage.threshold: is missing" in str(caught.value)


def test_a_value_out_of_range_is_refused_by_name(settings_with):
    path = settings_with("threshold = 0.985", "threshold = 1.985")
    with pytest.raises(StudySettingsError, match=r"linkage.threshold"):
        load_study_settings(path)


def test_a_threshold_that_is_not_the_studys_cannot_rest_on_the_study(settings_with):
    old = "threshold = 0.985                    # match probability of a link (methodology 2.5.3)"
    path = settings_with(old, "threshold = 0.97")
    path.write_text(path.read_text(encoding="utf-8").replace("threshold = 0.985", "threshold = 0.97", 1), "utf-8")
    with pytest.raises(StudySettingsError, match=r"of the published study is 0\.985, not this one.*review adopt"):
        load_study_settings(path)


@pytest.mark.parametrize("types", ['["ATR"]', '["DRR"]', '["ATR", "DRR", "DRR"]'])
def test_a_report_of_one_requirement_type_is_refused_before_anything_runs(settings_with, types):
    path = settings_with('requirement_types = ["ATR", "DRR"]', f"requirement_types = {types}")
    with pytest.raises(StudySettingsError, match=r"must name ATR and DRR, each once.*no report of one alone"):
        load_study_settings(path)


def test_a_model_that_names_an_unknown_factor_is_refused(settings_with):
    path = settings_with("court_type + disposal_type", "court_type + disposal_kind")
    with pytest.raises(StudySettingsError, match="disposal_kind"):
        load_study_settings(path)


def test_a_file_that_is_not_toml_is_refused_with_its_line(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("[study\n", encoding="utf-8")
    with pytest.raises(StudySettingsError, match="line 1"):
        load_study_settings(path)


def test_the_dates_of_a_quarter_replace_quarter_end():
    study = load_study_settings().for_quarter(quarter_end("2023Q2")).study
    assert (study.cohort_end, study.observation_end) == (date(2023, 6, 30), date(2023, 6, 30))


def test_a_change_in_one_section_changes_only_its_fingerprint(settings_with):
    path = settings_with("imputations = 5", "imputations = 6")
    before, after = load_study_settings(), load_study_settings(path)
    assert before.fingerprint("linkage") == after.fingerprint("linkage")
    assert before.fingerprint("modelling") != after.fingerprint("modelling")


@pytest.mark.parametrize(
    ("quarter", "end"),
    [
        ("2023Q1", date(2023, 3, 31)),
        ("2023Q2", date(2023, 6, 30)),
        ("2023Q3", date(2023, 9, 30)),
        ("2024Q4", date(2024, 12, 31)),
    ],
)
def test_a_quarter_ends_on_its_last_day(quarter, end):
    assert quarter_end(quarter) == end


@pytest.mark.parametrize("wrong", ["2023q1", "2023", "2023Q5", "first"])
def test_what_is_not_a_quarter_is_refused_with_an_example(wrong):
    with pytest.raises(ValueError, match="2023Q1"):
        quarter_end(wrong)


@pytest.mark.parametrize(
    ("day", "quarter"), [(date(2023, 4, 20), "2023Q1"), (date(2024, 1, 1), "2023Q4"), (date(2023, 12, 31), "2023Q3")]
)
def test_the_schedule_runs_the_quarter_that_has_ended(day, quarter):
    assert quarter_before(day) == quarter


def test_a_file_of_the_same_content_is_validated_once_and_an_edited_one_again(tmp_path, monkeypatch):
    file, read = tmp_path / "study.toml", []
    text = SETTINGS_FILE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "_read", lambda *places, real=module._read: read.append(places) or real(*places))
    first = load_study_settings(file)
    file.write_text(text, encoding="utf-8")
    assert load_study_settings(file) is first and len(read) == 1
    file.write_text(text.replace("minimum_base = ", "minimum_base = 1"), encoding="utf-8")
    assert load_study_settings(file).publication.minimum_base != first.publication.minimum_base
    file.unlink()
    with pytest.raises(StudySettingsError, match="does not exist"):
        load_study_settings(file)
