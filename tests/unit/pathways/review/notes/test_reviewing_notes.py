"""Reviewing notes: the sample, one reviewer at work, what is signed and what it becomes."""

import base64
import json

import polars as pl
import pytest

from nlp_assets.schemas.reviewing import ReviewItems
from nlp_assets.steps.quality.draw_review_items import NothingToReview, draw_review_items
from pathways.review.notes.draw import draw_sample
from pathways.review.notes.evaluate import evaluate, gather_cases
from pathways.review.notes.folder import NotesFolder
from pathways.review.notes.session import NotesSession
from pathways.review.notes.simulate import ErrorRates, simulate, simulated_marks
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.session import NotTheOneShown
from pathways.review.shared.signing import SignatureWrong, sign, signed_scores
from pathways.review.shared.simulated_reviewers import SimulationRefused, generator_for
from resources.zone.schema_check import check_frame

FAULTLESS = ErrorRates(0, 0, 0)


def review_all(folder, review, reviewer, answer="no"):
    session = NotesSession(folder, reviewer, review)
    while (item := session.current) is not None:
        session.save(item, answer)
    session.close()
    return sign(folder, "first", reviewer)


def notes_of(folder):
    return pl.read_parquet(folder.zone / "filtered_notes.parquet")


def test_the_sample_has_each_requirement_whole_its_notes_by_date_then_itself(folder, review):
    items = check_frame(draw_review_items(notes_of(folder), review), ReviewItems, "review_items")
    assert items["requirement"].n_unique() == 6 and items.height == 6 * 5
    for _, group in items.group_by("requirement"):
        assert group["contact_id"].to_list()[-1] is None and group["contact_id"].null_count() == 1
        assert group["contact_date"].head(4).is_sorted()


def test_the_same_notes_in_another_order_give_the_same_sample_and_another_seed_another(folder, review):
    notes = notes_of(folder)
    drawn = draw_review_items(notes, review)
    assert drawn.equals(draw_review_items(notes.sample(fraction=1, shuffle=True, seed=4), review))
    other = review.model_copy(update={"seed": review.seed + 1})
    assert set(drawn["requirement_key"]) != set(draw_review_items(notes, other)["requirement_key"])


def test_every_requirement_is_drawn_as_often_as_any_other(folder, review):
    notes = notes_of(folder)
    drawn = pl.concat(
        [
            draw_review_items(notes, review.model_copy(update={"seed": seed})).select("requirement_key").unique()
            for seed in range(300)
        ]
    )["requirement_key"].value_counts()["count"]
    assert len(drawn) == 30
    assert drawn.min() > 30 and drawn.max() < 95  # expected 60, seven standard deviations of a binomial either side


def test_no_note_at_all_is_refused(folder, review):
    with pytest.raises(NothingToReview, match="filtered_notes"):
        draw_review_items(notes_of(folder).clear(), review)


def test_a_page_knows_nothing_of_labels_nor_of_other_reviewers(folder, review):
    draw_sample(folder, review)
    review_all(folder, review, "ann", "yes")
    session = NotesSession(folder, "ben", review)
    state = session.state()
    session.close()
    assert set(state["note"]) == {"number", "place", "notes", "date", "text", "marks", "mark"}
    assert state["judged"] == 0 and state["note"]["marks"] == {"yes": 0, "no": 0, "unsure": 0}
    assert "ann" not in json.dumps(state)


def test_after_the_notes_of_a_requirement_comes_the_requirement_with_the_reviewers_own_marks(folder, review):
    draw_sample(folder, review)
    session = NotesSession(folder, "ann", review)
    for answer in ("no", "yes", "unsure", "no"):
        assert session.state()["note"]["text"]
        session.save(session.current, answer)
    shown = session.state()["note"]
    session.close()
    assert shown["text"] is None and shown["date"] is None
    assert shown["marks"] == {"yes": 1, "no": 2, "unsure": 1}


def test_undo_shows_the_note_again_with_what_was_said_of_it(folder, review):
    draw_sample(folder, review)
    session = NotesSession(folder, "ann", review)
    first = session.current
    session.save(first, "yes", "attended")
    session.undo()
    assert session.current == first
    assert session.state()["note"]["mark"] == {"answer": "yes", "phenomenon": "attended"}
    session.close()


@pytest.mark.parametrize("answer", [("maybe", None), ("yes", "John Smith"), (1, None), (["yes"], None)])
def test_what_cannot_be_answered_is_not_kept(folder, review, answer):
    draw_sample(folder, review)
    session = NotesSession(folder, "ann", review)
    with pytest.raises((NotTheOneShown, TypeError)):
        session.save(session.current, *answer)
    with pytest.raises(NotTheOneShown):
        session.save(10_000, "yes")
    assert session.state()["judged"] == 0
    session.close()


def test_two_reviewers_see_requirements_in_another_order_and_notes_in_the_same(folder, review):
    draw_sample(folder, review)
    orders = []
    for name in ("ann", "ben"):
        session = NotesSession(folder, name, review)
        orders.append(session.order)
        session.close()
    assert orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1])
    for start in range(0, 30, 5):
        assert orders[0][start : start + 5] == list(range(orders[0][start], orders[0][start] + 5))


def test_a_sample_that_is_not_judged_whole_cannot_be_signed(folder, review):
    draw_sample(folder, review)
    session = NotesSession(folder, "ann", review)
    session.save(session.current, "yes")
    session.close()
    with pytest.raises(ReviewNotPossible, match="29 item"):
        sign(folder, "first", "ann")


