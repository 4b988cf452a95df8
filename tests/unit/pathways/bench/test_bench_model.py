"""`pathways bench model`: what is read, how terms are named, what is refused. Estimates: test_models_fit.py."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from pathways.bench.linkage.mapping import BenchInputError
from pathways.bench.model.model import Asked, bench_model
from pathways.cli import app

GOLDEN = Path(__file__).resolve().parents[4] / "reference" / "golden"


def people(records: int = 200) -> pl.DataFrame:
    random = np.random.default_rng(8)
    return pl.DataFrame(
        {
            "y": (random.random(records) < 0.4).astype(int),
            "band": random.choice(["50+", "18-29", "30-49"], records),
            "code": random.choice([2, 10, 1], records),
            "score": np.round(random.normal(size=records), 3),
            "flag": random.choice(["TRUE", "FALSE"], records),
            "last region": random.choice(["N", "S", "E", "W"], records),
        }
    )


def fitted(tmp_path, frame: pl.DataFrame, formula: str, **options) -> dict:
    frame.write_csv(tmp_path / "people.csv")
    return bench_model(Asked(tmp_path / "people.csv", formula, **options))


def test_terms_are_named_as_in_r(tmp_path):
    found = fitted(tmp_path, people(), "y ~ band + code + score + flag + (1 | `last region`)")
    assert [term["term"] for term in found["terms"]] == [
        "(Intercept)",
        "band30-49",
        "band50+",
        "code",
        "score",
        "flagTRUE",
    ]
    assert found["reference_levels"] == {"band": "18-29", "flag": "FALSE"}
    assert found["random_effect"]["groups"] == 4
    assert found["cross_check"]["agrees"]


def test_a_number_becomes_a_factor_when_it_is_written_so_and_its_levels_sort_by_size(tmp_path):
    found = fitted(tmp_path, people(), "y ~ factor(code)")
    assert [term["term"] for term in found["terms"]] == ["(Intercept)", "factor(code)2", "factor(code)10"]
    assert (found["random_effect"], found["random_effect_sd"]) == (None, None)


def test_another_reference_level_turns_the_sign(tmp_path):
    usual = fitted(tmp_path, people(), "y ~ flag")
    turned = fitted(tmp_path, people(), "y ~ flag", references={"flag": "TRUE"})
    assert turned["terms"][1]["term"] == "flagFALSE"
    assert turned["terms"][1]["estimate"] == pytest.approx(-usual["terms"][1]["estimate"])


def test_rows_with_a_missing_value_that_is_needed_leave_and_are_counted(tmp_path):
    frame = people().with_columns(
        pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("band").alias("band"),
        pl.when(pl.int_range(pl.len()) == 9)
        .then(pl.lit("NA"))
        .otherwise(pl.col("score").cast(pl.String))
        .alias("score"),
        pl.when(pl.int_range(pl.len()) > 50).then(None).otherwise("flag").alias("flag"),
    )
    found = fitted(tmp_path, frame, "y ~ band + score")
    assert (found["rows"], found["rows_with_missing_values"], found["n"]) == (200, 4, 196)
    assert found["terms"][-1]["term"] == "score"


@pytest.mark.parametrize(("words", "level"), [(("no", "yes"), "yes"), (("FALSE", "TRUE"), "TRUE"), (("0", "1"), "1")])
def test_an_outcome_in_words_is_the_same_outcome(tmp_path, words, level):
    frame = people()
    in_words = frame.with_columns(pl.col("y").replace_strict({0: words[0], 1: words[1]}))
    found = fitted(tmp_path, in_words, "y ~ score")
    assert found["outcome_level"] == level
    assert found["terms"] == fitted(tmp_path, frame, "y ~ score")["terms"]


def test_the_outcome_can_be_one_of_several_levels(tmp_path):
    found = fitted(tmp_path, people(), "band ~ score", outcome_level="50+")
    assert found["outcome_records"] == people().filter(pl.col("band") == "50+").height


@pytest.mark.parametrize(("model", "group"), [("glm", ""), ("glmer", " + (1 | region)")])
def test_the_golden_fits_are_found_with_their_reference_levels(tmp_path, model, group):
    factors = ["sex", "age_band", "ethnicity", "accommodation", "rsr", "ogrs"]
    data = pl.read_csv(GOLDEN / "imputed.csv", infer_schema=False).filter(pl.col(".imp") == "3")
    in_r = pl.read_csv(GOLDEN / "per_imputation.csv", infer_schema_length=None)
    expected = {row["term"]: row for row in in_r.filter(pl.col("imp") == 3, pl.col("model") == model).to_dicts()}
    references = {
        factor: level for factor in factors for level in data[factor].unique() if factor + level not in expected
    }
    found = fitted(tmp_path, data, "engaged ~ " + " + ".join(factors) + group, references=references)
    assert {term["term"] for term in found["terms"]} == set(expected)
    for term in found["terms"]:
        assert term["estimate"] == pytest.approx(expected[term["term"]]["est"], abs=1e-5)
        assert term["std_error"] == pytest.approx(expected[term["term"]]["se"], rel=1e-3)
    assert found["random_effect_sd"] == pytest.approx(expected["(Intercept)"]["theta"], abs=1e-5)


def test_one_group_is_no_random_intercept(tmp_path):
    found = fitted(tmp_path, people().with_columns(g=pl.lit("a")), "y ~ score + (1 | g)")
    assert {term["status"] for term in found["terms"]} == {"not estimable"}
    assert found["random_effect_sd"] is None and "one group" in found["random_effect"]["reason"]


@pytest.mark.parametrize(
    ("formula", "options", "message"),
    [
        ("y ~ shoe_size", {}, "no column shoe_size"),
        ("y ~ band * score", {}, "interaction"),
        ("band ~ score", {}, "3 values. Name one of them as --outcome-level"),
        ("score ~ band", {}, "numbers other than 0 and 1"),
        ("y ~ band", {"references": {"band": "60+"}}, "no record has that level"),
        ("y ~ score", {"references": {"score": "1"}}, "which is a number"),
        ("y ~ score", {"references": {"band": "50+"}}, "does not have"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_what_to_do(tmp_path, formula, options, message):
    with pytest.raises(BenchInputError, match=message):
        fitted(tmp_path, people(), formula, **options)


def test_the_command_prints_one_json_object(tmp_path):
    people().write_parquet(tmp_path / "people.parquet")
    asked = [
        "bench",
        "model",
        "--data",
        str(tmp_path / "people.parquet"),
        "--formula",
        "y ~ band + (1 | code)",
        "--reference",
        "band=50+",
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["terms"][1]["term"] == "band18-29" and found["converged"]
    refused = CliRunner().invoke(app, [*asked[:5], "y ~"])
    assert refused.exit_code == 1 and "no formula" in refused.stderr
