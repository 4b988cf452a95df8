"""Draws the sample of a review of notes once, and keeps with it what it was drawn from.

Belongs here: sample and receipt on disk. Does not belong here: who is drawn (draw_review_items.py).
"""

import json
from hashlib import sha256

from nlp_assets.schemas.reviewing import TABLES
from nlp_assets.steps.quality.draw_review_items import draw_review_items
from pathways.review.notes.folder import STAGE, NotesFolder
from pathways.review.shared.folder import ReviewNotPossible, write_private
from resources.receipts.receipts import file_hash
from resources.settings.study_settings import NotesReview
from resources.zone.schema_check import check_frame


def draw_sample(folder: NotesFolder, settings: NotesReview) -> dict:
    """Draw the sample once and return its receipt; one that is drawn from the same notes is kept.

    Raises ReviewNotPossible when the notes are not there, or not those of the sample; NothingToReview.
    """
    if folder.sample(STAGE).exists():
        require_same_notes(folder)
        return folder.receipt(STAGE)
    notes = folder.table("filtered_notes")
    folder.require_current("filtered_notes")
    items = check_frame(draw_review_items(notes, settings), TABLES["review_items"], "review_items")
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder.path / f"{STAGE}_review_items.parquet"
    path.touch(mode=0o600)
    items.write_parquet(path)
    receipt = {
        "stage": STAGE,
        "quarter": folder.quarter,
        "synthetic_extracts": folder.synthetic,
        "simulated_reviewers": folder.simulated,
        "requirements": items["requirement"].n_unique(),
        "requirements_with_keyword_notes": notes["requirement_key"].n_unique(),
        "notes": items["contact_id"].count(),
        "settings": sha256(settings.model_dump_json().encode()).hexdigest()[:16],
        "made_from": {"filtered_notes": file_hash(folder.zone / "filtered_notes.parquet")},
        "sha256": {"review_items": file_hash(path)},
    }
    write_private(folder.sample(STAGE), json.dumps(receipt, indent=1, sort_keys=True))
    return receipt


def require_same_notes(folder: NotesFolder) -> None:
    """Raise ReviewNotPossible when filtered_notes is no longer the table that the sample was drawn from."""
    folder.table("filtered_notes")
    if folder.receipt(STAGE)["made_from"]["filtered_notes"] != file_hash(folder.zone / "filtered_notes.parquet"):
        raise ReviewNotPossible(
            "The sample was drawn from other notes than the quarter has now. Move its folder away to keep that review, "
            "and begin a new one."
        )
