"""What a command looks at: the published study, or the linking of justice records, which is a study of its own.

Belongs here: what is where. Does not belong here: looking at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.extracts import ALL_EXTRACTS, JUSTICE_EXTRACTS
from contracts.zones import JUSTICE_FILES, JUSTICE_SOURCES_FOLDER, PUBLISHED_FILES
from pathways.command_line import StudyName
from pathways.refresh.zone_order import ZONE_NAMES
from resources.extracts.extract_declaration import Extract


@dataclass(frozen=True)
class Study:
    """Its zones, extracts, and what it publishes or releases.

    sources: folder below the data root that holds `extracts`; "" where the root itself does. bucket: the variable that
    names the bucket of its extracts. publisher: the zone of the tables `listing`, which list files in the folder
    `released`, with {quarter} in it, and of the table `cells` of published cells. released_as:
    what people call it. released_in: folders of such files among the tables.
    """

    name: StudyName
    zones: tuple[str, ...]
    extracts: Sequence[Extract]
    sources: str
    bucket: str
    publisher: str
    listing: tuple[str, ...]
    released: str
    cells: str
    released_as: str
    released_in: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """What a command is given to look at it, with a space before; nothing for the published study."""
        return "" if self.name == "treatment" else f" --study {self.name}"

    def refresh(self, quarter: str) -> str:
        """The command that makes a quarter."""
        return f"pathways refresh{self.option} --quarter {quarter}"


TREATMENT = Study(
    "treatment",
    ZONE_NAMES,
    ALL_EXTRACTS,
    "",
    "PATHWAYS_EXTRACTS",
    "modelling",
    PUBLISHED_FILES,
    "publication/{quarter}",
    "published_tables",
    "publication",
)
OF_JUSTICE = Study(
    "justice",
    ("justice",),
    JUSTICE_EXTRACTS,
    JUSTICE_SOURCES_FOLDER,
    "PATHWAYS_JUSTICE_BUCKET",
    "justice",
    JUSTICE_FILES,
    "justice/{quarter}",
    "published_views",
    "release",
    ("release", "report", "quality"),
)
STUDIES = {study.name: study for study in (TREATMENT, OF_JUSTICE)}
