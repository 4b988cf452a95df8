"""Every table of the zone, declared once: asset name to class."""

from modelling_assets.schemas import comparison, imputation, modelling, publication, sensitivity

TABLES = {**modelling.TABLES, **imputation.TABLES, **publication.TABLES, **comparison.TABLES, **sensitivity.TABLES}
