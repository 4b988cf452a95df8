"""What crosses about how well notes are read: counts and shares after disclosure control."""

import polars as pl
import pytest

from contracts.crossings import READING_SECTIONS, NoteReadingQuality
from nlp_assets.steps.quality.confusion import Confusion
from nlp_assets.steps.quality.reading_quality import collect_reading_quality, read_reviewed_cases
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import TableDoesNotMatchSchema, check_frame

SETTINGS = load_study_settings()
TEXT = "Attended CGL with his brother"
IDENTITY = {
    "engine": "encoder",
    "model": "m",
    "weights": "w",
    "prompt_hash": "",
    "engine_version": "1",
    "settings": "{}",
    "engine_kind": "model",
}


def quarter(engaged, missed, others, wrong):
    """Tables of a quarter with one note per requirement: `engaged` and `others` labelled rightly, two kinds wrongly."""
    truth = ["yes"] * (engaged + missed) + ["no"] * (others + wrong)
    label = [1] * engaged + [0] * missed + [0] * others + [1] * wrong
    keys = [f"key{number}" for number in range(len(truth))]
    filtered = pl.DataFrame({"requirement_key": keys, "contact_id": keys, "note_hash": keys}).with_columns(
        note_text=pl.lit(TEXT)
    )
    labels = pl.DataFrame({"note_hash": keys, "label": label, "p1": [float(one) for one in label]}).with_columns(
        pl.col("label").cast(pl.Int8), status=pl.lit("ok"), **{name: pl.lit(value) for name, value in IDENTITY.items()}
    )
    reviewed = pl.DataFrame({"requirement_key": keys, "answer": truth}).with_columns(
        contact_id=pl.lit(None, pl.String),
        note_hash=pl.lit(None, pl.String),
        reviewer=pl.lit(1, pl.Int8),
        phenomenon=pl.lit(None, pl.String),
        simulated=pl.lit(True),
    )
    engagement = pl.DataFrame({"any_engaged": [one == 1 for one in label]})
    return filtered, labels, engagement, reviewed


def collected(*numbers, **others):
    return collect_reading_quality(*quarter(*numbers), SETTINGS, True, **others)


def of(frame, section, label, measure, group=""):
    rows = frame.filter(
        (pl.col("section") == section)
        & (pl.col("row_label") == label)
        & (pl.col("measure") == measure)
        & (pl.col("row_group") == group)
    )
    assert rows.height == 1
    return rows.row(0, named=True)


def test_it_is_the_crossing_table_and_names_simulated_reviewers():
    frame = check_frame(collected(100, 10, 50, 8), NoteReadingQuality, "note_reading_quality")
    assert of(frame, "reviewed requirements", "all", "reviewers")["words"] == "simulated"
    assert set(frame["section"]) <= set(READING_SECTIONS)


def test_counts_of_the_rule_in_use_are_exact_when_none_is_small():
    frame = collected(101, 9, 53, 7)
    counts = {name: of(frame, "reviewed requirements", "all", name)["value"] for name in Confusion(0, 0, 0, 0).counts}
    assert list(counts.values()) == [101, 9, 7, 53]
    assert of(frame, "reviewed requirements", "all", "sensitivity")["value"] == pytest.approx(100 * 101 / 110, abs=1e-3)


def test_one_small_count_rounds_all_four_and_everything_made_of_them():
    frame = collected(101, 3, 53, 7)
    counts = [of(frame, "reviewed requirements", "all", name)["value"] for name in Confusion(0, 0, 0, 0).counts]
    assert counts == [100, 5, 5, 55]
    sensitivity = of(frame, "reviewed requirements", "all", "sensitivity")
    assert sensitivity["value"] == pytest.approx(100 * 100 / 105, abs=1e-3)
    assert sensitivity["lower"] < 100 * 101 / 104 < sensitivity["upper"]
    assert of(frame, "reviewed requirements", "all", "counts")["words"] == "rounded to 5"


@pytest.mark.parametrize("small", range(1, 5))
def test_no_count_from_one_to_four_is_shown_anywhere(small):
    frame = collected(60, small, 40, small)
    counts = frame.filter((pl.col("unit") == "count") & (pl.col("measure") != "reviewers of each"))["value"]
    assert not counts.is_between(1, 4).any()


def test_a_share_of_too_few_cases_is_not_shown():
    frame = collected(60, 10, 10, 6)
    specificity = of(frame, "reviewed requirements", "all", "specificity")
    assert (specificity["value"], specificity["lower"], specificity["status"]) == (None, None, "[u]")
    assert of(frame, "reviewed requirements", "all", "sensitivity")["status"] == "shown"


def test_no_key_and_no_word_of_a_note_crosses():
    content = collected(60, 10, 40, 6).write_csv()
    assert "key" not in content.replace("keyword", "") and "brother" not in content


def test_without_a_review_there_are_engine_and_statuses_only():
    filtered, labels, engagement, _ = quarter(10, 10, 10, 10)
    frame = collect_reading_quality(filtered, labels, engagement, None, SETTINGS, False)
    assert set(frame["section"]) == {"engine", "statuses"}
    assert of(frame, "statuses", "engaged", "requirements", "requirements")["value"] == 20


