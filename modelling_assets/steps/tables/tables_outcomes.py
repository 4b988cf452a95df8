"""Table 2: treatment outcomes from sentence to the end of observation (report 2.3-2.4, figures 2 and 3).

Belongs here: counting treatment outcomes. Does not belong here: titles, notes, disclosure control.

"Dropped out" has two meanings in the source. Narrow (here, report 2.3-2.4): the journey ended in dropout. Wide
(tables 9-11 and 15, report 3.6 and 4.5): it ended in dropout, in prison or in death. Both are rows, by name.
"""

import polars as pl

from modelling_assets.steps.tables.declared_table import TYPES, PublishedTable, count_where, of_type

LINKED, NOT_LINKED = "Linked to structured treatment", "Not linked to structured treatment"
STATUS_LABELS = {
    "Completed": "Completed structured treatment",
    "Remained": "Remained in structured treatment at end of observation",
    "Dropped out": "Dropped out of treatment (narrow definition)",
    "Prison": "Ended on entering prison",
    "Died": "Died",
}
UNLINKED_LABELS = {
    "CJIT": "In contact with CJIT",
    "prison": "Entered prison{not_on_remand} {prison_within} of sentence",
    "unknown": "Not identified in prison or CJIT contact",
}
WIDE_DROPOUT = ("Dropped out", "Prison", "Died")
WIDE_LABEL = "Dropped out, wide definition: dropout, prison or died"


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


def treatment_outcomes(frame: pl.DataFrame) -> PublishedTable:
    """Table 2: outcomes of linked requirements; contact with CJIT or prison of those not linked."""
    table = PublishedTable(2)
    for kind in TYPES:
        unlinked = of_type(frame, kind).filter(~pl.col("linked_structured"))
        cjit, prison = pl.col("linked_cjit"), pl.col("prison_12m")
        table.counts |= status_counts(frame, kind) | {
            f"{kind}/not linked/CJIT": count_where(unlinked, cjit),
            f"{kind}/not linked/prison": count_where(unlinked, ~cjit & prison),
            f"{kind}/not linked/unknown": count_where(unlinked, ~cjit & ~prison),
        }
        status_adds_up(table, kind)
        table.add_up(f"{kind}/not linked", *(f"{kind}/not linked/{name}" for name in UNLINKED_LABELS))
    for side, heading, labels in (("linked", LINKED, STATUS_LABELS), ("not linked", NOT_LINKED, UNLINKED_LABELS)):
        for name, label in labels.items():
            _outcome_row(table, (heading, label), f"/{side}/{name}", f"/{side}")
        if side == "linked":
            _outcome_row(table, (heading, WIDE_LABEL), "/linked/wide dropout", "/linked")
        _outcome_row(table, (heading, f"All {heading[0].lower()}{heading[1:]}"), f"/{side}", f"/{side}")
    _outcome_row(table, ("All", "All requirements"), "", None)
    return table


def _outcome_row(table: PublishedTable, row: tuple[str, str], name: str, base: str | None) -> None:
    for kind in TYPES:
        table.count(row, f"{kind}s (count)", f"{kind}{name}")
        table.percent(row, f"{kind}s (% of all {kind}s)", f"{kind}{name}", kind)
        within = f"{kind}s (% of linked or not linked {kind}s)"
        if base is None:
            table.words(row, within, "[z]")
        else:
            table.percent(row, within, f"{kind}{name}", f"{kind}{base}")
