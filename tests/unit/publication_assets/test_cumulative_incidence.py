"""By when people drop out of treatment: against an example by hand, and against plain shares where all are followed."""

import polars as pl
import pytest

from publication_assets.steps.tables.contents.cumulative_incidence import (
    COMPLETED,
    DROPPED_OUT,
    PRISON_OR_DIED,
    cumulative_incidence,
    treatment_times,
)

LEVEL = 0.95


def times_of(*rows: tuple[str, int | None, str]) -> pl.DataFrame:
    """Times of linked requirements from status, days in treatment and how long they were followed."""
    schema = {"treatment_status": pl.String, "days_in_treatment": pl.Int32, "followed_in_treatment": pl.String}
    return treatment_times(pl.DataFrame(rows, schema=schema, orient="row"))


def incidence(times: pl.DataFrame, day: int) -> dict[str, float]:
    found = cumulative_incidence(times, day, LEVEL)
    assert found is not None
    return {name: share.value for name, share in found.items()}


# Ten requirements. Two were followed for less than 3 weeks and are at risk on no day; of eight, one drops out on day 10
# (1/8) and one on day 15 (7/8 x 1/7 = 1/8). Three were followed for 3 weeks only, of whom one went on to drop out
# unseen; of the three left, one drops out on day 30 (6/8 x 1/3 = 2/8), and of two one completes on day 50 (4/8 x 1/2).
BY_HAND = [
    ("Dropped out", 10, "12 months"),
    ("Dropped out", 30, "12 months"),
    ("Completed", 50, "12 months"),
    ("Remained", None, "12 months"),
    ("Dropped out", 15, "3 weeks"),
    ("Dropped out", 30, "3 weeks"),
    ("Remained", None, "3 weeks"),
    ("Remained", None, "3 weeks"),
    ("Remained", None, "Less than 3 weeks"),
    ("Completed", 12, "Less than 3 weeks"),
]


@pytest.mark.parametrize(
    ("day", "dropped", "completed"),
    [
        (9, 0, 0),
        (10, 1 / 8, 0),
        (21, 2 / 8, 0),
        (42, 4 / 8, 0),
        (84, 4 / 8, 2 / 8),
        (365, 4 / 8, 2 / 8),
    ],
)
def test_the_estimate_is_that_of_the_example_by_hand(day, dropped, completed):
    found = incidence(times_of(*BY_HAND), day)
    assert found == pytest.approx({DROPPED_OUT: dropped, COMPLETED: completed, PRISON_OR_DIED: 0})


def test_where_all_are_followed_it_is_the_plain_share_with_the_error_of_a_share():
    rows = [("Dropped out", 20, "12 months")] * 30 + [("Completed", 60, "12 months")] * 20
    rows += [("Prison", 100, "12 months")] * 4 + [("Died", 200, "12 months")] + [("Remained", None, "12 months")] * 45
    times = times_of(*rows)
    assert incidence(times, 84) == pytest.approx({DROPPED_OUT: 0.3, COMPLETED: 0.2, PRISON_OR_DIED: 0})
    assert incidence(times, 365) == pytest.approx({DROPPED_OUT: 0.3, COMPLETED: 0.2, PRISON_OR_DIED: 0.05})
    # 0.3 ** exp(+-1.96 x sqrt(0.3 x 0.7 / 100) / (0.3 x -ln 0.3))
    found = cumulative_incidence(times, 365, LEVEL)
    assert found is not None and (found[DROPPED_OUT].lower, found[DROPPED_OUT].upper) == pytest.approx(
        (0.2136, 0.3911), abs=0.0001
    )


def test_who_completed_cannot_drop_out_any_more():
    """One minus Kaplan-Meier would say that half of those left drop out of all: 0.5, not 0.1."""
    rows = [("Completed", 5, "12 months")] * 8
    rows += [("Dropped out", 10, "12 months"), ("Remained", None, "12 months")]
    assert incidence(times_of(*rows), 21)[DROPPED_OUT] == pytest.approx(0.1)


def test_an_end_after_the_last_time_followed_in_full_is_not_looked_at():
    """It would be seen of those that ended only, as those still in treatment are followed no longer."""
    rows = [("Dropped out", 25, "3 weeks")] * 5 + [("Remained", None, "3 weeks")] * 5
    assert times_of(*rows)["event"].sum() == 0
    assert cumulative_incidence(times_of(*rows), 42, LEVEL) is None


def test_nothing_is_estimated_of_nobody():
    assert cumulative_incidence(times_of(), 21, LEVEL) is None


def test_there_are_no_limits_where_nothing_has_happened():
    found = cumulative_incidence(times_of(*[("Remained", None, "12 months")] * 40), 84, LEVEL)
    assert found is not None
    assert {(share.value, share.lower, share.upper) for share in found.values()} == {(0.0, None, None)}
