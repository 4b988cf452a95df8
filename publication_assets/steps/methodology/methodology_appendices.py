"""The appendices of the methodology paper: settings, variables, keywords and court outcomes of the run.

Belongs here: laying out settings and reference lists. Does not belong here: what they mean (resources/, reference/).
"""

import csv
from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel

from contracts.code_lists import CODE_LISTS
from publication_assets.catalogue.tables import TABLES
from publication_assets.catalogue.wording import Wording, model_in_words
from publication_assets.steps.comparison.choices import CHOICES, said_of
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.tables.shown_cells import ShownCells
from publication_assets.steps.workbook.write_workbook import table_title
from publishing.documents.document import Block, Grid
from publishing.documents.fill_template import Value
from resources.settings.modelling_settings import Modelling
from resources.settings.study_settings import StudySettings

PARTS = {
    "study": "Cohort",
    "extracts": "Reading of extracts",
    "linkage": "Linkage",
    "combining": "Combining records",
    "drift": "Change between quarters",
    "notes": "Contact notes",
    "modelling": "Imputation and models",
    "publication": "Publication",
}

OF_FILES = ("prompt", "model", "weights_sha256")  # names that are looked up as they are
OUTCOME_COLUMNS = {"number": "Number", "outcome": "Outcome", "our_class_assumed": "Class (ours)"}


def appendix_values(settings: StudySettings, wording: Wording) -> Mapping[str, Value]:
    """Appendices A to D."""
    return {
        "tables_settings": [settings_grid(title, getattr(settings, part), part) for part, title in PARTS.items()],
        "table_variables": variables_grid(settings.modelling, wording),
        "table_keywords": _list_grid("Keywords", "treatment_keywords.csv", {"theme": "Theme", "keyword": "Keyword"}),
        "every_outcome_counts": settings.combining.reconviction_outcome_set == "published_70",
        "table_outcomes": _list_grid(
            "Outcomes of the published study", "reconviction_outcomes_classified.csv", OUTCOME_COLUMNS
        ),
    }


def settings_grid(caption: str, settings: BaseModel, prefix: str) -> Grid:
    """The settings of a section and of those within it: what each decides, its value in words, its name. What changes
    no figure is left out, and so are models and variables, which have places of their own."""
    return Grid(caption, ["What it decides", "Value", "Name in study.toml"], _rows(settings, prefix))


def _rows(settings: BaseModel, prefix: str) -> list[list[str]]:
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if field.exclude or (isinstance(settings, Modelling) and name in ("models", "factors")):
            continue
        if isinstance(value, BaseModel):
            rows += _rows(value, f"{prefix}.{name}")
        else:
            setting, decides = f"{prefix}.{name}", field.description or ""
            said = _written(value) if name in OF_FILES else _in_words(setting, value)
            rows.append([decides[:1].upper() + decides[1:], said, setting])
    return rows


def _in_words(setting: str, value: object) -> str:
    choice = CHOICES.get(setting)
    words = said_of(setting, value) if choice and choice.values else _written(value)
    return words.replace("_", " ")


def _written(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.12g}"
        case date():
            return words(value)
        case list() | tuple():
            return ", ".join(_written(part) for part in value) or "none"
        case dict():
            return "; ".join(f"{name}: {_written(part)}" for name, part in value.items()) or "none"
        case _:
            return str(value) or "none"


def variables_grid(modelling: Modelling, wording: Wording) -> Grid:
    """The variable sheet as the models use it."""
    rows = [
        [
            factor.label,
            factor.source,
            "; ".join([f"{factor.reference} (reference)", *factor.levels[1:]]),
            "; ".join(factor.excluded) or "none",
            "; ".join(
                model_in_words(model, wording) for model, setting in modelling.models.items() if name in setting.factors
            )
            or "none",
            factor.why_relevant,
        ]
        for name, factor in modelling.factors.items()
    ]
    headers = ["Variable", "Source", "Levels", "Excluded", "Models", "Why relevant"]
    return Grid("Variables of the models", headers, rows)


def published_grid(cells: ShownCells, table: str, facts: RunFacts) -> list[Block]:
    """A published table as a grid; nothing when the run has no such table."""
    if table not in cells.tables:
        return []
    declared, measures = TABLES[table], cells.measures(table)
    rows = [
        [
            *([cells.group(table, row)] if len(declared.row_headers) > 1 else []),
            cells.label(table, row),
            *(cells.text(table, row, measure) for measure in measures),
        ]
        for row in cells.rows(table)
    ]
    headers = [*declared.row_headers, *(cells.header(table, measure) for measure in measures)]
    return [Grid(table_title(declared, facts), headers, rows)]


def _list_grid(caption: str, file: str, columns: dict[str, str]) -> Grid:
    with (CODE_LISTS / file).open(encoding="utf-8", newline="") as lines:
        rows = [[row[name] for name in columns] for row in csv.DictReader(lines)]
    return Grid(caption, [*columns.values()], rows)
