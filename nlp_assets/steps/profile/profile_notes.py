"""The profile of a quarter's notes: how many there are of a requested requirement, and how many hold a keyword.

Belongs here: which measures there are, and what to do about them. Does not belong here: bands and chance
(resources/drift/judge_drift.py), and what the notes say: that depends on the engine (reading_quality.py).
"""

import polars as pl

from resources.drift.quarter_profile import mean, profile_frame, share

NOTES = "notes"
WITH_NOTES = "requested requirements with a contact note"
WITH_KEYWORD = "notes with a treatment keyword"
PLAUSIBLE = {"requirements_with_notes": WITH_NOTES, "notes_with_keyword": WITH_KEYWORD}
REMEDIES = {
    NOTES: "Look at contact_notes/contact_note: is it of this quarter and these people, whole, with the text of every "
    "note? Then at the keywords and notes.filter. If the change is real, accept it with its reason.",
}


def profile_notes(
    note_request: pl.DataFrame, requested_notes: pl.DataFrame, filtered_notes: pl.DataFrame
) -> pl.DataFrame:
    """One row per measure as resources/drift/quarter_profile.py Profile, from the tables of these names.

    Notes of one requirement are alike, so what is compared with last quarter is counted by requirement.
    """
    counted = note_request.select("requirement_key")
    for table, name in ((requested_notes, "notes"), (filtered_notes, "with_keyword")):
        counted = counted.join(table.group_by("requirement_key").len(name), on="requirement_key", how="left")
    counted = counted.with_columns(pl.col("notes", "with_keyword").fill_null(0)).sort("requirement_key")
    some = counted.filter(pl.col("notes") > 0)
    return profile_frame(
        [
            share(NOTES, WITH_NOTES, some.height, counted.height),
            share(
                NOTES,
                "requested requirements with a keyword note",
                counted.filter(pl.col("with_keyword") > 0).height,
                counted.height,
            ),
            share(NOTES, WITH_KEYWORD, filtered_notes.height, requested_notes.height),
            mean(NOTES, "notes per requested requirement", counted["notes"]),
            mean(NOTES, "keyword notes per requested requirement", counted["with_keyword"]),
            mean(NOTES, "share of a requirement's notes with a keyword", some["with_keyword"] / some["notes"]),
        ]
    )


def compared_by_requirement(profile: pl.DataFrame) -> pl.DataFrame:
    """The measures that are compared with last quarter: those counted by requirement."""
    return profile.filter(pl.col("measure") != WITH_KEYWORD)
