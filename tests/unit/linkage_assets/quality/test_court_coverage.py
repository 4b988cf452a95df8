"""Court results by quarter and system, and the quarters in which there are too few."""

from datetime import date

import polars as pl
import pytest

from linkage_assets.schemas.quality import CourtCoverage
from linkage_assets.steps.quality.count_court_results import count_court_results
from linkage_assets.steps.quality.court_coverage_section import add_court_coverage
from linkage_assets.steps.quality.quality_cells import QualityCells
from resources.zone.schema_check import check_frame

ANALYSED = pl.DataFrame({"person_pseudonym": ["MP1", "MP1", "MP2"]})


@pytest.fixture
def count(settings):
    """Function: results as (person, day, system) -> CourtCoverage of a cohort from May 2020 to the end of 2021."""
    end = date(2021, 12, 31)
    study = settings.study.model_copy(
        update={"cohort_start": date(2020, 5, 1), "cohort_end": end, "observation_end": end}
    )

    def run(*results: tuple) -> pl.DataFrame:
        schema = {"person_pseudonym": pl.String, "appearance_date": pl.Date, "source_system": pl.String}
        appearances = pl.DataFrame(list(results), schema=schema, orient="row")
        found = count_court_results(appearances, ANALYSED, settings.model_copy(update={"study": study}))
        return check_frame(found, CourtCoverage, "court_coverage")

    return run


def spread(*numbers: int) -> list[tuple]:
    """So many results in each quarter from the third of 2020."""
    starts = [date(2020, 7, 1), date(2020, 10, 1), *(date(2021, month, 1) for month in (1, 4, 7, 10))]
    return [("MP1", start, "libra") for start, number in zip(starts, numbers, strict=True) for _ in range(number)]


def test_whole_quarters_are_counted_by_the_day_of_the_appearance(count):
    found = count(
        ("MP1", date(2020, 6, 30), "xhibit"),
        ("MP1", date(2020, 7, 1), "xhibit"),
        ("MP2", date(2020, 9, 30), "libra"),
        ("MP2", date(2021, 12, 31), "common_platform"),
        ("MP3", date(2020, 8, 1), "libra"),
    )

    assert found["quarter"].to_list() == ["2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4"]
    assert found.row(0)[1:5] == (1, 1, 0, 2) and found.row(-1)[1:5] == (0, 0, 1, 1)
    assert found["results"].to_list() == [2, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(("last", "too_few"), [(85, False), (84, True), (200, False), (0, True)])
def test_a_quarter_more_than_the_band_below_the_four_before_has_too_few(last, too_few, count):
    found = count(*spread(100, 60, 140, 100, 100, last))

    assert found["mean_before"].to_list() == [None, None, None, None, 100.0, 100.0]
    assert found["too_few"].to_list() == [None, None, None, None, False, too_few]


def test_the_section_rounds_counts_and_withholds_shares_of_few(count):
    cells = QualityCells(5, 30)
    add_court_coverage(cells, count(*spread(103, 60, 140, 97, 2, 50)))
    shown = cells.frame(False)

    def value(quarter: str, measure: str) -> tuple:
        return shown.filter(row_label=quarter, measure=measure).select("value", "words", "status").row(0)

    assert value("2020Q3", "Libra") == (105.0, None, "shown") and value("2021Q3", "All systems") == (0.0, None, "shown")
    assert value("2020Q3", "Of the mean of the four quarters before (%)") == (None, None, "[x]")
    assert value("2021Q3", "Of the mean of the four quarters before (%)") == (0.0, None, "shown")
    assert value("2021Q3", "Gap")[1] == "fewer than expected" and value("2020Q3", "Gap")[1] == "too early to say"
