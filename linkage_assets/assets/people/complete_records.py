"""Assets: who could be linked, and to whom, if a probation record needed all three identifiers. How is in steps/links.

Belongs here: another reading of methodology 2.5.1, for choice_effects. Does not belong here: the links of the release
(person_key.py).
"""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.key_people import key_under_pseudonyms, linkage_run
from linkage_assets.steps.links.require_all_identifiers import find_complete_people, link_complete_records
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="linking")
def complete_people(standardised_offenders: pl.DataFrame, probation_pseudonyms: pl.DataFrame) -> pl.DataFrame:
    """People on probation of whom some record has initials, date of birth and place (methodology 2.5.1)."""
    return find_complete_people(standardised_offenders, probation_pseudonyms)


@zone_asset(group_name="linking")
def complete_key(
    context: dg.AssetExecutionContext,
    scored_pairs: pl.DataFrame,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    client_clusters: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    linkage_model: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """The key file that probation records with all three identifiers give, without scoring them again (ours)."""
    threshold = study.settings(context.partition_key).linkage.threshold
    links = link_complete_records(
        scored_pairs, standardised_offenders, standardised_clients, offender_clusters, client_clusters, threshold
    )
    run_id = linkage_run(context.partition_key, linkage_model)
    return key_under_pseudonyms(links, probation_pseudonyms, treatment_pseudonyms, run_id)
