"""Columns of counts and shares of requirements: linked, by status, reconvicted, missing.

Belongs here: columns that count requirements of a type. Does not belong here: times and days
(measures_of_treatment.py), contact notes (measures_of_notes.py), models (measures_of_models.py).
"""

from publishing.tables.declared import Measure

REQUIREMENTS = Measure("requirements", "count", "{noun} (count)")
SHARE_OF_ALL = Measure("share_of_all", "percent", "{noun} (% of all {noun})")
SHARE_OF_SIDE = Measure("share_of_side", "percent", "{noun} (% of linked or not linked {noun})")
SHARE_OF_GROUP = Measure("share_of_group", "percent", "{noun} (% of {noun} in the linkage group)")
LINKED = Measure("linked", "count", "{noun} linked to structured treatment (count)")
LINKED_SHARE = Measure("linked_share", "percent", "{noun} linked to structured treatment (% of {noun} in the row)")
RECONVICTED = Measure("reconvicted", "count", "{noun} reconvicted {within_period} (count)")
RECONVICTED_SHARE = Measure(
    "reconvicted_share", "percent", "{noun} reconvicted {within_period} (% of {noun} in the row)"
)
FOLLOWED = Measure("followed", "count", "{noun} followed for {period} (count)")
FOLLOWED_SHARE = Measure("followed_share", "percent", "{noun} followed for {period} (% of {noun} in the row)")
FOLLOWED_RECONVICTED = Measure(
    "followed_reconvicted", "count", "{noun} followed for {period} and reconvicted in that time (count)"
)
FOLLOWED_RECONVICTED_SHARE = Measure(
    "followed_reconvicted_share", "percent", "{noun} reconvicted {within_period} (% of those followed for {period})"
)
FOLLOWED_CONVICTED = Measure(
    "followed_convicted", "count", "{noun} followed for {period} and reconvicted by a conviction in that time (count)"
)
FOLLOWED_CONVICTED_SHARE = Measure(
    "followed_convicted_share",
    "percent",
    "{noun} reconvicted by a conviction {within_period} (% of those followed for {period})",
)
STATUS = Measure("status", "count", "{noun} that {status} (count)")
STATUS_SHARE = Measure("status_share", "percent", "{noun} that {status} (% of linked {noun} in the row)")
STATUS_WORDS = {
    "Completed": "completed structured treatment",
    "wide dropout": "dropped out, wide definition",
    "Remained": "remained in structured treatment",
}

LINKED_REQUIREMENTS = Measure("linked_requirements", "count", "Linked to structured treatment (count)")
DISCHARGE = Measure("discharge", "count", "{discharge} (count)")
DISCHARGE_SHARE = Measure("discharge_share", "percent", "{discharge} (% of linked in the row)")
ENDED = Measure("ended", "count", "Requirements that had ended (count)")
AT_THE_END = Measure("at_the_end", "count", "{status} (count)")
AT_THE_END_SHARE = Measure("at_the_end_share", "percent", "{status} (% of ended in the row)")
AS_PUBLISHED = Measure("as_published", "text", "All people in treatment, as published")
OUR_BASE = Measure("our_base", "count", "{noun} in the base (count)")
OUR_SHARE = Measure("our_share", "percent", "{noun} linked to structured treatment (%)")


def status_of(measure: Measure, status: str, kind: str) -> Measure:
    """The column of a status of STATUS_WORDS and a type; `measure` is STATUS or STATUS_SHARE."""
    return measure.of(status, status=STATUS_WORDS[status]).of_type(kind)
