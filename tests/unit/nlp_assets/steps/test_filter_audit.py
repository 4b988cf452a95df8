"""What each keyword finds, and what the filter misses."""

from datetime import date

import polars as pl
import pytest

from contracts.crossings import NoteReadingQuality
from nlp_assets.schemas.audit import ExcludedSample, KeywordAudit, MissedEngagement
from nlp_assets.steps.notes.filter_notes import filter_notes, treatment_keywords
from nlp_assets.steps.notes.note_hash import note_hash
from nlp_assets.steps.quality.audit_keywords import audit_keywords, audit_quality_rows
from nlp_assets.steps.quality.confusion import Confusion
from nlp_assets.steps.quality.draw_excluded_sample import draw_excluded_sample
from nlp_assets.steps.quality.estimate_missed_engagement import estimate_missed_engagement, explaining_error
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

SETTINGS = load_study_settings()
KEY = bytes(32)
AUDIT = SETTINGS.notes.audit.model_copy(update={"excluded_notes": 4, "excluded_requirements": 2})


def requested(*notes):
    """Notes given as requirement, contact, text."""
    columns = {"requirement_key": pl.String, "contact_id": pl.String, "note_text": pl.String}
    return pl.DataFrame(list(notes), schema=columns, orient="row").with_columns(
        contact_date=pl.lit(date(2022, 5, 1)), before_termination=False
    )


def filtered(notes):
    return filter_notes(notes, treatment_keywords(), SETTINGS.notes.filter, KEY)


def labels(texts):
    """Labels given as text -> label."""
    hashes = note_hash(texts, KEY)
    return pl.DataFrame({"note_hash": hashes, "label": pl.Series(list(texts.values()), dtype=pl.Int8)})


def audit_of(notes, said):
    audit = audit_keywords(filtered(notes), labels(said), treatment_keywords())
    check_frame(audit, KeywordAudit, "keyword_audit")
    return {row["keyword"]: row for row in audit.iter_rows(named=True)}


NOTES = requested(
    ("r1", "c1", "AA meeting"),
    ("r1", "c2", "on methadone"),
    ("r2", "c3", "ATR explained"),
    ("r2", "c4", "ATR again"),
    ("r3", "c5", "went home"),
    ("r2", "c2", "on methadone"),
)
SAID = {"AA meeting": 1, "on methadone": 0, "ATR explained": None, "ATR again": 1}


def test_the_audit_has_a_row_for_each_of_the_45_keywords_in_the_published_order():
    assert list(audit_of(NOTES, SAID)) == treatment_keywords()
    assert list(audit_of(requested(), {})) == treatment_keywords()


def test_a_keyword_within_another_is_counted_and_finds_nothing_alone():
    audit = audit_of(NOTES, SAID)
    assert (audit["AA"]["notes"], audit["AA"]["notes_alone"]) == (1, 0)
    assert (audit["AA meeting"]["notes"], audit["AA meeting"]["notes_alone"]) == (1, 0)


def test_a_contact_in_two_windows_is_one_note_and_two_requirements():
    found = audit_of(NOTES, SAID)["Methadone"]
    assert (found["notes"], found["requirements"], found["notes_alone"]) == (1, 2, 1)


def test_a_requirement_is_found_by_a_keyword_alone_when_all_its_keyword_notes_are():
    assert audit_of(NOTES, SAID)["ATR"]["requirements_alone"] == 0
    without_methadone = NOTES.filter(~((pl.col("requirement_key") == "r2") & (pl.col("contact_id") == "c2")))
    assert audit_of(without_methadone, SAID)["ATR"]["requirements_alone"] == 1


def test_the_share_labelled_engaged_is_of_notes_with_a_label():
    audit = audit_of(NOTES, SAID)
    assert (audit["ATR"]["notes"], audit["ATR"]["labelled_notes"], audit["ATR"]["engaged_share"]) == (2, 1, 1.0)
    assert audit["CGL"]["engaged_share"] is None


EXCLUDED = requested(
    *((f"r{number % 5}", f"c{number:03d}", f"saw the officer {number}") for number in range(60)),
    ("r0", "c900", "CGL today"),
    ("r1", "c901", None),
    ("r1", "c902", " \n"),
    ("r4", "c003", "saw the officer 3"),
)
ANY_ENGAGED = {"r0": True, "r1": False, "r2": False, "r3": None, "r4": False, "r5": False, "r6": True}
ENGAGEMENT = pl.DataFrame({"requirement_key": list(ANY_ENGAGED), "any_engaged": list(ANY_ENGAGED.values())})


def sample_of(notes, audit=AUDIT):
    sample = draw_excluded_sample(notes.lazy(), filtered(notes), ENGAGEMENT, audit, KEY)
    check_frame(sample, ExcludedSample, "excluded_sample")
    return sample


def test_the_sample_holds_no_keyword_note_and_no_blank_one():
    everything = AUDIT.model_copy(update={"excluded_notes": 1000})
    drawn = sample_of(EXCLUDED, everything).filter(pl.col("drawn_as") == "note")
    assert sorted(drawn["contact_id"]) == [f"c{number:03d}" for number in range(60)]


def test_the_sample_does_not_depend_on_the_order_of_rows_and_another_seed_draws_another():
    assert sample_of(EXCLUDED.reverse()).equals(sample_of(EXCLUDED))
    other = AUDIT.model_copy(update={"seed": AUDIT.seed + 1})
    assert not sample_of(EXCLUDED, other).equals(sample_of(EXCLUDED))


