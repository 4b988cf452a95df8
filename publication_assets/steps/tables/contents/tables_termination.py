"""Table 4: how engaged the last weeks of notes were, by the reason why the requirement ended (report 2.6, figure 5).

Belongs here: the share of notes that indicate engagement in the weeks before the end. Does not belong here: whether a
requirement engaged at all (tables_identification.py), how many weeks (study.toml).
"""

import polars as pl

from contracts.vocabulary import TERMINATION_REASONS
from modelling_assets.steps.engagement.design_based import mean_of_population
from publication_assets.catalogue.measures_of_notes import (
    ENDED_SAMPLE,
    MEAN_ENGAGED,
    MEAN_ENGAGED_LIMITS,
    NOTED,
    SHARE_OF_ENDED,
)
from publication_assets.catalogue.rows import ALL_ENDED_SAMPLE, LEFT_OUT, NO_RESULT, WITHOUT_NOTES
from publication_assets.steps.tables.contents.tables_identification import unlinked_sample
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row

WITH_NOTES = "with notes"
NO_SHARE = "no share"  # all of LEFT_OUT, which follows from the other counts of its row


def engagement_by_termination(frame: pl.DataFrame, level: float) -> PublishedTable:
    """Table 4: sampled requirements not linked that have ended, by termination reason.

    The mean is over requirements, of the share that notes labelled engaged have in all notes of the weeks before the
    end (footnote 14 of the report), keyword or not. A requirement without notes in those weeks has no share and is
    counted apart, not as 0; so is one whose keyword notes are not all labelled. Limits are
    design-based, with the coverage `level`.
    """
    table = PublishedTable("engagement_by_termination")
    has_ended = pl.col("termination_reason").is_not_null()
    ended = unlinked_sample(frame).filter(has_ended & pl.col("notes_before_termination").is_not_null())
    represented = frame.filter(has_ended & ~pl.col("linked_structured"))
    rows = {reason: pl.col("termination_reason") == reason for reason in TERMINATION_REASONS} | {
        ALL_ENDED_SAMPLE: has_ended
    }
    for label, condition in rows.items():
        prefix = "sample/ended" if label == ALL_ENDED_SAMPLE else f"sample/ended/{label}"
        row = Row("all" if label == ALL_ENDED_SAMPLE else label, label)
        _row(table, row, prefix, ended.filter(condition), ended.height, represented.filter(condition).height, level)
    for name, label in LEFT_OUT.items():
        row = Row(name, label)
        table.count(row, ENDED_SAMPLE, f"sample/ended/{name}")
        table.percent(row, SHARE_OF_ENDED, f"sample/ended/{name}", "sample/ended")
        for measure in (NOTED, MEAN_ENGAGED, *MEAN_ENGAGED_LIMITS.values()):
            table.words(row, measure, "[z]")
    for ending in ("", *(f"/{name}" for name in (WITH_NOTES, NO_SHARE, *LEFT_OUT))):
        table.add_up(f"sample/ended{ending}", *(f"sample/ended/{reason}{ending}" for reason in TERMINATION_REASONS))
    return table


def _row(
    table: PublishedTable, row: Row, prefix: str, members: pl.DataFrame, ended: int, population: int, level: float
) -> None:
    has_notes, labelled = pl.col("notes_before_termination") > 0, pl.col("labelled_notes") == pl.col("keyword_notes")
    parts = {WITH_NOTES: has_notes & labelled, WITHOUT_NOTES: ~has_notes, NO_RESULT: has_notes & ~labelled}
    table.counts |= {"sample/ended": ended, prefix: members.height}
    table.counts |= {f"{prefix}/{name}": members.filter(part).height for name, part in parts.items()}
    table.counts[f"{prefix}/{NO_SHARE}"] = members.height - table.counts[f"{prefix}/{WITH_NOTES}"]
    table.add_up(prefix, f"{prefix}/{WITH_NOTES}", f"{prefix}/{NO_SHARE}")
    table.add_up(f"{prefix}/{NO_SHARE}", *(f"{prefix}/{name}" for name in LEFT_OUT))
    table.count(row, ENDED_SAMPLE, prefix)
    table.percent(row, SHARE_OF_ENDED, prefix, "sample/ended")
    table.count(row, NOTED, f"{prefix}/{WITH_NOTES}")
    share = 100 * pl.col("engaged_before_termination") / pl.col("notes_before_termination")
    noted = members.filter(parts[WITH_NOTES]).with_columns(share=share)
    estimate = mean_of_population(noted, "share", population, level)
    limits = (None, None) if estimate is None else (max(0.0, estimate.lower), min(100.0, estimate.upper))
    mean = float(noted.select(pl.col("share").mean()).item()) if noted.height else None
    for measure, value in zip((MEAN_ENGAGED, *MEAN_ENGAGED_LIMITS.values()), (mean, *limits), strict=True):
        table.cells.append(Cell(row, measure, "percent", value, depends_on=(f"{prefix}/{WITH_NOTES}",), text="[x]"))
