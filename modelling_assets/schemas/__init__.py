"""Every table of the zone that is estimated, declared once: asset name to class."""

from modelling_assets.schemas import imputation, modelling, sensitivity

TABLES = {**modelling.TABLES, **imputation.TABLES, **sensitivity.TABLES}
