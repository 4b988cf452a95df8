"""`pathways compare-models` and `measure-engine`, with engines that read by a rule of one line."""

import json

import polars as pl
import pytest

from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.labels.note_engine import EngineIdentity, Reading
from pathways.notes import compare, requirement_level
from pathways.notes.compare import compare_command
from pathways.notes.read_notes import NotesFileError
from pathways.notes.requirement_level import draw_requirements, measure_engine, write_level
from pathways.notes.reviewed_notes import NoReviewedCases, reviewed_file, reviewed_quarter
from pathways.review.notes.simulate import ErrorRates, simulate
from resources.settings.study_settings import load_study_settings

NOTES = load_study_settings().notes
ROWS = [
    ("1", "Attended CGL today", "1", "r1", "attended", "0"),
    ("2", "Missed CGL today", "0", "r1", "missed", "0"),
    ("3", "Missed CGL again", "0", "r2", "missed", "1"),
    ("4", "Attended CGL, his brother", "0", "r2", "other", "1"),
]
COLUMNS = ["id", "text", "label", "requirement_id", "meaning", "held_out"]


class WordEngine:
    """Says 1 where a note holds `word`."""

    def __init__(self, word, prompt_hash=""):
        self.word = word
        self.identity = EngineIdentity("word", word, word, prompt_hash, "1", "{}", "baseline")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def read(self, texts):
        return [Reading("scored", 0.9 if self.word in text else 0.2, 0.0) for text in texts]

    def recover(self):
        raise AssertionError("it never goes away")


class NotHere(Exception):
    """What a library raises, quoting a note: Attended CGL today."""


@pytest.fixture
def engines(monkeypatch):
    """`attended` and `brother` read by their word, once per prompt for `brother`; `broken` fails."""

    def open_engine(name, labels, root, environment):
        if name == "broken":
            raise NotHere("Attended CGL today")
        return WordEngine("Attended") if name == "attended" else WordEngine("brother", labels.prompt)

    monkeypatch.setattr(compare, "open_engine", open_engine)
    monkeypatch.setattr(requirement_level, "open_engine", open_engine)
    NotHere.__module__ = "some_library"


def write(path, rows=ROWS, columns=COLUMNS):
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(path)
    return path


def run(path, capsys, names="attended,brother", prompts="", quarter=None, root=None, json_lines=True):
    code = compare_command(path, quarter, names, prompts, json_lines, root, {})
    output = capsys.readouterr()
    return code, [json.loads(line) for line in output.out.splitlines()] if json_lines else output.out, output.err


def test_each_engine_is_measured_and_each_pair_tested(engines, tmp_path, capsys):
    code, lines, _ = run(write(tmp_path / "reviewed.csv"), capsys)
    assert code == 0
    first = next(line for line in lines if line["kind"] == "engine" and line["name"] == "attended")
    assert first["subset"] == "all" and first["identity"]["kind"] == "baseline"
    assert (first["notes"]["true_positives"], first["notes"]["false_positives"]) == (1, 1)
    assert first["requirements"]["specificity"]["value"] == 0.0
    assert first["cost"]["notes_per_second"] > 0 and first["cost"]["gbp_per_1000_notes"] >= 0
    pair = next(line for line in lines if line["kind"] == "pair")
    assert pair["requirements"]["only_first_right"] == 1 and pair["notes"]["p_value"] <= 1


def test_held_out_notes_are_reported_apart(engines, tmp_path, capsys):
    _, lines, _ = run(write(tmp_path / "reviewed.csv"), capsys, names="attended")
    subsets = {line["subset"]: line for line in lines if line["kind"] == "engine"}
    assert {name: one["notes"]["notes"] for name, one in subsets.items()} == {"all": 4, "held_out": 2, "known": 2}
    assert subsets["known"]["requirements"]["sensitivity"]["value"] == 1.0
    assert {line["meaning"]: line["errors"] for line in lines if line["kind"] == "meaning"} == {
        "attended": 0,
        "missed": 0,
        "other": 1,
    }


def test_an_engine_with_a_prompt_is_run_with_each_and_one_without_once(engines, tmp_path, capsys):
    _, lines, _ = run(write(tmp_path / "reviewed.csv"), capsys, prompts="a,b")
    names = [line["name"] for line in lines if line["kind"] == "engine" and line["subset"] == "all"]
    assert names == ["attended", "brother a", "brother b"]


def test_an_engine_that_fails_is_named_without_its_words_and_the_others_go_on(engines, tmp_path, capsys):
    code, lines, error = run(write(tmp_path / "reviewed.csv"), capsys, names="broken,attended")
    assert code == 1 and "broken was not compared" in error and "Attended CGL" not in error
    assert [line["name"] for line in lines if line["kind"] == "engine" and line["subset"] == "all"] == ["attended"]


