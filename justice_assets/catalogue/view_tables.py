"""Every table that is published of the research views, by its key: what it counts, by what, and in which parts.

Belongs here: which tables there are. Does not belong here: counting (steps/view_tables), what is said of a table
(templates).
"""

from justice_assets.catalogue.tables_of_custody import TABLES_OF_CUSTODY
from justice_assets.catalogue.tables_of_models import TABLES_OF_MODELS
from justice_assets.catalogue.tables_of_sentences import TABLES_OF_SENTENCES
from justice_assets.catalogue.tables_of_support import TABLES_OF_SUPPORT
from justice_assets.catalogue.view_table import ViewTable

_DECLARED = (*TABLES_OF_SENTENCES, *TABLES_OF_CUSTODY, *TABLES_OF_SUPPORT, *TABLES_OF_MODELS)
VIEW_TABLES: dict[str, ViewTable] = {table.key: table for table in sorted(_DECLARED, key=lambda table: table.number)}
