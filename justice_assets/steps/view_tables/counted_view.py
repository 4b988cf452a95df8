"""A table of research views under construction, and what its counts are called.

Belongs here: the names that all tables of views share. Does not belong here: any table.
"""

from justice_assets.catalogue.view_tables import VIEW_TABLES
from publishing.tables.counted_table import CountedTable

Conditions = tuple[tuple[str, str], ...]  # columns of a view and the level of each


class CountedView(CountedTable):
    """A table of research views under construction."""

    @property
    def number(self) -> int:
        """The number by which readers know it."""
        return VIEW_TABLES[self.key].number


def quantity(view: str, conditions: Conditions) -> str:
    """The name of a count: the same group has the same name in every table."""
    return "/".join([view, *sorted(f"{column}={level}" for column, level in conditions)])
