"""Where this pipeline has each figure of the published study: reads reference/published/where_ours_is.csv.

Belongs here: the reviewed mapping and the check that it maps every row once. Does not belong here: looking the figures
up (our_figures.py), comparing them (compare_with_published.py).

    kind             table | consort | linkage quality | setting | list: where ours is
                     not ours | other study: there is none to compare with; remark says why
    table            keys of published tables, or the section of linkage_quality
    row_group        stream of the diagram; of linkage_quality, the row group
    row_label        keys of rows; the step of the diagram, empty for the last of its stream
    measure          keys of columns; the path of a setting; the name of a list
    rule             what is made of the cells, see our_figures.py and compare_with_published.py
    base_label, base_measure   what a share is of
    tolerance        share | count | days | exact | direction | same row
    remark           what a reader must know to compare the two

Several labels, measures or tables are separated by " | "; each combination is a cell.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.comparison.published_study import PublishedFigure

PLACES = Path(__file__).resolve().parents[3] / "reference" / "published" / "where_ours_is.csv"
SEPARATOR = " | "
KINDS = ("table", "consort", "linkage quality", "setting", "list")
NOT_OURS, OTHER_STUDY = "not ours", "other study"
SETTINGS, LISTS = "Settings", "Code lists"  # ours from there agrees by construction


class PlacesDoNotFit(Exception):
    """The mapping misses figures, has some twice, or has some that are not published. Names ids only."""


@dataclass(frozen=True)
class Place:
    """Where our counterpart of one published figure is; columns as in the file."""

    id: str
    kind: str
    table: str
    row_group: str
    row_label: str
    measure: str
    rule: str
    base_label: str
    base_measure: str
    tolerance: str
    remark: str

    @property
    def compared(self) -> bool:
        """Whether there is a counterpart."""
        return self.kind in KINDS

    @property
    def ours_from(self) -> str:
        """Where ours is, for a reader."""
        match self.kind:
            case "table":
                numbers = [str(TABLES[key].number) for key in parts(self.table)]
                return f"Table{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"
            case "consort":
                return "Flow diagram"
            case "linkage quality":
                return "Linkage quality report"
            case "setting":
                return SETTINGS
            case "list":
                return LISTS
            case _:
                return ""


def parts(text: str) -> list[str]:
    """The labels, measures or tables of one field."""
    return text.split(SEPARATOR)


def places(figures: list[PublishedFigure], file: Path = PLACES) -> dict[str, Place]:
    """The place of every published figure by id. Raises PlacesDoNotFit."""
    with file.open(encoding="utf-8", newline="") as rows:
        found = [Place(**row) for row in csv.DictReader(rows)]
    mapped, published = [place.id for place in found], {figure.id for figure in figures}
    faults = {
        "not mapped": published - set(mapped),
        "mapped twice": {name for name in mapped if mapped.count(name) > 1},
        "not published": set(mapped) - published,
        "of an unknown kind": {place.id for place in found if place.kind not in (*KINDS, NOT_OURS, OTHER_STUDY)},
    }
    if any(faults.values()):
        said = "; ".join(f"{what}: {', '.join(sorted(names))}" for what, names in faults.items() if names)
        raise PlacesDoNotFit(f"{file.name} does not fit the published figures. {said}. Correct its rows.")
    return {place.id: place for place in found}
