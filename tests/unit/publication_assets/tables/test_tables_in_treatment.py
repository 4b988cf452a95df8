"""Tables 35 to 37: who is in treatment on a day, how soon people drop out, and how treatment stood at the end."""

import pytest

from publication_assets.catalogue.measures_of_treatment import (
    BEEN_BY_DAY_SHARE,
    DROPPED,
    DROPPED_LIMITS,
    FOLLOWED_FOR,
    MEDIAN_TO_DROPOUT,
    ON_DAY_SHARE,
    OPEN_ON_DAY_SHARE,
)
from publication_assets.catalogue.rows import BY_THE_END, ENDED
from publication_assets.steps.tables.check_tables_agree import TablesDisagree, check_tables_agree
from publication_assets.steps.tables.contents.tables_breakdowns import (
    status_by_time_to_treatment,
    time_to_treatment,
)
from publication_assets.steps.tables.contents.tables_details import termination_against_discharge
from publication_assets.steps.tables.contents.tables_dropout import GROUPS, SHARES, time_to_dropout
from publication_assets.steps.tables.contents.tables_in_treatment import status_at_the_end, still_in_treatment
from publication_assets.steps.tables.contents.tables_outcomes import treatment_outcomes

LEVEL = 0.95
NOT_YET = {"in_treatment_after_6_months": None, "in_treatment_after_12_months": None}


def of_atrs(measure) -> str:
    return measure.of("ATR", noun="ATRs", longest="12 months")


def dropout_row(kind: str, group: str = "") -> str:
    return f"{kind}s {GROUPS[group][0]}"


def value(table, label, measure, group=""):
    found = [cell.value for cell in table.cells if cell.row == (group, label) and cell.measure == measure]
    assert len(found) == 1
    return found[0]


def test_a_share_on_a_day_is_of_those_observed_for_so_long(build, link):
    frame = build((30, link("Dropped out")), (10, link("Remained", **NOT_YET)), (60, {}), (100, NOT_YET))
    table = still_in_treatment(frame, 0.95)
    weeks, months = "12 weeks after sentence", "12 months after sentence"
    assert value(table, weeks, "ATRs observed for so long (count)") == 200
    assert value(table, weeks, ON_DAY_SHARE.of_type("ATR")) == 20
    assert value(table, months, "ATRs observed for so long (count)") == 90
    assert value(table, months, ON_DAY_SHARE.of_type("ATR")) == 0


def test_the_last_columns_of_table_35_are_of_the_same_requirements_in_every_row(build, link):
    frame = build((30, link("Dropped out")), (10, link("Remained", **NOT_YET)), (60, {}), (100, NOT_YET))
    table = still_in_treatment(frame, 0.95)
    days = ["At sentence", "3 weeks after sentence", "12 weeks after sentence", "12 months after sentence"]
    been = [value(table, day, of_atrs(BEEN_BY_DAY_SHARE)) for day in days]
    then = [value(table, day, of_atrs(OPEN_ON_DAY_SHARE)) for day in days]
    assert been == pytest.approx([0, 100 / 3, 100 / 3, 100 / 3])
    assert then == pytest.approx([0, 100 / 3, 100 / 3, 0])


def test_who_is_in_treatment_at_sentence_is_at_least_who_was_already_in_it(build, link):
    already = {"time_band": "Already in treatment", "days_to_treatment": 0}
    frame = build((20, link("Completed", **already, in_treatment_at_sentence=True)), (60, {}))
    tables = [still_in_treatment(frame, 0.95), time_to_treatment(frame, 0.95)]
    check_tables_agree(tables)
    tables[1].counts["ATR/linked/time_band/Already in treatment"] = 21
    with pytest.raises(TablesDisagree):
        check_tables_agree(tables)


def test_time_to_dropout_has_plain_shares_where_all_were_followed_and_those_of_table_2_at_the_end(build, link):
    frame = build(
        (30, link("Dropped out", days_in_treatment=40)),
        (10, link("Dropped out", days_in_treatment=400)),
        (40, link("Completed")),
        (20, link("Remained")),
    )
    table, rows = time_to_dropout(frame, LEVEL), dropout_row("ATR")
    check_tables_agree([table, treatment_outcomes(frame), status_by_time_to_treatment(frame, 0.95)])
    assert value(table, "By 3 weeks", DROPPED, rows) == 0
    assert value(table, "By 6 weeks", DROPPED, rows) == pytest.approx(30)
    assert value(table, "By 12 months", SHARES["Completed"], rows) == pytest.approx(40)
    assert value(table, "By 12 months", SHARES["Remained"], rows) == pytest.approx(30)
    assert value(table, BY_THE_END, DROPPED, rows) == 40
    assert value(table, BY_THE_END, FOLLOWED_FOR, rows) == 100
    assert value(table, BY_THE_END, MEDIAN_TO_DROPOUT, rows) == 40
    lower, upper = (value(table, "By 6 weeks", limit, rows) for limit in DROPPED_LIMITS.values())
    assert lower == pytest.approx(21.36, abs=0.01) and upper == pytest.approx(39.11, abs=0.01)


def test_those_already_in_treatment_and_those_that_started_later_make_all(build, link):
    already = {"time_band": "Already in treatment", "days_to_treatment": 0}
    frame = build(
        (20, link("Dropped out", days_in_treatment=10, **already)),
        (40, link("Remained", **already)),
        (10, link("Died", days_in_treatment=30)),
        (50, link("Dropped out")),
    )
    table = time_to_dropout(frame, LEVEL)
    check_tables_agree([table])
    shares = [
        value(table, "By 3 weeks", DROPPED, dropout_row("ATR", group))
        for group in ("/time_band/Already in treatment", "/not already in treatment", "")
    ]
    assert shares == pytest.approx([100 / 3, 0, 100 / 6])


def test_treatment_at_the_end_of_the_requirement_is_counted_by_termination_reason(build, link):
    def ended(reason, status):
        return {"termination_reason": reason, "status_at_requirement_end": status}

    frame = build(
        (12, link("Completed", **ended("Completed", "In treatment"))),
        (8, link("Died", **ended("Completed", "Died"))),
        (5, link("Completed", **ended("Revoked", "Started later"))),
        (9, link("Remained")),
        (6, {"linked_cjit": True, **ended("Revoked", "No structured treatment")}),
        (20, ended("Completed", "No structured treatment")),
        (30, {}),
    )
    table = status_at_the_end(frame)
    check_tables_agree([table, termination_against_discharge(frame), treatment_outcomes(frame)])
    assert value(table, "Completed", "Requirements that had ended (count)", "ATRs") == 40
    assert value(table, "Completed", "In structured treatment then (% of ended in the row)", "ATRs") == 30
    assert value(table, "Revoked", "Not linked, in contact with CJIT (count)", "ATRs") == 6
    assert value(table, ENDED, "Structured treatment started only later (count)", "ATRs") == 5
    assert value(table, ENDED, "Requirements that had ended (count)", "ATRs") == 51
