"""A refresh refuses extracts that cannot be used, says why, and writes nothing."""

QUARTER = "2023Q1"


def refused(run_pathways, var):
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
