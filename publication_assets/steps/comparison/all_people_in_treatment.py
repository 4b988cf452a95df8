"""Published figures of all people in drug and alcohol treatment: reads reference/published/all_people_in_treatment.csv.

Belongs here: official statistics of another population, each with its source and where it was read. Does not belong
here: the published study (published_study.py), our counterparts (tables_all_people.py). A figure that could not be read
in a source is not in the file.

    id               P1, P2, ...
    group, label     row of table 38
    published, unit  the figure as printed
    count, base_count   what it is a share of, where the source says it
    base, period     of whom, and when
    source, section, url, licence   the publication
    verified_at      where the figure was read: the publication, or who quotes it
    remark           what a reader must know
"""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parents[3] / "reference" / "published" / "all_people_in_treatment.csv"


@dataclass(frozen=True)
class PublishedOfAll:
    """One figure of all people in treatment; columns as in the file."""

    id: str
    group: str
    label: str
    published: str
    unit: str
    count: str
    base_count: str
    base: str
    period: str
    source: str
    section: str
    url: str
    verified_at: str
    licence: str
    remark: str

    @property
    def row(self) -> tuple[str, str]:
        """Group and label of its row in table 38."""
        return self.group, self.label


def all_people_in_treatment(file: Path = FILE) -> list[PublishedOfAll]:
    """Every figure of the file, in order."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [PublishedOfAll(**row) for row in csv.DictReader(rows)]
