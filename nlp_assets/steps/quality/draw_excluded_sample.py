"""Draws the notes without a keyword that are labelled too, to see what the keyword filter misses.

Belongs here: who is drawn. Does not belong here: what the labels of the sample say (estimate_missed_engagement.py).

Two samples: notes, for the share of excluded notes that speak of treatment; and requirements called not engaged, with
all their excluded notes, for the share of those that one such note would turn. Each is drawn by a hash of the seed and
a contact: the draw depends on no order of rows, a larger sample holds a smaller one, and next quarter draws most of the
same, whose labels are there.
"""

from hashlib import sha256
from heapq import nsmallest

import polars as pl

from nlp_assets.schemas.audit import ExcludedSample
from nlp_assets.steps.notes.note_hash import note_hash
from resources.settings.study_settings import FilterAudit

COLUMNS = list(ExcludedSample.to_schema().columns)


def draw_excluded_sample(
    requested_notes: pl.LazyFrame,
    filtered_notes: pl.DataFrame,
    requirement_engagement: pl.DataFrame,
    settings: FilterAudit,
    key: bytes,
) -> pl.DataFrame:
    """Both samples, as schemas.audit.ExcludedSample, sorted by drawn_as, requirement and contact. No note is blank.

    A note in the windows of several requirements is drawn once as a note, and once with each requirement drawn.
    `key`: of the hash of a text.
    """
    excluded = excluded_notes(requested_notes, filtered_notes)
    contacts = excluded.select(pl.col("contact_id").unique()).collect()["contact_id"]
    chosen = pl.Series("contact_id", smallest_hashes(contacts, settings.excluded_notes, settings.seed), dtype=pl.String)
    notes = (
        excluded.join(pl.LazyFrame(chosen), on="contact_id", how="semi")
        .sort("requirement_key")
        .unique("contact_id", keep="first", maintain_order=True)
        .with_columns(drawn_as=pl.lit("note"))
    )
    drawn = drawn_requirements(requested_notes, requirement_engagement, settings)
    keys = pl.Series("requirement_key", drawn, dtype=pl.String)
    of_requirements = excluded.join(pl.LazyFrame(keys), on="requirement_key", how="semi").with_columns(
        drawn_as=pl.lit("requirement")
    )
    sample = pl.concat([notes, of_requirements]).collect().sort("drawn_as", "requirement_key", "contact_id")
    return sample.with_columns(note_hash(sample["note_text"], key)).select(COLUMNS)


def excluded_notes(requested_notes: pl.LazyFrame, filtered_notes: pl.DataFrame) -> pl.LazyFrame:
    """Columns requirement_key, contact_id, note_text: requested notes with a text and without a keyword."""
    written = requested_notes.filter(pl.col("note_text").str.contains(r"[\pL\pN]"))
    kept = filtered_notes.lazy().select("contact_id").unique()
    return written.select("requirement_key", "contact_id", "note_text").join(kept, on="contact_id", how="anti")


def drawn_requirements(
    requested_notes: pl.LazyFrame, requirement_engagement: pl.DataFrame, settings: FilterAudit
) -> list[str]:
    """Keys of the requirements drawn from those called not engaged, whether they have excluded notes or not.

    Keys are of one release: each is drawn by its first contact, and one without contacts by its key.
    """
    not_engaged = requirement_engagement.filter(~pl.col("any_engaged")).select("requirement_key")
    first = requested_notes.group_by("requirement_key").agg(first=pl.col("contact_id").min()).collect()
    known = not_engaged.join(first, on="requirement_key", how="left").with_columns(
        pl.coalesce("first", "requirement_key")
    )
    known = known.sort("first", "requirement_key").with_columns(
        # Two requirements of a person may have the same first contact.
        first=pl.col("first") + ":" + pl.int_range(pl.len()).over("first").cast(pl.String)
    )
    by_first = dict(known.select("first", "requirement_key").iter_rows())
    drawn = smallest_hashes(known["first"], settings.excluded_requirements, settings.seed)
    return [by_first[first] for first in drawn]


def smallest_hashes(keys: pl.Series, size: int, seed: int) -> list[str]:
    """The `size` keys with the smallest SHA-256 of seed and key: random, and whatever order the keys are in."""
    return nsmallest(size, keys, key=lambda key: sha256(f"{seed}:{key}".encode()).digest())
