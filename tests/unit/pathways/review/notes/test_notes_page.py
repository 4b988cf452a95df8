"""The page of notes in a browser: a reviewer needs the keyboard alone."""

from pathways.review.notes.draw import draw_sample
from pathways.review.notes.session import NotesSession
from tests.review_in_browser import RULES, press, review_in_browser, text_of


def test_notes_and_their_requirement_are_judged_taken_back_and_closed_with_keys_alone(folder, review, tmp_path):
    draw_sample(folder, review.model_copy(update={"requirements": 1}))
    session = NotesSession(folder, "ann", review)
    with review_in_browser(session, tmp_path / "browser") as page:
        assert page.accessibility_faults(*RULES) == []
        assert text_of(page, "whose") == "2023Q1, reviewer ann"
        assert text_of(page, "text").startswith(("Attended", "Did not attend"))
        press(page, "Enter")
        assert text_of(page, "message") == "Answer first: keys 1, 0 or 5."
        press(page, "1", "a", "Enter", "0", "m", "m", "Enter", "u", "5", "Enter", "0", "Enter", "0", "Enter")
        assert text_of(page, "position") == "Requirement 1 of 1, as a whole"
        assert "you marked 1 engaged, 2 not engaged, and could not tell of 1" in text_of(page, "marks")
        press(page, "a", "1", "Enter")
        marks = [tuple(session._decisions.scores[item].values()) for item in session.order]
        assert marks == [("yes", "attended"), ("unsure", None), ("no", None), ("no", None), ("yes", None)]
        assert text_of(page, "command") == "pathways review-notes sign --quarter 2023Q1 --reviewer ann"
        assert page.accessibility_faults(*RULES) == []
    session.close()
