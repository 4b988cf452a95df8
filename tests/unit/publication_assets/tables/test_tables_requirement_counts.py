"""Tables 41 and 42 and what is drawn and written of them: quarters of sentence, and local authorities."""

from dataclasses import replace

import polars as pl
import pytest

from contracts.crossings import LOCAL_AUTHORITY, QUARTER_OF_SENTENCE, RequirementCounts
from contracts.vocabulary import REGIONS, TYPES
from publication_assets.steps.figures.of_report.figures_quarters import quarter_figures
from publication_assets.steps.regional.regional_measures import authorities
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_requirement_counts import (
    linked_and_reconvicted_by_quarter,
    linked_by_authority,
)
from publishing.charts.charts import NARROW
from publishing.disclosure.show_cells import published_cells, show_cells
from resources.zone.schema_check import check_frame
from tests.seen_cells import SeenCells as ShownCells

LEVEL = 0.95


def counts(*rows: tuple) -> pl.DataFrame:
    """requirement_counts of both types alike: grouping, region, level, requirements, linked, followed, reconvicted."""
    made = [(grouping, kind, *rest, False) for kind in TYPES for grouping, *rest in rows]
    schema = {name: column.dtype.type for name, column in RequirementCounts.to_schema().columns.items()}
    return check_frame(pl.DataFrame(made, schema=schema, orient="row"), RequirementCounts, "requirement_counts")


def quarter(name: str, requirements: int, linked: int, followed: int, hits: int) -> tuple:
    return QUARTER_OF_SENTENCE, None, name, requirements, linked, followed, hits


def authority(region: str, name: str | None, requirements: int, linked: int) -> tuple:
    return LOCAL_AUTHORITY, region, name, requirements, linked, None, None


@pytest.fixture(scope="module")
def shown(settings):
    """Function: cells of both tables, in words, as published."""

    def cells(frame: pl.DataFrame) -> ShownCells:
        tables = [linked_and_reconvicted_by_quarter(frame, LEVEL), linked_by_authority(frame, LEVEL)]
        check_tables_agree(tables)
        return ShownCells(published_cells(show_cells(tables, settings.publication)))

    return cells


QUARTERS = (
    quarter("2021Q4", 200, 100, 200, 120),
    quarter("2022Q1", 200, 90, 200, 60),
    quarter("2022Q2", 100, 20, 0, 0),
)


def test_quarters_stand_in_order_with_limits_and_reconvictions_of_those_followed_alone(shown):
    cells, table = (
        shown(counts(*QUARTERS, authority("North East", None, 500, 210))),
        "linked_and_reconvicted_by_quarter",
    )
    labels = [cells.label(table, row) for row in cells.rows(table)]
    assert labels == ["October to December 2021", "January to March 2022", "April to June 2022"]
    linked = [cells.text(table, "2022q1", measure) for measure in ("linked_share/atr", "linked_share_lower/atr")]
    assert linked == ["45", "38"]
    assert cells.text(table, "2021q4", "followed_reconvicted_share/drr") == "60"
    assert cells.text(table, "2022q2", "followed_reconvicted_share/drr") == "[x]"


def test_authorities_of_a_region_and_the_rest_of_it_add_up_and_a_region_without_any_has_one_row(shown):
    frame = counts(
        *QUARTERS,
        authority("North East", "Durham", 100, 60),
        authority("North East", None, 50, 20),
        authority("North West", None, 300, 150),
    )
    cells, table = shown(frame), "linked_by_authority"
    assert cells.rows(table, within="North East") == ["north_east/durham", "north_east/rest"]
    assert cells.rows(table, within="North West") == [] and len(cells.rows(table)) == 2 + len(REGIONS) + 1
    assert [cells.text(table, row, "requirements/atr") for row in ("north_east", "all")] == ["150", "450"]
    nouns, places = authorities(cells)
    assert nouns == ["ATRs", "DRRs"]
    (durham,) = (place for place in places if place.name == "Durham")
    assert durham.region == "North East" and durham.shares[0] == ("100", "60", "60%", "50% to 69%")


def test_the_figure_of_reconvictions_says_that_the_last_quarter_differs_from_the_first_where_limits_tell(shown, facts):
    figures = quarter_figures(shown(counts(*QUARTERS)), replace(facts, synthetic=False))
    assert figures["F5"].title.startswith(
        "ATRs and DRRs from January to March 2022 were followed by a reconviction less often than those from October"
    )
    assert figures["F4"].title.startswith("ATRs and DRRs linked to structured treatment, by quarter of sentence")
    assert figures["F5"].rows[-1] == ["April to June 2022", "[x]", "[x]"]
    alike = quarter_figures(shown(counts(QUARTERS[0], quarter("2022Q1", 200, 90, 200, 119))), facts)
    assert "often" not in alike["F5"].title


def test_the_figure_fits_a_phone_and_marks_the_years(shown, facts):
    quarters = [quarter(f"{year}Q{part}", 900, 400, 900, 400) for year in range(2018, 2023) for part in (1, 2, 3, 4)]
    figure = quarter_figures(shown(counts(*quarters)), facts)["F4"]
    width = float(figure.narrow.split('viewBox="0 0 ')[1].split(" ")[0])
    assert width < 1.15 * NARROW
    assert all(f">{year}</text>" in figure.narrow for year in range(2018, 2023))
