"""`pathways bench model` where something stands in the way: the cause is named, and what is right is kept."""

import json

import numpy as np
import polars as pl
import pytest

from pathways.bench.model.model import Asked, bench_model
from pathways.cli import app


def fitted(tmp_path, frame: pl.DataFrame, formula: str) -> dict:
    frame.write_csv(tmp_path / "people.csv")
    return bench_model(Asked(tmp_path / "people.csv", formula))


def people(records: int = 240) -> pl.DataFrame:
    random = np.random.default_rng(8)
    return pl.DataFrame(
        {
            "y": (random.random(records) < 0.4).astype(int),
            "f": random.choice(["a", "b", "c"], records),
            "x": np.round(random.normal(size=records), 3),
            "g": [f"g{number % 8}" for number in range(records)],
        }
    )


def by_term(found: dict) -> dict[str, dict]:
    return {term["term"]: term for term in found["terms"]}


ROW = pl.int_range(pl.len())
OWN = ROW.cast(pl.String).alias("g")
CAUSES = [
    ("every record its own group", OWN, "every record is a group of its own", True),
    ("one group", pl.lit("all").alias("g"), "one group only", True),
    ("groups all or nothing", ((ROW % 8) < 4).cast(pl.Int8).alias("y"), "in every group all records", True),
    ("never", pl.lit(0).alias("y"), "all records have the same outcome", False),
    ("always", pl.lit(1).alias("y"), "all records have the same outcome", False),
    ("complete separation", (pl.col("x") > 0).cast(pl.Int8).alias("y"), "complete separation", False),
    (
        "separation by two terms",
        (pl.col("x") + 2 * (pl.col("f") == "b") > 1).cast(pl.Int8).alias("y"),
        "complete separation",
        False,
    ),
]


@pytest.mark.parametrize(("change", "reason", "of_groups"), [case[1:] for case in CAUSES], ids=[c[0] for c in CAUSES])
def test_why_there_is_no_fit_is_said_with_what_to_do(tmp_path, change, reason, of_groups):
    found = fitted(tmp_path, people().with_columns(change), "y ~ f + x + (1 | g)")
    assert not found["converged"] and reason in found["problem"]["reason"] and found["problem"]["what_to_do"]
    assert all(term["reason"] and term["estimate"] is None for term in found["terms"])
    assert found["random_effect"]["reason"] == found["problem"]["reason"]
    assert (found["without_random_effect"] is not None) == of_groups


def test_where_groups_stand_in_the_way_the_ordinary_regression_is_given(tmp_path):
    frame = people()
    found = fitted(tmp_path, frame.with_columns(OWN), "y ~ f + x + (1 | g)")["without_random_effect"]
    assert found["terms"] == fitted(tmp_path, frame, "y ~ f + x")["terms"] and found["converged"]


def test_groups_and_a_term_that_decide_together_are_named(tmp_path):
    # In every group the outcome turns at another value of x.
    group, within = ROW % 8, ROW / 24
    frame = people().with_columns(x=within + 3 * group, y=(within > 2 + 0.9 * group).cast(pl.Int8))
    found = fitted(tmp_path, frame, "y ~ x + (1 | g)")
    assert "terms and groups together" in found["problem"]["reason"]


def test_more_terms_than_records_are_named(tmp_path):
    found = fitted(tmp_path, people(12).with_columns(code=ROW), "y ~ factor(code) + x")
    assert "as many terms as records" in found["problem"]["reason"]


def test_terms_behind_separation_are_named_and_the_others_keep_their_numbers(tmp_path):
    frame = people()
    alone = by_term(fitted(tmp_path, frame.with_columns(y=pl.when(f="b").then(1).otherwise("y")), "y ~ f + x"))
    assert "alone (separation)" in alone["fb"]["reason"]
    assert [alone[name]["status"] for name in ("fc", "x")] == ["ok", "ok"]
    reference = by_term(fitted(tmp_path, frame.with_columns(y=pl.when(f="a").then(0).otherwise("y")), "y ~ f + x"))
    assert "together with fb and fc" in reference["(Intercept)"]["reason"]
    assert reference["x"]["status"] == "ok"


def test_a_level_that_nearly_always_has_the_outcome_is_estimated(tmp_path):
    at_level = pl.col("f") == "b"
    nearly = pl.when(at_level & (at_level.cum_sum() == 1)).then(0).when(at_level).then(1).otherwise("y")
    frame = people().with_columns(y=nearly)
    assert by_term(fitted(tmp_path, frame, "y ~ f + x"))["fb"]["status"] == "ok"


