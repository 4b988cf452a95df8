"""Quarters as the one partition of every asset.

`%q` is refused by Dagster's time-window partitions, and dynamic partitions hold a database connection each: so the
quarters are a fixed list.
"""

import dagster as dg

from resources.zone.partitions import QUARTER_NAMES

quarters = dg.StaticPartitionsDefinition(QUARTER_NAMES)
