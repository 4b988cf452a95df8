"""What a change costs: another follow-up is one setting, another type of requirement a row of a list and its models,
another table one declaration and one function."""

import re

import polars as pl
import pytest

from contracts.vocabulary import TYPES
from modelling_assets.steps.engagement import estimate_engagement as engagement
from modelling_assets.steps.engagement.label_errors import NOBODY_REVIEWED
from publication_assets.catalogue.tables import TABLES
from publication_assets.catalogue.tables_of_models import odds_ratios
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.tables.contents import tables_breakdowns
from publication_assets.steps.tables.make_tables import TableInputs, make_tables
from publication_assets.steps.workbook.write_workbook import Sheet, workbook_sheets
from publishing.disclosure.show_cells import published_cells
from resources.process.data_root import REPOSITORY


def studying(settings, *types: str, **combining):
    """Settings of a study of these types, with other rules of combining."""
    update = {
        "study": settings.study.model_copy(update={"requirement_types": list(types)}),
        "combining": settings.combining.model_copy(update=combining),
    }
    return settings.model_copy(update=update)


def published(frame, pooled, settings) -> pl.DataFrame:
    estimates = engagement.estimate_engagement(frame, NOBODY_REVIEWED, settings.modelling)
    return published_cells(make_tables(TableInputs(frame, pooled, estimates), settings))


def workbook(cells, frame, settings) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in workbook_sheets(cells, run_facts(frame, "2023Q1", settings))}


def said(sheets: dict[str, Sheet]) -> str:
    return " ".join(
        str((sheet.lines, sheet.table and (sheet.table.headers, sheet.table.rows))) for sheet in sheets.values()
    )


def test_a_follow_up_of_24_months_is_one_setting_and_no_word_of_12_is_left(study_frame, pooled, settings):
    longer = studying(settings, *TYPES, reconviction_months=24)
    before, after = (published(study_frame, pooled, each) for each in (settings, longer))
    text = said(workbook(after, study_frame, longer))
    assert not re.findall(r"[Rr]econvict\w*[^,.\]]{0,20} 12 months|less than 12 months", text)
    assert "Reconvicted within 24 months" in text and "followed for less than 24 months" in text
    keys = ["table_key", "row_key", "measure_key", "value"]
    assert before.select(keys).equals(after.select(keys)), "keys are the same whatever the settings"


@pytest.fixture
def three_types(study_frame):
    of_third = study_frame.filter(requirement_type="ATR").with_columns(
        requirement_type=pl.lit("MHTR"),
        requirement_key=pl.format("third {}", "requirement_key"),
        person_key=pl.format("third {}", "person_key"),
    )
    return pl.concat([study_frame, of_third])


def test_a_third_type_is_a_row_of_a_list_and_its_models(three_types, pooled, settings, monkeypatch):
    monkeypatch.setattr(engagement, "TYPES", (*TYPES, "MHTR"))
    monkeypatch.setitem(TABLES, "odds_ratios_linked_mhtr", odds_ratios(99, "linked_mhtr", "3.1"))
    third = studying(settings, *TYPES, "MHTR")
    model = settings.modelling.models["linked_atr"].model_copy(update={"requirement_type": "MHTR"})
    models = settings.modelling.models | {"linked_mhtr": model}
    third = third.model_copy(update={"modelling": settings.modelling.model_copy(update={"models": models})})
    estimated = pooled.filter(pl.col("model") == "linked_atr").with_columns(model=pl.lit("linked_mhtr"))
    cells = published(three_types, pl.concat([pooled, estimated]), third)
    sheets = workbook(cells, three_types, third)
    assert "by probation region, ATRs, DRRs and MHTRs" in said({"": sheets["Table_5"]})
    assert "adjusted odds ratios" in said({"": sheets["Table_99"]}) and "MHTRs" in said({"": sheets["Table_99"]})
    assert "ATRs and DRRs" not in said(sheets)
    counts = cells.filter(table_key="identification", measure_key="all_requirements")
    assert dict(counts.select("row_label", "value").iter_rows()) == {
        "ATRs, DRRs and MHTRs": 720,
        "ATRs": 240,
        "DRRs": 240,
        "MHTRs": 240,
    }
    by_region = cells.filter(table_key="linked_by_region", row_key="all")
    assert {"linked_share/atr", "linked_share/drr", "linked_share/mhtr"} <= set(by_region["measure_key"])


def test_a_study_of_one_type_has_no_word_and_no_column_of_another(study_frame, pooled, settings):
    alone = studying(settings, "ATR")
    frame = study_frame.filter(requirement_type="ATR")
    cells = published(frame, pooled.filter(model="linked_atr"), alone)
    text = said(workbook(cells, frame, alone))
    assert "DRR" not in text
    assert "by probation region, ATRs, England" in text and "an ATR attached" in text
    assert not cells["measure_key"].str.contains("/(all|drr)$").any()


def test_the_example_of_a_new_table_is_one_declaration_and_one_function(study_frame, pooled, settings, monkeypatch):
    example = re.search(r"```python\n(.*?)```", (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    names = dict(vars(tables_breakdowns))
    exec(example[1], names)
    declared = names["LINKED_BY_SEX"]
    monkeypatch.setitem(TABLES, declared.key, declared)
    monkeypatch.setattr(tables_breakdowns, declared.key, names[declared.key], raising=False)
    cells = published(study_frame, pooled, settings)
    sheet = workbook(cells, study_frame, settings)["Table_41"]
    assert sheet.table and sheet.table.headers[:2] == ["Sex", "ATRs (count)"]
    assert "Linkage to structured treatment, by sex, ATRs and DRRs" in said({"": sheet})
    shown = cells.filter(table_key="linked_by_sex", row_key="male", measure_key="linked_share/atr")
    assert shown["shown"].to_list() == ["50"]
