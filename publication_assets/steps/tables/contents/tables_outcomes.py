"""Table 2: treatment outcomes from sentence to the end of observation (report 2.3-2.4, figures 2 and 3).

Belongs here: counting treatment outcomes. Does not belong here: titles, notes, disclosure control.

"Dropped out" has two meanings in the source. Narrow (here, report 2.3-2.4): the journey ended in dropout. Wide
(tables 9-11 and 15, report 3.6 and 4.5): it ended in dropout, in prison or in death. Both are rows, by name.
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_requirements import REQUIREMENTS, SHARE_OF_ALL, SHARE_OF_SIDE
from publication_assets.catalogue.rows import (
    NO_SETTING,
    NO_SETTING_LABELS,
    STATUS_LABELS,
    UNLINKED_LABELS,
    WIDE_LABEL,
    side_row,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.declared import Row, Types, shown_kinds

WIDE_DROPOUT = ("Dropped out", "Prison", "Died")
# Rows by side, name in quantities to words; all of the side is the last row of each.
OUTCOMES = {
    "linked": STATUS_LABELS | {"wide dropout": WIDE_LABEL},
    "not linked": UNLINKED_LABELS
    | {"no setting": NO_SETTING}
    | {f"no setting/{name}": label for name, label in NO_SETTING_LABELS.items()},
}


def status_counts(frame: pl.DataFrame, kind: str) -> dict[str, int]:
    """Requirements of one type by linkage and treatment status, by quantity name."""
    group = of_type(frame, kind)
    linked = group.filter("linked_structured")
    counts = {kind: group.height, f"{kind}/linked": linked.height, f"{kind}/not linked": group.height - linked.height}
    for status in STATUS_LABELS:
        counts[f"{kind}/linked/{status}"] = count_where(linked, pl.col("treatment_status") == status)
    counts[f"{kind}/linked/wide dropout"] = sum(counts[f"{kind}/linked/{status}"] for status in WIDE_DROPOUT)
    return counts


def status_adds_up(table: PublishedTable, kind: str, ending: str = "") -> None:
    """Declare which counts of `status_counts` add up; `ending` names a subset of each, e.g. "/reconvicted"."""
    linked = f"{kind}/linked"
    table.add_up(f"{kind}{ending}", f"{linked}{ending}", f"{kind}/not linked{ending}")
    table.add_up(f"{linked}{ending}", *(f"{linked}/{status}{ending}" for status in STATUS_LABELS))
    table.add_up(f"{linked}/wide dropout{ending}", *(f"{linked}/{status}{ending}" for status in WIDE_DROPOUT))


def treatment_outcomes(frame: pl.DataFrame, types: Types = TYPES) -> PublishedTable:
    """Table 2: outcomes of linked requirements; contact with CJIT or prison of those not linked.

    In no NDTMS treatment setting are those that are linked neither to structured treatment nor to a CJIT, in prison
    or not (report 2.2, footnotes 9 and 11).
    """
    table = PublishedTable("treatment_outcomes")
    for kind in (ALL, *types):
        table.counts |= status_counts(frame, kind) | _unlinked_counts(frame, kind)
        status_adds_up(table, kind)
        unlinked = f"{kind}/not linked"
        table.add_up(unlinked, *(f"{unlinked}/{name}" for name in UNLINKED_LABELS))
        table.add_up(f"{unlinked}/no setting", f"{unlinked}/prison", f"{unlinked}/unknown")
        table.add_up(f"{unlinked}/no setting", *(f"{unlinked}/no setting/{name}" for name in NO_SETTING_LABELS))
    for name in [name.removeprefix(ALL) for name in table.counts if name.startswith(ALL)]:
        table.add_up(f"{ALL}{name}", *(f"{kind}{name}" for kind in types))
    kinds = shown_kinds(types)
    for side, labels in OUTCOMES.items():
        for name, label in labels.items():
            _outcome_row(table, kinds, side_row(side, name, label), f"/{side}/{name}", f"/{side}")
        _outcome_row(table, kinds, side_row(side), f"/{side}", f"/{side}")
    _outcome_row(table, kinds, side_row("all"), "", None)
    return table


def _unlinked_counts(frame: pl.DataFrame, kind: str) -> dict[str, int]:
    unlinked = of_type(frame, kind).filter(~pl.col("linked_structured"))
    cjit, prison, known = pl.col("linked_cjit"), pl.col("prison_12m"), pl.col("linked_any")
    conditions = {
        "CJIT": cjit,
        "prison": ~cjit & prison,
        "unknown": ~cjit & ~prison,
        "no setting": ~cjit,
        "no setting/known": ~cjit & known,
        "no setting/not known": ~cjit & ~known,
    }
    return {f"{kind}/not linked/{name}": count_where(unlinked, met) for name, met in conditions.items()}


def _outcome_row(table: PublishedTable, kinds: Types, row: Row, name: str, base: str | None) -> None:
    for kind in kinds:
        table.count(row, REQUIREMENTS.of_type(kind), f"{kind}{name}")
        table.percent(row, SHARE_OF_ALL.of_type(kind), f"{kind}{name}", kind)
        within = SHARE_OF_SIDE.of_type(kind)
        if base is None:
            table.words(row, within, "[z]")
        else:
            table.percent(row, within, f"{kind}{name}", f"{kind}{base}")