def test_flips_of_invented_notes_are_exact_and_stand_in_their_section():
    flips = pl.DataFrame(
        {"attack": ["say_one"], "place": ["after"], "pairs": [40], "flipped": [3], "turned": [0], "lost": [1]}
    )
    frame = collected(60, 10, 40, 6, injection_flips=flips)
    assert frame["section"].to_list()[-1] == "injections" and frame["order"].is_sorted()
    assert of(frame, "injections", "say one", "flipped", "after the note")["value"] == 3


def test_the_audit_of_the_filter_knows_how_often_reviewed_notes_were_wrongly_engaged():
    audit = pl.DataFrame(
        {
            "keyword": ["CGL"],
            "notes": [100],
            "requirements": [50],
            "notes_alone": [30],
            "requirements_alone": [10],
            "labelled_notes": [100],
            "engaged_notes": [40],
        }
    )
    missed = pl.DataFrame(
        {
            "unit": ["notes"],
            "population": [1000],
            "sampled": [100],
            "known": [100],
            "engaged": [10],
            "explaining_error": [0.1],
        }
    )
    filtered, labels, engagement, reviewed = quarter(60, 10, 40, 6)
    notes = reviewed.with_columns(contact_id="requirement_key", note_hash="requirement_key")
    both = pl.concat([reviewed, notes], how="vertical_relaxed")
    frame = collect_reading_quality(
        filtered, labels, engagement, both, SETTINGS, True, keyword_audit=audit, missed_engagement=missed
    )
    assert of(frame, "keyword audit", "CGL", "share labelled engaged")["value"] == 40
    wrong = of(frame, "missed engagement", "notes without a keyword", "wrong labels among reviewed notes")
    assert wrong["value"] == pytest.approx(100 * 6 / 46, abs=1e-3)


def test_the_measured_level_of_an_engine_is_shown_for_its_own_weights_only():
    level = {
        "sensitivity": 0.9,
        "sensitivity_interval": [0.8, 0.95],
        "engaged": 150,
        "specificity": 0.7,
        "specificity_interval": [0.6, 0.8],
        "not_engaged": 150,
    }
    measured = {"weights": "w", "known_wordings": level, "held_out_wordings": level}
    group = "requirement level on synthetic notes"
    shown = collected(60, 10, 40, 6, requirement_levels=[measured])
    assert of(shown, "engine", "held-out wordings", "specificity", group)["value"] == 70
    other = collected(60, 10, 40, 6, requirement_levels=[measured | {"weights": "other"}])
    assert group not in other["row_group"]


def test_a_simulated_review_counts_on_synthetic_extracts_and_where_nobody_reviewed(tmp_path):
    reviewed = quarter(1, 0, 1, 0)[3].select(
        "requirement_key", "contact_id", "note_hash", "reviewer", "answer", "phenomenon", "simulated"
    )
    for folder, simulated in (("review_simulated", True), ("review", False)):
        path = tmp_path / "nlp" / folder / "2023Q1" / "reviewed_cases.parquet"
        path.parent.mkdir(parents=True)
        assert read_reviewed_cases(tmp_path, "2023Q1", False) is None
        reviewed.with_columns(simulated=pl.lit(simulated)).write_parquet(path)
        found = read_reviewed_cases(tmp_path, "2023Q1", True)
        assert found is not None and found["simulated"].all() == simulated


def test_a_table_of_cases_that_was_changed_is_refused_without_a_value(tmp_path):
    path = tmp_path / "nlp" / "review" / "2023Q1" / "reviewed_cases.parquet"
    path.parent.mkdir(parents=True)
    quarter(1, 0, 1, 0)[3].with_columns(answer=pl.lit(TEXT)).write_parquet(path)
    with pytest.raises(TableDoesNotMatchSchema) as fault:
        read_reviewed_cases(tmp_path, "2023Q1", True)
    assert "brother" not in str(fault.value)


def test_the_reason_for_reading_real_notes_without_an_instruct_model_crosses_with_the_engine():
    because = {"without_instruct_model_because": "no GPU this quarter"}
    labels = SETTINGS.notes.labels.model_copy(update=because)
    reasoned = SETTINGS.model_copy(update={"notes": SETTINGS.notes.model_copy(update={"labels": labels})})
    measure = "without an instruct model because"

    def read(synthetic, **identity):
        filtered, made, engagement, _reviewed = quarter(60, 10, 40, 6)
        made = made.with_columns(**{name: pl.lit(value) for name, value in identity.items()})
        return collect_reading_quality(filtered, made, engagement, None, reasoned, synthetic)

    assert of(read(False), "engine", "encoder", measure)["words"] == "no GPU this quarter"
    assert of(read(False, engine="vllm_prompt", engine_kind="fixture"), "engine", "vllm_prompt", measure)
    for frame in (read(True), read(False, engine="vllm_prompt"), read(False, engine="chat")):
        assert measure not in frame["measure"]


def test_contacts_that_were_read_and_not_read_are_counted_rounded():
    selection = pl.DataFrame(
        [("another requirement of the person", 13, 7, True), ("marked sensitive, not read", 3, 2, False)],
        schema=["kind", "notes", "requirements", "is_read"],
        orient="row",
    )
    frame = check_frame(collected(100, 10, 50, 8, note_selection=selection), NoteReadingQuality, "note_reading_quality")
    assert of(frame, "selection", "another requirement of the person", "notes")["value"] == 15
    assert of(frame, "selection", "marked sensitive, not read", "notes")["value"] == 5
    assert of(frame, "selection", "marked sensitive, not read", "read")["words"] == "no"
