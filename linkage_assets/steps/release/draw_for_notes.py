"""Draws the number by which a requirement is sampled for the reading of its notes.

Belongs here: the number. Does not belong here: who is sampled with it (request_notes.py).

A requirement keeps its number for twenty quarters, so that most requirements of the sample before are in the next one
and their notes are not read again. So it is drawn with a secret of the zone, which outlives releases. Who could work it
out in the notes zone could tell linked from unlinked, as fewer of the linked are sampled. Who is newly linked may leave
the sample. So one in twenty numbers changes every quarter: most of those who leave do so for that, and they are linked
less often than those who were never in the sample. A number that changed every quarter would say more: over the years
the linked would be in the sample less often.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from resources.secrets.keyed_hash import keyed_digests, subkey

QUARTERS_KEPT = 20


def draw_for_notes(
    requirement: pl.DataFrame, requirement_types: Sequence[str], secret: bytes, observed_to: date
) -> pl.DataFrame:
    """requirement_id and note_draw (32 hexadecimal digits) of the types studied, sorted by requirement_id.

    It depends on the `secret`, the id and the quarter of `observed_to` alone, not on which other records there are.
    """
    ids = requirement.filter(pl.col("requirement_type").is_in(requirement_types))["requirement_id"].sort()
    quarter = observed_to.year * 4 + (observed_to.month - 1) // 3
    turns = [int.from_bytes(turn) % QUARTERS_KEPT for turn in keyed_digests(ids, subkey(secret, "turn"))]
    kept_as = [f"{(quarter + turn) // QUARTERS_KEPT} {each}" for each, turn in zip(ids, turns, strict=True)]
    draws = [draw.hex() for draw in keyed_digests(kept_as, subkey(secret, "draw"))]
    return pl.DataFrame({"requirement_id": ids, "note_draw": pl.Series(draws, dtype=pl.String)})
