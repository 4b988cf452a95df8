"""When quarters start by themselves, and by which day each is due. None of it changes a table.

Does not belong here: whom alerts go to, which the environment says (pathways/alerts), and limits of runs
(deploy/dagster.yaml).
"""

from pydantic import Field

from resources.settings.settings_section import Section


class Operation(Section):
    """Days are counted from the end of the quarter. Excluded from fingerprints: no table depends on them."""

    extracts_due_days: int = Field(ge=0, exclude=True, description="days after which every extract is due")
    published_due_days: int = Field(ge=0, exclude=True, description="days after which the quarter is to be published")
    minutes_untouched: float = Field(
        ge=0, exclude=True, description="minutes that no extract was written, after which none is still being copied"
    )
    seconds_between_looks: int = Field(ge=1, exclude=True, description="seconds from look to look of a sensor")
