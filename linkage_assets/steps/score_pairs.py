"""Gives every candidate pair of one nDelius and one NDTMS record its match probability (methodology 2.5.2).

Belongs here: applying the trained model. Does not belong here: training it, or deciding which pairs are links.
"""

import json

import polars as pl
from splink import Linker, SettingsCreator

from linkage_assets.steps.splink_model import blocking_rules
from linkage_assets.steps.train_linkage_model import linkable
from resources.splink_backend import SplinkBackend, query_frame, register_frame
from resources.study_settings import Linkage

COMPARISONS = ["initials", "birth_date", "sex", "ethnicity", "location"]


def score_pairs(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    linkage_model: pl.DataFrame,
    backend: SplinkBackend,
    settings: Linkage,
) -> pl.DataFrame:
    """Pairs of records from `settings.lowest_probability` up, sorted by both record ids.

    Columns: offender_record_id, client_record_id, crn, client_id, match_probability (6 decimals), match_weight (bits,
    4 decimals), gamma_* (level of each comparison, highest is exact, -1 missing), blocking_rule (first that found it).
    Scores are per row of an address, and independent of the deduplication (methodology 2.5.2). Raises SplinkFailed.
    """
    model = json.loads(linkage_model["model_json"].item())
    model["blocking_rules_to_generate_predictions"] = blocking_rules(settings.blocking_rules)
    names = pl.Series("blocking_rule", settings.blocking_rules, dtype=pl.String).to_frame()
    rules = names.with_columns(match_key=pl.int_range(pl.len()).cast(pl.String))
    gammas = ", ".join(f"CAST(gamma_{name} AS TINYINT) AS gamma_{name}" for name in COMPARISONS)
    with backend.open("scoring pairs") as database:
        linker = Linker(
            [
                register_frame(database, linkable(standardised_offenders), "ndelius"),
                register_frame(database, linkable(standardised_clients), "ndtms"),
            ],
            SettingsCreator.from_path_or_dict(model),
            log_level=None,
        )
        scored = linker.inference.predict(
            threshold_match_probability=settings.lowest_probability, warning_mode="never"
        )
        pairs = query_frame(
            database,
            f"""SELECT record_id_l AS offender_record_id, record_id_r AS client_record_id,
                       person_id_l AS crn, person_id_r AS client_id,
                       round(match_probability, 6) AS match_probability, round(match_weight, 4) AS match_weight,
                       {gammas}, match_key
                FROM {scored.physical_name}""",
        )
    return (
        pairs.join(rules, on="match_key", how="left")
        .drop("match_key")
        .sort("offender_record_id", "client_record_id")
    )
