"""Tables 28 and 29, and the figures of the imputation, on small frames made here."""

import polars as pl
import pytest

from modelling_assets.steps.imputation.diagnose_imputation import CONVERGENCE_COLUMNS, DIAGNOSTIC_COLUMNS
from publication_assets.catalogue.measures_of_models import RECORDS
from publication_assets.catalogue.measures_of_requirements import REQUIREMENTS
from publication_assets.steps.figures.of_quality.imputation_figures import imputation_figures
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_missing_values import (
    FACTOR_GROUP,
    NOTHING,
    OTHER,
    OUTCOME_GROUP,
    PATTERN_GROUP,
    diagnostic_measure,
    imputed_against_recorded,
    missing_values,
    tie_recorded_counts,
)
from publishing.disclosure.show_cells import published_cells, show_cells
from publishing.tables.declared import Row
from resources.settings.modelling_settings import Factor, Model
from tests.seen_cells import SeenCells as ShownCells

LEVELS = {"sex": ["Male", "Female"], "rsr_band": ["Low", "High"]}
ATRS = "ATRs (count)"


@pytest.fixture
def modelling(settings):
    model = Model(requirement_type="ATR", outcome="linked_structured", factors=list(LEVELS))
    factors = {name: Factor(label=name, levels=levels, excluded=["Void"]) for name, levels in LEVELS.items()}
    return settings.modelling.model_copy(update={"models": {"linked_atr": model}, "factors": factors})


@pytest.fixture
def frame() -> pl.DataFrame:
    """100 ATRs: sex missing of 10, risk of 20 (5 of both), an unknown risk of 6, a void one of 3; two DRRs."""
    sex = [None] * 10 + ["Male"] * 90
    band = [None] * 5 + ["Low"] * 5 + [None] * 15 + ["Nonsense"] * 6 + ["Void"] * 3 + ["High"] * 66
    return pl.DataFrame(
        {
            "requirement_type": ["ATR"] * 100 + ["DRR"] * 2,
            "linked_structured": [True, None] * 51,
            "sex": [*sex, "Male", "Male"],
            "rsr_band": [*band, "Low", "Low"],
        }
    )


def counts_of(table: PublishedTable) -> dict:
    return {cell.row: cell.value for cell in table.cells if cell.measure == ATRS}


def test_a_value_that_is_no_level_is_missing_and_an_excluded_one_is_not(frame, modelling):
    counts = counts_of(missing_values(frame, modelling))
    assert (counts[FACTOR_GROUP, "sex"], counts[FACTOR_GROUP, "rsr_band"]) == (10, 26)


def test_combinations_of_missing_values_make_up_all_requirements(frame, modelling):
    counts = counts_of(missing_values(frame, modelling))
    combinations = {label: number for (group, label), number in counts.items() if group == PATTERN_GROUP}
    assert combinations == {NOTHING: 69, "rsr_band": 21, "sex": 5, "sex, rsr_band": 5, OTHER: 0}


def test_records_with_a_missing_outcome_are_counted(frame, modelling):
    counts = counts_of(missing_values(frame, modelling))
    assert counts[OUTCOME_GROUP, "Linkage to structured treatment"] == 50


def test_a_small_combination_is_withheld_and_so_is_what_gives_it_away(frame, modelling, settings):
    few = frame.with_columns(rsr_band=pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("Low")).otherwise("rsr_band"))
    cells = show_cells([missing_values(few, modelling)], settings.publication)
    shown = {
        row["row_label"]: row["status"]
        for row in cells.filter(pl.col("measure") == ATRS).to_dicts()
        if row["row_group"] == PATTERN_GROUP
    }
    assert shown["sex, rsr_band"] == "[c]"
    assert list(shown.values()).count("[c]") >= 2


def diagnostics(recorded: list[int], missing: int = 60) -> pl.DataFrame:
    """Risk in the model of linkage: what is recorded at both levels, and imputed shares of a quarter and the rest."""
    rows = [
        (
            "linked_atr",
            "rsr_band",
            level,
            number,
            sum(recorded),
            missing,
            number / sum(recorded),
            share,
            share,
            share,
            share - number / sum(recorded),
            1.0,
        )
        for level, number, share in zip(LEVELS["rsr_band"], recorded, (0.25, 0.75), strict=True)
    ]
    return pl.DataFrame(rows, schema=DIAGNOSTIC_COLUMNS, orient="row")


