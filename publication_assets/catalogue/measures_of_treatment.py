"""Columns of times: to structured treatment, in it, until dropout; and of days of substance use.

Belongs here: columns that say when, how long or how often. Does not belong here: how many
(measures_of_requirements.py).
"""

from publishing.tables.declared import Measure

REACHED = Measure("reached", "count", "{noun} (count, cumulative)")
REACHED_OF_LINKED = Measure("reached_share_of_linked", "percent", "{noun} (% of linked {noun}, cumulative)")
REACHED_OF_ALL = Measure("reached_share_of_all", "percent", "{noun} (% of all {noun}, cumulative)")
MEAN_DAYS_OF_TYPE = Measure(
    "mean_days_of_type", "days", "{noun} not already in treatment, mean time to structured treatment (days)"
)

TIME_BAND = Measure("time_band", "count", "{band} (count)")
TIME_BAND_SHARE = Measure("time_band_share", "percent", "{band} (% of linked in the row)")
LATER = Measure("later", "count", "Not already in treatment (count)")
MEAN_DAYS = Measure("mean_days", "days", "Not already in treatment, mean time to structured treatment (days)")
MEDIAN_DAYS = Measure("median_days", "days", "Not already in treatment, median time to structured treatment (days)")

OBSERVED = Measure("observed", "count", "{noun} observed for so long (count)")
ON_DAY = Measure("on_day", "count", "{noun} in structured treatment on that day (count)")
ON_DAY_SHARE = Measure(
    "on_day_share", "percent", "{noun} in structured treatment on that day (% of {noun} observed for so long)"
)
BEEN_BY_DAY_SHARE = Measure(
    "been_by_day_share",
    "percent",
    "{noun} that had been in structured treatment by that day (% of {noun} observed for {longest})",
)
OPEN_ON_DAY_SHARE = Measure(
    "open_on_day_share", "percent", "{noun} in structured treatment on that day (% of {noun} observed for {longest})"
)

FOLLOWED_FOR = Measure("followed_for", "count", "Followed for so long (count)")
DROPPED = Measure("dropped", "percent", "Dropped out (narrow definition), estimate (%)")
DROPPED_LIMITS = {
    side: Measure(
        f"dropped_{side}", "percent", f"Dropped out (narrow definition), estimate, {side} {{level}} limit (%)"
    )
    for side in ("lower", "upper")
}
COMPLETED = Measure("completed", "percent", "Completed structured treatment, estimate (%)")
PRISON_OR_DIED = Measure("prison_or_died", "percent", "Ended when the person entered prison or died, estimate (%)")
REMAINED = Measure("remained", "percent", "Still in structured treatment, estimate (%)")
MEDIAN_TO_DROPOUT = Measure("median_to_dropout", "days", "Median time to dropout of those that dropped out (days)")

KNOWN_AT_START = Measure("known_at_start", "count", "Days of use known at the start (count)")
KNOWN_AT_BOTH = Measure("known_at_both", "count", "Days of use known at the start and later (count)")
KNOWN_AT_BOTH_SHARE = Measure(
    "known_at_both_share", "percent", "Days of use known at the start and later (% of linked)"
)
EXIT_FORM = Measure("exit_form", "count", "Of these, the last form is an exit form (count)")
USED_AT_START = Measure("used_at_start", "count", "Used at the start (count)")
USED_AT_START_SHARE = Measure("used_at_start_share", "percent", "Used at the start (% of those known at both)")
USED_AT_LAST = Measure("used_at_last", "count", "Used at the last form (count)")
USED_AT_LAST_SHARE = Measure("used_at_last_share", "percent", "Used at the last form (% of those known at both)")
STOPPED = Measure("stopped", "count", "Used at the start and not at the last form (count)")
STOPPED_SHARE = Measure(
    "stopped_share", "percent", "Used at the start and not at the last form (% of those who used at the start)"
)
MEAN_AT_START = Measure("mean_at_start", "days of use", "Mean days of use in 28, at the start")
MEAN_AT_LAST = Measure("mean_at_last", "days of use", "Mean days of use in 28, at the last form")
CHANGE = Measure("change", "change in days", "Mean change in days of use")
CHANGE_LIMITS = {
    side: Measure(f"change_{side}", "change in days", f"{CHANGE}, {side} {{level}} limit")
    for side in ("lower", "upper")
}
