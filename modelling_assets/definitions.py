"""The modelling zone, first half: reads anonymised records and models them. What is published is publication_assets."""

import dagster as dg

from contracts.crossing_assets import crossings_read_by
from contracts.holdings import ABOUT
from contracts.signed_off import digests, released_is_synthetic
from contracts.zones import CROSSING_TABLES, MADE_BY, SECTIONS
from modelling_assets.assets import (
    analysis_frame,
    engagement_estimates,
    imputation_diagnostics,
    imputed_frames,
    model_fits,
    model_records,
    pooled_odds_ratios,
    sensitivity_estimates,
)
from modelling_assets.schemas import TABLES
from resources.duties.asked import Duties
from resources.operation.starts import runs_when_written
from resources.process.data_root import data_root
from resources.process.shield import shielded
from resources.zone.zone_definitions import make_zone, zone_definitions, zone_job

MODULES = [
    analysis_frame,
    model_records,
    imputed_frames,
    imputation_diagnostics,
    model_fits,
    pooled_odds_ratios,
    engagement_estimates,
    sensitivity_estimates,
]


@dg.definitions
@shielded
def defs() -> dg.Definitions:
    """What is estimated, in the order the data flows; it runs when all that crosses to it has been written."""
    zone = make_zone(
        "modelling",
        SECTIONS["modelling"],
        CROSSING_TABLES,
        made_by=MADE_BY,
        quoted={"engagement_estimates": ("publication",)},
    )
    job, reads = zone_job("modelling_zone"), crossings_read_by("modelling_assets")
    return zone_definitions(
        zone,
        MODULES,
        TABLES,
        about=ABOUT,
        reads=reads,
        duties=Duties(
            data_root(),
            {"release": digests(data_root())["release"]},
            lambda quarter: released_is_synthetic(data_root(), quarter),
        ),
        jobs=[job],
        sensors=[runs_when_written(job, reads, defs)],
    )
