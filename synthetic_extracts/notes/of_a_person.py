"""What the contacts of a person have to do with each other, whichever requirement they hang on.

Belongs here: other requirements that a contact may hang on, and whose windows hold a note that says engaged. Does not
belong here: drawing and writing notes (make_notes.py).
"""

import polars as pl

ATR_AND_DRR = ["ATR", "DRR"]


def other_requirements(requirement: pl.DataFrame) -> pl.DataFrame:
    """requirement_id of each ATR and DRR whose order has a requirement of another type, and other_requirement_id, the
    first of those. `requirement`: requirement_id, event_id, requirement_type of the extract.
    """
    treats = pl.col("requirement_type").is_in(ATR_AND_DRR)
    others = requirement.filter(~treats).group_by("event_id").agg(other_requirement_id=pl.col("requirement_id").min())
    return requirement.filter(treats).join(others, on="event_id").select("requirement_id", "other_requirement_id")


def engaged_by_notes(windows: pl.DataFrame, contact_note: pl.DataFrame, note_truth: pl.DataFrame) -> pl.Series:
    """requirement_id of those in whose window a note of the person is truly labelled 1, sorted.

    `windows`: requirement_id, crn, window_start, window_end (dates, both included).
    """
    engaged = contact_note.select("contact_id", "crn", "contact_date").join(
        note_truth.filter(pl.col("label") == 1), on="contact_id", how="semi"
    )
    return (
        windows.join(engaged, on="crn")
        .filter(pl.col("contact_date").is_between("window_start", "window_end"))["requirement_id"]
        .unique()
        .sort()
    )
