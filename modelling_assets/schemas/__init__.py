"""Every table of the zone, declared once: asset name to class."""

from modelling_assets.schemas import modelling, publication

TABLES = {**modelling.TABLES, **publication.TABLES}
