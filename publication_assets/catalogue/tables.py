"""Every published table by its key, in the order in which they are counted.

A new table is one declaration, in the tuple of its kind, and one function that makes it (CONTRIBUTING.md).
"""

from publication_assets.catalogue.tables_of_models import ESTIMATE_TABLES, MODEL_TABLES
from publication_assets.catalogue.tables_of_ours import OUR_TABLES, SUBSTANCE_USE_TABLES
from publication_assets.catalogue.tables_of_the_report import REPORT_TABLES
from publishing.tables.declared import DeclaredTable

TABLES: dict[str, DeclaredTable] = {
    table.key: table for table in (*REPORT_TABLES, *OUR_TABLES, *MODEL_TABLES, *ESTIMATE_TABLES, *SUBSTANCE_USE_TABLES)
}


def by_number(number: int) -> DeclaredTable:
    """The table that readers know by its number."""
    return next(table for table in TABLES.values() if table.number == number)
