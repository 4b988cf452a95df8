"""Says per requested requirement what its notes say (report 2.5, 2.6).

Belongs here: counting labels. Does not belong here: how a note was labelled, and the rules that turn notes into an
answer (requirement_rules.py).
"""

import polars as pl

from contracts.crossings import RequirementEngagement
from nlp_assets.steps.labels.requirement_rules import enough_notes, note_says_engaged
from resources.settings.study_settings import Notes

COLUMNS = list(RequirementEngagement.to_schema().columns)


def summarise_engagement(
    note_request: pl.DataFrame,
    requested_notes: pl.DataFrame,
    filtered_notes: pl.DataFrame,
    note_labels: pl.DataFrame,
    settings: Notes,
) -> pl.DataFrame:
    """One row per requested requirement: how many notes, and whether they say that the person engaged with treatment.

    By `settings.requirement_rule`; the study's is that one note labelled 1 is enough (methodology 2.7.4). A requirement
    without a keyword note counts as not engaged, as the study assumes (report 1.5). One whose unlabelled notes could
    still decide it is empty, not false. Returns contracts.crossings.RequirementEngagement.
    """
    requested = requested_notes.group_by("requirement_key").agg(notes_last_weeks=pl.col("before_termination").sum())
    labelled = (
        filtered_notes.join(note_labels.select("note_hash", "label", "p1"), on="note_hash", how="left")
        .group_by("requirement_key")
        .agg(
            keyword_notes=pl.len(),
            labelled_notes=pl.col("label").count(),
            engaged_last_weeks=((pl.col("label") == 1) & pl.col("before_termination")).sum(),
            notes_that_count=note_says_engaged(settings.engaged_p1).sum(),
        )
    )
    unlabelled = pl.col("keyword_notes") - pl.col("labelled_notes")
    needed = settings.requirement_rule.minimum_notes
    return (
        note_request.select("requirement_key", "terminated")
        .join(requested, on="requirement_key", how="left")
        .join(labelled, on="requirement_key", how="left")
        .with_columns(pl.selectors.numeric().fill_null(0).cast(pl.Int32))
        .with_columns(
            any_engaged=enough_notes(pl.col("notes_that_count"), unlabelled, needed),
            notes_before_termination=pl.when("terminated").then("notes_last_weeks"),
            engaged_before_termination=pl.when("terminated").then("engaged_last_weeks"),
        )
        .select(COLUMNS)
        .sort("requirement_key")
    )