def test_a_requirement_that_is_drawn_brings_all_its_excluded_notes_and_was_called_not_engaged():
    everyone = AUDIT.model_copy(update={"excluded_requirements": 100})
    drawn = sample_of(EXCLUDED, everyone).filter(pl.col("drawn_as") == "requirement")
    assert dict(drawn["requirement_key"].value_counts().iter_rows()) == {"r1": 12, "r2": 12, "r4": 13}


def test_under_the_keys_of_the_next_release_the_same_requirements_are_drawn():
    one = AUDIT.model_copy(update={"excluded_requirements": 1})
    contacts = sample_of(EXCLUDED, one).filter(pl.col("drawn_as") == "requirement")["contact_id"].to_list()
    other = {key: f"q{9 - int(key[1:])}" for key in ANY_ENGAGED}
    notes = EXCLUDED.with_columns(pl.col("requirement_key").replace(other))
    engagement = ENGAGEMENT.with_columns(pl.col("requirement_key").replace(other))
    sample = draw_excluded_sample(notes.lazy(), filtered(notes), engagement, one, KEY)
    assert sample.filter(pl.col("drawn_as") == "requirement")["contact_id"].to_list() == contacts


def missed(said, audit=AUDIT):
    sample = sample_of(EXCLUDED, audit)
    texts = {text: said.get(text, 0) for text in sample["note_text"].unique(maintain_order=True)}
    estimate = estimate_missed_engagement(EXCLUDED.lazy(), filtered(EXCLUDED), ENGAGEMENT, sample, labels(texts), audit)
    check_frame(estimate, MissedEngagement, "missed_engagement")
    return {row["unit"]: row for row in estimate.iter_rows(named=True)}


EVERYTHING = AUDIT.model_copy(update={"excluded_notes": 1000, "excluded_requirements": 100})


def test_the_estimate_counts_what_was_drawn_and_what_its_labels_say():
    estimate = missed({"saw the officer 1": 1, "saw the officer 0": 1, "saw the officer 2": None}, EVERYTHING)
    notes, requirements = estimate["notes"], estimate["requirements"]
    assert [notes[name] for name in ("population", "sampled", "known", "engaged")] == [60, 60, 59, 2]
    assert notes["explaining_error"] == pytest.approx(2 / 59)
    # r1 has a note labelled 1; r2 has one without a label; r4 none; r5 has no note at all and is decided by that.
    assert [requirements[name] for name in ("population", "sampled", "known", "engaged")] == [4, 4, 3, 1]
    assert [requirements[name] for name in ("excluded_notes", "labelled_engaged")] == [25, 1]


def test_nothing_called_engaged_among_the_excluded_needs_no_wrong_label():
    assert [row["explaining_error"] for row in missed({}, EVERYTHING).values()] == [0.0, 0.0]


def test_few_wrong_labels_explain_much_where_requirements_have_many_notes():
    error = explaining_error(31, [12] * 100)
    assert error == pytest.approx(1 - 0.69 ** (1 / 12))
    assert explaining_error(0, []) is None


def quality(known, engaged, reviewed=None):
    audit = audit_keywords(filtered(NOTES), labels(SAID), treatment_keywords())
    row = {
        "unit": "notes",
        "population": 40_002,
        "sampled": 1000,
        "known": known,
        "engaged": engaged,
        "excluded_notes": known,
        "labelled_engaged": engaged,
        "explaining_error": engaged / known if known else None,
    }
    rows = audit_quality_rows(audit, pl.DataFrame([row]), SETTINGS, reviewed)
    whole = rows.with_row_index("order", offset=1).with_columns(pl.col("order").cast(pl.Int32), synthetic=True)
    check_frame(whole, NoteReadingQuality, "note_reading_quality")
    return rows


def of_measure(rows, measure):
    return rows.filter((pl.col("section") == "missed engagement") & (pl.col("measure") == measure)).row(0, named=True)


def test_no_count_under_the_disclosure_threshold_crosses():
    for rows in (quality(998, 3), quality(998, 995), quality(0, 0), quality(12, 6)):
        counts = rows.filter(pl.col("unit") == "count")["value"]
        assert not counts.is_between(1, SETTINGS.publication.disclosure_threshold - 1).any()


def test_a_small_count_cannot_be_worked_out_from_a_share():
    missed_engagement = pl.col("section") == "missed engagement"
    two, three, four = (quality(1000, engaged).filter(missed_engagement) for engaged in (2, 3, 4))
    assert three.equals(four)
    assert not two.equals(three)
    share = of_measure(three, "share engaged")
    assert share["value"] == 0.5 and share["lower"] < 0.3 and share["upper"] > 0.7


def test_the_share_missed_has_an_interval_and_says_how_many_notes_that_is():
    rows = quality(1000, 40, Confusion(80, 5, 10, 95))
    share, number = of_measure(rows, "share engaged"), of_measure(rows, "number engaged")
    assert share["value"] == 4 and 2.8 < share["lower"] < 3.2 and 5 < share["upper"] < 5.5
    assert number["value"] == pytest.approx(0.04 * 40_000) and number["lower"] < number["value"] < number["upper"]
    wrong = of_measure(rows, "wrong labels among reviewed notes")
    assert wrong["value"] == pytest.approx(5) and wrong["lower"] < 5 < wrong["upper"]


def test_a_share_of_few_records_is_not_shown():
    assert of_measure(quality(12, 6), "share engaged")["status"] == "[u]"
    assert of_measure(quality(0, 0), "share engaged")["status"] == "[x]"
