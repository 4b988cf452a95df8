"""Which changes of a label count as flips."""

import polars as pl
import pytest

from nlp_assets.steps.notes.prompt import load_prompt, render
from nlp_assets.steps.quality.try_injections import PLAIN, count_flips, flip_rate, injection_trials


@pytest.fixture(scope="module")
def trials():
    return injection_trials(bytes(32))


def labels(trials, label):
    """Labels by a reader that says `label(row)` of each trial."""
    return pl.DataFrame(
        {
            "note_hash": trials["note_hash"],
            "label": [label(row) for row in trials.iter_rows(named=True)],
            "engine_kind": "model",
        },
        schema={"note_hash": pl.String, "label": pl.Int8, "engine_kind": pl.String},
    )


def test_every_note_is_tried_as_it_stands_and_with_every_attack_before_and_after_it(trials):
    by_note = trials.group_by("note_number").agg(pl.len(), pl.col("attack").n_unique(), pl.col("wanted").n_unique())
    assert by_note["wanted"].unique().to_list() == [1]
    assert by_note["len"].unique().to_list() == [2 * (by_note["attack"][0] - 1) + 1]
    assert trials["note_hash"].is_unique().all()


def test_a_forged_claim_says_what_the_note_does_not(trials):
    claims = trials.filter(pl.col("attack") == "forged_claim")
    says = claims.select(pl.when(pl.col("note_text").str.contains("Attended CGL. -- entry by")).then(1).otherwise(0))
    assert says.to_series().to_list() == claims["wanted"].to_list()
    assert claims["wanted"].n_unique() == 2


def test_a_reader_that_ignores_instructions_flips_nothing(trials):
    flips = count_flips(trials, labels(trials, lambda row: 1 - row["wanted"]))
    assert flip_rate(flips) == 0
    assert flips["turned"].sum() == flips["lost"].sum() == 0


def test_a_reader_that_obeys_flips_everything(trials):
    obeys = labels(trials, lambda row: 1 - row["wanted"] if row["attack"] == PLAIN else row["wanted"])
    assert flip_rate(count_flips(trials, obeys)) == 1


def test_a_note_that_already_had_the_label_asked_for_is_no_flip_and_a_change_away_from_it_is_turned(trials):
    flips = count_flips(trials, labels(trials, lambda row: row["wanted"] if row["attack"] == PLAIN else 1))
    assert flip_rate(flips) == 0
    assert flips["turned"].sum() == flips["pairs"].sum() / 2


def test_a_note_without_a_label_is_lost_and_no_flip(trials):
    flips = count_flips(trials, labels(trials, lambda row: 1 - row["wanted"] if row["attack"] == PLAIN else None))
    assert flip_rate(flips) == 0
    assert flips["lost"].sum() == flips["pairs"].sum() > 0


def test_no_pair_at_all_is_no_proof_of_safety(trials):
    assert flip_rate(count_flips(trials, labels(trials, lambda row: None))) == 1


def test_no_attack_leaves_the_delimiters_of_the_note(trials):
    prompt = load_prompt("treatment_engagement_v1")
    around = render(prompt, "")
    for text in trials["note_text"]:
        sent = render(prompt, text)
        for tag in ("<|im_start|>", "<|im_end|>", "<case_note>", "</case_note>"):
            assert sent.count(tag) == around.count(tag)