def test_the_later_of_terms_that_say_the_same_is_left_out_as_in_r(tmp_path):
    frame = people().with_columns(z=3 - 2 * pl.col("x"), w=pl.col("x") ** 2)
    found = fitted(tmp_path, frame, "y ~ x + z + w")
    terms, without = by_term(found), by_term(fitted(tmp_path, frame, "y ~ x + w"))
    assert "(Intercept) and x" in terms["z"]["reason"] and terms["z"]["estimate"] is None
    for name in ("(Intercept)", "x", "w"):
        assert terms[name]["estimate"] == pytest.approx(without[name]["estimate"], abs=1e-9)
        assert terms[name]["std_error"] == pytest.approx(without[name]["std_error"], rel=1e-9)
    assert any("z is a combination of" in note for note in found["notes"])
    later = by_term(fitted(tmp_path, frame, "y ~ z + x + w"))
    assert later["z"]["status"] == "ok" and later["x"]["status"] == "not estimable"


# R's glm keeps a column of which 1e-11 is its own, glmer one of which 1e-7 is (qr with that tolerance).
UNITS = [
    ("years", 2020, 1, "y ~ t + f", True),
    ("seconds", 1_700_000_000, 1, "y ~ t + f", True),
    ("milliseconds", 1_700_000_000_000, 100, "y ~ t + f", True),
    ("tiny", 0, 1e-9, "y ~ t + f", True),
    ("huge", 0, 1e12, "y ~ t + f", True),
    ("a constant but for rounding", 1e14, 1, "y ~ t + f", False),
    ("years with groups", 2020, 1, "y ~ t + f + (1 | g)", True),
    ("days with groups", 2_460_000, 1, "y ~ t + f + (1 | g)", True),
    ("seconds with groups", 1_700_000_000, 10, "y ~ t + f + (1 | g)", False),
]


@pytest.mark.parametrize(("offset", "unit", "formula", "kept"), [c[1:] for c in UNITS], ids=[c[0] for c in UNITS])
def test_a_number_is_kept_whatever_its_unit_as_long_as_r_keeps_it(tmp_path, offset, unit, formula, kept):
    frame = people().with_columns(t=pl.int_range(pl.len()) % 6)
    plain = by_term(fitted(tmp_path, frame, formula))["t"]
    found = fitted(tmp_path, frame.with_columns(t=offset + unit * pl.col("t").cast(pl.Float64)), formula)
    term = by_term(found)["t"]
    assert (term["status"] == "ok") == kept
    if kept:
        assert term["estimate"] * unit == pytest.approx(plain["estimate"], rel=1e-4)
        assert term["std_error"] * unit == pytest.approx(plain["std_error"], rel=1e-4)
        assert found["cross_check"]["agrees"]
    else:
        assert "Subtract a round number" in term["reason"]


# One group of 2,000 records and fifteen of 3: group, type, outcome, records.
UNBALANCED = [
    ("big", "x", 0, 477),
    ("big", "x", 1, 186),
    ("big", "y", 0, 469),
    ("big", "y", 1, 197),
    ("big", "z", 0, 445),
    ("big", "z", 1, 226),
    ("small01", "x", 0, 1),
    ("small01", "z", 0, 2),
    ("small02", "y", 0, 2),
    ("small02", "z", 0, 1),
    ("small03", "x", 1, 1),
    ("small03", "z", 0, 2),
    ("small04", "x", 0, 1),
    ("small04", "y", 0, 1),
    ("small04", "z", 0, 1),
    ("small05", "x", 0, 1),
    ("small05", "x", 1, 1),
    ("small05", "z", 0, 1),
    ("small06", "x", 0, 1),
    ("small06", "x", 1, 1),
    ("small06", "y", 1, 1),
    ("small07", "x", 0, 1),
    ("small07", "z", 1, 2),
    ("small08", "y", 0, 1),
    ("small08", "z", 0, 1),
    ("small08", "z", 1, 1),
    ("small09", "x", 0, 1),
    ("small09", "y", 0, 1),
    ("small09", "z", 0, 1),
    ("small10", "x", 1, 1),
    ("small10", "y", 1, 2),
    ("small11", "x", 1, 1),
    ("small11", "z", 0, 2),
    ("small12", "x", 0, 1),
    ("small12", "x", 1, 1),
    ("small12", "z", 0, 1),
    ("small13", "x", 0, 1),
    ("small13", "y", 0, 1),
    ("small13", "z", 0, 1),
    ("small14", "z", 1, 3),
    ("small15", "x", 0, 3),
]


