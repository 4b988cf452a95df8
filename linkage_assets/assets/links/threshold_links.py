"""Assets: the key file of the lowest threshold tried, and up to which threshold each requirement is linked. How is in
steps/links.

Belongs here: links of other thresholds than the study's. Does not belong here: the study's own links (person_key.py).
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.key_people import key_under_pseudonyms, linkage_run
from linkage_assets.steps.links.vary_threshold import find_highest_threshold, link_people_widely
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="linking")
def wider_key(
    context: dg.AssetExecutionContext,
    person_pairs: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """The key file that the lowest threshold of the sensitivity analysis gives (ours)."""
    links = link_people_widely(person_pairs, standardised_clients, study.settings(context.partition_key))
    run_id = linkage_run(context.partition_key, linkage_model)
    return key_under_pseudonyms(links, probation_pseudonyms, treatment_pseudonyms, run_id)


@zone_asset(group_name="combining")
def threshold_links(
    context: dg.AssetExecutionContext,
    analysed_requirements: pl.DataFrame,
    treatment_journeys: pl.DataFrame,
    wider_key: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """Highest threshold tried at which each requirement is linked to structured treatment (ours)."""
    settings = study.settings(context.partition_key)
    return find_highest_threshold(analysed_requirements, treatment_journeys, wider_key, settings)
