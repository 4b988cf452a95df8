"""Asks the notes zone for the contact notes of a random sample of requirements (report 1.5).

Belongs here: who is sampled and the window of each. Does not belong here: reading or filtering notes.
"""

from datetime import date

import polars as pl

from linkage_assets.steps.people.draw_at_random import random_places
from resources.secrets.keyed_hash import subkey
from resources.settings.study_settings import Notes


def request_notes(
    analysed: pl.DataFrame,
    requirement_pseudonyms: pl.DataFrame,
    note_draws: pl.DataFrame,
    release_keys: pl.DataFrame,
    settings: Notes,
    observation_end: date,
    secret: bytes,
) -> pl.DataFrame:
    """Requirements whose notes are to be read, as contracts/crossings.py NoteRequest, in random order.

    Of the analysed requirements not linked to structured treatment the share `unlinked_sample_share`, and of the linked
    ones `linked_decoy_share`, rounded to whole requirements. The window runs from the start of the requirement to its
    end, or to `observation_end` if that is earlier or the requirement is active. Requirement id and CRN, MoJ's own
    keys, are read back from `requirement_pseudonyms`. Those with the smallest `note_draw` are sampled, so that the
    sample is the same under other pseudonyms, and nearly the same where some requirements are new. The order is drawn
    with the `secret` of the release.
    """
    ids = requirement_pseudonyms.select("requirement_pseudonym", "requirement_id", "crn")
    shuffled = (
        analysed.join(ids, on="requirement_pseudonym")
        .join(note_draws, on="requirement_id")
        .sort("note_draw", "requirement_id")
    )
    share = pl.when("linked_structured").then(settings.linked_decoy_share).otherwise(settings.unlinked_sample_share)
    wanted = (pl.len().over("linked_structured") * share).round().cast(pl.Int64)
    sampled = shuffled.filter(pl.int_range(pl.len()).over("linked_structured") < wanted)
    order = random_places(sampled["requirement_id"], subkey(secret, "note request"))
    terminated = pl.col("termination_date").is_not_null() & (pl.col("termination_date") <= observation_end)
    return (
        sampled.with_columns(place=order)
        .sort("place")
        .join(release_keys, on="requirement_pseudonym", maintain_order="left")
        .select(
            "requirement_key",
            "requirement_id",
            "crn",
            window_start="start_date",
            window_end=pl.when(terminated).then("termination_date").otherwise(pl.lit(observation_end)),
            terminated=terminated,
        )
    )
