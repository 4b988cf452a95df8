"""Table 33 and what the report says of it: the base, the change with its limits, and no figure where none was sent."""

import numpy as np
import polars as pl
import pytest

from contracts.crossings import SUBSTANCES, SubstanceUse
from publication_assets.catalogue.measures_of_requirements import LINKED_REQUIREMENTS as LINKED_COUNT
from publication_assets.catalogue.measures_of_treatment import (
    CHANGE,
    CHANGE_LIMITS,
    STOPPED_SHARE,
    USED_AT_LAST,
    USED_AT_LAST_SHARE,
    USED_AT_START,
    USED_AT_START_SHARE,
)
from publication_assets.catalogue.measures_of_treatment import EXIT_FORM as EXIT_COUNT
from publication_assets.catalogue.measures_of_treatment import KNOWN_AT_BOTH as BOTH_COUNT
from publication_assets.catalogue.measures_of_treatment import KNOWN_AT_BOTH_SHARE as BOTH_SHARE
from publication_assets.catalogue.measures_of_treatment import KNOWN_AT_START as START_COUNT
from publication_assets.catalogue.measures_of_treatment import MEAN_AT_LAST as MEAN_LAST
from publication_assets.catalogue.measures_of_treatment import MEAN_AT_START as MEAN_START
from publication_assets.catalogue.measures_of_treatment import (
    STOPPED as STOPPED_COUNT,
)
from publication_assets.steps.figures.of_report.figures_substance_use import substance_use_figures
from publication_assets.steps.report.report_substance_use import substance_use_values
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_substance_use import (
    ALREADY,
    BY_START,
    BY_STATUS,
    GROUPS,
    MAIN,
    STATUS_ROWS,
    mean_change,
    substance_use_before_and_after,
)
from publishing.disclosure.disclosure_control import shown_and_status
from publishing.disclosure.show_cells import published_cells, show_cells
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row
from tests.seen_cells import SeenCells as ShownCells

LEVEL = 0.95
USED_START, USED_LAST = (USED_AT_START, USED_AT_START_SHARE), (USED_AT_LAST, USED_AT_LAST_SHARE)
STOPPED = (STOPPED_COUNT, STOPPED_SHARE)


def group_label(kind: str, by: str) -> str:
    return f"{kind}s, {GROUPS[by]}"


def limits(both: pl.DataFrame) -> tuple[float, float, float]:
    """mean_change where there are limits."""
    change, lower, upper = mean_change(both, LEVEL)
    assert change is not None and lower is not None and upper is not None
    return change, lower, upper


def use_of(*groups: tuple[int, dict]) -> pl.DataFrame:
    """The crossing table: each group is a number of linked ATRs and how they use their main substance, `main`."""
    rows = []
    for number, (size, values) in enumerate(groups):
        said = {
            "requirement_type": "ATR",
            "treatment_status": "Completed",
            "already_in_treatment": False,
            "main": "Alcohol",
            "days_at_start": 20,
            "days_at_last": 5,
            "last_stage": "Exit",
        } | values
        main = said.pop("main")
        for one in range(size):
            for substance in SUBSTANCES:
                own = (
                    said
                    if substance == main
                    else said | {name: None if said[name] is None else 0 for name in ("days_at_start", "days_at_last")}
                )
                known = None if said["days_at_start"] is None else substance == main
                rows.append(
                    {
                        "person_key": f"U{number}-{one}",
                        "substance": substance,
                        "main_problem": known,
                        "synthetic": True,
                        **own,
                    }
                )
    types = {"days_at_start": pl.Int32, "days_at_last": pl.Int32, "main_problem": pl.Boolean, "last_stage": pl.String}
    return pl.DataFrame(rows, schema_overrides=types).select(list(SubstanceUse.to_schema().columns))


STUDY = (
    (40, {}),
    (20, {"days_at_last": 0}),
    (10, {"days_at_start": 0, "days_at_last": 5, "last_stage": "Review"}),
    (10, {"days_at_start": 0, "days_at_last": 0}),
    (15, {"days_at_last": None, "last_stage": None}),
    (15, {"days_at_start": None, "days_at_last": None, "last_stage": None, "treatment_status": "Dropped out"}),
    (30, {"requirement_type": "DRR", "main": "Opiates", "already_in_treatment": True}),
)


@pytest.fixture(scope="module")
def table():
    return substance_use_before_and_after(use_of(*STUDY), LEVEL)


def value(table, measure, label=MAIN, group="ATRs"):
    (found,) = [cell.value for cell in table.cells if cell.row == (group, label) and cell.measure == measure]
    return found


def test_shares_are_of_those_known_at_both_forms_and_stopping_of_those_who_used(table):
    counts = (LINKED_COUNT, START_COUNT, BOTH_COUNT, EXIT_COUNT, USED_START[0], USED_LAST[0], STOPPED[0])
    assert [value(table, measure) for measure in counts] == [110, 95, 80, 70, 60, 50, 20]
    assert value(table, BOTH_SHARE) == pytest.approx(100 * 80 / 110)
    assert value(table, USED_START[1]) == 75 and value(table, USED_LAST[1]) == 62.5
    assert value(table, STOPPED[1]) == pytest.approx(100 / 3)


def test_means_and_the_change_are_over_all_known_at_both_forms(table):
    assert value(table, MEAN_START) == 15 and value(table, MEAN_LAST) == 250 / 80
    assert value(table, CHANGE) == pytest.approx(250 / 80 - 15)
    assert value(table, CHANGE_LIMITS["lower"]) < value(table, CHANGE) < value(table, CHANGE_LIMITS["upper"])


