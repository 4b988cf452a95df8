"""Draws the requirements whose notes people review (report 1.3.2).

Belongs here: which requirements, and the order of what is shown. Does not belong here: files and pages
(pathways/review/notes). Labels are no input: neither the draw nor a reviewer can know them.
"""

import numpy as np
import polars as pl

from nlp_assets.schemas.reviewing import ReviewItems
from resources.settings.study_settings import NotesReview

COLUMNS = list(ReviewItems.to_schema().columns)


class NothingToReview(Exception):
    """No requested requirement has a note with a keyword."""


def draw_review_items(filtered_notes: pl.DataFrame, settings: NotesReview) -> pl.DataFrame:
    """A simple random sample of `settings.requirements` requirements with a keyword note, as schemas ReviewItems.

    All of them when there are fewer. Each counts the same. Raises NothingToReview.
    """
    keys = filtered_notes["requirement_key"].unique().sort()
    if keys.is_empty():
        raise NothingToReview("table filtered_notes has no row: there is no note to review.")
    drawn = np.random.default_rng(settings.seed).permutation(len(keys))[: settings.requirements]
    sample = pl.DataFrame({"requirement_key": keys.gather(drawn)}).with_row_index("requirement", offset=1)
    notes = sample.join(filtered_notes, on="requirement_key").with_columns(whole=pl.lit(False))
    whole = sample.with_columns(whole=pl.lit(True))
    return (
        pl.concat([notes, whole], how="diagonal")
        .sort("requirement", "whole", "contact_date", "contact_id")
        .with_row_index("item", offset=1)
        .with_columns(pl.col("item", "requirement").cast(pl.Int32))
        .select(COLUMNS)
    )
