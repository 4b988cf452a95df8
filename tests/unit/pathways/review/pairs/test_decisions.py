"""Decisions on disk, their signatures, and what happens when a file was touched or a page was killed."""

import base64
import json
import os
import subprocess
import sys

import pytest

from pathways.review.pairs.decisions import Decisions, DecisionsDamaged, DecisionsInUse
from pathways.review.pairs.draw import draw_first_sample
from pathways.review.pairs.folder import ReviewFolder, ReviewNotPossible, reviewer_name
from pathways.review.pairs.session import NotThisPair, ReviewSession
from pathways.review.pairs.signing import SignatureWrong, reviewer_key, sign, signed_scores
from resources.receipts.signed_statement import KeyNotUsable

KEY, ABOUT = b"k" * 32, {"reviewer": "ann", "sample": "abc"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ann" / "first_decisions.jsonl"


def scores_of(path):
    decisions = Decisions(path, KEY, ABOUT)
    scores = decisions.scores
    decisions.close()
    return scores


def some_decisions(path):
    decisions = Decisions(path, KEY, ABOUT)
    decisions.save(4, 0.9)
    decisions.save(2, 0.0)
    decisions.save(7, 1.0)
    assert decisions.undo() == (7, 1.0)
    decisions.close()


def judged_folder(folder, linkage, reviewer="ann", until=None):
    draw_first_sample(folder, linkage.review)
    session = ReviewSession(folder, "first", reviewer, linkage.review)
    while session.current is not None and until != 0:
        session.save(session.current, 0.8)
        until = None if until is None else until - 1
    session.close()
    return folder


def test_a_review_goes_on_where_it_stopped(path):
    some_decisions(path)
    assert scores_of(path) == {4: 0.9, 2: 0.0}


def test_only_this_account_can_read_decisions(path):
    some_decisions(path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_every_line_is_dated(path):
    some_decisions(path)
    assert all(json.loads(line)["at"].startswith("20") for line in path.read_text().splitlines())


def test_a_line_that_a_kill_cut_short_is_taken_off_and_nothing_else(path):
    some_decisions(path)
    with path.open("ab") as file:
        file.write(b'{"kind": "score", "pair": 9, "sc')
    assert scores_of(path) == {4: 0.9, 2: 0.0}
    assert path.read_bytes().endswith(b"}\n")


def test_a_process_killed_at_once_after_saving_has_lost_nothing(path):
    program = (
        "import os, sys, pathlib; from pathways.review.pairs.decisions import Decisions;"
        f"d = Decisions(pathlib.Path(sys.argv[1]), {KEY!r}, {ABOUT!r});"
        "[d.save(pair, 0.5) for pair in range(20)]; os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)]).returncode == -9
    assert scores_of(path) == dict.fromkeys(range(20), 0.5)


@pytest.mark.parametrize("change", [("0.9", "0.1"), ('"pair": 2', '"pair": 3'), ('"at": "2', '"at": "1')])
def test_a_changed_line_is_noticed_and_named(path, change):
    some_decisions(path)
    path.write_text(path.read_text().replace(*change, 1))
    with pytest.raises(DecisionsDamaged, match="line [123] was changed"):
        scores_of(path)


def test_a_line_taken_out_of_the_middle_is_noticed(path):
    some_decisions(path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(DecisionsDamaged, match="line 2"):
        scores_of(path)


def test_decisions_of_another_sample_are_refused(path):
    some_decisions(path)
    with pytest.raises(DecisionsDamaged, match="its sample differ"):
        Decisions(path, KEY, ABOUT | {"sample": "xyz"})


def test_a_second_page_of_the_same_reviewer_is_refused(path):
    decisions = Decisions(path, KEY, ABOUT)
    with pytest.raises(DecisionsInUse):
        Decisions(path, KEY, ABOUT)
    decisions.close()


def test_undo_shows_the_pair_again_with_its_score(folder, linkage):
    draw_first_sample(folder, linkage.review)
    session = ReviewSession(folder, "first", "ann", linkage.review)
    first, second = session.order[:2]
    session.save(first, 0.3)
    assert session.current == second
    session.undo()
    state = session.state()
    assert (state["pair"]["number"], state["pair"]["score"], state["judged"]) == (first, 0.3, 0)
    session.save(first, 1.0)
    assert session.current == second
    session.close()


@pytest.mark.parametrize("score", [-0.1, 1.1, 0.55, float("nan")])
def test_a_score_that_is_no_tenth_is_refused(folder, linkage, score):
    draw_first_sample(folder, linkage.review)
    session = ReviewSession(folder, "first", "ann", linkage.review)
    with pytest.raises((NotThisPair, ValueError)):
        session.save(session.current, score)
    assert session.state()["judged"] == 0
    session.close()


def test_two_reviewers_see_the_same_pairs_in_different_order(folder, linkage):
    draw_first_sample(folder, linkage.review)
    sessions = [ReviewSession(folder, "first", name, linkage.review) for name in ("ann", "ben")]
    assert sessions[0].order != sessions[1].order
    assert sorted(sessions[0].order) == sorted(sessions[1].order)
    for session in sessions:
        session.close()


def test_what_is_signed_is_read_back_and_closed(folder, linkage):
    judged_folder(folder, linkage)
    sign(folder, "first", "ann")
    assert set(signed_scores(folder, "first", "ann").values()) == {0.8}
    with pytest.raises(ReviewNotPossible, match="closed"):
        ReviewSession(folder, "first", "ann", linkage.review)


def test_unjudged_pairs_stop_a_signature_with_their_count(folder, linkage):
    judged_folder(folder, linkage, until=10)
    with pytest.raises(ReviewNotPossible, match="50 pair"):
        sign(folder, "first", "ann")


def payload(path) -> str:
    return base64.b64decode(json.loads(path.read_text())["payload"]).decode()


def test_a_signed_file_that_was_changed_is_refused(folder, linkage):
    judged_folder(folder, linkage)
    path = sign(folder, "first", "ann")
    changed = base64.b64encode(payload(path).replace("0.8", "0.9", 1).encode()).decode()
    path.write_text(json.dumps(json.loads(path.read_text()) | {"payload": changed}))
    with pytest.raises(SignatureWrong, match="changed after it was signed"):
        signed_scores(folder, "first", "ann")


def test_a_signed_file_is_verified_by_whoever_has_the_public_key_and_no_secret(folder, linkage, tmp_path, run_pathways):
    judged_folder(folder, linkage)
    path = sign(folder, "first", "ann")
    taken_away = tmp_path / "elsewhere"
    taken_away.mkdir()
    for each in (path, path.with_suffix(".pub")):
        (taken_away / each.name).write_bytes(each.read_bytes())
    folder.key("ann").unlink()
    assert signed_scores(folder, "first", "ann")
    file, key = taken_away / path.name, taken_away / "first_ann.pub"
    done = run_pathways("review", "verify", str(file), "--key", str(key), var=taken_away)
    assert done.returncode == 0 and "as ann signed it" in done.stdout and "60 pairs" in done.stdout
    reviewer_key(folder.key("ben"))
    other = folder.key("ben").with_suffix(".pub")
    done = run_pathways("review", "verify", str(file), "--key", str(other), var=taken_away)
    assert done.returncode == 1 and "signed with another key" in done.stderr


def test_a_file_that_an_earlier_version_signed_is_to_be_signed_again(folder, linkage):
    judged_folder(folder, linkage)
    path = sign(folder, "first", "ann")
    old = {"statement": json.loads(payload(path)), "signature": "ab" * 32}
    path.write_text(json.dumps(old))
    with pytest.raises(SignatureWrong, match="earlier version.*sign again: `pathways review sign`"):
        signed_scores(folder, "first", "ann")
    path.unlink()
    sign(folder, "first", "ann")
    assert set(signed_scores(folder, "first", "ann").values()) == {0.8}


def test_a_public_key_that_is_missing_or_of_another_is_refused(folder, linkage):
    judged_folder(folder, linkage)
    sign(folder, "first", "ann")
    public = folder.key("ann").with_suffix(".pub")
    public.unlink()
    with pytest.raises(KeyNotUsable, match="key ann.pub is not here. Put it back into review_keys"):
        signed_scores(folder, "first", "ann")
    reviewer_key(folder.key("ben"))
    public.write_bytes(folder.key("ben").with_suffix(".pub").read_bytes())
    with pytest.raises(SignatureWrong, match="another key"):
        signed_scores(folder, "first", "ann")
    with pytest.raises(SignatureWrong, match="ann.pub does not go with ann.key"):
        reviewer_key(folder.key("ann"))


def test_a_signed_file_under_another_name_is_refused(folder, linkage):
    judged_folder(folder, linkage)
    path = sign(folder, "first", "ann")
    folder.signed("first", "ben").write_bytes(path.read_bytes())
    for suffix in (".key", ".pub"):
        folder.key("ben").with_suffix(suffix).write_bytes(folder.key("ann").with_suffix(suffix).read_bytes())
    with pytest.raises(SignatureWrong, match="its reviewer differ"):
        signed_scores(folder, "first", "ben")


def test_a_sample_that_was_changed_is_refused(folder, linkage):
    judged_folder(folder, linkage)
    sign(folder, "first", "ann")
    table = folder.path / "first_review_sample.parquet"
    folder.sampled("first", "review_sample").reverse().write_parquet(table)
    with pytest.raises(ReviewNotPossible, match="first_review_sample.parquet is not the file that was drawn"):
        signed_scores(folder, "first", "ann")


def test_pairs_scored_anew_are_no_longer_those_of_the_sample(folder, linkage, pairs, store_table):
    draw_first_sample(folder, linkage.review)
    store_table(folder.root, "linkage", "person_pairs", pairs.head(100))
    with pytest.raises(ReviewNotPossible, match="other pairs"):
        draw_first_sample(folder, linkage.review)


def test_pairs_that_the_zone_did_not_write_are_not_reviewed(folder, linkage, pairs):
    pairs.head(100).write_parquet(folder.zone / "person_pairs.parquet")
    with pytest.raises(ReviewNotPossible, match="table person_pairs of 2023Q1 cannot be read.*not the one that was"):
        draw_first_sample(folder, linkage.review)


@pytest.mark.parametrize("name", ["../ann", "Ann", "", "a b", "x" * 31])
def test_a_name_that_cannot_be_a_file_name_is_refused(name):
    with pytest.raises(ReviewNotPossible):
        reviewer_name(name)


def test_decisions_and_signed_files_hold_no_identifier(folder: ReviewFolder, linkage, pairs):
    judged_folder(folder, linkage)
    signed = sign(folder, "first", "ann")
    text = payload(signed) + "".join(path.read_text() for path in folder.path.rglob("*.json*"))
    assert not [value for name in ("crn", "client_id") for value in pairs[name] if value in text]
    assert os.stat(folder.key("ann")).st_mode & 0o777 == 0o600