def test_decisions_and_signed_files_hold_neither_text_nor_identifier(folder, review):
    draw_sample(folder, review)
    signed = review_all(folder, review, "ann")
    payload = base64.b64decode(json.loads(signed.read_text())["payload"]).decode()
    written = payload + folder.decisions("first", "ann").read_text() + folder.sample("first").read_text()
    columns = ("note_text", "contact_id", "requirement_key", "note_hash")
    for row in notes_of(folder).iter_rows(named=True):
        assert not [name for name in columns if row[name] in written]


def test_everything_of_a_review_is_closed_to_other_accounts(folder, review):
    draw_sample(folder, review)
    review_all(folder, review, "ann")
    evaluate(folder)
    files = [path for path in folder.path.rglob("*") if path.is_file()]
    assert len(files) >= 5 and all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_a_signed_answer_that_was_changed_is_noticed(folder, review):
    draw_sample(folder, review)
    signed = review_all(folder, review, "ann")
    envelope = json.loads(signed.read_text())
    changed = base64.b64decode(envelope["payload"]).replace(b'"no"', b'"yes"', 1)
    signed.write_text(json.dumps(envelope | {"payload": base64.b64encode(changed).decode()}))
    with pytest.raises(SignatureWrong, match="changed after it was signed"):
        signed_scores(folder, "first", "ann")


def test_a_reviewer_who_began_and_did_not_sign_is_waited_for(folder, review):
    draw_sample(folder, review)
    review_all(folder, review, "ann")
    NotesSession(folder, "ben", review).close()
    with pytest.raises(ReviewNotPossible, match="ben has not signed"):
        evaluate(folder)


def test_cases_are_what_was_signed_and_say_who_by_number_only(folder, review):
    draw_sample(folder, review)
    review_all(folder, review, "ann", "yes")
    review_all(folder, review, "ben", "unsure")
    counts = evaluate(folder)
    assert counts == {"reviewers": 2, "requirements": 6, "engaged": 0, "not engaged": 0, "undecided": 6}
    cases = pl.read_parquet(folder.cases)
    assert cases.equals(gather_cases(folder)) and cases.height == 60
    assert set(cases.filter(pl.col("reviewer") == 1)["answer"]) == {"yes"}
    assert "note_text" not in cases.columns


def test_a_sample_of_other_notes_is_not_gone_on_with(folder, review, store_table):
    draw_sample(folder, review)
    store_table(folder.root, "nlp", "filtered_notes", notes_of(folder).head(100))
    with pytest.raises(ReviewNotPossible, match="other notes"):
        draw_sample(folder, review)


def test_reviewers_without_mistakes_find_the_truth(root, review):
    folder, counts = simulate(root, "2023Q1", review, 2, FAULTLESS)
    whole = pl.read_parquet(folder.cases).filter(pl.col("contact_id").is_null())
    engaged = whole["requirement_key"].str.tail(3).cast(pl.Int32) % 2 == 0
    assert ((whole["answer"] == "yes") == engaged).all() and whole["simulated"].all()
    assert counts["undecided"] == 0 and counts["engaged"] + counts["not engaged"] == 6
    named = pl.read_parquet(folder.cases).drop_nulls("contact_id")
    assert set(named.filter(pl.col("answer") == "yes")["phenomenon"]) <= {"attended"}


def test_the_same_simulation_gives_the_same_cases_and_leaves_peoples_review_alone(root, review):
    people = NotesFolder(root, "2023Q1")
    draw_sample(people, review)
    before = people.sample("first").read_bytes()
    one = simulate(root, "2023Q1", review, 2, ErrorRates(0.2, 0.2, 0.1))[0].cases.read_bytes()
    assert simulate(root, "2023Q1", review, 2, ErrorRates(0.2, 0.2, 0.1))[0].cases.read_bytes() == one
    assert people.sample("first").read_bytes() == before and not people.cases.exists()


def test_mistakes_come_at_the_stated_rates():
    truths = pl.DataFrame(
        {
            "item": range(20_000),
            "engaged": [number % 2 == 0 for number in range(20_000)],
            "phenomenon": pl.Series([None] * 20_000, dtype=pl.String),
        }
    )
    marks = simulated_marks(truths, ErrorRates(0.1, 0.02, 0.05), generator_for(1))
    answers = [answer for answer, _ in marks.values()]
    sure = [(number % 2 == 0, answer) for number, answer in enumerate(answers) if answer != "unsure"]
    assert answers.count("unsure") / 20_000 == pytest.approx(0.05, abs=0.01)
    engaged = [answer for truth, answer in sure if truth]
    others = [answer for truth, answer in sure if not truth]
    assert engaged.count("no") / len(engaged) == pytest.approx(0.1, abs=0.01)
    assert others.count("yes") / len(others) == pytest.approx(0.02, abs=0.006)


@pytest.mark.parametrize("gone", ["extracts/2023Q1/SYNTHETIC.json", "truth/2023Q1/note_truth.parquet"])
def test_simulation_is_refused_on_extracts_that_are_not_synthetic(root, review, gone):
    (root / gone).unlink()
    with pytest.raises(SimulationRefused, match="synthetic"):
        simulate(root, "2023Q1", review, 2, FAULTLESS)
    assert not (root / "nlp" / "review_simulated").exists()
