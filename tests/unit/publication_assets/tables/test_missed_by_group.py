"""Table 40 and its sentences: linkage by group, corrected for the links estimated to be missed there."""

import numpy as np
import polars as pl
import pytest

from publication_assets.steps.report.assumptions.sensitivity_text import told_rows
from publication_assets.steps.report.report_linkage import linkage_values
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_breakdowns import linked_by_accommodation
from publication_assets.steps.tables.estimates.tables_missed_by_group import linked_with_missed_by_group
from publication_assets.steps.tables.estimates.tables_missed_links import corrected_for_wrong_links
from publication_assets.steps.tables.make_tables import TableInputs, make_tables
from publishing.disclosure.show_cells import published_cells, show_cells
from tests.seen_cells import SeenCells as ShownCells

MISSED = "Expected missed (% of expected true)"


@pytest.fixture
def requirements(build, link) -> pl.DataFrame:
    """ATRs: 60 of 100 settled and 30 of 100 of no fixed address linked; DRRs: 45 and 40 of 100."""
    groups = []
    for kind, settled, none in (("ATR", 60, 30), ("DRR", 45, 40)):
        for accommodation, linked in (("Settled", settled), ("No fixed address", none)):
            kept = {"requirement_type": kind, "accommodation": accommodation}
            groups += [(linked, link("Completed", **kept)), (100 - linked, kept)]
    return build(*groups)


@pytest.fixture
def quality(quality_of):
    """What linkage expects to miss: 10% of settled people, 40% of those of no fixed address; review finds more."""
    rates = (("Settled", 10.0, 8.0, 12.0), ("No fixed address", 40.0, 30.0, 50.0), ("Rough sleeping", "[u]"))
    return quality_of(
        [
            *(("groups", "Accommodation at sentence", level, MISSED, "percent", *rate) for level, *rate in rates),
            ("groups", "Sex", "Male", MISSED, "percent", 15.0),
            ("groups", "All people", "All people", MISSED, "percent", 20.0),
            ("review", "Results", "Recall among scored pairs", "Estimate (%)", "percent", 75.0),
        ]
    )


def test_shares_linked_are_divided_by_the_share_of_links_that_are_found_in_the_group(requirements, quality):
    table = linked_with_missed_by_group(requirements, quality, 0.95)
    check_tables_agree([table, linked_by_accommodation(requirements, 0.95)])
    values = {(cell.row.key, cell.measure.key): cell.value for cell in table.cells}
    assert values["accommodation/settled", "corrected_for_missed/atr"] == pytest.approx(100 * 0.6 / 0.9)
    assert values["accommodation/no_fixed_address", "corrected_for_missed/atr"] == pytest.approx(100 * 0.3 / 0.6)
    assert values["all_by_review", "missed"] == 25
    assert (
        values["accommodation/rough_sleeping", "missed"] is None
        and values["accommodation/rough_sleeping", "corrected_for_missed/atr"] is None
    )


def test_limits_of_a_corrected_share_hold_the_chance_of_links_and_of_missed_links(requirements, quality):
    table = linked_with_missed_by_group(requirements, quality, 0.95)
    values = {(cell.row.key, cell.measure.key): cell.value for cell in table.cells}

    def limits(row: str, share: str) -> list[float]:
        return [values[row, f"{share}_{side}/atr"] or 0.0 for side in ("lower", "upper")]

    linked, corrected = (
        limits("accommodation/no_fixed_address", each) for each in ("linked_share", "corrected_for_missed")
    )
    assert corrected[0] < linked[0] / 0.6 and linked[1] / 0.6 < corrected[1]
    # Drawn as often as the share is of 100, and the rate by its limits: nine in ten and more of the ratios lie within.
    random = np.random.default_rng(4)
    drawn = random.binomial(100, 0.3, 20_000) / 100 / (1 - random.normal(0.4, 0.05, 20_000))
    assert 0.93 < np.mean((100 * drawn > corrected[0]) & (100 * drawn < corrected[1])) < 0.97
    assert values["sex/male", "missed"] == 15 and values["sex/male", "missed_lower"] is None
    assert values["sex/male", "corrected_for_missed/atr"] is None and values["sex/female", "missed"] is None


def test_a_rate_that_contradicts_the_links_corrects_nothing(requirements, quality_of):
    high = quality_of([("groups", "Accommodation at sentence", "Settled", MISSED, "percent", 50.0)])
    table = linked_with_missed_by_group(requirements, high, 0.95)
    values = {(cell.row.key, cell.measure.key): cell.value for cell in table.cells}
    assert values["accommodation/settled", "corrected_for_missed/atr"] is None
    assert values["accommodation/settled", "corrected_for_missed/drr"] == pytest.approx(90)


def told_of(requirements, quality, settings, pooled, estimate, facts) -> list[str]:
    inputs = TableInputs(requirements, pooled.clear(), estimate(requirements), linkage_quality=quality)
    shown = ShownCells(published_cells(make_tables(inputs, settings)), facts.wording)
    told = linkage_values(shown, {})["missed_by_accommodation"]
    assert isinstance(told, list)
    return [str(sentence) for sentence in told]


