"""Drift: what chance and honest growth explain is within, and what was lost is outside."""

import numpy as np
import polars as pl
import pytest

from resources.drift.judge_drift import (
    COMPARABLE,
    Bands,
    Points,
    band_in_words,
    compare_profiles,
    drift_measures,
    plausible_measures,
    source_bands,
)
from resources.drift.quarter_profile import (
    ROWS,
    Drift,
    Profile,
    level_shares,
    mean,
    number_of_rows,
    profile_frame,
    recent,
    share,
    share_known,
    share_true,
)
from resources.zone.gates import Decisions, judge
from resources.zone.schema_check import check_frame

REMEDIES = {"courts": "Look at the courts."}


def judged(now, settings, training=None, last=None):
    """Whether a measure is within, beside training (a value) and the quarter before (a row)."""
    before = profile_frame([last]) if last else None
    trained = {} if training is None else {now[1]: training}
    table = compare_profiles(profile_frame([now]), trained, before, source_bands(settings.drift), "2022Q4")
    return check_frame(table, Drift, "drift")["within"].item()


def reconvicted(part, base):
    return share("courts", "reconvicted", part, base)


def test_nobody_reconvicted_is_outside_beside_training_and_beside_the_quarter_before(settings):
    assert not judged(reconvicted(0, 380), settings, training=0.43)
    assert not judged(reconvicted(0, 380), settings, last=reconvicted(158, 368))


@pytest.mark.parametrize(("part", "base"), [(158, 368), (184, 920), (92, 920), (70, 2000)])
def test_a_third_lost_is_outside_beside_the_quarter_before_also_in_a_small_quarter(settings, part, base):
    grown = round(base * 1.05)
    assert judged(reconvicted(round(part / base * grown), grown), settings, last=reconvicted(part, base))
    assert not judged(reconvicted(round(part / base * grown * 0.66), grown), settings, last=reconvicted(part, base))


def drawn(rate, base, draws=300, seed=1):
    """Numbers of records with something, out of `base` at a rate, as chance draws them."""
    return np.random.default_rng(seed).binomial(base, rate, draws).tolist()


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.4, 0.9])
def test_a_small_quarter_that_goes_on_as_before_is_within_whatever_chance_drew(settings, rate):
    old, new = drawn(rate, 920), drawn(rate, 50, seed=2)
    last = profile_frame(share("courts", f"draw {draw}", part, 920) for draw, part in enumerate(old))
    now = profile_frame(
        share("courts", f"draw {draw}", part + more, 970)
        for draw, (part, more) in enumerate(zip(old, new, strict=True))
    )
    assert compare_profiles(now, {}, last, source_bands(settings.drift), "")["within"].all()


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.4, 0.9])
def test_another_small_quarter_than_that_of_training_is_within_whatever_chance_drew(settings, rate):
    training = {f"draw {draw}": part / 920 for draw, part in enumerate(drawn(rate, 920))}
    rows = [share("courts", f"draw {draw}", part, 920) for draw, part in enumerate(drawn(rate, 920, seed=2))]
    now = profile_frame(rows)
    assert compare_profiles(now, training, None, source_bands(settings.drift), "")["within"].all()


def test_a_share_that_has_nothing_left_to_be_of_is_outside(settings):
    assert not judged(reconvicted(0, 0), settings, last=reconvicted(158, 368))
    assert judged(reconvicted(0, 0), settings)


def test_a_level_that_nobody_had_may_appear_and_not_take_over(settings):
    assert judged(share("courts", "way: details", 4, 1000), settings, last=share("courts", "way: details", 0, 950))
    assert not judged(share("courts", "way: details", 90, 1000), settings, last=share("courts", "way: details", 0, 950))


@pytest.mark.parametrize(("rows", "within"), [(1050, True), (1000, True), (960, True), (660, False), (2000, False)])
def test_rows_of_a_file_may_grow_by_a_quarter_and_not_be_lost_or_doubled(settings, rows, within):
    assert judged(number_of_rows("files", "rows", rows), settings, last=number_of_rows("files", "rows", 1000)) == within
    assert judged(number_of_rows("files", "rows", rows), settings, training=1000.0)  # time has passed since


def test_rows_of_a_tiny_file_may_double(settings):
    assert judged(number_of_rows("files", "rows", 2), settings, last=number_of_rows("files", "rows", 1))


def test_the_newest_number_is_held_against_those_before_it_in_the_same_extract(settings):
    assert judged(recent("probation", "London", 240, [260, 250, 270, 255]), settings)
    assert not judged(recent("probation", "London", 0, [260, 250, 270, 255]), settings)
    assert judged(recent("probation", "London", 0, [5, 4, 6, 5]), settings)  # few: chance
    assert judged(recent("probation", "London", 3, [0, 0, 0, 0]), settings)  # nothing to go by


