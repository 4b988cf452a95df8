from publication_assets.catalogue.measures_of_requirements import LINKED_REQUIREMENTS as LINKED_COUNT
from publication_assets.catalogue.measures_of_treatment import LATER as LATER_COUNT
from publication_assets.catalogue.measures_of_treatment import MEAN_DAYS, MEDIAN_DAYS
from publication_assets.catalogue.rows import NOT_ENDED
from publication_assets.steps.tables.contents.tables_details import (
    status_by_substance_group,
    termination_against_discharge,
    time_to_treatment_by_length,
)


def value(table, label, measure, group=""):
    found = [cell.value for cell in table.cells if cell.row == (group, label) and cell.measure == measure]
    assert len(found) == 1
    return found[0]


def test_treatment_status_is_counted_by_substance_group_with_the_wide_definition_of_dropout(build, link):
    alcohol = {"substance_group": "Alcohol only"}
    frame = build(
        (6, link("Completed")),
        (7, link("Died", **alcohol)),
        (8, link("Dropped out", **alcohol)),
        (9, link("Remained")),
        (20, {}),
    )
    table = status_by_substance_group(frame, 0.95)
    assert value(table, "Opiates", "ATRs that completed structured treatment (count)") == 6
    assert value(table, "Alcohol only", "ATRs that dropped out, wide definition (count)") == 15
    assert value(table, "All linked to structured treatment", "ATRs linked to structured treatment (count)") == 30


def test_terminations_stand_against_discharges_in_both_definitions_of_dropout(build, link):
    revoked = {"termination_reason": "Revoked"}
    statuses = {"Completed": 5, "Dropped out": 6, "Prison": 7}
    ended = [(number, link(status, **revoked)) for status, number in statuses.items()]
    frame = build(*ended, (8, link("Remained")), (30, revoked))
    table = termination_against_discharge(frame)
    assert value(table, "Revoked", LINKED_COUNT, "ATRs") == 18
    assert value(table, "Revoked", "Dropped out of treatment (narrow definition) (count)", "ATRs") == 6
    assert value(table, "Revoked", "Dropped out, wide definition: dropout, prison or died (count)", "ATRs") == 13
    assert value(table, NOT_ENDED, "No discharge, remained in structured treatment (count)", "ATRs") == 8


def test_time_to_treatment_by_length_has_mean_and_median_of_those_not_already_in_treatment(build, link):
    long = {"length_band": "Over 12 months"}
    already = link("Completed", time_band="Already in treatment", days_to_treatment=0, **long)
    frame = build(
        (10, already),
        (3, link("Completed", days_to_treatment=2, **long)),
        (2, link("Completed", days_to_treatment=17, **long)),
        (5, link("Completed")),
    )
    table = time_to_treatment_by_length(frame)
    found = [value(table, "Over 12 months", measure, "ATRs") for measure in (LATER_COUNT, MEAN_DAYS, MEDIAN_DAYS)]
    assert found == [5, 8, 2]
    assert value(table, "All linked to structured treatment", "Within 3 weeks (count)", "ATRs") == 10
