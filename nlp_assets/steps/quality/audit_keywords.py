"""Counts what each keyword finds, and lays the audit of the filter out for the crossing note_reading_quality.

Belongs here: counts per keyword, and which figures of the audit cross. Does not belong here: the filter
(filter_notes.py), what it misses (estimate_missed_engagement.py). No example of a note, ever.
"""

from typing import Any

import polars as pl

from nlp_assets.schemas.audit import KeywordAudit
from nlp_assets.steps.quality.confusion import Confusion, Estimate, wilson
from nlp_assets.steps.quality.reading_cells import ReadingCells, ReadingRow
from resources.settings.study_settings import StudySettings

COLUMNS = list(KeywordAudit.to_schema().columns)
UNITS = {
    "notes": "notes without a keyword",
    "requirements": "requirements called not engaged, by their notes without a keyword",
}


def audit_keywords(filtered_notes: pl.DataFrame, note_labels: pl.DataFrame, keywords: list[str]) -> pl.DataFrame:
    """One row per keyword, in the order of `keywords`, as schemas.audit.KeywordAudit.

    A contact in the windows of two requirements is one note. A keyword finds a requirement alone when every keyword
    note of it holds this keyword and no other.
    """
    found = (
        filtered_notes.select("requirement_key", "contact_id", "note_hash", pl.col("keywords").str.split("|"))
        .join(note_labels.select("note_hash", "label"), on="note_hash", how="left")
        .with_columns(alone=pl.col("keywords").list.len() == 1)
    )
    only = (
        found.explode("keywords")
        .group_by("requirement_key")
        .agg(keyword=pl.col("keywords").first(), others=pl.col("keywords").n_unique() > 1)
        .filter(~pl.col("others"))
    )
    notes = found.unique("contact_id").explode("keywords").rename({"keywords": "keyword"})
    counts = notes.group_by("keyword").agg(
        notes=pl.len(),
        notes_alone=pl.col("alone").sum(),
        labelled_notes=pl.col("label").count(),
        engaged_notes=(pl.col("label") == 1).sum(),
    )
    requirements = (
        found.explode("keywords").group_by(keyword="keywords").agg(requirements=pl.col("requirement_key").n_unique())
    )
    alone = only.group_by("keyword").agg(requirements_alone=pl.len())
    whole = pl.selectors.numeric() - pl.selectors.by_name("engaged_share", require_all=False)
    audit = pl.DataFrame({"keyword": keywords}, schema={"keyword": pl.String})
    for part in (counts, requirements, alone):
        audit = audit.join(part, on="keyword", how="left", maintain_order="left")
    share = pl.when(pl.col("labelled_notes") > 0).then(pl.col("engaged_notes") / pl.col("labelled_notes"))
    return audit.with_columns(whole.fill_null(0).cast(pl.Int64)).with_columns(engaged_share=share).select(COLUMNS)


def audit_quality_rows(
    keyword_audit: pl.DataFrame,
    missed_engagement: pl.DataFrame,
    settings: StudySettings,
    reviewed_notes: Confusion | None = None,
) -> pl.DataFrame:
    """The audit as rows of contracts/crossings.py NoteReadingQuality without order and synthetic, disclosed already.

    `reviewed_notes`: labels of notes against what people said of them, where there is a review: it gives the share of
    notes without treatment that are labelled 1 all the same.
    """
    cells = ReadingCells(settings.publication.disclosure_threshold, settings.publication.minimum_base)
    for found in keyword_audit.iter_rows(named=True):
        row = cells.row("keyword audit", found["keyword"])
        row.count("notes", found["notes"]).count("requirements", found["requirements"])
        row.count("notes by it alone", found["notes_alone"])
        row.count("requirements by it alone", found["requirements_alone"])
        row.count("labelled notes", found["labelled_notes"]).count("labelled engaged", found["engaged_notes"])
        row.percent("share labelled engaged", found["engaged_notes"], found["labelled_notes"])
    for missed in missed_engagement.iter_rows(named=True):
        _add_missed(cells.row("missed engagement", UNITS[missed["unit"]]), missed, settings, reviewed_notes)
    return cells.figures()


def _add_missed(
    row: ReadingRow, missed: dict[str, Any], settings: StudySettings, reviewed_notes: Confusion | None
) -> None:
    level = settings.notes.audit.confidence_level
    known, engaged, slack = _disclosed(row.cells, missed["known"], missed["engaged"])
    share = _share(engaged, known, slack, level)
    row.count("population", missed["population"])
    row.given("decided", known).given("engaged", engaged)
    row.share("share engaged", share)
    row.expected("number engaged", _times(share, row.cells.rounded(missed["population"])))
    error = share.value if missed["unit"] == "notes" else missed["explaining_error"]
    if error is not None and slack:
        error = round(error, 3)
    row.share("wrong labels that would explain all of it", Estimate(error, error, error, known))
    if reviewed_notes is not None:
        specificity = row.cells.disclosed(reviewed_notes).shares(level)["specificity"]
        row.share("wrong labels among reviewed notes", _complement(specificity))


def _disclosed(cells: ReadingCells, whole: int, part: int) -> tuple[int, int, int]:
    """Both counts exact, unless one of part and rest is small: then rounded, and by how much they may be off."""
    if any(0 < number < cells.base for number in (part, whole - part)):
        return cells.rounded(whole), min(cells.rounded(part), cells.rounded(whole)), cells.base // 2
    return whole, part, 0


def _share(part: int, whole: int, slack: int, level: float) -> Estimate:
    """A share with its Wilson interval, which covers whatever a rounded count may have been."""
    least, most = (wilson(min(max(number, 0), whole), whole, level) for number in (part - slack, part + slack))
    return Estimate(wilson(part, whole, level).value, least.lower, most.upper, whole)


def _times(share: Estimate, population: int) -> Estimate:
    if share.value is None or share.lower is None or share.upper is None:
        return share
    return Estimate(share.value * population, share.lower * population, share.upper * population, share.base)


def _complement(share: Estimate) -> Estimate:
    if share.value is None or share.lower is None or share.upper is None:
        return share
    return Estimate(1 - share.value, 1 - share.upper, 1 - share.lower, share.base)