def test_a_mean_is_judged_with_how_much_records_differ(settings):
    spells = pl.Series([0, 0, 1, 2, 3] * 200)
    assert judged(
        mean("prison", "spells", pl.Series([0, 0, 1, 2, 4] * 210)), settings, last=mean("prison", "spells", spells)
    )
    assert not judged(
        mean("prison", "spells", pl.Series([0, 0, 0, 1, 3] * 210)), settings, last=mean("prison", "spells", spells)
    )


def test_a_quarter_that_cannot_be_near_both_is_outside_and_its_band_says_so(settings):
    table = compare_profiles(
        profile_frame([reconvicted(4000, 10_000)]),
        {"reconvicted": 0.2},
        profile_frame([reconvicted(4000, 9500)]),
        source_bands(settings.drift),
        "2022Q4",
    )
    (measure,) = drift_measures(table, REMEDIES)
    assert not measure.within
    assert "by one comparison" in measure.allowed and "training 0.2, last quarter 0.421" in measure.allowed


def test_a_quarter_before_that_a_check_holds_is_no_reason_to_let_lost_rows_pass(settings):
    beside = "training; 2022Q4 is held by a check: accept it or mend its cause, and refresh it again"
    rows = profile_frame([("files", "rows of adult_community", ROWS, 22_280.0, 22_280, 1.0)])
    judged = drift_measures(compare_profiles(rows, {}, None, source_bands(settings.drift), beside), {"files": ""})
    assert [measure.name for measure in judged if not measure.within] == [COMPARABLE]
    first = compare_profiles(
        rows, {}, None, source_bands(settings.drift), "training; 2022Q4 has not been refreshed here"
    )
    assert all(measure.within for measure in drift_measures(first, {"files": ""}))


def test_a_gate_says_value_band_and_what_to_do_and_a_measure_without_history_is_said(settings):
    table = compare_profiles(
        profile_frame([reconvicted(0, 368)]), {"reconvicted": 0.43}, None, source_bands(settings.drift), "training"
    )
    judgement = judge("sources", drift_measures(table, REMEDIES), Decisions("2023Q1"))
    assert [measure.name for measure in judgement.refused] == ["reconvicted"]
    assert judgement.refused[0].in_words().startswith("reconvicted: 0, allowed from 0.27")
    assert judgement.refused[0].what_to_do == "Look at the courts."
    alone = compare_profiles(profile_frame([reconvicted(3, 368)]), {}, None, source_bands(settings.drift), "nothing")
    assert drift_measures(alone, REMEDIES)[0].allowed == "no earlier quarter to compare with (no earlier value)"


@pytest.mark.parametrize(
    ("part", "base", "within"), [(0, 368, False), (158, 368, True), (368, 368, False), (0, 0, False), (0, 12, True)]
)
def test_a_first_quarter_is_judged_by_what_is_plausible_in_itself(part, base, within):
    (measure,) = plausible_measures(profile_frame([reconvicted(part, base)]), {"reconvicted": (0.05, 0.9)}, 3, REMEDIES)
    assert measure.within == within and measure.allowed == "from 0.05 to 0.9"


def test_a_sample_that_is_drawn_anew_is_given_the_chance_of_two_samples(settings):
    now, last = profile_frame([reconvicted(40, 100)]), profile_frame([reconvicted(52, 100)])
    by_kind = {"share": Points(0.05)}
    for continued, within in ((True, False), (False, True)):
        bands = Bands(by_kind, 3, continued=continued)
        assert compare_profiles(now, {}, last, bands, "")["within"].item() == within


def test_a_profile_counts_what_is_known_and_levels_that_nobody_has():
    values = pl.Series(["a", "a", None, "b"])
    rows = [
        share_known("x", "known", values),
        share_true("x", "true", pl.Series([True, False, None])),
        *level_shares("x", "level", values, ["a", "b", "c"]),
    ]
    frame = check_frame(profile_frame(rows), Profile, "profile")
    found = {measure: (value, base) for measure, value, base in frame.select("measure", "value", "base").rows()}
    assert found == {
        "known": (0.75, 4),
        "true": (0.5, 2),
        "level: a": (0.666667, 3),
        "level: b": (0.333333, 3),
        "level: c": (0.0, 3),
    }


def test_a_band_is_written_as_a_person_reads_it():
    assert band_in_words(0.123456, 0.9) == "from 0.1235 to 0.9"
    assert band_in_words(None, 0.25) == "at most 0.25"
    assert band_in_words(0.25, None) == "at least 0.25"
    assert band_in_words(7900, 10530.4) == "from 7,900 to 10,530"
