"""Draws the number by which a requirement is sampled for the reading of its notes.

Belongs here: the number. Does not belong here: who is sampled with it (request_notes.py).

A requirement keeps its number for twenty quarters, so that most requirements of the sample before are in the next one
and their notes are not read again. It comes from the record's own keys and the person's numbers, which the notes zone
does not hold: who could work it out there could tell linked from unlinked, as fewer of the linked are sampled. Who is
newly linked may leave the sample. So one in twenty numbers changes every quarter: most of those who leave do so for
that, and they are linked less often than those who were never in the sample. A number that changed every quarter would
say more: over the years the linked would be in the sample less often.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

import polars as pl

OF_REQUIREMENT = ["requirement_id", "disposal_id", "event_id"]
OF_PERSON = ["dob", "noms_number", "pnc_number", "cro_number"]
QUARTERS_KEPT = 20


def draw_for_notes(
    requirement: pl.DataFrame, offender: pl.DataFrame, requirement_types: Sequence[str], seed: int, observed_to: date
) -> pl.DataFrame:
    """requirement_id and note_draw (32 hexadecimal digits) of the types studied, sorted by requirement_id.

    It depends on the seed, the record and the quarter of `observed_to` alone, not on which other records there are.
    """
    people = offender.select("crn", *OF_PERSON).unique("crn", keep="first", maintain_order=True)
    studied = requirement.filter(pl.col("requirement_type").is_in(requirement_types)).join(people, on="crn", how="left")
    parts = studied.select(
        pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in (*OF_REQUIREMENT, *OF_PERSON)], separator="\n"
        )
    ).to_series()
    quarter = observed_to.year * 4 + (observed_to.month - 1) // 3
    draws = [_draw(f"note request\n{seed}\n{part}", quarter) for part in parts]
    return studied.select("requirement_id", note_draw=pl.Series(draws, dtype=pl.String)).sort("requirement_id")


def _draw(record: str, quarter: int) -> str:
    turn = int.from_bytes(sha256(record.encode()).digest()) % QUARTERS_KEPT
    return sha256(f"{record}\n{(quarter + turn) // QUARTERS_KEPT}".encode()).hexdigest()[:32]
