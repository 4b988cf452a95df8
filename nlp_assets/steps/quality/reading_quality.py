"""Collects how well notes are read: the crossing table note_reading_quality (contracts/crossings.py).

Belongs here: which figures there are and in which order. Does not belong here: how they are computed
(evaluate_labels.py), disclosure control (reading_cells.py), and any word of a page (modelling zone).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from contracts.crossings import READING_SECTIONS
from contracts.leaving_a_zone import ROWS
from nlp_assets.schemas.reviewing import ReviewedCases
from nlp_assets.steps.profile.note_drift_rows import add_drift
from nlp_assets.steps.quality.audit_keywords import audit_quality_rows
from nlp_assets.steps.quality.confusion import Confusion, Estimate
from nlp_assets.steps.quality.evaluate_labels import (
    Cases,
    errors_by_phenomenon,
    join_cases,
    reviewed_notes,
    rule_in_use,
    rules,
    thresholds,
)
from nlp_assets.steps.quality.reading_cells import ReadingCells, ReadingRow
from resources.secrets.kept_file import read_kept
from resources.settings.study_settings import StudySettings
from resources.zone.schema_check import check_frame

REPOSITORY = Path(__file__).resolve().parents[3]
ENGINE_FOLDERS = ("note_models/fixture", "note_models/encoder")
# Of people, and of simulated reviewers of synthetic extracts (pathways review-notes).
REVIEWED_CASES = [f"nlp/{folder}/{{quarter}}/reviewed_cases.parquet" for folder in ("review", "review_simulated")]
INSTRUCT = ("vllm_prompt", "chat")  # engines whose model follows a prompt
WORDINGS = {"known_wordings": "known wordings", "held_out_wordings": "held-out wordings"}


def collect_reading_quality(
    filtered_notes: pl.DataFrame,
    note_labels: pl.DataFrame,
    requirement_engagement: pl.DataFrame,
    reviewed_cases: pl.DataFrame | None,
    settings: StudySettings,
    synthetic: bool,
    requirement_levels: Sequence[dict[str, Any]] = (),
    keyword_audit: pl.DataFrame | None = None,
    missed_engagement: pl.DataFrame | None = None,
    injection_flips: pl.DataFrame | None = None,
    note_drift: pl.DataFrame | None = None,
    note_selection: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The figures after disclosure control, as contracts/crossings.py NoteReadingQuality.

    `reviewed_cases`: schemas.reviewing.ReviewedCases, None when nobody reviewed. `requirement_levels`: as
    read_requirement_levels gives. `keyword_audit`, `missed_engagement` (both or neither), `injection_flips`,
    `note_drift`, `note_selection`: tables of those names. Rows are in the order of READING_SECTIONS.
    """
    cells = ReadingCells(settings.publication.disclosure_threshold, settings.publication.minimum_base)
    reason = "" if synthetic else settings.notes.labels.without_instruct_model_because.strip()
    _add_engine(cells, note_labels, requirement_levels, reason)
    if note_selection is not None:
        _add_selection(cells, note_selection)
    if note_drift is not None:
        add_drift(cells, note_drift)
    _add_statuses(cells, note_labels, requirement_engagement)
    notes_reviewed = None
    if reviewed_cases is not None:
        notes_reviewed = _add_review(cells, join_cases(reviewed_cases, filtered_notes, note_labels), settings)
    rows = [cells.figures()]
    if keyword_audit is not None and missed_engagement is not None:
        rows.append(audit_quality_rows(keyword_audit, missed_engagement, settings, notes_reviewed))
    if injection_flips is not None:
        rows.append(_injections(injection_flips))
    order = pl.DataFrame({"section": READING_SECTIONS, "place": range(len(READING_SECTIONS))})
    return (
        pl.concat(rows)
        .join(order, on="section", how="left", maintain_order="left")
        .sort("place", maintain_order=True)
        .with_row_index("order", offset=1)
        .select(pl.col("order").cast(pl.Int32), *ROWS, synthetic=pl.lit(synthetic))
    )


