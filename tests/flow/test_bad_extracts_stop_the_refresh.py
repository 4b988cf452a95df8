"""A refresh refuses extracts that cannot be used, says why, and writes nothing."""

import os

import polars as pl

from pathways.refresh.usable_extracts import require_usable_extracts
from resources.extracts.synthetic_mark import write_mark

QUARTER = "2023Q1"


def refused(run_pathways, var):
    if (var / "extracts" / QUARTER).is_dir():  # what was damaged here is synthetic all the same
        write_mark(var / "extracts" / QUARTER, {"scale": 0.02, "seed": 1})
    done = run_pathways("refresh", "--quarter", QUARTER, var=var)
    assert done.returncode != 0
    written = [path for path in var.rglob("*.parquet") if path.relative_to(var).parts[0] not in ("extracts", "truth")]
    assert written == []
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_missing_extract_is_named_with_what_to_do(copy_of_extracts, run_pathways):
    (copy_of_extracts / "extracts" / QUARTER / "ndelius" / "requirement.csv").unlink()
    message = refused(run_pathways, copy_of_extracts)
    assert "ndelius/requirement" in message


def test_a_renamed_column_is_named_with_its_file(copy_of_extracts, run_pathways):
    path = copy_of_extracts / "extracts" / QUARTER / "ndelius" / "offender.csv"
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(header.replace("dob", "date_birth") + "\n" + rest, encoding="utf-8")
    message = refused(run_pathways, copy_of_extracts)
    assert "ndelius/offender" in message
    assert "dob" in message


def test_an_empty_file_is_named(copy_of_extracts, run_pathways):
    (copy_of_extracts / "extracts" / QUARTER / "courts" / "result.csv").write_text("", encoding="utf-8")
    message = refused(run_pathways, copy_of_extracts)
    assert "courts/result" in message


def test_a_quarter_without_extracts_is_refused(tmp_path, run_pathways):
    message = refused(run_pathways, tmp_path)
    assert QUARTER in message


def test_a_wrong_quarter_is_refused_with_an_example(tmp_path, run_pathways):
    done = run_pathways("refresh", "--quarter", "2023-Q1", var=tmp_path)
    assert done.returncode != 0
    assert "2023Q1" in done.stderr


def test_warnings_are_shown_before_the_first_table_and_again_when_the_same_files_are_run_again(
    copy_of_extracts, monkeypatch, capfd
):
    monkeypatch.setenv("PATHWAYS_VAR", str(copy_of_extracts))
    path = copy_of_extracts / "extracts" / QUARTER / "ndelius" / "risk.csv"
    pl.read_csv(path, infer_schema=False).drop("rsr_band").write_csv(path)
    os.mkfifo(path.with_suffix(".pipe"))  # no extract, and nothing that may be opened to hash it
    for _ in range(2):
        require_usable_extracts(copy_of_extracts, QUARTER)
        assert "warning: risk: column rsr_band is absent" in capfd.readouterr().out
