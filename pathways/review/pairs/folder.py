"""The folder of a review of the study's pairs. It lies in the linkage zone, closed to other accounts.

Does not belong here: what may be said of a pair (shared/pairs_folder.py), drawing the samples (draw.py).
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from contracts.extracts import LINKAGE_EXTRACTS
from linkage_assets.schemas.reviewing import TABLES
from linkage_assets.steps.review.review_records import compare_records
from pathways.review.shared.pairs_folder import ScoredPairsFolder
from resources.review.compare_fields import Line

STAGES = ("first", "second")


@dataclass(frozen=True)
class PairsFolder(ScoredPairsFolder):
    """Files of the review of a quarter's pairs; a simulated review has a folder of its own."""

    stages = STAGES
    tables = tuple(TABLES)
    schemas = TABLES
    zone_name = "linkage"
    extracts = LINKAGE_EXTRACTS
    command = "pathways review"
    sampled_from = "person_pairs"
    scored_by = "linkage_model"
    sides = MappingProxyType({"probation": "Probation (nDelius)", "treatment": "Treatment (NDTMS)"})

    def lines(self, one: dict[str, Any], other: dict[str, Any]) -> list[Line]:
        """What is shown of a pair: the record of probation and that of treatment."""
        return compare_records(one, other)