def test_the_finding_on_accommodation_carries_what_missed_links_make_of_it(
    requirements, quality, settings, pooled, estimate, facts
):
    first, atrs, drrs = told_of(requirements, quality, settings, pooled, estimate, facts)

    assert "missed these shares: 40% for no fixed address, 10% for settled accommodation, 20% overall" in first
    assert "By clerical review, 25% of true links among the pairs compared were missed." in first
    assert "Of ATRs, 30% (no fixed address) and 60% (settled accommodation) were linked." in atrs
    assert "Corrected for the links that the model expects it missed in each group, 50% (no fixed address, " in atrs
    assert "67% (settled accommodation, 56% to 77%) were in structured treatment. There is then no " in atrs
    assert "40% (no fixed address) and 45% (settled accommodation) were linked" in drrs
    assert "67% (no fixed address, " in drrs and "There is then no clear difference." in drrs


def test_a_corrected_difference_has_a_direction_only_where_limits_leave_one(
    build, link, quality, settings, pooled, estimate, facts
):
    groups = []
    for kind, settled, none in (("ATR", 600, 300), ("DRR", 450, 400)):
        for accommodation, linked in (("Settled", settled), ("No fixed address", none)):
            kept = {"requirement_type": kind, "accommodation": accommodation}
            groups += [(linked, link("Completed", **kept)), (1000 - linked, kept)]

    _, atrs, drrs = told_of(build(*groups), quality, settings, pooled, estimate, facts)

    assert "The difference is then smaller." in atrs
    assert "The difference is then the other way round." in drrs


def test_the_finding_says_what_is_missed_by_ethnic_group_and_who_reviewed_pairs(
    requirements, quality_of, settings, pooled, estimate, facts
):
    missed = (("Settled", 10.0), ("No fixed address", 40.0))
    quality = quality_of(
        [
            *(("groups", "Accommodation at sentence", level, MISSED, "percent", rate) for level, rate in missed),
            ("groups", "Ethnic group", "White", MISSED, "percent", 17.0, 16.0, 18.0),
            ("groups", "Ethnic group", "Asian", MISSED, "percent", 9.0, 8.0, 10.0),
            ("groups", "All people", "All people", MISSED, "percent", 20.0),
            ("review", "Results", "Recall among scored pairs", "Estimate (%)", "percent", 75.0),
            ("review", "Results", "Recall among scored pairs", "Lower limit (%)", "percent", 72.0),
            ("review", "Results", "Recall among scored pairs", "Upper limit (%)", "percent", 84.0),
            ("review", "Design", "Reviewers are", "Value", "words", "simulated from synthetic truth"),
        ]
    )
    first, ethnic, *_ = told_of(requirements, quality, settings, pooled, estimate, facts)

    assert "By a simulated review (no person looked at a pair), 25% (16% to 28%) of true links among" in first
    assert "Ethnic group is used to make links." in ethnic
    assert "17% for White and 9% for Asian." in ethnic


def test_nothing_is_said_of_missed_links_where_linkage_gave_no_estimates(
    requirements, settings, pooled, estimate, facts
):
    inputs = TableInputs(requirements, pooled.clear(), estimate(requirements))
    shown = ShownCells(published_cells(make_tables(inputs, settings)), facts.wording)
    assert linkage_values(shown, {})["missed_by_accommodation"] == []


def test_scenarios_of_missed_links_begin_with_what_is_estimated(requirements, quality, settings):
    table = corrected_for_wrong_links(requirements, settings.modelling, linkage_quality=quality)
    values = {(cell.row.key, cell.measure.key): cell.value for cell in table.cells}
    assert values["estimated/by_model/0.8/1", "in_treatment_if/atr"] == pytest.approx(100 * 0.45 / 0.8)
    assert values["estimated/by_review/0.75/1", "in_treatment_if/atr"] == pytest.approx(100 * 0.45 / 0.75)
    # Of the settled 60 of 100 linked and 10% missed, of those of no fixed address 30 of 100 and 40%.
    by_group = (100 * 0.6 / 0.9 + 100 * 0.3 / 0.6) / 2
    assert values["estimated_by_group/accommodation", "in_treatment_if/atr"] == pytest.approx(by_group)
    without = corrected_for_wrong_links(requirements, settings.modelling)
    assert not any(cell.row.key.startswith("estimated") for cell in without.cells)


def test_the_uncertainty_of_linkage_is_told_from_the_estimates_not_from_a_round_number(
    requirements, quality, settings, facts
):
    table = corrected_for_wrong_links(requirements, settings.modelling, linkage_quality=quality)
    shown = ShownCells(published_cells(show_cells([table], settings.publication)), facts.wording)
    assert told_rows(shown) == ("estimated/by_model/0.8/1", "estimated/by_review/0.75/1")
