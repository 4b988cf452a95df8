"""The page of pairs in a browser: a reviewer needs the keyboard alone."""

from pathways.review.pairs.draw import draw_first_sample
from pathways.review.shared.pairs_session import ReviewSession
from tests.review_in_browser import RULES, press, review_in_browser, text_of


def test_pairs_are_judged_taken_back_and_closed_with_keys_alone(folder, linkage, tmp_path):
    draw_first_sample(folder, linkage.review.model_copy(update={"first_sample_pairs": 3}))
    session = ReviewSession(folder, "first", "ann", seed=1)
    with review_in_browser(session, tmp_path / "browser") as page:
        assert page.accessibility_faults(*RULES) == []
        assert text_of(page, "whose") == "2023Q1, first sample, reviewer ann"
        assert "1984" in text_of(page, "lines")
        press(page, "Enter")
        assert text_of(page, "message") == "Give a score first: keys 0 to 9, Y or N."
        press(page, "7", "ArrowRight", "Enter", "y", "Enter", "u")
        assert text_of(page, "judged") == "1 of 3 judged" and session.state()["pair"]["score"] == 1
        press(page, "n", "Enter", "Enter", "3", "Enter")
        assert [session._decisions.scores[pair] for pair in session.order] == [0.8, 0, 0.3]
        assert text_of(page, "command") == "pathways review sign --quarter 2023Q1 --reviewer ann"
        assert page.accessibility_faults(*RULES) == []
    session.close()
