"""Table 38: the published figures of all people in treatment have sources, and ours are on their bases."""

import re

import pytest

from publication_assets.catalogue.measures_of_requirements import AS_PUBLISHED, OUR_SHARE
from publication_assets.catalogue.notes import NOTES
from publication_assets.steps.comparison.all_people_in_treatment import all_people_in_treatment
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_all_people import OURS, beside_all_people
from publication_assets.steps.tables.contents.tables_details import status_by_substance_group
from publication_assets.steps.tables.contents.tables_outcomes import treatment_outcomes


def cell(table, figure, measure):
    found = [cell for cell in table.cells if cell.row == figure.row and cell.measure == measure]
    assert len(found) == 1
    return found[0]


def test_every_published_figure_has_a_source_a_licence_and_a_counterpart():
    figures = all_people_in_treatment()
    assert [figure.id for figure in figures] == [*OURS]
    for figure in figures:
        assert figure.licence == "Open Government Licence v3.0"
        assert figure.url.startswith("https://www.gov.uk/") and figure.verified_at.startswith("https://")
        assert figure.source in NOTES["all_people"] and figure.period in NOTES["all_people"]
        assert re.fullmatch(r"\d+(\.\d)?", figure.published) and figure.unit == "percent"


def test_a_published_share_fits_the_counts_that_the_source_gives():
    counted = [figure for figure in all_people_in_treatment() if figure.count]
    assert len(counted) == 3
    for figure in counted:
        decimals = len(figure.published.partition(".")[2])
        assert round(100 * int(figure.count) / int(figure.base_count), decimals) == float(figure.published)


def test_ours_are_of_the_linked_that_left_treatment_or_of_all_linked(build, link):
    frame = build(
        (30, link("Completed")),
        (20, link("Dropped out", substance_group="Alcohol only")),
        (10, link("Died")),
        (40, link("Remained")),
        (25, link("Completed", requirement_type="DRR")),
        (50, {}),
    )
    table = beside_all_people(frame)
    check_tables_agree([table, treatment_outcomes(frame), status_by_substance_group(frame, 0.95)])
    completed, died, opiates, alcohol = all_people_in_treatment()
    shares = {
        figure.id: cell(table, figure, OUR_SHARE.of_type("ATR")).value for figure in (completed, died, opiates, alcohol)
    }
    assert shares == pytest.approx({"P1": 50, "P2": 10, "P3": 80, "P4": 20})
    assert cell(table, completed, OUR_SHARE.of_type("All")).value == pytest.approx(100 * 55 / 85)
    assert cell(table, completed, "ATRs in the base (count)").value == 60
    assert cell(table, died, AS_PUBLISHED).text == "1.4% of adults in treatment at any time in the year"
