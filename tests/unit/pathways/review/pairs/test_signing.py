"""A reviewer at work on pairs, and what is signed: what happens when a file was touched, or a key is another's."""

import base64
import json

import pytest

from pathways.review.pairs.draw import draw_first_sample
from pathways.review.pairs.folder import PairsFolder
from pathways.review.shared.folder import ReviewNotPossible, reviewer_name
from pathways.review.shared.pairs_session import ReviewSession
from pathways.review.shared.session import NotTheOneShown
from pathways.review.shared.signing import SignatureWrong, reviewer_key, sign, signed_scores
from resources.receipts.signed_statement import KeyNotUsable


def judged_folder(folder, linkage, reviewer="ann", until=None):
    draw_first_sample(folder, linkage.review)
    session = ReviewSession(folder, "first", reviewer, linkage.review.seed)
    while session.current is not None and until != 0:
        session.save(session.current, 0.8)
        until = None if until is None else until - 1
    session.close()
    return folder


def test_undo_shows_the_pair_again_with_its_score(folder, linkage):
    draw_first_sample(folder, linkage.review)
    session = ReviewSession(folder, "first", "ann", linkage.review.seed)
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
    session = ReviewSession(folder, "first", "ann", linkage.review.seed)
    with pytest.raises((NotTheOneShown, ValueError)):
        session.save(session.current, score)
    assert session.state()["judged"] == 0
    session.close()


def test_two_reviewers_see_the_same_pairs_in_different_order(folder, linkage):
    draw_first_sample(folder, linkage.review)
    sessions = [ReviewSession(folder, "first", name, linkage.review.seed) for name in ("ann", "ben")]
    assert sessions[0].order != sessions[1].order
    assert sorted(sessions[0].order) == sorted(sessions[1].order)
    for session in sessions:
        session.close()


def test_what_is_signed_is_read_back_and_closed(folder, linkage):
    judged_folder(folder, linkage)
    sign(folder, "first", "ann")
    assert set(signed_scores(folder, "first", "ann").values()) == {0.8}
    with pytest.raises(ReviewNotPossible, match="closed"):
        ReviewSession(folder, "first", "ann", linkage.review.seed)


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
    with pytest.raises(SignatureWrong, match=r"earlier version.*sign again: `pathways review sign`"):
        signed_scores(folder, "first", "ann")
    path.unlink()
    sign(folder, "first", "ann")
    assert set(signed_scores(folder, "first", "ann").values()) == {0.8}


def test_a_public_key_that_is_missing_or_of_another_is_refused(folder, linkage):
    judged_folder(folder, linkage)
    sign(folder, "first", "ann")
    public = folder.key("ann").with_suffix(".pub")
    public.unlink()
    with pytest.raises(KeyNotUsable, match=r"key ann.pub is not here. Put it back into review_keys"):
        signed_scores(folder, "first", "ann")
    reviewer_key(folder.key("ben"))
    public.write_bytes(folder.key("ben").with_suffix(".pub").read_bytes())
    with pytest.raises(SignatureWrong, match="another key"):
        signed_scores(folder, "first", "ann")
    with pytest.raises(SignatureWrong, match=r"ann.pub does not go with ann.key"):
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
    with pytest.raises(ReviewNotPossible, match=r"first_review_sample.parquet is not the file that was drawn"):
        signed_scores(folder, "first", "ann")


def test_pairs_that_the_next_refresh_scores_anew_are_not_given_to_reviewers(folder, linkage, root, pairs, store_table):
    store_table(root, "linkage", "person_pairs", pairs, made_from={"linkage_model": "that of another model"})
    with pytest.raises(ReviewNotPossible, match=r"made anew by the next refresh.*: person_pairs"):
        draw_first_sample(folder, linkage.review)


def test_pairs_scored_anew_are_no_longer_those_of_the_sample(folder, linkage, pairs, store_table):
    draw_first_sample(folder, linkage.review)
    store_table(folder.root, "linkage", "person_pairs", pairs.head(100))
    with pytest.raises(ReviewNotPossible, match="other pairs"):
        draw_first_sample(folder, linkage.review)


def test_pairs_that_the_zone_did_not_write_are_not_reviewed(folder, linkage, pairs):
    pairs.head(100).write_parquet(folder.zone / "person_pairs.parquet")
    with pytest.raises(ReviewNotPossible, match=r"table person_pairs of 2023Q1 cannot be read.*not the one that was"):
        draw_first_sample(folder, linkage.review)


@pytest.mark.parametrize("name", ["../ann", "Ann", "", "a b", "x" * 31])
def test_a_name_that_cannot_be_a_file_name_is_refused(name):
    with pytest.raises(ReviewNotPossible):
        reviewer_name(name)


def test_decisions_and_signed_files_hold_no_identifier(folder: PairsFolder, linkage, pairs):
    judged_folder(folder, linkage)
    signed = sign(folder, "first", "ann")
    text = payload(signed) + "".join(path.read_text() for path in folder.path.rglob("*.json*"))
    assert not [value for name in ("crn", "client_id") for value in pairs[name] if value in text]
    assert folder.key("ann").stat().st_mode & 0o777 == 0o600
