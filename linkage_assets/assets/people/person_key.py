"""The key file. How is in steps/links."""

import dagster as dg
import polars as pl

from linkage_assets.steps.links.key_people import key_people, key_under_pseudonyms, linkage_run
from resources.records.record_counts import record_counts
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="linking")
def person_key(
    context: dg.AssetExecutionContext,
    linked_pairs: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    linkage_model: pl.DataFrame,
) -> pl.DataFrame:
    """Which NDTMS people are which probation person, under pseudonyms: the study's key file (methodology 2.5.4, 3)."""
    links = key_people(linked_pairs, standardised_clients)
    left_out = "links left out, contradicted by a better or an equal one"
    record_counts(
        context,
        {"probation people linked": links["cluster_id"].n_unique(), left_out: linked_pairs.height - links.height},
    )
    run_id = linkage_run(context.partition_key, linkage_model)
    return key_under_pseudonyms(links, probation_pseudonyms, treatment_pseudonyms, run_id)
