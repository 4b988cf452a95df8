"""Compares labels with what people said of the same notes and requirements (report 1.3.2).

Belongs here: what the reviewers decided together, and the comparison under every rule. Does not belong here: drawing
and showing cases (pathways/review/notes), and what of it may be shown (reading_quality.py).

With two reviewers a case is engaged, or not, when both say so. Where they differ, or one is unsure, it is undecided:
it is counted and left out of every comparison.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from nlp_assets.steps.labels.requirement_rules import by_count, by_mean_odds, by_share
from nlp_assets.steps.quality.confusion import Confusion, confusion
from resources.settings.study_settings import Notes

COUNTS = (1, 2, 3, 4, 5)
SHARES = (0.05, 0.1, 0.2, 0.3)
MEAN_ODDS = (0.5, 0.6, 0.7, 0.8)
P1_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
NOT_NAMED = "not named"
NOTE_KEYS = ["requirement_key", "contact_id"]
REVIEWED = {"requirement_key": pl.String, "engaged": pl.Boolean, "simulated": pl.Boolean}


@dataclass(frozen=True)
class Cases:
    """Reviewed cases with their labels.

    `requirements`: requirement_key, engaged (empty: undecided). `notes`: requirement_key, engaged, phenomenon, label,
    p1. `both`: answers of two reviewers on requirements as columns first, second; without rows when there is one.
    `reviewers`: how many. `not_requested`: reviewed requirements that the request no longer has. `simulated`: played.
    """

    requirements: pl.DataFrame
    notes: pl.DataFrame
    both: pl.DataFrame
    reviewers: int
    not_requested: int
    simulated: bool


def join_cases(reviewed_cases: pl.DataFrame, filtered_notes: pl.DataFrame, note_labels: pl.DataFrame) -> Cases:
    """Bring schemas.reviewing.ReviewedCases together with the labels of the same notes.

    A requirement is compared on all the notes it has now; a note that was reviewed, by its contact.
    """
    keyword_notes = filtered_notes.select("requirement_key", "contact_id", "note_hash").join(
        note_labels.select("note_hash", "label", "p1"), on="note_hash", how="left"
    )
    whole = reviewed_cases.filter(pl.col("contact_id").is_null())
    requirements = decided_requirements(reviewed_cases, filtered_notes)
    of_notes = reviewed_cases.filter(pl.col("contact_id").is_not_null())
    of_sample = keyword_notes.join(requirements.select("requirement_key"), on="requirement_key", how="semi")
    notes = of_sample.join(decide_together(of_notes, *NOTE_KEYS), on=NOTE_KEYS, how="left")
    first, second = (
        whole.filter(pl.col("reviewer") == number).select("requirement_key", pl.col("answer").alias(name))
        for number, name in ((1, "first"), (2, "second"))
    )
    return Cases(
        requirements.select("requirement_key", "engaged"),
        notes.select("requirement_key", "engaged", "phenomenon", "label", "p1"),
        first.join(second, on="requirement_key").sort("requirement_key").select("first", "second"),
        reviewed_cases["reviewer"].n_unique(),
        whole["requirement_key"].n_unique() - requirements.height,
        bool(reviewed_cases["simulated"].any()),
    )


def decided_requirements(reviewed_cases: pl.DataFrame | None, filtered_notes: pl.DataFrame) -> pl.DataFrame:
    """As contracts.crossings.ReviewedRequirements: the reviewed requirements that still have a note with a keyword.

    Without a review, no rows.
    """
    if reviewed_cases is None:
        return pl.DataFrame(schema=REVIEWED)
    whole = reviewed_cases.filter(pl.col("contact_id").is_null())
    requested = filtered_notes.select("requirement_key").unique()
    return (
        decide_together(whole, "requirement_key")
        .join(requested, on="requirement_key", how="semi")
        .with_columns(simulated=pl.lit(bool(reviewed_cases["simulated"].any())))
        .select(*REVIEWED)
        .sort("requirement_key")
    )


def decide_together(answers: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Per case (columns `keys`) what the reviewers decided together: engaged, empty when undecided, and the phenomenon
    that was named first. `answers`: rows of schemas.reviewing.ReviewedCases.
    """
    answer = pl.col("answer")
    engaged = pl.when((answer == "yes").all()).then(True).when((answer == "no").all()).then(False)
    return (
        answers.sort(*keys, "reviewer")
        .group_by(keys)
        .agg(engaged=engaged, phenomenon=pl.col("phenomenon").drop_nulls().first())
    )


def rule_in_use(cases: Cases, settings: Notes) -> Confusion:
    """Reviewed requirements against notes.requirement_rule."""
    return _compare(cases, by_count(cases.notes, settings.requirement_rule.minimum_notes, settings.engaged_p1))


def rules(cases: Cases, settings: Notes) -> Iterator[tuple[str, Confusion]]:
    """Reviewed requirements against other rules, each with its name: at least k notes, shares of notes, mean odds."""
    for count in COUNTS:
        name = "any note" if count == 1 else f"at least {count} notes"
        yield name, _compare(cases, by_count(cases.notes, count, settings.engaged_p1))
    for share in SHARES:
        yield f"at least {share:.0%} of notes", _compare(cases, by_share(cases.notes, share, settings.engaged_p1))
    for p1 in MEAN_ODDS:
        yield (
            f"mean odds of the notes at or above those of probability {p1:g}",
            _compare(cases, by_mean_odds(cases.notes, p1)),
        )


def thresholds(cases: Cases, settings: Notes) -> Iterator[tuple[str, Confusion]]:
    """Reviewed requirements against the number of notes in use, at every threshold on p1."""
    for threshold in P1_THRESHOLDS:
        answers = by_count(cases.notes, settings.requirement_rule.minimum_notes, threshold)
        yield f"{threshold:g}", _compare(cases, answers)


def reviewed_notes(cases: Cases) -> Confusion:
    """Reviewed notes against their labels."""
    return confusion(cases.notes["engaged"], cases.notes["label"] == 1)


def errors_by_phenomenon(cases: Cases) -> pl.DataFrame:
    """Columns phenomenon, notes, errors, wrongly_engaged, missed: decided and labelled notes, sorted by phenomenon."""
    said = pl.col("label") == 1
    return (
        cases.notes.drop_nulls(["engaged", "label"])
        .group_by(pl.col("phenomenon").fill_null(NOT_NAMED))
        .agg(
            notes=pl.len(),
            errors=(said != pl.col("engaged")).sum(),
            wrongly_engaged=(said & ~pl.col("engaged")).sum(),
            missed=(~said & pl.col("engaged")).sum(),
        )
        .sort("phenomenon")
    )


def _compare(cases: Cases, answers: pl.DataFrame) -> Confusion:
    both = cases.requirements.join(answers, on="requirement_key", how="left")
    return confusion(both["engaged"], both["said"])
