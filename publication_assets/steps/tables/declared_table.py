"""A published table under construction: one of the catalogue.

Belongs here: the number by which readers know it. Does not belong here: what a table is made of (publishing/tables),
any particular table, its title and notes (catalogue/), what may be shown (publishing/disclosure).

`check_tables_agree` holds the tables to it that a name of a count is one number.
"""

from publication_assets.catalogue.tables import TABLES
from publishing.tables.counted_table import CountedTable


class PublishedTable(CountedTable):
    """A table under construction: `key` is that of the catalogue."""

    @property
    def number(self) -> int:
        """The number by which readers know it."""
        return TABLES[self.key].number
