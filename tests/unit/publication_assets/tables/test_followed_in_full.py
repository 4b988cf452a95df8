"""Table 39: who was followed for all of the time, and how many of them were reconvicted."""

import pytest

from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_followed_in_full import reconvictions_followed_in_full
from publication_assets.steps.tables.contents.tables_reconviction import (
    reconvictions_by_linkage,
    reconvictions_by_treatment_status,
)
from tests.seen_cells import SeenCells as ShownCells


@pytest.fixture(scope="module")
def frame(build, link):
    return build(
        (30, link("Completed", reconvicted=False)),
        (10, link("Completed", reconvicted=True, convicted_again=True)),
        (20, link("Remained", reconvicted=True, followed_in_full=False)),
        (20, {"reconvicted": True}),
        (20, {"reconvicted": False}),
        (60, {"reconvicted": False, "followed_in_full": False}),
    )


def value(table, row: str, measure: str):
    (cell,) = (cell for cell in table.cells if (cell.row.key, cell.measure.key) == (row, measure))
    return cell.text if cell.value is None else cell.value


def test_who_was_followed_for_less_is_not_in_the_base_reconvicted_or_not(frame):
    table = reconvictions_followed_in_full(frame, 0.95)
    assert value(table, "linked", "followed/atr") == 40
    assert value(table, "linked", "followed_reconvicted_share/atr") == 25
    assert value(table, "not_linked", "followed_reconvicted_share/atr") == 50
    assert value(table, "all", "followed_reconvicted/atr") == 30


def test_limits_enclose_the_share_and_a_group_that_nobody_followed_has_none(build, frame):
    table = reconvictions_followed_in_full(frame, 0.95)
    lower, upper = (
        float(str(value(table, "linked", f"followed_reconvicted_share_{side}/atr"))) for side in ("lower", "upper")
    )
    assert 0 < lower < 25 < upper < 50
    nobody = reconvictions_followed_in_full(build((20, {"followed_in_full": False})), 0.95)
    assert value(nobody, "all", "followed_reconvicted_share_lower/atr") == "[x]"


def test_follow_up_is_shown_by_status_and_reconvictions_of_completed_and_of_all_others(frame, build, link):
    table = reconvictions_followed_in_full(frame, 0.95)
    assert value(table, "linked/completed", "followed_share/atr") == 100
    assert value(table, "linked/remained", "followed_share/atr") == 0
    assert value(table, "linked/completed", "followed_reconvicted_share/atr") == 25
    assert value(table, "linked/not_completed", "followed_reconvicted_share/atr") == "[x]"
    assert value(table, "linked/remained", "followed_reconvicted_share/atr") == "[z]"
    ended = build((30, link("Prison", reconvicted=True)), (10, link("Remained")), (40, {}))
    others = reconvictions_followed_in_full(ended, 0.95)
    assert value(others, "linked/not_completed", "followed_reconvicted_share/atr") == 75
    check_tables_agree([others, reconvictions_by_treatment_status(ended, 0.95)])


def test_convictions_only_stand_beside_all_outcomes(frame):
    table = reconvictions_followed_in_full(frame, 0.95)
    assert value(table, "all", "followed_convicted/atr") == 10
    assert value(table, "all", "followed_convicted_share/atr") == 12.5
    assert value(table, "linked", "followed_convicted_share/atr") == 25
    assert value(table, "not_linked", "followed_convicted_share/atr") == 0
    assert value(table, "linked/completed", "followed_convicted_share/atr") == "[z]"


def test_the_few_reconvicted_without_a_conviction_do_not_follow_from_both_measures(build, pooled, tabulate, link):
    kept = (
        (197, {"reconvicted": True, "convicted_again": True}),
        (3, {"reconvicted": True}),
        (200, {"reconvicted": False}),
    )
    frame = build(*kept, *((number, link("Completed", **values)) for number, values in kept))
    shown = ShownCells(tabulate(frame, pooled.clear()))
    for side in ("linked", "not linked"):
        both = [
            shown.text("reconvictions_followed_in_full", side, f"{measure}/atr")
            for measure in ("followed_reconvicted", "followed_convicted")
        ]
        assert "[c]" in both


def test_the_counts_agree_with_the_studys_measure(frame):
    check_tables_agree([reconvictions_by_linkage(frame, 0.95), reconvictions_followed_in_full(frame, 0.95)])


def test_a_small_count_of_reconvicted_does_not_follow_from_both_measures(build, pooled, tabulate, link):
    frame = build(
        *(
            (number, link("Completed", reconvicted=True, followed_in_full=full))
            for number, full in ((47, True), (3, False))
        ),
        *((60, link("Completed", reconvicted=False, followed_in_full=full)) for full in (True, False)),
        (200, {"reconvicted": True}),
        (200, {"reconvicted": False, "followed_in_full": False}),
        (200, {"reconvicted": False}),
    )
    shown = ShownCells(tabulate(frame, pooled.clear()))
    measured = [
        shown.text("reconvictions_by_linkage", "linked/reconvicted", "requirements/atr"),
        shown.text("reconvictions_followed_in_full", "linked", "followed_reconvicted/atr"),
    ]
    assert "[c]" in measured