def test_who_has_no_later_form_is_shown_by_treatment_status(table):
    dropped = (STATUS_ROWS["Dropped out"], group_label("ATR", BY_STATUS))
    assert value(table, LINKED_COUNT, *dropped) == 15 and value(table, BOTH_COUNT, *dropped) == 0
    assert value(table, MEAN_START, *dropped) is None
    assert value(table, BOTH_COUNT, ALREADY, group_label("DRR", BY_START)) == 30


def test_a_substance_that_is_not_the_main_one_is_counted_too(table):
    assert value(table, MEAN_START, "Opiates", "DRRs") == 20 and value(table, MEAN_START, "Alcohol", "DRRs") == 0
    assert value(table, BOTH_COUNT, "Crack") == 80


def test_the_table_agrees_with_itself(table):
    check_tables_agree([table])


def test_limits_are_wider_where_requirements_rest_on_the_same_people():
    both = pl.DataFrame(
        {
            "person_key": [f"U{number // 4}" for number in range(80)],
            "days_at_start": [20] * 80,
            "days_at_last": [(number // 4) % 10 for number in range(80)],
        }
    )
    apart = both.with_columns(person_key=pl.format("U{}", pl.int_range(80)))
    (change, lower, upper), (same, lower_apart, upper_apart) = limits(both), limits(apart)
    assert change == same == -15.5
    assert upper - lower > 1.9 * (upper_apart - lower_apart)
    # By hand: 20 people of four alike requirements each, t of 19 degrees of freedom.
    residuals = np.array([(number % 10) - 4.5 for number in range(20)])
    error = np.sqrt((4 * residuals) @ (4 * residuals) * 20 / 19) / 80
    assert upper - change == pytest.approx(2.093024 * error, rel=1e-5)


def test_of_nobody_nothing_is_known_and_of_one_person_there_are_no_limits():
    both = pl.DataFrame({"person_key": ["U1"], "days_at_start": [20], "days_at_last": [5]})
    assert mean_change(both, LEVEL) == (-15, None, None)
    assert mean_change(both.clear(), LEVEL) == (None, None, None)


def shown_of(study, settings, facts) -> ShownCells:
    cells = published_cells(show_cells([substance_use_before_and_after(study, LEVEL)], settings.publication))
    return ShownCells(facts.wording.in_cells(cells), facts.wording)


def test_means_of_few_users_are_withheld_with_their_number(settings, facts):
    shown = shown_of(
        use_of((40, {"days_at_last": 0}), (3, {"main": "Crack"}), (20, {"requirement_type": "DRR"})), settings, facts
    )
    assert shown.text(33, "Crack", USED_START[0], "ATRs") == "[c]"
    assert shown.text(33, "Crack", MEAN_START, "ATRs") == shown.text(33, "Crack", CHANGE, "ATRs") == "[c]"


def test_means_of_a_small_base_are_withheld(settings, facts):
    shown = shown_of(use_of((20, {}), (40, {"requirement_type": "DRR"})), settings, facts)
    assert shown.text(33, MAIN, MEAN_START, "ATRs") == "[u]"
    assert shown.text(33, MAIN, MEAN_START, "DRRs") == "20.0" and shown.text(33, MAIN, CHANGE, "DRRs") == "-15.0"


def test_where_no_form_was_sent_the_table_is_not_available_and_the_report_says_so(settings, facts):
    nothing = {"days_at_start": None, "days_at_last": None, "last_stage": None}
    shown = shown_of(use_of((40, nothing), (30, nothing | {"requirement_type": "DRR"})), settings, facts)
    assert shown.text(33, MAIN, LINKED_COUNT, "ATRs") == "40"
    assert {shown.text(33, MAIN, measure, "ATRs") for measure in shown.measures(33)} == {"40", "[x]"}
    said = substance_use_values(shown)
    assert substance_use_figures(shown, facts) == {} and said["substance_use"] and not said["days_of_use_known"]
    assert not said["substance_use_is_shown"] and said["substance_use_atr"] == [] and said["days_of_use_atrs"] == ""


def test_the_report_says_who_is_in_the_base_and_names_no_effect(settings, facts):
    shown = shown_of(use_of(*STUDY, (40, {"requirement_type": "DRR", "main": "Opiates"})), settings, facts)
    values = substance_use_values(shown)
    assert values["days_of_use_known"] and values["fewer_days_of_use"]
    assert values["days_of_use_atrs"] == "15.0 days of 28 at the start and 3.1 at the last form"
    said = str(values)
    assert "73% of linked ATRs" in said
    assert "a mean change of \N{MINUS SIGN}11.9 days" in said and "80 of 110 linked ATRs (73%)" in said
    for word in ("reduced", "because of treatment", "led to", "thanks to", "caused"):
        assert word not in said


def test_more_use_at_the_last_form_is_not_said_to_be_less(settings, facts):
    more = {"days_at_start": 5, "days_at_last": 20}
    shown = shown_of(use_of((40, more), (40, more | {"requirement_type": "DRR"})), settings, facts)
    assert substance_use_values(shown)["fewer_days_of_use"] is False


@pytest.mark.parametrize(("value", "shown"), [(-0.04, "[low]"), (0.04, "[low]"), (0.0, "0.0"), (-0.06, "-0.1")])
def test_a_change_that_rounds_to_zero_has_no_sign(value, shown):
    cell = Cell(Row("atr/main", MAIN, "ATRs"), CHANGE, "change in days", value, depends_on=("base",))
    assert shown_and_status(cell, {"base": 100}, (), 30)[0] == shown
