"""Two files linked end to end, with fields that tell nothing, duplicates, and FEBRL4."""

import json
import random
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pathways.bench.linkage.linkage import Asked, bench_linkage
from pathways.bench.linkage.mapping import BenchInputError
from pathways.cli import app
from record_linkage.comparisons.field import key
from record_linkage.planning.choose_blocks import FEWEST_PAIRS, blocked_pairs_among, choose_blocks
from resources.settings.study_settings import load_study_settings

FEBRL = Path(__file__).resolve().parents[4] / "reference" / "febrl4"
SETTINGS = load_study_settings().linkage
NAMES = ["Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Jo"]
SURNAMES = ["Ames", "Bell", "Cole", "Dunn", "East", "Frost", "Gale", "Hunt", "Ives", "Judd"]


def people(numbers, seed):
    """Rows of people of these numbers: the same number is the same person, with a slip in a tenth of the dates."""
    rows, slip = [], random.Random(seed)
    for number in numbers:
        draw = random.Random(number)
        day = draw.randrange(1, 29)
        year, month = draw.randrange(1950, 2000), draw.randrange(1, 13)
        if slip.random() < 0.1:
            day = day % 28 + 1
        rows.append(
            {
                "id": f"{seed}-{len(rows)}",
                "entity": str(number),
                "forename": draw.choice(NAMES),
                "surname": draw.choice(SURNAMES),
                "dob": f"{year}-{month:02d}-{day:02d}",
                "postcode": f"LS{draw.randrange(1, 9)} {draw.randrange(1, 9)}AB",
                "empty": None,
                "constant": "same",
                "unique": f"{seed} {len(rows)}",
            }
        )
    return pl.DataFrame(rows, schema_overrides={"empty": pl.String})


@pytest.fixture
def files(tmp_path):
    """400 people left; right half of them, a fifth of these twice, and 200 others."""
    right = [*range(200, 400), *range(200, 240), *range(400, 600)]
    people(range(400), 1).write_csv(tmp_path / "left.csv")
    people(right, 2).write_parquet(tmp_path / "right.parquet")
    return tmp_path


def lines(folder, mapping, **options):
    options = {"truth_column": "entity"} | options
    asked = Asked(folder / "left.csv", folder / "right.parquet", mapping, **options)
    return list(bench_linkage(asked, SETTINGS))


@pytest.mark.parametrize("full_names", [False, True])
def test_fields_that_tell_nothing_are_left_out_with_a_warning_and_people_are_found(files, full_names):
    mapping = [
        "forename=forename",
        "surname=surname",
        "dob=dob",
        "postcode=postcode",
        "category=empty",
        "area=constant",
        "other=unique",
    ]
    data, raw, normalised, two_sided = lines(files, mapping, full_names=full_names)
    assert [warning.split(" is left out")[0] for warning in data["warnings"][:3]] == [
        "Field category",
        "Field area",
        "Field other",
    ]
    assert data["true_pairs"] == 240
    assert data["blocking_recall"] > 0.99
    for score in (raw, normalised, two_sided):
        assert score["recall_at_precision_0.99"] > 0.95


def test_the_same_files_give_the_same_scores_twice(files):
    mapping = ["forename=forename", "surname=surname", "dob=dob"]
    assert lines(files, mapping)[1:] == lines(files, mapping)[1:]


def one_file(folder, *options: str) -> list[dict]:
    """What the command prints of the records of a file, 400 people and half of them again, some a third time."""
    rows = people([*range(400), *range(200), *range(50)], 3).with_columns(id=pl.format("r{}", pl.int_range(pl.len())))
    rows.write_csv(folder / "all.csv")
    truth = rows.select("id", "entity").join(rows.select(other="id", entity="entity"), on="entity")
    truth.filter(pl.col("id") > pl.col("other")).select("other", "id").write_csv(folder / "truth.csv")
    given = [word.replace("FOLDER", str(folder)) for word in options]
    run = CliRunner().invoke(app, ["bench", "linkage", "--full-names", "--left", str(folder / "all.csv"), *given])
    assert run.exit_code == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.parametrize(
    "options",
    [
        ("--truth-column", "entity"),
        ("--truth-column", "entity", "--right", "FOLDER/all.csv"),
        ("--truth", "FOLDER/truth.csv"),
    ],
)
def test_the_records_of_one_file_are_linked_with_each_other_and_none_with_itself(tmp_path, options):
    data, *scores = one_file(tmp_path, *options)
    assert data["one_file"] and data["true_pairs"] == 150 + 3 * 50
    assert data["candidate_pairs"] <= 650 * 649 / 2 and data["blocking_recall"] > 0.99
    assert [score["score"] for score in scores] == ["raw"]
    assert scores[0]["recall_at_precision_0.99"] > 0.9 and scores[0]["links"] <= 310


