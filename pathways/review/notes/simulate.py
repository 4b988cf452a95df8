"""Plays reviewers of notes with stated error rates through a whole review, for demonstration and tests.

Belongs here: what a simulated reviewer says. Does not belong here: any step of the review itself: sample, decisions,
signatures and cases are made by the code that people's reviews go through.

The truth is known of synthetic extracts only; on anything else a simulation is refused.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from nlp_assets.schemas.reviewing import PHENOMENA
from pathways.review.notes.draw import draw_sample
from pathways.review.notes.evaluate import evaluate
from pathways.review.notes.folder import STAGE, NotesFolder
from pathways.review.notes.session import NotesSession
from pathways.review.shared.signing import sign
from pathways.review.shared.simulated_reviewers import NAMES, generator_for, require_synthetic, stated_times
from resources.settings.study_settings import NotesReview

SECONDS_PER_NOTE = 8
TRUTH = "note_truth.parquet"
PEOPLE = "Real notes are reviewed by people: `pathways review-notes serve`."
# Meanings that the generator tells apart and reviewers are not asked to.
SEEN_AS = {
    "engaged_now": "attended",
    "tested_in_treatment": "attended",
    "not_collected": "missed",
    "bad_feedback": "missed",
}


@dataclass(frozen=True)
class ErrorRates:
    """How simulated reviewers err, on notes and requirements alike: shares of the engaged called not, of the others
    called engaged, and of all called unsure.
    """

    miss: float
    false: float
    unsure: float


def simulate(
    root: Path, quarter: str, settings: NotesReview, reviewers: int, rates: ErrorRates
) -> tuple[NotesFolder, dict[str, int]]:
    """Play the sample with `reviewers` (1 or 2), sign, evaluate; returns the folder and the counts of `evaluate`.

    An earlier simulation is replaced; people's reviews lie elsewhere and are not touched. Raises SimulationRefused.
    """
    folder = NotesFolder(root, quarter, simulated=True)
    require_synthetic(folder, [TRUTH], PEOPLE)
    if folder.path.exists():
        shutil.rmtree(folder.path)
    draw_sample(folder, settings)
    truths = true_marks(folder.sampled(STAGE, "review_items"), pl.read_parquet(folder.truth / TRUTH))
    for name in NAMES[:reviewers]:
        marks = simulated_marks(truths, rates, generator_for(settings.seed, name))
        clock = stated_times(quarter, SECONDS_PER_NOTE)
        session = NotesSession(folder, name, settings, clock)
        while (item := session.current) is not None:
            session.save(item, *marks[item])
        session.close()
        sign(folder, STAGE, name, clock)
    return folder, evaluate(folder)


def true_marks(items: pl.DataFrame, note_truth: pl.DataFrame) -> pl.DataFrame:
    """Columns item, engaged, phenomenon of everything in the sample; a requirement is engaged when one note is."""
    notes = items.join(note_truth.select("contact_id", "label", "meaning"), on="contact_id", how="left")
    engaged = pl.col("label").fill_null(0).max().over("requirement") == 1
    phenomenon = pl.col("meaning").replace(SEEN_AS)
    is_note = pl.col("contact_id").is_not_null()
    return notes.select(
        "item",
        engaged=pl.when(is_note).then(pl.col("label").fill_null(0) == 1).otherwise(engaged),
        phenomenon=pl.when(is_note & phenomenon.is_in(PHENOMENA)).then(phenomenon),
    ).sort("item")


def simulated_marks(
    truths: pl.DataFrame, rates: ErrorRates, generator: np.random.Generator
) -> dict[int, tuple[str, str | None]]:
    """Item to answer and phenomenon, with mistakes at the stated rates."""
    engaged = truths["engaged"].to_numpy()
    says = engaged ^ (generator.random(len(engaged)) < np.where(engaged, rates.miss, rates.false))
    unsure = generator.random(len(engaged)) < rates.unsure
    answers = np.where(unsure, "unsure", np.where(says, "yes", "no"))
    return {
        item: (str(answer), phenomenon)
        for item, answer, phenomenon in zip(truths["item"], answers, truths["phenomenon"], strict=True)
    }
