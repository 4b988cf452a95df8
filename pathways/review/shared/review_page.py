"""The page of a review: one frame, in which each kind of review has its part of the form, its keys, script and style.

Belongs here: which files make a page. Does not belong here: serving them (server.py), what they show (session.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Page:
    """The page of a kind of review: name and folder of its files, paths of its calls, and what it counts.

    `words`: title, records, item and answer, as frame.html says them.
    """

    kind: str
    folder: Path
    show: str
    save: str
    counts: str
    words: Mapping[str, str]

    @property
    def files(self) -> dict[str, Path]:
        """Styles and scripts by the path that they answer at."""
        names = [
            (folder, f"{name}.{kind}")
            for folder, name in ((PAGE, "review"), (self.folder, self.kind))
            for kind in ("css", "js")
        ]
        return {f"/{name}": folder / name for folder, name in names}

    @property
    def html(self) -> str:
        """The page itself."""
        parts = {
            part: (self.folder / f"{self.kind}_{part}.html").read_text(encoding="utf-8") for part in ("form", "keys")
        }
        return Template((PAGE / "frame.html").read_text(encoding="utf-8")).substitute(
            self.words, kind=self.kind, **parts
        )
