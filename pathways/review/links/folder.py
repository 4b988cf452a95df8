"""The folder of a review of justice links. It lies in the justice zone, closed to other accounts.

Does not belong here: what may be said of a pair (shared/pairs_folder.py), drawing the sample (draw.py).
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from contracts.extracts import JUSTICE_EXTRACTS
from contracts.zones import JUSTICE_SOURCES_FOLDER
from justice_assets.schemas.reviewing import SIDES, TABLES
from justice_assets.steps.review.link_records import compare_links
from pathways.refresh.zone_order import JUSTICE_ZONE
from pathways.review.shared.pairs_folder import ScoredPairsFolder
from resources.review.compare_fields import Line

STAGE = "first"


@dataclass(frozen=True)
class LinksFolder(ScoredPairsFolder):
    """Files of the review of a quarter's justice links; a simulated review has a folder of its own."""

    stages = (STAGE,)
    tables = tuple(TABLES)
    schemas = TABLES
    sample_table = "link_review_sample"
    records_table = "link_review_records"
    zone_name = JUSTICE_ZONE
    study_zones = (JUSTICE_ZONE,)
    sources = JUSTICE_SOURCES_FOLDER
    extracts = JUSTICE_EXTRACTS
    command = "pathways review links"
    refresh = "pathways refresh --study justice"
    sampled_from = "scored_identities"
    scored_by = "justice_linkage_model"
    sides = MappingProxyType({side: f"{side.capitalize()} record" for side in SIDES})

    def lines(self, one: dict[str, Any], other: dict[str, Any]) -> list[Line]:
        """What is shown of a pair."""
        return compare_links(one, other)