def read_reviewed_cases(root: Path, quarter: str, synthetic: bool) -> pl.DataFrame | None:
    """What people signed of a quarter's notes (pathways review-notes), as schemas.reviewing.ReviewedCases, or None.

    A simulated review counts on synthetic extracts only, and only where people reviewed nothing.
    """
    for number, file in enumerate(REVIEWED_CASES):
        path = root / file.format(quarter=quarter)
        if path.is_file() and (synthetic or number == 0):
            return check_frame(pl.read_parquet(path), ReviewedCases, "reviewed_cases")
    return None


def read_requirement_levels(folder: Path = REPOSITORY) -> list[dict[str, Any]]:
    """What was measured of the engines of this repository at requirement level, on synthetic notes.

    Made by `pathways measure-engine` (pathways/notes/requirement_level.py): weights, and shares per kind of wording.
    """
    files = [folder / name / "metrics.json" for name in ENGINE_FOLDERS]
    found = [read_kept(path, {}, "Restore it from the repository.") for path in files if path.is_file()]
    return [metrics["requirement_level"] for metrics in found if "requirement_level" in metrics]


def levels_of(
    weights: Sequence[str], requirement_levels: Sequence[dict[str, Any]]
) -> list[tuple[str, dict[str, Estimate]]]:
    """Name of the wordings, and sensitivity and specificity, of what was measured with any of `weights`."""
    return [
        (
            words,
            {
                "sensitivity": _share(level, "sensitivity", "engaged"),
                "specificity": _share(level, "specificity", "not_engaged"),
            },
        )
        for measured in requirement_levels
        if measured["weights"] in weights
        for key, words in WORDINGS.items()
        if (level := measured.get(key))
    ]


def _share(level: dict[str, Any], name: str, base: str) -> Estimate:
    lower, upper = level[f"{name}_interval"]
    return Estimate(level[name], lower, upper, level[base])


def _add_engine(
    cells: ReadingCells, note_labels: pl.DataFrame, requirement_levels: Sequence[dict[str, Any]], reason: str
) -> None:
    """`reason`: why notes of real people may be read without an instruct model; with each engine that is none."""
    identity = ["engine", "model", "weights", "prompt_hash", "engine_version", "settings", "engine_kind"]
    for engine in note_labels.select(identity).unique().sort(identity).iter_rows(named=True):
        row = cells.row("engine", engine["engine"])
        for name in identity[1:]:
            row.words(name.replace("_", " "), engine[name])
        if reason and (engine["engine"] not in INSTRUCT or engine["engine_kind"] == "fixture"):
            row.words("without an instruct model because", reason)
    for words, shares in levels_of(note_labels["weights"].unique().to_list(), requirement_levels):
        row = cells.row("engine", words, "requirement level on synthetic notes")
        for name, share in shares.items():
            row.share(name, share)


def _add_selection(cells: ReadingCells, note_selection: pl.DataFrame) -> None:
    for found in note_selection.iter_rows(named=True):
        row = cells.row("selection", found["kind"])
        row.count("notes", found["notes"]).count("requirements", found["requirements"])
        row.words("read", "yes" if found["is_read"] else "no")


def _add_statuses(cells: ReadingCells, note_labels: pl.DataFrame, requirement_engagement: pl.DataFrame) -> None:
    for status, number in note_labels["status"].value_counts(name="notes").sort("status").iter_rows():
        row = cells.row("statuses", status, "distinct notes")
        row.count("notes", number).percent("share", number, note_labels.height)
    engaged = requirement_engagement["any_engaged"]
    answers = {"engaged": engaged.sum(), "not engaged": (~engaged).sum(), "no answer": engaged.null_count()}
    for name, number in answers.items():
        cells.row("statuses", name, "requirements").count("requirements", int(number or 0)).percent(
            "share", int(number or 0), engaged.len()
        )


def _add_review(cells: ReadingCells, cases: Cases, settings: StudySettings) -> Confusion:
    """All that the reviewed requirements say; returns how their notes were read."""
    _add_reviewed(cells, cases, settings)
    _add_agreement(cells, cases, settings)
    for section, compared in (("requirement rules", rules), ("p1 thresholds", thresholds)):
        for name, found in compared(cases, settings.notes):
            _add_shares(cells, section, name, found, settings)
    _add_phenomena(cells, cases)
    return reviewed_notes(cases)


