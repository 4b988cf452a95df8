"""Looks up the figures of a quality table (of linkage, of reading notes) and puts them into words and tables.

Belongs here: reading cells by name, and how a number of each unit is written. Does not belong here: the page.
"""

import polars as pl

from publishing.disclosure.disclosure_control import LOW
from publishing.documents.document import Grid


class QualityTables:
    """What linkage_quality or note_reading_quality shows, by section, group, row and measure."""

    def __init__(self, quality: pl.DataFrame, mark: str = ""):
        """mark: what captions say besides, such as that data are synthetic."""
        self._mark = f" [{mark}]" if mark else ""
        self._sections: dict[str, dict[tuple[str, str], dict[str, dict]]] = {}
        for cell in quality.sort("order").to_dicts():
            rows = self._sections.setdefault(cell["section"], {})
            rows.setdefault((cell["row_group"], cell["row_label"]), {})[cell["measure"]] = cell

    def has(self, section: str) -> bool:
        """Whether there is anything in a section."""
        return section in self._sections

    def groups(self, section: str) -> list[str]:
        """Row groups of a section, in order."""
        return list(dict.fromkeys(group for group, _ in self._sections.get(section, {})))

    def labels(self, section: str, group: str = "") -> list[str]:
        """Rows of a group, in order."""
        return [label for found, label in self._sections.get(section, {}) if found == group]

    def table(self, section: str, caption: str, row_header: str, group: str | None = None) -> Grid:
        """One group of a section; or, without `group`, all of it, rows named by group and label."""
        rows = {
            key: cells for key, cells in self._sections.get(section, {}).items() if group is None or key[0] == group
        }
        measures = list(dict.fromkeys(measure for cells in rows.values() for measure in cells))
        mixed = {measure for measure in measures if len(units := _units(measure, rows)) > 1 and "percent" in units}
        return Grid(
            caption + self._mark,
            [row_header, *(_with_unit(name, rows) for name in measures)],
            [
                [
                    label if group is not None or not name else f"{name}: {label}",
                    *(in_words(cells.get(measure), sign=measure in mixed) for measure in measures),
                ]
                for (name, label), cells in rows.items()
            ],
        )

    def grid(self, section: str, caption: str, row_header: str, group: str | None = None) -> list[Grid]:
        """The table, where it has a row; otherwise nothing."""
        return [found] if (found := self.table(section, caption, row_header, group)).rows else []

    def measures(self, section: str, caption: str, label: str, group: str = "") -> Grid:
        """One row of a section turned on its side: a row per measure."""
        cells = self._sections.get(section, {}).get((group, label), {})
        rows = [[_with_unit(name, {(group, label): cells}), in_words(cells[name])] for name in cells]
        return Grid(caption + self._mark, ["Measure", "Value"], rows)

    def text(self, section: str, label: str, measure: str, group: str = "") -> str:
        """What stands in a cell: a number as written, words, or shorthand."""
        return in_words(self._sections.get(section, {}).get((group, label), {}).get(measure))

    def value(self, section: str, label: str, measure: str, group: str = "") -> float | None:
        """The number in a cell; None when it is withheld or there is no such cell."""
        cell = self._sections.get(section, {}).get((group, label), {}).get(measure)
        return cell["value"] if cell else None

    def limits(self, section: str, label: str, measure: str, group: str = "") -> tuple[float | None, float | None]:
        """Lower and upper limit of the number in a cell; None where it has none."""
        cell = self._sections.get(section, {}).get((group, label), {}).get(measure) or {}
        return cell.get("lower"), cell.get("upper")


def in_words(cell: dict | None, sign: bool = False) -> str:
    """A cell as written on the page, with its interval if it has one; "[x]" when there is none. sign: a percentage has
    its own, because others in its column are none."""
    if cell is None:
        return "[x]"
    if cell["words"] is not None:
        return cell["words"]
    if cell["value"] is None:
        return cell["status"]
    value = _written(cell["value"], cell["unit"])
    if sign and cell["unit"] == "percent" and value != LOW:
        return f"{value}%"
    if cell.get("lower") is None or cell.get("upper") is None:
        return value
    return f"{value} ({_written(cell['lower'], cell['unit'])} to {_written(cell['upper'], cell['unit'])})"


def _written(value: float, unit: str) -> str:
    match unit:
        case "count":
            return f"{value:,.0f}"
        case "percent" | "estimate":
            return LOW if 0 < value < 0.05 else f"{value:,.1f}"
        case "probability":
            return _three_digits(100 * value)
        case "bits" | "difference":
            return "0.00" if abs(value) < 0.005 else f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
        case _:
            return f"{value:,.2f}".rstrip("0").rstrip(".")


def _three_digits(number: float) -> str:
    return f"{number:.3g}" if abs(number) >= 0.001 else f"{number:.6f}".rstrip("0")


def _with_unit(measure: str, rows: dict[tuple[str, str], dict[str, dict]]) -> str:
    """A measure as a header: a capital first, and the sign of percentages where it is not named."""
    percent = _units(measure, rows) == {"percent"}
    return measure[:1].upper() + measure[1:] + (" (%)" if percent and "%" not in measure else "")


def _units(measure: str, rows: dict[tuple[str, str], dict[str, dict]]) -> set[str]:
    """The units in a column, but of words."""
    return {cells[measure]["unit"] for cells in rows.values() if measure in cells} - {"words"}