def shown_of(tables: list[PublishedTable], settings) -> ShownCells:
    return ShownCells(published_cells(show_cells(tables, settings.publication)))


def test_recorded_and_imputed_shares_stand_side_by_side_with_their_difference(modelling, settings):
    cells = shown_of([imputed_against_recorded(diagnostics([80, 120]), modelling, 5)], settings)
    texts = [
        cells.text(29, "Low", diagnostic_measure("linked_atr", what, modelling))
        for what in ("recorded", "imputed", "imputed less recorded")
    ]
    assert texts == ["40", "25", "-15"]


def test_shares_of_few_imputed_values_are_withheld(modelling, settings):
    cells = shown_of([imputed_against_recorded(diagnostics([80, 120], missing=9), modelling, 5)], settings)
    assert cells.text(29, "Low", diagnostic_measure("linked_atr", "imputed", modelling)) == "[u]"


def test_a_level_recorded_of_few_records_is_withheld_with_what_gives_it_away(modelling, settings):
    cells = shown_of([imputed_against_recorded(diagnostics([3, 197]), modelling, 5)], settings)
    assert {
        cells.text(29, level, diagnostic_measure("linked_atr", "recorded", modelling)) for level in ("Low", "High")
    } == {"[c]"}
    assert cells.text(29, "Low", diagnostic_measure("linked_atr", "imputed", modelling)) == "[c]"


def test_a_small_recorded_count_withholds_the_records_beside_the_odds_ratio(modelling, settings):
    table, beside = (
        imputed_against_recorded(diagnostics([3, 197]), modelling, 5),
        PublishedTable("odds_ratios_linked_atr"),
    )
    beside.counts = {"linked_atr/rsr_band/Low/records": 18}
    beside.count(Row("rsr_band/Low", "Low", "Risk"), RECORDS, "linked_atr/rsr_band/Low/records")
    tie_recorded_counts([table, beside], modelling)
    assert shown_of([table, beside], settings).text(16, "Low", RECORDS) == "[c]"


def test_missing_values_of_a_factor_are_the_row_not_recorded_of_its_table(frame, modelling, settings):
    table, other = missing_values(frame, modelling), PublishedTable("linked_by_accommodation")
    other.counts = {"ATR/sex/Not recorded": 10}
    other.count(Row("Not recorded", "Not recorded"), REQUIREMENTS.of_type("ATR"), "ATR/sex/Not recorded")
    tie_recorded_counts([table, other], modelling)
    assert any((total.total, total.parts) == ("ATR/missing/sex", ("ATR/sex/Not recorded",)) for total in table.sums)


def chains(missing: int) -> pl.DataFrame:
    iterations = range(1, 11)
    rows = [
        ("linked_atr", "rsr_band", level, chain, iteration, missing, share * missing // 100)
        for level, share in (("Low", 25), ("High", 75))
        for chain in (1, 2)
        for iteration in iterations
    ]
    return pl.DataFrame(rows, schema=CONVERGENCE_COLUMNS, orient="row")


def test_the_figures_show_shares_and_chains_with_their_data(modelling, settings, facts):
    cells = shown_of([imputed_against_recorded(diagnostics([80, 120]), modelling, 5)], settings)
    figures = imputation_figures(cells, chains(60), modelling, 30, facts)
    assert list(figures) == ["I1", "I3"]
    assert figures["I1"].rows == [["rsr_band", "Low", "40", "25"], ["rsr_band", "High", "60", "75"]]
    assert "at most 15 percentage points" in figures["I1"].alt
    assert figures["I3"].rows == [["rsr_band", "High", "75", "75", "75"]]
    assert all(svg.startswith("<svg") for figure in figures.values() for svg in (figure.svg, figure.narrow))


def test_chains_of_few_values_are_not_drawn(modelling, settings, facts):
    cells = shown_of([imputed_against_recorded(diagnostics([80, 120]), modelling, 5)], settings)
    assert list(imputation_figures(cells, chains(20), modelling, 30, facts)) == ["I1"]


def test_a_factor_with_a_small_number_of_missing_values_has_no_diagnostics(modelling):
    table = imputed_against_recorded(diagnostics([80, 120], missing=4), modelling, 5)
    assert {cell.text for cell in table.cells if cell.row[1] == "Low"} == {"[z]"}
    assert all(cell.value is None for cell in table.cells) and not table.counts
