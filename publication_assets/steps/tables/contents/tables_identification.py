"""Tables 1 and 3: who was found in any treatment, by linkage and by contact notes (report 2.1 and 2.5).

Belongs here: counting the linked, the sampled and the engaged. Does not belong here: titles, notes, disclosure control.
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.design_based import Estimate
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED, shares_as_labelled, unlinked_of_type
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_notes as notes
from publication_assets.catalogue.measures_of_requirements import LINKED_REQUIREMENTS, REQUIREMENTS
from publication_assets.catalogue.rows import (
    ENGAGED,
    EVIDENCE,
    EVIDENCE_ROWS,
    NO_INDICATION,
    NO_KEYWORD_NOTES,
    NOT_DETERMINED,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row, Types, noun_of, shown_kinds


def unlinked_sample(frame: pl.DataFrame) -> pl.DataFrame:
    """Sampled requirements that were not linked, with `evidence`: what their notes say. Linked decoys are left out."""
    no_keyword = pl.col("keyword_notes") == 0
    evidence = (
        pl.when(no_keyword)
        .then(pl.lit(NO_KEYWORD_NOTES))
        .when(pl.col("any_engaged"))
        .then(pl.lit(ENGAGED))
        .when(~pl.col("any_engaged"))
        .then(pl.lit(NO_INDICATION))
        .otherwise(pl.lit(NOT_DETERMINED))
    )
    return frame.filter(pl.col("note_sampled") & ~pl.col("linked_structured")).with_columns(evidence=evidence)


def sample_counts(frame: pl.DataFrame, kind: str) -> dict[str, int]:
    """Counts of the unlinked sample of one requirement type, by quantity name."""
    sample = of_type(unlinked_sample(frame), kind)
    by_evidence = {name: count_where(sample, pl.col("evidence") == name) for name in (*EVIDENCE, NOT_DETERMINED)}
    counts = {f"{kind}/sample/{name}": number for name, number in by_evidence.items()}
    counts[f"{kind}/sample/with a result"] = sample.height - by_evidence[NOT_DETERMINED]
    counts[f"{kind}/sample"] = sample.height
    return counts


def identification_in_any_treatment(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 1: linked, engaged according to notes (estimate), not engaged (report 2.1, figure 1).

    The share engaged in the unlinked sample is applied to all unlinked requirements of the same type; "All" uses the
    share of the whole sample, as the report does, so its estimate is not the sum of the two types. Limits have the
    coverage `level`.
    """
    table = PublishedTable("identification")
    for kind in (ALL, *types):
        group = of_type(frame, kind)
        linked = count_where(group, pl.col("linked_structured"))
        table.counts |= {kind: group.height, f"{kind}/linked": linked, f"{kind}/not linked": group.height - linked}
        table.counts |= sample_counts(frame, kind)
        table.add_up(kind, f"{kind}/linked", f"{kind}/not linked")
        _sample_adds_up(table, kind)
        if kind in shown_kinds(types):
            _identification_row(table, kind, shares_as_labelled(unlinked_of_type(frame, kind), level)[AS_LABELLED])
    for name in ["", "/linked", "/not linked", *_SAMPLE_NAMES]:
        table.add_up(f"{ALL}{name}", *(f"{kind}{name}" for kind in types))
    return table


def _identification_row(table: PublishedTable, kind: str, share: Estimate | None) -> None:
    row = Row(kind, noun_of(kind))
    total, linked, unlinked = (table.counts[name] for name in (kind, f"{kind}/linked", f"{kind}/not linked"))
    engaged_name, base_name = f"{kind}/sample/{ENGAGED}", f"{kind}/sample/with a result"
    inputs = (kind, f"{kind}/linked", engaged_name, base_name)

    table.count(row, notes.ALL_REQUIREMENTS, kind)
    table.count(row, LINKED_REQUIREMENTS, f"{kind}/linked")
    estimate = round(unlinked * share.value) if share else None
    rest = unlinked - estimate if estimate is not None else None
    percents = _percent_estimates(total, linked, unlinked, share.value) if share and total else (None, None, None)
    for measure, value in ((notes.ENGAGED, estimate), (notes.NOT_ENGAGED, rest)):
        table.cells.append(_derived(row, measure, value, inputs))
    table.percent(row, notes.LINKED_OF_REQUIREMENTS, f"{kind}/linked", kind)
    shares = (notes.ENGAGED_SHARE, notes.NOT_ENGAGED_SHARE, notes.ANY_TREATMENT_SHARE)
    for measure, value in zip(shares, percents, strict=True):
        table.cells.append(_derived(row, measure, value, inputs))
    table.count(row, notes.SAMPLE, base_name)
    table.count(row, notes.SAMPLE_ENGAGED, engaged_name)
    table.percent(row, notes.SAMPLE_ENGAGED_SHARE, engaged_name, base_name)
    for side, measure in notes.SAMPLE_LIMITS.items():
        value = 100 * getattr(share, side) if share else None
        table.cells.append(_derived(row, measure, value, (engaged_name, base_name)))


def _percent_estimates(total: int, linked: int, unlinked: int, share: float) -> tuple[float, float, float]:
    return (
        100 * unlinked * share / total,
        100 * unlinked * (1 - share) / total,
        100 * (linked + unlinked * share) / total,
    )


def _derived(row: Row, measure: Measure, value: float | None, depends_on: tuple[str, ...]) -> Cell:
    return Cell(row, measure, measure.unit, value, depends_on=depends_on, text="[x]")


_SAMPLE_NAMES = ["/sample", "/sample/with a result", *(f"/sample/{name}" for name in (*EVIDENCE, NOT_DETERMINED))]


def _sample_adds_up(table: PublishedTable, kind: str) -> None:
    table.add_up(f"{kind}/sample/with a result", *(f"{kind}/sample/{name}" for name in EVIDENCE))
    table.add_up(f"{kind}/sample", f"{kind}/sample/with a result", f"{kind}/sample/{NOT_DETERMINED}")


def contact_note_evidence(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 3: what the contact notes of the unlinked sample say (report 2.5, figure 4)."""
    table = PublishedTable("contact_note_evidence")
    for kind in (ALL, *types):
        table.counts |= sample_counts(frame, kind)
        _sample_adds_up(table, kind)
    for name in _SAMPLE_NAMES:
        table.add_up(f"{ALL}{name}", *(f"{kind}{name}" for kind in types))
    for name, label in EVIDENCE_ROWS.items():
        row = Row(name, label)
        for kind in shown_kinds(types):
            table.count(row, REQUIREMENTS.of_type(kind), f"{kind}/sample/{name}")
            percent = notes.SHARE_OF_RESULTS.of_type(kind)
            if name == NOT_DETERMINED:
                table.words(row, percent, "[z]")
            else:
                table.percent(row, percent, f"{kind}/sample/{name}", f"{kind}/sample/with a result")
    return table
