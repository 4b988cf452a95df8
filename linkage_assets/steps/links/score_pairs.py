"""Gives every candidate pair of one nDelius and one NDTMS record its match probability (methodology 2.5.2).

Belongs here: the study's records and names of columns. Does not belong here: scoring (record_linkage), and which pairs
are links.
"""

import polars as pl

from linkage_assets.steps.model.linkage_specification import linkage_specification
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring import score_pairs as scoring
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.scoring.score_pairs import EarlierScoring
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import Linkage

NAMES = {
    "left_record_id": "offender_record_id",
    "right_record_id": "client_record_id",
    "left_person_id": "crn",
    "right_person_id": "client_id",
}


def score_pairs(
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    model: TrainedModel,
    key: bytes,
    backend: SplinkBackend,
    settings: Linkage,
    earlier: EarlierScoring | None = None,
    chunks: ChunkFolder | None = None,
) -> pl.DataFrame:
    """Pairs of records from `settings.lowest_probability` up, sorted by both record ids. `key`: of the model's values.

    Columns: offender_record_id, client_record_id, crn, client_id, match_probability (6 decimals), match_weight (bits,
    4 decimals), gamma_* (level of each comparison, highest is exact, -1 missing), blocking_rule (first that found it).
    Scores are per row of an address, and independent of the deduplication (methodology 2.5.2).

    With `earlier`, the standardised records and scored pairs of another quarter, only pairs with a record that is new
    or changed are scored; with `chunks`, many clients a chunk at a time. The result is the same. Raises SplinkFailed.
    """
    if earlier is not None:
        offenders, clients = (side.filter("linkable") for side in (earlier.left, earlier.right))
        before = earlier.pairs.rename({ours: general for general, ours in NAMES.items()})
        earlier = EarlierScoring(offenders, clients, before)
    sides = standardised_offenders.filter("linkable"), standardised_clients.filter("linkable")
    specification = linkage_specification(settings)
    return scoring.score_pairs(*sides, model, specification, key, backend, earlier, chunks).rename(NAMES)
