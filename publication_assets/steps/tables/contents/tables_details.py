"""Tables 22-24: breakdowns that the report names and does not narrate (report 1.3.4).

Belongs here: counting linked requirements by two characteristics. Does not belong here: titles, notes, disclosure
control. The report gives these tables no numbers; 22-24 and their layout are ours.
"""

import polars as pl

from contracts.vocabulary import LENGTH_BANDS, SUBSTANCE_GROUPS, TERMINATION_REASONS, TIME_BANDS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_requirements as requirements
from publication_assets.catalogue import measures_of_treatment as treatment
from publication_assets.catalogue.rows import ALL_LINKED, DISCHARGES, NOT_ENDED
from publication_assets.steps.tables.contents.tables_breakdowns import count_few_unknown_with_most, rows_of, status_by
from publication_assets.steps.tables.contents.tables_outcomes import WIDE_DROPOUT
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row, Types, noun_of


def status_by_substance_group(frame: pl.DataFrame, level: float, types: Types = TYPES) -> PublishedTable:
    """Table 22: treatment status at the end of observation by substance group of the linked journey."""
    return status_by("status_by_substance_group", frame, types, level, "substance_group", SUBSTANCE_GROUPS)


def termination_against_discharge(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 23: how requirements ended according to nDelius, against how linked journeys ended according to NDTMS."""
    table = PublishedTable("termination_against_discharge")
    reason = pl.col("termination_reason")
    rows = {name: reason == name for name in TERMINATION_REASONS} | {NOT_ENDED: reason.is_null()}
    rows[ALL_LINKED[1]] = pl.lit(True)
    for kind in types:
        linked = of_type(frame, kind).filter("linked_structured")
        for label, condition in rows.items():
            prefix = f"{kind}/linked" if label == ALL_LINKED[1] else f"{kind}/linked/termination_reason/{label}"
            _discharges(table, _row(kind, label), prefix, linked.filter(condition))
        for ending in ("", *(f"/{name}" for name in DISCHARGES)):
            parts = (f"{kind}/linked/termination_reason/{label}{ending}" for label in rows if label != ALL_LINKED[1])
            table.add_up(f"{kind}/linked{ending}", *parts)
    return table


def _row(kind: str, label: str) -> Row:
    """A row of a type: by a reason or a band; of all linked, or of those that have not ended."""
    key = {ALL_LINKED[1]: ALL_LINKED.key, NOT_ENDED: "not_ended"}.get(label, label)
    return Row(f"{kind}/{key}", label, noun_of(kind))


def _discharges(table: PublishedTable, row: Row, prefix: str, members: pl.DataFrame) -> None:
    status = pl.col("treatment_status")
    table.counts[prefix] = members.height
    for name in DISCHARGES:
        condition = status.is_in(WIDE_DROPOUT) if name == "wide dropout" else status == name
        table.counts[f"{prefix}/{name}"] = count_where(members, condition)
    table.add_up(prefix, *(f"{prefix}/{name}" for name in DISCHARGES if name != "wide dropout"))
    table.add_up(f"{prefix}/wide dropout", *(f"{prefix}/{name}" for name in WIDE_DROPOUT))
    table.count(row, requirements.LINKED_REQUIREMENTS, prefix)
    for name, words in DISCHARGES.items():
        table.count(row, requirements.DISCHARGE.of(name, discharge=words), f"{prefix}/{name}")
        table.percent(row, requirements.DISCHARGE_SHARE.of(name, discharge=words), f"{prefix}/{name}", prefix)


def time_to_treatment_by_length(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 24: time from sentence to structured treatment by length of the requirement, with mean and median days."""
    table = PublishedTable("time_to_treatment_by_length")
    all_linked = count_few_unknown_with_most(frame, "length_band").filter("linked_structured")
    rows = {row[1]: met for row, met in rows_of(all_linked, "length_band", LENGTH_BANDS, ALL_LINKED).items()}
    for kind in types:
        linked = of_type(all_linked, kind)
        for label, condition in rows.items():
            prefix = f"{kind}/linked" if label == ALL_LINKED[1] else f"{kind}/linked/length_band/{label}"
            _times(table, _row(kind, label), prefix, linked.filter(condition))
            if label != ALL_LINKED[1]:
                table.counts[f"{kind}/length_band/{label}/linked"] = table.counts[prefix]
                table.add_up(prefix, f"{kind}/length_band/{label}/linked")
        for ending in ("", "/not already in treatment", *(f"/time_band/{band}" for band in TIME_BANDS)):
            parts = (f"{kind}/linked/length_band/{label}{ending}" for label in rows if label != ALL_LINKED[1])
            table.add_up(f"{kind}/linked{ending}", *parts)
    return table


def _times(table: PublishedTable, row: Row, prefix: str, members: pl.DataFrame) -> None:
    table.counts[prefix] = members.height
    for band in TIME_BANDS:
        table.counts[f"{prefix}/time_band/{band}"] = count_where(members, pl.col("time_band") == band)
    table.add_up(prefix, *(f"{prefix}/time_band/{band}" for band in TIME_BANDS))
    later = members.filter(pl.col("time_band") != TIME_BANDS[0])
    base = f"{prefix}/not already in treatment"
    table.counts[base] = later.height
    table.add_up(prefix, f"{prefix}/time_band/{TIME_BANDS[0]}", base)
    table.count(row, requirements.LINKED_REQUIREMENTS, prefix)
    for band in TIME_BANDS:
        table.count(row, treatment.TIME_BAND.of(band, band=band), f"{prefix}/time_band/{band}")
        table.percent(row, treatment.TIME_BAND_SHARE.of(band, band=band), f"{prefix}/time_band/{band}", prefix)
    table.count(row, treatment.LATER, base)
    days = pl.col("days_to_treatment")
    for measure, statistic in ((treatment.MEAN_DAYS, days.mean()), (treatment.MEDIAN_DAYS, days.median())):
        value = later.select(statistic).item()
        table.cells.append(Cell(row, measure, "days", value, depends_on=(base,), text="[x]"))