def _add_reviewed(cells: ReadingCells, cases: Cases, settings: StudySettings) -> None:
    decided, found = cases.requirements["engaged"], rule_in_use(cases, settings.notes)
    rule = settings.notes.requirement_rule
    row = cells.row("reviewed requirements", "all")
    row.words("reviewers", "simulated" if cases.simulated else "people")
    row.words(
        "rule",
        f"at least {rule.minimum_notes} note{'' if rule.minimum_notes == 1 else 's'} with a probability of "
        f"{settings.notes.engaged_p1:g} or more",
    )
    row.given("reviewers of each", cases.reviewers)
    row.count("requirements reviewed", decided.len()).count("undecided", decided.null_count())
    row.count("no answer from labels", decided.len() - decided.null_count() - found.cases)
    row.count("no longer requested", cases.not_requested)
    row.words("counts", f"rounded to {cells.base}" if cells.disclosed(found).slack else "exact")
    for name, number in cells.disclosed(found).counts.items():
        row.given(name, number)
    _measures(row, found, settings)
    _measures(cells.row("reviewed requirements", "all", "notes"), reviewed_notes(cases), settings)


def _measures(row: ReadingRow, found: Confusion, settings: StudySettings) -> None:
    review, shown = settings.notes.review, row.cells.disclosed(found)
    for name, share in shown.shares(review.confidence_level).items():
        row.share(name, share)
    row.kappa(_kappa(found, settings), bool(shown.slack))


def _kappa(found: Confusion, settings: StudySettings) -> Estimate:
    review = settings.notes.review
    return found.kappa(review.confidence_level, review.seed, review.bootstrap_replicates)


def _add_agreement(cells: ReadingCells, cases: Cases, settings: StudySettings) -> None:
    both, review = cases.both, settings.notes.review
    if both.is_empty():
        return
    sure = both.filter((pl.col("first") != "unsure") & (pl.col("second") != "unsure"))
    yes = {name: sure[name] == "yes" for name in ("first", "second")}
    found = Confusion(
        int((yes["first"] & yes["second"]).sum()),
        int((~yes["first"] & yes["second"]).sum()),
        int((yes["first"] & ~yes["second"]).sum()),
        int((~yes["first"] & ~yes["second"]).sum()),
    )
    shown = cells.disclosed(found)
    row = cells.row("reviewer agreement", "all").count("unsure", both.height - sure.height)
    row.given("both engaged", shown.true_positives).given("only the second engaged", shown.false_positives)
    row.given("only the first engaged", shown.false_negatives).given("neither engaged", shown.true_negatives)
    row.share("agree", shown.shares(review.confidence_level)["accuracy"])
    row.kappa(_kappa(found, settings), bool(shown.slack))


def _add_shares(cells: ReadingCells, section: str, name: str, found: Confusion, settings: StudySettings) -> None:
    shares = cells.disclosed(found).shares(settings.notes.review.confidence_level)
    row = cells.row(section, name)
    for measure in ("sensitivity", "specificity", "positive predictive value", "accuracy"):
        row.share(measure, shares[measure])


def _injections(flips: pl.DataFrame) -> pl.DataFrame:
    """Counts as they are: the notes are invented, so there is nobody to disclose."""
    cells = ReadingCells(1, 1)
    for found in flips.iter_rows(named=True):
        row = cells.row("injections", found["attack"].replace("_", " "), f"{found['place']} the note")
        for name in ("pairs", "flipped", "turned", "lost"):
            row.given(name, found[name])
    return cells.figures()


def _add_phenomena(cells: ReadingCells, cases: Cases) -> None:
    for found in errors_by_phenomenon(cases).iter_rows(named=True):
        row = cells.row("errors by phenomenon", found["phenomenon"].replace("_", " "))
        row.count("notes", found["notes"]).percent("errors", found["errors"], found["notes"])
        row.count("wrongly engaged", found["wrongly_engaged"]).count("missed", found["missed"])
