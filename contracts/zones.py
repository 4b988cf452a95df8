"""Which tables cross between zones, and which zone makes each."""

from contracts.crossings import CROSSINGS

CROSSING_TABLES = {name: crossing.table for name, crossing in CROSSINGS.items()}
MADE_BY = {name: crossing.made_by.removesuffix("_assets") for name, crossing in CROSSINGS.items()}  # names of zones
