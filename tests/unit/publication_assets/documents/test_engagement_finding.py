"""The first finding leads with what is known best, and its caveat with what is known worst."""

from dataclasses import replace

import pytest

from modelling_assets.steps.engagement.design_based import Estimate
from modelling_assets.steps.engagement.extrapolate_sample import unlinked_of_type
from modelling_assets.steps.engagement.worst_known_result import WorstKnown, share_at_worst, worst_known_result
from publication_assets.steps.figures.of_quality.note_figures import any_treatment_text
from publication_assets.steps.report.report_figures import report_figures
from publication_assets.steps.report.write_report import report
from publication_assets.steps.tables.make_tables import TableInputs, make_tables
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.disclosure.show_cells import published_cells
from publishing.documents.document import Finding, Paragraph, text_of
from publishing.documents.render_document import document_html

MEASURED = ("engine", "requirement level on synthetic notes")
WORST = WorstKnown("held-out wordings", Estimate(0.95, 0.9, 0.98, 0), Estimate(0.4, 0.3, 0.5, 0))


@pytest.fixture(scope="module")
def at_worst(study_frame, pooled, estimate, reviewed, use_of, settings):
    inputs = TableInputs(
        study_frame,
        pooled,
        estimate(study_frame, reviewed(200, 10, 30, 84)),
        substance_use=use_of(study_frame),
        worst=WORST,
    )
    return published_cells(make_tables(inputs, settings))


def first_finding(cells, consort, facts) -> Finding:
    return next(block for block in report(cells, consort, facts).blocks() if isinstance(block, Finding))


def test_the_worst_result_is_the_one_with_the_lowest_specificity(reading):
    quality = reading(
        (*MEASURED, "known wordings", "sensitivity", "percent", 99, 96, 100),
        (*MEASURED, "known wordings", "specificity", "percent", 67, 59, 74),
        (*MEASURED, "held-out wordings", "sensitivity", "percent", 97, 93, 99),
        (*MEASURED, "held-out wordings", "specificity", "percent", 24, 18, 31),
    )
    worst = worst_known_result(quality)
    assert worst is not None and worst.wordings == "held-out wordings"
    assert (worst.sensitivity.value, worst.specificity.lower) == (0.97, 0.18)
    assert worst_known_result(reading(("engine", "", "chat", "model", "words", "a model"))) is None


def test_a_share_at_the_worst_result_is_corrected_with_it_and_its_limits_enclose_it(build, sampled):
    frame = build((80, sampled(any_engaged=True)), (20, sampled(any_engaged=False)), (300, {}))
    found = share_at_worst(unlinked_of_type(frame, "ATR"), WORST, 0.95)
    assert found is not None and found.value == pytest.approx((0.8 + 0.4 - 1) / (0.95 + 0.4 - 1))
    assert 0 <= found.lower < found.value < found.upper <= 1


def test_labels_that_would_say_nothing_give_no_share(build, sampled):
    frame = build((80, sampled(any_engaged=True)), (20, sampled(any_engaged=False)))
    useless = replace(WORST, specificity=Estimate(0.1, 0.05, 0.15, 0))
    assert share_at_worst(unlinked_of_type(frame, "ATR"), useless, 0.95) is None


def test_the_caveat_carries_the_worst_known_result_and_what_the_share_would_be(at_worst, consort, facts):
    caveat, shown = first_finding(at_worst, consort, facts).caveat, ShownCells(at_worst)
    then = shown.percent("engagement_estimates", "all/worst known result", "estimated_any_treatment")
    assert "There it labels 40% (30% to 50%) of requirements without engagement correctly" in caveat
    assert f"the share in any treatment would be {then} (" in caveat
    share = shown.value("engagement_estimates", "all/worst known result", "estimated_any_treatment")
    assert share is not None and share < 83


def test_what_is_not_known_of_an_engine_is_not_said(cells, consort, facts):
    assert "worst" not in first_finding(cells, consort, facts).caveat


def test_with_an_engine_that_has_read_no_real_note_the_finding_is_experimental(cells, consort, facts, fixture_engine):
    plain, experimental = (
        first_finding(cells, consort, replace(facts, engines=engines)).heading for engines in ((), (fixture_engine,))
    )
    assert plain.startswith("An estimated") and experimental.startswith("Experimental: an estimated")
    model = replace(fixture_engine, kind="model")
    assert first_finding(cells, consort, replace(facts, engines=(model,))).heading == plain


def test_without_reviewed_cases_the_heading_says_that_nothing_is_corrected(
    tabulate, study_frame, pooled, consort, facts
):
    heading = first_finding(tabulate(study_frame, pooled), consort, facts).heading
    assert heading.endswith("not corrected for classification error") and "Up to" not in heading


def test_without_reviewed_cases_the_heading_leads_with_the_range_down_to_the_worst_known_result(
    tabulate, study_frame, pooled, consort, facts
):
    cells = tabulate(study_frame, pooled, worst=WORST)
    shown = ShownCells(cells)
    worst, labelled = (
        shown.percent("engagement_estimates", f"all/{basis}", "estimated_any_treatment")
        for basis in ("worst known result", "as labelled")
    )
    sentence = f"An estimated {worst} to {labelled} of ATRs and DRRs had some form of treatment"
    assert first_finding(cells, consort, facts).heading == f"{sentence}, depending on classification error"
    page = document_html(report(cells, consort, facts), facts)
    assert f"{sentence}, depending on classification error. Of" in page
    assert f"an estimated {worst} to {labelled} had some treatment" in page
    figure = report_figures(shown, facts)["1"]
    assert figure.title.startswith(sentence)
    assert [row[1] for row in figure.rows][:3] == [
        "Linked to structured treatment",
        "Any treatment, at the worst known error",
        "Any treatment, as labelled",
    ]


def test_figure_1_leads_with_the_corrected_estimate_and_its_interval(cells, facts):
    shown = ShownCells(cells)
    figure = report_figures(shown, facts)["1"]
    corrected = any_treatment_text(shown, "All")
    assert figure.title.startswith(f"An estimated {corrected} of ATRs and DRRs") and "(" in corrected
    said = [row[1] for row in figure.rows if row[0] == figure.rows[0][0]]
    assert said == ["Linked to structured treatment", "Any treatment, corrected", "Any treatment, as labelled"]


def test_figure_1_without_a_correction_says_so_in_its_title(tabulate, study_frame, pooled, facts):
    figure = report_figures(ShownCells(tabulate(study_frame, pooled)), facts)["1"]
    assert "not corrected for classification error" in figure.title
    assert "Any treatment, corrected" not in {row[1] for row in figure.rows}


def test_what_the_keyword_filter_leaves_out_is_said_where_the_estimate_stands(cells, consort, facts):
    count = ShownCells(cells).text("contact_note_evidence", "no keyword notes", "requirements/All")
    finding = " ".join(first_finding(cells, consort, facts).sentences)
    assert "Only notes with a treatment keyword were classified." in finding and f"({count} of " in finding
    section = next(each for each in report(cells, consort, facts).sections if each.anchor == "identification")
    assert f"({count} of " in " ".join(text_of(each.words) for each in section.blocks if isinstance(each, Paragraph))
