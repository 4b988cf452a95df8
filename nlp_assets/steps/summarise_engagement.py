"""Says per requested requirement what its notes say (report 2.5, 2.6).

Belongs here: counting labels. Does not belong here: how a note was labelled.
"""

import polars as pl

from contracts.crossings import RequirementEngagement

COLUMNS = list(RequirementEngagement.to_schema().columns)
NO_LABELS = {"model_id": "no note to label", "prompt_hash": "", "is_fixture": False}


def summarise_engagement(
    note_request: pl.DataFrame, requested_notes: pl.DataFrame, filtered_notes: pl.DataFrame, note_labels: pl.DataFrame
) -> pl.DataFrame:
    """One row per requested requirement: how many notes, and whether any says that the person engaged with treatment.

    One note labelled 1 is enough (methodology 2.7.4). A requirement without a keyword note counts as not engaged, as
    the study assumes (report 1.5). One whose unlabelled notes could still hold a 1 is empty, not false.
    Returns contracts.crossings.RequirementEngagement.
    """
    requested = requested_notes.group_by("requirement_key").agg(
        notes_in_window=pl.len(), notes_last_weeks=pl.col("before_termination").sum()
    )
    labelled = (
        filtered_notes.join(note_labels.select("note_hash", "label"), on="note_hash", how="left")
        .group_by("requirement_key")
        .agg(
            keyword_notes=pl.len(),
            labelled_notes=pl.col("label").count(),
            engaged_notes=(pl.col("label") == 1).sum(),
            engaged_last_weeks=((pl.col("label") == 1) & pl.col("before_termination")).sum(),
        )
    )
    provenance = note_labels.select(*NO_LABELS).unique() if note_labels.height else pl.DataFrame([NO_LABELS])
    engaged, unlabelled = pl.col("engaged_notes") > 0, pl.col("labelled_notes") < pl.col("keyword_notes")
    return (
        note_request.select("requirement_key", "terminated")
        .join(requested, on="requirement_key", how="left")
        .join(labelled, on="requirement_key", how="left")
        .with_columns(pl.selectors.numeric().fill_null(0).cast(pl.Int32))
        .with_columns(
            any_engaged=pl.when(engaged).then(True).when(unlabelled).then(None).otherwise(False),
            notes_before_termination=pl.when("terminated").then("notes_last_weeks"),
            engaged_before_termination=pl.when("terminated").then("engaged_last_weeks"),
        )
        .join(provenance, how="cross")
        .select(COLUMNS)
        .sort("requirement_key")
    )
