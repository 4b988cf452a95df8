"""Estimates by when people drop out of treatment, where some have completed it, gone to prison or died before, and some
are still in it.

Belongs here: cumulative incidence with competing events, its limits. Does not belong here: whose treatment is looked at
and since when (linkage zone, choose_journeys.py), the table (tables_dropout.py).

The estimator is that of Aalen and Johansen, as statsmodels has it (CumIncidenceRight): the share that has dropped out
by a day when those no longer followed are taken to be like those that still are. One minus Kaplan-Meier would count the
completed as if they could still drop out, and be too high. Limits are by the transformation log(-log), so they stay
between 0 and 1; records count as independent of each other.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import polars as pl
from statsmodels.duration.survfunc import CumIncidenceRight

from contracts.vocabulary import FOLLOWED_FOR, HORIZONS

DROPPED_OUT, COMPLETED, PRISON_OR_DIED = "Dropped out", "Completed", "Prison or died"

EVENTS = {DROPPED_OUT: 1, COMPLETED: 2, PRISON_OR_DIED: 3}
FOLLOWED_DAYS = dict(zip(FOLLOWED_FOR, [0, *HORIZONS.values()], strict=True))


@dataclass(frozen=True)
class Incidence:
    """A cumulative incidence as a share, with its limits; no limits where nothing or everything has happened."""

    value: float
    lower: float | None
    upper: float | None


def treatment_times(linked: pl.DataFrame) -> pl.DataFrame:
    """days, event (a number of EVENTS; 0: none seen) and followed (days) of each linked requirement, in its order.

    `linked` has treatment_status, days_in_treatment and followed_in_treatment. How long treatment that goes on was
    followed is known as a band only. What happened after the last time of HORIZONS that was followed in full is
    therefore looked at for nobody: requirements that happened to end would else be followed for longer than others.
    """
    status = pl.col("treatment_status").replace(["Prison", "Died"], PRISON_OR_DIED)
    followed = pl.col("followed_in_treatment").replace_strict(FOLLOWED_DAYS, return_dtype=pl.Int32)
    seen = (pl.col("days_in_treatment") <= followed).fill_null(False)
    return linked.select(
        days=pl.when(seen).then("days_in_treatment").otherwise(followed),
        event=pl.when(seen).then(status.replace_strict(EVENTS, default=0, return_dtype=pl.Int32)).otherwise(0),
        followed=followed,
    )


def cumulative_incidence(times: pl.DataFrame, day: int, level: float) -> dict[str, Incidence] | None:
    """Share with each of EVENTS by a day since the start, with limits of the coverage `level`.

    `times` is made by treatment_times. None without records, and where nobody was followed for so long.
    """
    if not times.select((pl.col("followed") >= day).any()).item():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):  # where all that are left have an event there is no error
        found = CumIncidenceRight(times["days"].to_numpy(), times["event"].to_numpy())
    place = int(np.searchsorted(found.times, day, side="right")) - 1
    # statsmodels has no curve of the last events when nobody had them.
    curves = dict(zip(EVENTS, zip(found.cinc, found.cinc_se or (), strict=True), strict=False))
    return {
        name: _with_limits(curves[name][0][place], curves[name][1][place], level)
        if place >= 0 and name in curves
        else Incidence(0.0, None, None)
        for name in EVENTS
    }


def _with_limits(share: float, error: float, level: float) -> Incidence:
    if not (0 < share < 1 and np.isfinite(error)):
        return Incidence(float(share), None, None)
    reach = NormalDist().inv_cdf(0.5 + level / 2) * error / (share * -np.log(share))
    lower, upper = (float(share ** np.exp(shift)) for shift in (reach, -reach))
    return Incidence(float(share), lower, upper)
