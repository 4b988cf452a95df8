"""Counts in Dagster's records, which people outside the zone read.

Belongs here: recording them. Does not belong here: how a count is shown (shown_counts.py), and what is counted.

Whoever works in a zone reads exact counts there: in its tables, in receipts, and in what `pathways check` prints. A
gate says exactly what it refuses, since somebody has to decide on just that value.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from resources.records.shown_counts import counts_base, shown_counts


def record_counts(context: dg.AssetExecutionContext, counts: Mapping[str, Any]) -> None:
    """Add `counts`, rounded and few as few, to the metadata of the table that is made."""
    context.add_output_metadata(shown_counts(counts, counts_base()))