def test_the_cross_check_passes_where_ours_is_the_higher_likelihood_and_says_so(tmp_path):
    rows = [(prison, kind, hit) for prison, kind, hit, number in UNBALANCED for _ in range(number)]
    frame = pl.DataFrame(rows, schema=["prison", "type", "re"], orient="row")
    found = fitted(tmp_path, frame, "re ~ type + (1 | prison)")
    assert found["random_effect_sd"] == 0 and found["log_likelihood"] == pytest.approx(-1255.4712, abs=1e-4)
    assert found["cross_check"]["agrees"] and "stopped at a lower likelihood" in found["cross_check"]["reason"]
    assert found["cross_check"]["random_effect_sd"] > 0.5
    assert any("singular" in note for note in found["notes"])


def grouped(size: int, groups: int, sd: float) -> pl.DataFrame:
    random = np.random.default_rng(4)
    effect = np.repeat(sd * random.normal(size=groups), size)
    x = random.normal(size=size * groups)
    y = (random.random(size * groups) < 1 / (1 + np.exp(0.8 - 0.7 * x - effect))).astype(int)
    return pl.DataFrame({"y": y, "x": x, "g": [f"g{number // size}" for number in range(size * groups)]})


@pytest.mark.parametrize(
    ("size", "groups", "sd", "poor"),
    [(3, 200, 3.0, True), (2, 300, 2.0, True), (200, 12, 3.0, False), (60, 20, 0.3, False)],
)
def test_a_poor_laplace_approximation_is_said_with_what_quadrature_finds(tmp_path, size, groups, sd, poor):
    found = fitted(tmp_path, grouped(size, groups, sd), "y ~ x + (1 | g)")
    laplace = found["laplace"]
    assert laplace["poor"] == poor == any("Laplace approximation is poor" in note for note in found["notes"])
    if poor:
        assert abs(laplace["random_effect_sd_by_quadrature"] - sd) < abs(found["random_effect_sd"] - sd)
        assert laplace["difference_in_log_likelihood"] > 1
        assert by_term(found)["x"]["quadrature_estimate"] > by_term(found)["x"]["estimate"]


def test_two_groups_are_fitted_with_a_word_of_warning(tmp_path):
    found = fitted(
        tmp_path,
        people().with_columns(g=pl.when(ROW % 2 == 0).then(pl.lit("n")).otherwise(pl.lit("s"))),
        "y ~ f + (1 | g)",
    )
    assert found["converged"] and any("2 groups only" in note for note in found["notes"])


def test_an_everyday_fit_has_nothing_remarked(tmp_path):
    found = fitted(tmp_path, grouped(60, 20, 0.6), "y ~ x + (1 | g)")
    assert found["notes"] == [] and found["problem"] is None and found["cross_check"]["reason"] is None


def test_a_factor_that_is_the_group_leaves_nothing_for_the_random_intercept(tmp_path):
    found = fitted(tmp_path, people().with_columns(i="g"), "y ~ i + x + (1 | g)")
    assert any("tell the groups apart already" in note for note in found["notes"])


def test_groups_that_are_mostly_all_or_nothing_are_counted(tmp_path):
    decided = pl.when(ROW % 8 < 5).then((ROW % 8) % 2).otherwise("y")
    found = fitted(tmp_path, people().with_columns(y=decided), "y ~ x + (1 | g)")
    assert any("In 5 of 8 groups" in note for note in found["notes"])


@pytest.mark.parametrize(("formula", "terms"), [("y ~ one", 2), ("y ~ one + x + (1 | g)", 3)])
def test_a_factor_with_one_level_is_named_and_the_rest_fitted(tmp_path, formula, terms):
    found = fitted(tmp_path, people().with_columns(one=pl.lit("a")), formula)
    assert "same value in every record" in by_term(found)["one"]["reason"]
    assert found["converged"] and len(found["terms"]) == terms


def test_only_the_answer_is_printed_whatever_the_second_engine_thinks(tmp_path, capfd):
    # GPBoost warns of this fit, on standard output.
    x = [0.2596, -0.1286, 0.52, -0.1737, -0.5322, -1.1249, -1.8582, 0.3745, -1.2419, -0.2399, 0.3448]
    frame = pl.DataFrame(
        {
            "y": [0, 0, 0, 1, *[0] * 7],
            "x": x,
            "f": [0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0],
            "g": [*["a"] * 5, *["b"] * 5, "c"],
        }
    )
    frame.write_csv(tmp_path / "people.csv")
    command = ["bench", "model", "--data", str(tmp_path / "people.csv"), "--formula", "y ~ x + f + (1 | g)"]
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        app(command)
    assert not ended.value.code
    assert json.loads(capfd.readouterr().out)["benchmark"] == "model"
