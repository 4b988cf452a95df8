"""Gathers what reviewers signed into the table that labels are measured on.

Belongs here: which signed files count, and reviewed_cases on disk. Does not belong here: comparing with labels: the
notes zone does it with its next run (nlp_assets/steps/quality/reading_quality.py).
"""

import polars as pl

from nlp_assets.schemas.reviewing import ReviewedCases
from pathways.review.notes.folder import STAGE, NotesFolder
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.signing import signed_scores
from resources.zone.schema_check import check_frame

MOST_REVIEWERS = 2
COLUMNS = list(ReviewedCases.to_schema().columns)


def evaluate(folder: NotesFolder) -> dict[str, int]:
    """Write reviewed_cases from the signed decisions of one or two reviewers; returns counts of what was decided.

    Raises ReviewNotPossible when a reviewer who began has not signed, SignatureWrong when a file was changed.
    """
    cases = gather_cases(folder)
    folder.cases.touch(mode=0o600)
    cases.write_parquet(folder.cases)
    whole = cases.filter(pl.col("contact_id").is_null()).group_by("requirement_key").agg(pl.col("answer").unique())
    together = whole.select(pl.when(pl.col("answer").list.len() == 1).then(pl.col("answer").list.first()))
    decided = together.to_series().fill_null("unsure")
    return {
        "reviewers": cases["reviewer"].n_unique(),
        "requirements": whole.height,
        "engaged": int((decided == "yes").sum()),
        "not engaged": int((decided == "no").sum()),
        "undecided": int((decided == "unsure").sum()),
    }


def gather_cases(folder: NotesFolder) -> pl.DataFrame:
    """Signed answers as schemas ReviewedCases, from files that are checked on the way. Raises as `evaluate`."""
    folder.receipt(STAGE)
    names = folder.reviewers(STAGE)
    if not 1 <= len(names) <= MOST_REVIEWERS:
        raise ReviewNotPossible(
            f"{len(names)} reviewer(s) have begun; cases are made of one or two. "
            + ("Move the others' folders away." if names else f"Begin with `{folder.command} serve`.")
        )
    items = folder.sampled(STAGE, "review_items")
    said = [
        {"item": item, "reviewer": number, **mark}
        for number, name in enumerate(names, 1)
        for item, mark in signed_scores(folder, STAGE, name).items()
    ]
    answers = pl.DataFrame(
        said, schema={"item": pl.Int32, "reviewer": pl.Int8, "answer": pl.String, "phenomenon": pl.String}
    )
    cases = answers.join(items, on="item").sort("item", "reviewer").with_columns(simulated=pl.lit(folder.simulated))
    return check_frame(cases.select(COLUMNS), ReviewedCases, "reviewed_cases")
