"""The key file. How is in steps/key_people.py."""

import dagster as dg
import polars as pl

from linkage_assets.steps.key_people import key_people
from resources.zone_asset import zone_asset


@zone_asset(group_name="linking")
def person_key(
    context: dg.AssetExecutionContext, linked_pairs: pl.DataFrame, standardised_clients: pl.DataFrame
) -> pl.DataFrame:
    """Which NDTMS people are which probation person: the study's key file (methodology 2.5.4, 3.3)."""
    key = key_people(linked_pairs, standardised_clients)
    context.add_output_metadata(
        {
            "probation people linked": key["cluster_id"].n_unique(),
            "links left out, contradicted by a better or an equal one": linked_pairs.height - key.height,
        }
    )
    return key