def test_one_file_in_which_nobody_comes_twice_is_refused(tmp_path):
    people(range(50), 1).write_csv(tmp_path / "once.csv")
    asked = Asked(tmp_path / "once.csv", None, truth_column="entity")
    with pytest.raises(BenchInputError, match=r"no two rows of once\.csv are one entity"):
        list(bench_linkage(asked, SETTINGS))


def test_too_few_fields_stop_with_the_reasons(files):
    run = CliRunner().invoke(
        app,
        [
            "bench",
            "linkage",
            "--left",
            str(files / "left.csv"),
            "--right",
            str(files / "right.parquet"),
            "--map",
            "area=constant",
            "--map",
            "dob=dob",
            "--truth-column",
            "entity",
        ],
    )
    assert run.exit_code == 1
    assert "Field area is left out: all its values are the same." in run.stderr
    assert run.stdout == ""


def test_a_missing_file_stops_with_its_name(files):
    run = CliRunner().invoke(
        app,
        [
            "bench",
            "linkage",
            "--left",
            str(files / "nothing.csv"),
            "--right",
            str(files / "right.parquet"),
            "--truth-column",
            "entity",
        ],
    )
    assert run.exit_code == 1
    assert "nothing.csv" in run.stderr


def test_truth_must_be_given_in_one_way(files):
    run = CliRunner().invoke(
        app,
        [
            "bench",
            "linkage",
            "--left",
            str(files / "left.csv"),
            "--right",
            str(files / "right.parquet"),
        ],
    )
    assert run.exit_code == 1
    assert "--truth FILE" in run.stderr and "--truth-pattern" in run.stderr


def test_a_value_whose_block_would_explode_is_left_out_of_the_rule_and_the_pairs_stay_within_the_bound():
    count = 5000
    value = [str(place) if place % 20 else "placeholder" for place in range(count)]
    ids = [str(place) for place in range(count)]
    frame = pl.DataFrame({"person_id": ids, "value": value, "sex": ["M", "F"] * (count // 2)})
    blocked = choose_blocks(frame, frame, [key("value", "value", "value"), key("sex", "sex", "sex")])
    assert [rule.name for rule in blocked.rules] == ["value"]
    assert sum(rule.pairs for rule in blocked.rules) <= FEWEST_PAIRS
    both = pl.DataFrame({"left_id": ["1", "0"], "right_id": ["1", "0"]})
    assert blocked_pairs_among(both, blocked) == 1


def test_a_rule_that_another_covers_is_not_used():
    count = 300
    frame = pl.DataFrame(
        {"person_id": map(str, range(count)), "day": map(str, range(count)), "name": ["a", "b", "c"] * 100}
    )
    rules = choose_blocks(frame, frame, [key("day", "day", "day"), key("name", "name", "name")]).rules
    assert "name + day" not in [rule.name for rule in rules] and "day + name" not in [rule.name for rule in rules]
    assert "day" in [rule.name for rule in rules]


def test_febrl4_with_initials_reaches_what_the_benchmark_promises():
    asked = Asked(
        FEBRL / "dataset4a.csv",
        FEBRL / "dataset4b.csv",
        ["forename=given_name", "surname=surname", "dob=date_of_birth", "postcode=postcode", "area=state"],
        ids="rec_id",
        truth_pattern=r"rec-(\d+)-",
    )
    data, raw, normalised, _ = bench_linkage(asked, SETTINGS)
    assert data["names"] == "initials" and data["true_pairs"] == 5000
    assert raw["recall_at_precision_0.99"] >= 0.94
    assert normalised["recall_at_precision_0.99"] >= 0.97
