"""The page on how contact notes were read: accessible, self-contained, and honest about what was not done."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.crossings import READING_SECTIONS, NoteReadingQuality
from publication_assets.steps.documents.reading_engines import BaselineCannotBePublished, reading_engines
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.quality.write_note_reading import note_reading_html, note_reading_values
from publication_assets.steps.tables.estimates.quality_tables import in_words
from publication_assets.steps.tables.estimates.tables_estimates import estimates_with_uncertainty, label_errors
from resources.zone.schema_check import check_frame
from tests.page_outline import Outline
from tests.seen_cells import SeenCells as ShownCells

if TYPE_CHECKING:
    from publishing.tables.counted_table import Cell

ENGINE = {
    "model": "a model",
    "weights": "0123456789abcdef" * 4,
    "prompt hash": "",
    "engine version": "1",
    "settings": "{}",
}


def engine(name: str, kind: str, **changes: str) -> list[tuple]:
    said = ENGINE | {"engine kind": kind} | changes
    return [("engine", "", name, measure, "words", words) for measure, words in said.items()]


@pytest.fixture(scope="module")
def quality(reading):
    rows = [
        *engine("vllm_prompt", "model"),
        ("engine", "requirement level on synthetic notes", "held-out wordings", "sensitivity", "percent", 71, 66, 76),
        ("statuses", "distinct notes", "ok", "notes", "count", 61000),
        ("reviewed requirements", "", "all", "reviewers", "words", "people"),
        ("reviewed requirements", "", "all", "true positives", "count", 200),
        ("reviewed requirements", "", "all", "kappa", "number", 0.63, 0.5, 0.7),
        ("requirement rules", "", "at least 2 notes", "specificity", "percent", 80, 70, 90),
    ]
    frame = reading(*rows)
    return check_frame(frame, NoteReadingQuality, "note_reading_quality")


@pytest.fixture(scope="module")
def page(cells, quality, facts):
    return note_reading_html(cells, quality, replace(facts, engines=reading_engines(quality)))


@pytest.fixture(scope="module")
def outline(page):
    return Outline(page)


def test_the_page_loads_nothing_its_headings_descend_and_every_link_inside_leads_somewhere(page, outline):
    assert outline.loads == [] and "url(http" not in page and "@import" not in page
    assert outline.targets and outline.leads_through_the_page()


def test_tables_and_pictures_are_described(page, outline):
    assert page.count("<table>") == page.count("<caption>") > 10 and set(outline.headers) == {"col", "row"}
    assert len(outline.pictures) == 4  # two figures, each for a wide page and for a phone
    assert all(picture["role"] == "img" and len(picture["aria-label"]) > 40 for picture in outline.pictures)


def test_the_same_figures_make_the_same_page(cells, quality, facts, page):
    assert note_reading_html(cells, quality, replace(facts, engines=reading_engines(quality))) == page


def test_synthetic_data_is_named_in_title_banner_and_captions_but_not_where_the_published_study_speaks(
    cells, quality, facts
):
    marked = note_reading_html(cells, quality, replace(facts, synthetic=True))
    assert "(synthetic data)</title>" in marked and 'class="banner"' in marked
    captions = re.findall("<caption>(.*?)</caption>", marked)
    published = [caption for caption in captions if "SYNTHETIC" not in caption]
    assert len(published) == 4 and published[0].startswith("Errors that turn 65% engaged into 81.2% labelled")


def test_every_section_that_may_cross_has_a_place_on_the_page(cells, quality, facts, reading):
    rows = [(section, "", f"row of {section}", "m", "count", 10) for section in READING_SECTIONS if section != "engine"]
    text = note_reading_html(cells, reading(*rows), facts)
    turned_on_their_side = {"reviewed requirements", "reviewer agreement"}
    assert all(f"row of {section}" in text for section in {row[0] for row in rows} - turned_on_their_side)
    assert text.count('<tr><th scope="row">M</th><td class="n">10</td></tr>') == len(turned_on_their_side)


def test_every_value_that_the_page_is_given_stands_in_a_template(cells, quality, facts, unused):
    assert unused("note_reading", note_reading_values(cells, quality, facts)) == set()


def test_a_part_that_was_not_made_is_said_to_be_missing(cells, facts, reading):
    text = note_reading_html(cells, reading(), facts)
    for said in (
        "No note was labelled",
        "There are no reviewed cases for this quarter",
        "not audited in this run",
        "that the filter misses is not known",
    ):
        assert said in text


def test_figures_of_the_notes_zone_stand_with_their_intervals(page):
    assert '<td class="n">71.0 (66.0 to 76.0)</td>' in page
    assert "0.63 (0.5 to 0.7)" in page
    withheld = {"unit": "percent", "value": None, "lower": None, "upper": None, "words": None, "status": "[u]"}
    assert in_words(withheld) == "[u]"


def test_this_run_stands_beside_the_published_study(page):
    assert re.search(
        r"Engaged of those not linked, as labelled \(%\): ATRs</th><td[^>]*>85%</td>"
        r"<td[^>]*>67% \(\d+% to \d+%\)</td>",
        page,
    )
    assert '90% of all requirements, less those linked</th><td class="n">18,712.7</td>' in page
    assert "65% (60% to 70%) had engaged in some treatment" in page


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("vllm_prompt", "fixture", "a fixture model fit for tests only (a model, weights 0123456789ab)"),
        ("vllm_encoder", "model", "a sentence encoder with a classifier trained on invented notes"),
        ("vllm_prompt", "model", "a language model (a model, weights 0123456789ab)"),
    ],
)
def test_what_read_the_notes_is_named_by_what_the_notes_zone_states(name, kind, said, reading, facts):
    engines = reading_engines(reading(*engine(name, kind)))
    named = replace(facts, engines=engines)
    assert named.read_by.startswith(said)
    assert bool(named.warnings) == bool(named.reading_mark) == (not said.startswith("a language model"))


def test_the_reason_for_no_instruct_model_is_among_the_first_things_said(reading, facts):
    because = ("engine", "", "encoder", "without an instruct model because", "words", "no GPU this quarter")
    named = replace(facts, engines=reading_engines(reading(*engine("encoder", "model"), because)))
    assert named.warnings[-1].endswith("No instruct model read them, for this reason: no GPU this quarter")
    assert not any(
        "instruct" in said
        for said in replace(facts, engines=reading_engines(reading(*engine("encoder", "model")))).warnings
    )


def test_two_models_of_one_engine_are_both_named(reading):
    found = reading_engines(reading(*engine("chat", "model"), *engine("chat", "model", weights="stated by nobody")))
    assert [stated.weights for stated in found] == ["0123456789ab", "stated by nobody"]


def test_a_simulated_review_is_named_first(study_frame, settings, reading):
    played = reading(("reviewed requirements", "", "all", "reviewers", "words", "simulated"))
    by_people = reading(("reviewed requirements", "", "all", "reviewers", "words", "people"))
    said = [run_facts(study_frame, "2023Q1", settings, quality).warnings for quality in (played, by_people)]
    assert said[0][0].startswith("Simulated review") and said[1] == []


def test_labels_of_a_baseline_are_not_published(reading):
    with pytest.raises(BaselineCannotBePublished, match="rules, a baseline"):
        reading_engines(reading(*engine("rules", "baseline")))


def test_every_basis_of_an_estimate_is_a_row_and_what_is_missing_is_said(build, sampled, estimate):
    frame = build((40, sampled(any_engaged=True)), (40, sampled(any_engaged=False)), (120, {}))
    table = estimates_with_uncertainty(frame, estimate(frame))
    cells: dict[tuple[tuple[str, ...], str], Cell] = {((*cell.row,), str(cell.measure)): cell for cell in table.cells}
    share, remark = "Engaged in treatment, estimate (% of those not linked)", "Remark"
    assert cells[("ATRs", "As labelled, uncorrected"), share].value == 50
    assert cells[("ATRs", "Corrected for label error"), share].value is None
    assert "There are no reviewed cases" in (cells[("ATRs", "Corrected for label error"), remark].text or "")
    assert len({row for row, _ in cells}) == 12


def test_requirements_without_a_result_widen_what_table_20_shows(build, sampled, estimate):
    frame = build((40, sampled(any_engaged=True)), (40, sampled(any_engaged=False)), (20, sampled(any_engaged=None)))
    table = estimates_with_uncertainty(frame, estimate(frame))
    share = "Engaged in treatment, estimate (% of those not linked)"
    found = [cell.value for cell in table.cells if cell.row[0] == "ATRs" and cell.measure == share]
    assert found == [50, None, 40, 60]


def test_a_small_count_of_decoys_not_engaged_does_not_follow_from_table_21(build, link, sampled, tabulate, pooled):
    frame = build(
        (97, sampled(**link("Completed", any_engaged=True))),
        (3, sampled(**link("Completed", any_engaged=False))),
        (100, {}),
    )
    shown = ShownCells(tabulate(frame, pooled.clear()))
    assert shown.text(21, "ATRs", "Labelled correctly (%)", "Linked requirements read as positive controls") == "[c]"


def test_reviewed_requirements_and_decoys_stand_side_by_side(study_frame, estimate, reviewed):
    table = label_errors(estimate(study_frame, reviewed(200, 10, 30, 84)))
    rightly: dict[tuple[str, ...], float | None] = {
        (*cell.row,): cell.value for cell in table.cells if cell.measure == "Labelled correctly (%)"
    }
    groups = {
        "Reviewed requirements not linked": 200 / 210,
        "All reviewed requirements, with positive controls": 250 / 260,
    }
    for group, sensitivity in groups.items():
        assert rightly[group, "Engaged according to reviewers"] == pytest.approx(100 * sensitivity)
        assert rightly[group, "Not engaged according to reviewers"] == pytest.approx(100 * 84 / 114)
    assert rightly["Linked requirements read as positive controls", "{types}"] == 100


def test_where_a_program_reviewed_the_page_does_not_say_that_people_did(cells, quality, facts):
    reviewed = {
        said: note_reading_html(cells, quality, replace(facts, simulated_review=said)) for said in (True, False)
    }
    assert "No person read a note." in reviewed[True] and "People read their notes" not in reviewed[True]
    assert "People read their notes, on pages that show no label." in reviewed[False]