def test_people_get_tables_and_no_note(engines, tmp_path, capsys):
    _, text, error = run(write(tmp_path / "reviewed.csv"), capsys, json_lines=False)
    assert "held-out wordings" in text and "Reliability" in text and "Pairs" in text
    assert not [row[1] for row in ROWS if row[1] in text + error]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (2, "2", "column label is neither 0 nor 1 in 1 of 4"),
        (2, None, "column label is neither 0 nor 1 in 1 of 4"),
        (0, "1", "column id is there before in 1 of 4"),
        (0, " ", "column id is empty in 1 of 4"),
        (5, "maybe", "column held_out is neither 1, true, yes nor 0, false, no in 1 of 4"),
    ],
)
def test_a_row_at_fault_is_refused_with_column_rule_and_count(tmp_path, place, value, said):
    rows = [list(row) for row in ROWS]
    rows[3][place] = value
    with pytest.raises(NotesFileError, match=r"reviewed.csv") as fault:
        reviewed_file(write(tmp_path / "reviewed.csv", rows))
    assert said in str(fault.value) and "brother" not in str(fault.value)


def test_a_missing_column_file_or_row_is_named(tmp_path):
    with pytest.raises(NotesFileError, match="column label is missing"):
        reviewed_file(write(tmp_path / "a.csv", [row[:2] for row in ROWS], COLUMNS[:2]))
    with pytest.raises(NotesFileError, match="there is no such file"):
        reviewed_file(tmp_path / "none.csv")
    with pytest.raises(NotesFileError, match="there is no row"):
        reviewed_file(write(tmp_path / "b.csv", []))


@pytest.mark.parametrize("row", ["2,he came, late,1", "2,he came", '2,"he came,1', '2,"he" came,1'])
def test_a_reviewed_note_that_cannot_be_told_apart_refuses_the_file(tmp_path, row):
    path = tmp_path / "reviewed.csv"
    path.write_text(f"id,text,label\n1,yes,1\n{row}\n3,no,0\n", encoding="utf-8")
    with pytest.raises(NotesFileError, match=r"1 row\(s\) cannot be told apart, the first of them data rows 2\."):
        reviewed_file(path)


def test_a_file_of_three_columns_is_enough(engines, tmp_path, capsys):
    path = write(tmp_path / "a.csv", [row[:3] for row in ROWS], COLUMNS[:3])
    _, lines, _ = run(path, capsys, names="attended")
    assert [line["kind"] for line in lines] == ["engine"] and lines[0]["requirements"]["requirements"] == 0


def test_reviewed_cases_of_a_quarter_are_compared_and_named_simulated(engines, root, review, capsys):
    with pytest.raises(NoReviewedCases):
        reviewed_quarter(root, "2023Q1")
    simulate(root, "2023Q1", review, 2, ErrorRates(0, 0, 0))
    code, lines, _ = run(None, capsys, names="attended", quarter="2023Q1", root=root)
    assert code == 0 and "SIMULATED reviewers of SYNTHETIC notes" in lines[0]["of"]
    assert lines[0]["notes"]["notes"] == 24 and lines[0]["notes"]["accuracy"]["value"] == 1.0
    assert lines[0]["requirements"]["accuracy"]["value"] == 1.0


def test_a_file_and_a_quarter_at_once_are_refused(tmp_path, capsys):
    assert run(write(tmp_path / "a.csv"), capsys, quarter="2023Q1")[0] == 1
    assert run(None, capsys)[0] == 1


def test_drawn_requirements_have_as_many_notes_as_calibrated_and_engaged_ones_say_so():
    notes, truth = draw_requirements(3, 400, False)
    engaged = notes.group_by("requirement_key").agg(pl.col("label").max() == 1).sort("requirement_key")["label"]
    assert (engaged == truth["engaged"]).all()
    assert notes.height / 400 == pytest.approx(18.8, rel=0.12)
    assert notes.equals(draw_requirements(3, 400, False)[0])


def test_held_out_requirements_have_other_wordings():
    known, held_out = (draw_requirements(3, 20, kind)[0] for kind in (False, True))
    assert not set(known["note_text"]) & set(held_out["note_text"])


def test_an_engine_that_says_yes_to_every_note_finds_every_requirement_and_no_other(tmp_path):
    with LabelStore(tmp_path / "labels.sqlite", bytes(32)) as store:
        found = measure_engine(WordEngine(""), NOTES, 40, 1, store)
    for kind in ("known_wordings", "held_out_wordings"):
        assert (found[kind]["sensitivity"], found[kind]["specificity"]) == (1.0, 0.0)
        assert found[kind]["engaged"] + found[kind]["not_engaged"] == 40 and found[kind]["no_answer"] == 0


def test_the_figures_are_added_to_the_metrics_of_the_engine(tmp_path):
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps({"seed": 1, "requirement_level": "old"}))
    write_level(path, {"weights": "w"})
    assert json.loads(path.read_text()) == {"seed": 1, "requirement_level": {"weights": "w"}}
