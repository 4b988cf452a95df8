"""Estimates what the keyword filter misses, from the labels of two samples of notes without a keyword.

Belongs here: counts, and how wrong labels would have to be to explain them. Does not belong here: the draw
(draw_excluded_sample.py), intervals and what of it may cross (audit_keywords.py).

What it is worth: a label is wrong now and then, and a requirement has many excluded notes. With 12 of them, and 3 in
100 notes wrongly labelled 1, every third requirement would seem to be missed though none is. So the share of wrong
labels that alone gives the estimate stands beside it: where the engine is known to be wrong that often, the estimate
shows nothing that was missed.
"""

from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import bisect  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from nlp_assets.schemas.audit import MissedEngagement
from nlp_assets.steps.quality.draw_excluded_sample import drawn_requirements, excluded_notes
from resources.settings.study_settings import FilterAudit

COLUMNS = list(MissedEngagement.to_schema().columns)


def estimate_missed_engagement(
    requested_notes: pl.LazyFrame,
    filtered_notes: pl.DataFrame,
    requirement_engagement: pl.DataFrame,
    excluded_sample: pl.DataFrame,
    excluded_labels: pl.DataFrame,
    settings: FilterAudit,
) -> pl.DataFrame:
    """A row for notes and one for requirements, as schemas.audit.MissedEngagement.

    A drawn requirement is engaged when one of its excluded notes is labelled 1, not when it has none or all are
    labelled 0, and not known otherwise. Every draw has the same chance, so shares need no weights.
    """
    labelled = excluded_sample.join(excluded_labels.select("note_hash", "label"), on="note_hash", how="left")
    contacts = excluded_notes(requested_notes, filtered_notes).select(pl.col("contact_id").n_unique())
    rows = [
        _note_row(labelled.filter(pl.col("drawn_as") == "note")["label"], contacts.collect().item()),
        _requirement_row(
            labelled.filter(pl.col("drawn_as") == "requirement"),
            drawn_requirements(requested_notes, requirement_engagement, settings),
            int((~requirement_engagement["any_engaged"]).sum() or 0),
        ),
    ]
    return pl.DataFrame(rows, schema_overrides={"explaining_error": pl.Float64}).select(COLUMNS)


def explaining_error(engaged: int, notes: list[int]) -> float | None:
    """Share of notes wrongly labelled 1 at which `engaged` of the requirements are expected to have such a note.

    `notes`: labelled excluded notes of each requirement. Empty when there is no requirement.
    """
    if not notes:
        return None
    if not engaged:
        return 0.0

    def excess(error: float) -> float:
        return sum(1 - (1 - error) ** number for number in notes) - engaged

    return float(np.asarray(bisect(excess, 0.0, 1.0)))


def _note_row(labels: pl.Series, population: int) -> dict[str, Any]:
    known, engaged = labels.count(), int((labels == 1).sum())
    return {
        "unit": "notes",
        "population": population,
        "sampled": labels.len(),
        "known": known,
        "engaged": engaged,
        "excluded_notes": known,
        "labelled_engaged": engaged,
        "explaining_error": engaged / known if known else None,
    }


def _requirement_row(labelled: pl.DataFrame, drawn: list[str], population: int) -> dict[str, Any]:
    per_requirement = (
        pl.DataFrame({"requirement_key": drawn}, schema={"requirement_key": pl.String})
        .join(
            labelled.group_by("requirement_key").agg(
                notes=pl.col("label").count(),
                ones=(pl.col("label") == 1).sum(),
                unlabelled=pl.col("label").null_count(),
            ),
            on="requirement_key",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("notes", "ones", "unlabelled").fill_null(0).cast(pl.Int64))
    )
    known = per_requirement.filter((pl.col("ones") > 0) | (pl.col("unlabelled") == 0))
    engaged = int((known["ones"] > 0).sum())
    return {
        "unit": "requirements",
        "population": population,
        "sampled": len(drawn),
        "known": known.height,
        "engaged": engaged,
        "excluded_notes": int(known["notes"].sum()),
        "labelled_engaged": int(known["ones"].sum()),
        "explaining_error": explaining_error(engaged, known["notes"].to_list()),
    }
