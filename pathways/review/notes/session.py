"""One reviewer at work on notes: a requirement's notes one at a time, then the requirement as a whole.

Belongs here: what is shown and what may be answered. Does not belong here: order, undo and files (review/shared).
Nothing of a label or of another reviewer is in a state.
"""

from pathlib import Path

from nlp_assets.schemas.reviewing import ANSWERS
from pathways.review.notes.folder import STAGE, NotesFolder
from pathways.review.shared.decisions import Clock, now
from pathways.review.shared.review_page import Page
from pathways.review.shared.session import NotTheOneShown, ReviewerAtWork
from resources.settings.study_settings import NotesReview

PAGE = Path(__file__).parent / "page"
NOTES_PAGE = Page(
    "notes",
    PAGE,
    show="/api/note",
    save="/api/mark",
    counts="notes and requirements",
    words={"title": "Review of notes", "records": "notes", "item": "note", "answer": "answer"},
)


class NotesSession(ReviewerAtWork):
    """The review of a sample of requirements by one reviewer."""

    page = NOTES_PAGE

    def __init__(self, folder: NotesFolder, reviewer: str, settings: NotesReview, clock: Clock = now):
        folder.receipt(STAGE)
        self._is_answer = folder.is_answer
        self._rows = {row["item"]: row for row in folder.sampled(STAGE, "review_items").iter_rows(named=True)}
        self._groups: dict[int, list[int]] = {}
        for item, row in self._rows.items():
            self._groups.setdefault(row["requirement"], []).append(item)
        super().__init__(folder, STAGE, reviewer, list(self._groups.values()), settings.seed, clock)

    def state(self) -> dict:
        """What the page shows."""
        item, marks = self.current, self._decisions.scores
        whole = {group[-1] for group in self._groups.values()}
        return {
            **self.about,
            "judged": len(marks),
            "requirements": len(whole),
            "requirements_judged": len(whole & set(marks)),
            "can_undo": bool(marks),
            "note": None if item is None else self._shown(item),
        }

    def answer(self, given: dict) -> None:
        """Keep what the page sent: {item, answer, phenomenon}. Raises NotTheOneShown, ValueError, KeyError,
        TypeError.
        """
        self.save(int(given["item"]), given["answer"], given["phenomenon"])

    def save(self, item: int, answer: str, phenomenon: str | None = None) -> None:
        """Keep the answer on the current note or requirement. Raises NotTheOneShown."""
        mark = {"answer": answer, "phenomenon": phenomenon}
        is_whole = item in self._rows and self._rows[item]["contact_id"] is None
        if not self._is_answer(mark) or (is_whole and phenomenon):
            raise NotTheOneShown
        self._keep(item, mark)

    def _shown(self, item: int) -> dict:
        row = self._rows[item]
        group = self._groups[row["requirement"]]
        marks = [mark["answer"] for number, mark in self._decisions.scores.items() if number in group]
        date = row["contact_date"]
        return {
            "number": item,
            "place": group.index(item) + 1,
            "notes": len(group) - 1,
            "date": None if date is None else date.strftime("%d/%m/%Y"),
            "text": row["note_text"],
            "marks": {answer: marks.count(answer) for answer in ANSWERS},
            "mark": self._taken_back.get(item),
        }
