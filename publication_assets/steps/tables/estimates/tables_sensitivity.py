"""Table 25: the headline shares by link threshold (ours).

Belongs here: counting by threshold. Does not belong here: other assumptions (tables_missed_links.py,
tables_sensitivity_models.py), titles, notes, disclosure control.

Every difference between two thresholds is a declared count: what one threshold adds to another must not be read off.
"""

import itertools

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_models import (
    LINKED_AT_THRESHOLD,
    LINKED_AT_THRESHOLD_SHARE,
    RECONVICTED_OF_LINKED,
    RECONVICTED_OF_OTHERS,
)
from publication_assets.catalogue.rows import NOT_RECONVICTED, RECONVICTED
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.declared import Row, Types, shown_kinds
from resources.settings.study_settings import StudySettings

ENDINGS = ("", f"/{RECONVICTED}", f"/{NOT_RECONVICTED}")


def _row(threshold: float, study: float) -> Row:
    label = f"{threshold:g} or more" + (" (threshold of this publication)" if threshold == study else "")
    return Row(f"{threshold:g}", label)


def thresholds_of(settings: StudySettings) -> list[float]:
    """The thresholds of table 25, ascending: those of the settings and the study's own."""
    return sorted({*settings.modelling.sensitivity.link_thresholds, settings.linkage.threshold})


def linked_by_threshold(frame: pl.DataFrame, settings: StudySettings, types: Types = TYPES) -> PublishedTable:
    """Table 25: linked, and reconvicted by linkage, at each link threshold. `frame` is the analysis frame."""
    table = PublishedTable("linked_by_threshold")
    study, thresholds = settings.linkage.threshold, thresholds_of(settings)
    for kind in (ALL, *types):
        group = of_type(frame, kind)
        table.counts |= count_by_reconviction(group, kind)
        for threshold in thresholds:
            linked = (
                pl.col("linked_structured")
                if threshold == study
                else pl.col("linked_up_to_threshold").fill_null(0) >= threshold
            )
            for side, condition in (("linked", linked), ("not linked", ~linked)):
                table.counts |= count_by_reconviction(group.filter(condition), _name(kind, side, threshold, study))
            sides = [_name(kind, side, threshold, study) for side in ("linked", "not linked")]
            add_up_by_reconviction(table, [kind, *sides], [(kind, *sides)])
        _declare_differences(table, kind, thresholds, study)
    for name in [name.removeprefix(types[0]) for name in table.counts if name.split("/")[0] == types[0]]:
        table.add_up(f"{ALL}{name}", *(f"{kind}{name}" for kind in types))
    for threshold in thresholds:
        row = _row(threshold, study)
        for kind in shown_kinds(types):
            linked, others = (_name(kind, side, threshold, study) for side in ("linked", "not linked"))
            table.count(row, LINKED_AT_THRESHOLD.of_type(kind), linked)
            table.percent(row, LINKED_AT_THRESHOLD_SHARE.of_type(kind), linked, kind)
            table.percent(row, RECONVICTED_OF_LINKED.of_type(kind), f"{linked}/{RECONVICTED}", linked)
            table.percent(row, RECONVICTED_OF_OTHERS.of_type(kind), f"{others}/{RECONVICTED}", others)
    return table


def _name(kind: str, side: str, threshold: float, study: float) -> str:
    """Name of a count by linkage; at the study's threshold that of the other tables."""
    return f"{kind}/{side}" + ("" if threshold == study else f" from {threshold:g}")


def count_by_reconviction(group: pl.DataFrame, prefix: str) -> dict[str, int]:
    """Requirements of a group: all, reconvicted, not reconvicted."""
    reconvicted = count_where(group, pl.col("reconvicted"))
    numbers = (group.height, reconvicted, group.height - reconvicted)
    return {f"{prefix}{ending}": number for ending, number in zip(ENDINGS, numbers, strict=True)}


def add_up_by_reconviction(table: PublishedTable, prefixes: list[str], wholes: list[tuple[str, ...]]) -> None:
    """Declare for each prefix that reconvicted and not add up, and for each whole and its parts that they do."""
    for prefix in prefixes:
        table.add_up(prefix, f"{prefix}/{RECONVICTED}", f"{prefix}/{NOT_RECONVICTED}")
    for whole, *parts in wholes:
        for ending in ENDINGS:
            table.add_up(f"{whole}{ending}", *(f"{part}{ending}" for part in parts))


def _declare_differences(table: PublishedTable, kind: str, thresholds: list[float], study: float) -> None:
    for lower, higher in itertools.pairwise(thresholds):
        wide, narrow = (_name(kind, "linked", threshold, study) for threshold in (lower, higher))
        between = f"{kind}/linked from {lower:g} but not {higher:g}"
        for ending in ENDINGS:
            table.counts[f"{between}{ending}"] = table.counts[f"{wide}{ending}"] - table.counts[f"{narrow}{ending}"]
        add_up_by_reconviction(table, [between], [(wide, narrow, between)])
