"""Reads the variable sheet, reference/variables.csv: the predictors of the models and how they are coded.

Belongs here: the sheet's columns, what is refused, and whether it agrees with the formulas. Does not belong here: the
formulas (study.toml), and what selecting records does with the rules (modelling_assets).
"""

import csv
import re
from pathlib import Path

from resources.settings.modelling_settings import Factor, Model
from resources.settings.settings_section import StudySettingsError

VARIABLE_SHEET = Path(__file__).resolve().parents[2] / "reference" / "variables.csv"
SEPARATOR = " | "
COLUMNS = {
    "name": "column of the analysis frame",
    "label": "name shown in tables and report",
    "source": "system and table it is recorded in",
    "meaning": "what it says of a requirement",
    "levels": f"levels in the order shown, separated by '{SEPARATOR}'",
    "reference": "the level that the others are compared with",
    "excluded": "values whose records leave the models; may be empty",
    "when_rare": "what happens to a rare level: keep or exclude",
    "models": "models that it is in; may be empty",
    "why_relevant": "why it is in a model, or in none",
}
MAY_BE_EMPTY = {"excluded", "models"}
WHEN_RARE = ("keep", "exclude")


class VariableSheetError(StudySettingsError):
    """The variable sheet cannot be used; the message names every cell at fault, its rule and what to do."""


def read_variable_sheet(path: Path = VARIABLE_SHEET) -> tuple[dict[str, Factor], dict[str, list[str]]]:
    """The factors by name in the order of the sheet, reference level first, and the models that the sheet puts each in.

    Raises VariableSheetError.
    """
    rows = _rows(path)
    faults = [f"  line {line}, column {column}: {rule}" for line, row in rows for column, rule in _faults(row)]
    lines_of: dict[str, list[int]] = {}
    for line, row in rows:
        lines_of.setdefault(row["name"], []).append(line)
    faults += [
        f"  line {lines[1]}, column name: '{name}' stands in line {lines[0]} too. Keep one row for each variable."
        for name, lines in lines_of.items()
        if len(lines) > 1
    ]
    if faults:
        raise VariableSheetError(f"{path.name} has {len(faults)} cell(s) at fault:\n" + "\n".join(faults))
    return {row["name"]: _factor(row) for _, row in rows}, {row["name"]: _split(row["models"]) for _, row in rows}


def check_sheet_agrees(models: dict[str, Model], in_models: dict[str, list[str]], path: Path = VARIABLE_SHEET) -> None:
    """Refuse a sheet whose column `models` is not what the formulas of study.toml say. Raises VariableSheetError."""
    faults: list[str] = []
    for name, listed in in_models.items():
        faults += [
            f"  {name}: there is no model '{model}' in study.toml. Correct the sheet's column models."
            for model in listed
            if model not in models
        ]
        for model, setting in models.items():
            if name in setting.factors and model not in listed:
                faults.append(f"  {name}: the formula of {model} has it, the sheet does not put it there.")
            if name not in setting.factors and model in listed:
                faults.append(f"  {name}: the sheet puts it into {model}, the formula does not have it.")
    if faults:
        raise VariableSheetError(
            f"{path.name} (column models) and the formulas of study.toml differ. Make them agree:\n" + "\n".join(faults)
        )


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise VariableSheetError(f"{path.name} does not exist. Restore it from the repository.") from None
    except UnicodeDecodeError:
        raise VariableSheetError(f"{path.name} is not UTF-8. Save it as CSV UTF-8.") from None
    reader = csv.DictReader(text.splitlines(), restkey="", restval=None)
    header = list(reader.fieldnames or [])
    if sorted(header) != sorted(COLUMNS):
        missing = [name for name in COLUMNS if name not in header]
        unknown = [name for name in header if name not in COLUMNS]
        raise VariableSheetError(
            f"{path.name}, line 1: columns missing {missing}, not known {unknown}, or named twice. "
            f"Columns are {', '.join(COLUMNS)}."
        )
    rows: list[tuple[int, dict[str, str]]] = []
    for row in reader:
        if "" in row or None in row.values():
            raise VariableSheetError(
                f"{path.name}, line {reader.line_num}: not {len(COLUMNS)} cells. Put text with commas in quotes."
            )
        rows.append((reader.line_num, {name: str(cell).strip() for name, cell in row.items()}))
    if not rows:
        raise VariableSheetError(f"{path.name} has no rows. Restore it from the repository.")
    return rows


def _faults(row: dict[str, str]) -> list[tuple[str, str]]:
    """Columns at fault in one row, with the rule and what to do."""
    faults = [
        (column, f"is empty. Write {meaning}.")
        for column, meaning in COLUMNS.items()
        if not row[column] and column not in MAY_BE_EMPTY
    ]
    levels, excluded = _split(row["levels"]), _split(row["excluded"])
    if row["name"] and not re.fullmatch(r"[a-z][a-z0-9_]*", row["name"]):
        faults.append(("name", "may have small letters, digits and underscores only. Rename it."))
    if row["levels"] and len(levels) < 2:
        faults.append(("levels", f"needs two levels at least, separated by '{SEPARATOR}'. Add one."))
    for column in ("levels", "excluded", "models"):
        parts = _split(row[column])
        if len(set(parts)) < len(parts) or "" in parts:
            faults.append((column, "names one twice, or has an empty one. Remove it."))
    if row["reference"] and row["reference"] not in levels:
        faults.append(("reference", "is none of the levels. Write one of them as it stands there."))
    if set(levels) & set(excluded):
        faults.append(("excluded", "names a level. Remove it here or from the levels."))
    if row["when_rare"] and row["when_rare"] not in WHEN_RARE:
        faults.append(("when_rare", f"must be {' or '.join(WHEN_RARE)}. Write one of them."))
    return faults


def _factor(row: dict[str, str]) -> Factor:
    others = [level for level in _split(row["levels"]) if level != row["reference"]]
    return Factor.model_validate(
        {
            **{column: row[column] for column in ("label", "source", "meaning", "when_rare", "why_relevant")},
            "levels": [row["reference"], *others],
            "excluded": _split(row["excluded"]),
        }
    )


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|")] if cell else []
