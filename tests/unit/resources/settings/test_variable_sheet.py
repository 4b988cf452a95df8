"""The variable sheet and the formulas: what is refused, and how the refusal reads."""

import csv

import pytest

from resources.receipts.code_fingerprint import code_fingerprint
from resources.settings.model_formula import FormulaIsWrong, read_formula
from resources.settings.settings_section import StudySettingsError
from resources.settings.study_settings import SETTINGS_FILE, load_study_settings
from resources.settings.variable_sheet import COLUMNS, VARIABLE_SHEET, VariableSheetError, read_variable_sheet


def sheet_with(tmp_path, variable: str, /, **changes: str):
    with VARIABLE_SHEET.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["name"] == variable:
            row.update(changes)
    path = tmp_path / "variables.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_reference_level_comes_first_and_the_others_as_in_the_sheet():
    length = read_variable_sheet()[0]["length_band"]
    assert length.levels == ["4 to 6 months", "1 to 3 months", "7 to 9 months", "10 to 12 months", "Over 12 months"]
    assert length.reference == "4 to 6 months"


def test_every_variable_of_a_model_says_where_it_comes_from_and_why_it_is_there():
    settings = load_study_settings().modelling
    for name in {factor for model in settings.models.values() for factor in model.factors}:
        factor = settings.factors[name]
        assert factor.source and factor.meaning and factor.why_relevant


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reference": "Not stated"}, "line 4, column reference: is none of the levels"),
        ({"levels": "Male"}, "line 4, column levels: needs two levels"),
        ({"levels": "Male | Male | Female"}, "line 4, column levels: names one twice"),
        ({"when_rare": "drop"}, "line 4, column when_rare: must be keep or exclude"),
        ({"excluded": "Female"}, "line 4, column excluded: names a level"),
        ({"meaning": ""}, "line 4, column meaning: is empty"),
        ({"name": "age_band"}, "line 5, column name: 'age_band' stands in line 4 too"),
        ({"name": "Sex of person"}, "line 4, column name: may have small letters"),
    ],
)
def test_a_wrong_cell_is_refused_by_line_and_column(tmp_path, changes, message):
    with pytest.raises(VariableSheetError) as caught:
        load_study_settings(sheet=sheet_with(tmp_path, "sex", **changes))
    assert message in str(caught.value)


def test_a_sheet_with_other_columns_is_refused_by_name(tmp_path):
    path = tmp_path / "variables.csv"
    path.write_text(VARIABLE_SHEET.read_text(encoding="utf-8").replace("when_rare", "if_rare", 1), encoding="utf-8")
    with pytest.raises(VariableSheetError, match=r"columns missing .'when_rare'., not known .'if_rare'."):
        read_variable_sheet(path)


def test_a_row_cut_short_is_refused_by_line(tmp_path):
    path = tmp_path / "variables.csv"
    path.write_text(VARIABLE_SHEET.read_text(encoding="utf-8") + "shoe_size,Shoe size\n", encoding="utf-8")
    with pytest.raises(VariableSheetError, match="line 15: not 10 cells"):
        read_variable_sheet(path)


def test_a_sheet_that_puts_a_variable_into_another_model_than_the_formula_is_refused(tmp_path):
    path = sheet_with(tmp_path, "sex", models="linked_atr | linked_drr | reconvicted_atr")
    with pytest.raises(VariableSheetError, match="sex: the formula of reconvicted_drr has it, the sheet does not"):
        load_study_settings(sheet=path)
    path = sheet_with(tmp_path, "psr_type", models="linked_atr | linked_men")
    with pytest.raises(VariableSheetError) as caught:
        load_study_settings(sheet=path)
    assert "psr_type: the sheet puts it into linked_atr, the formula does not have it" in str(caught.value)
    assert "psr_type: there is no model 'linked_men'" in str(caught.value)


def test_a_change_in_the_sheet_makes_models_anew_and_nothing_else(tmp_path):
    before = load_study_settings()
    after = load_study_settings(sheet=sheet_with(tmp_path, "sex", reference="Female"))
    assert before.fingerprint("modelling") != after.fingerprint("modelling")
    assert before.fingerprint("linkage", "notes") == after.fingerprint("linkage", "notes")


def test_the_sheet_is_no_part_of_the_code_that_all_zones_share(monkeypatch):
    with_it = code_fingerprint()
    monkeypatch.setattr("resources.receipts.code_fingerprint.OF_SETTINGS", None)
    assert code_fingerprint() != with_it


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" + (1 | region)", "", "models.linked_atr.formula has no random intercept"),
        ("(1 | region)", "(1 | court)", "random intercepts for"),
        ("sex + age_band", "sex * age_band", "interaction"),
        ("linked_structured ~", "linked ~", "outcome"),
    ],
)
def test_a_formula_that_cannot_be_fitted_is_refused(settings_with, old, new, message):
    with pytest.raises(StudySettingsError, match=message):
        load_study_settings(settings_with(old, new))


def test_factors_in_study_toml_are_sent_to_the_sheet(tmp_path):
    path = tmp_path / "study.toml"
    text = SETTINGS_FILE.read_text(encoding="utf-8")
    path.write_text(text + '\n[modelling.factors.sex]\nlabel = "Sex"\nlevels = ["Male", "Female"]\n', encoding="utf-8")
    with pytest.raises(StudySettingsError, match=r"rows of reference/variables.csv: move them there"):
        load_study_settings(path)


def test_a_formula_is_read_whatever_its_spacing():
    formula = read_formula("y~a + factor( b )+`last group` + (1|g)")
    assert (formula.outcome, formula.terms, formula.group) == ("y", ("a", "b", "last group"), "g")
    assert formula.as_factor == {"b"}
    assert read_formula("y ~ 1").terms == ()


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("y", "no formula"),
        ("y ~ a +", "plus sign"),
        ("y ~ a:b", "interaction"),
        ("y ~ a - 1", "without intercept"),
        ("y ~ log(a)", "Transform"),
        ("y ~ a + (x | g)", "random effect other than"),
        ("y ~ (1 | g) + (1 | h)", "2 random intercepts"),
        ("y ~ a + a", "twice"),
        ("y ~ a + y", "cannot predict itself"),
        ("cbind(y, n) ~ a", "no column name"),
    ],
)
def test_a_formula_that_is_not_understood_says_why(formula, message):
    with pytest.raises(FormulaIsWrong, match=message):
        read_formula(formula)
