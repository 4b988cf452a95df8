"""Table 2: treatment outcomes from sentence to the end of observation (report 2.3-2.4, figures 2 and 3).

Belongs here: counting treatment outcomes. Does not belong here: titles, notes, disclosure control.

"Dropped out" has two meanings in the source. Narrow (here, report 2.3-2.4): the journey ended in dropout. Wide
(tables 9-11 and 15, report 3.6 and 4.5): it ended in dropout, in prison or in death. Both are rows, by name.
"""

import polars as pl

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.steps.tables.declared_table import PublishedTable

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
NO_SETTING = "In no NDTMS treatment setting"
# Linkage found the person in NDTMS, or did not: what the absence of treatment may mean (report 1.2).
NO_SETTING_LABELS = {
    "known": "Of these: person linked to NDTMS records of another time or kind",
    "not known": "Of these: person linked to no NDTMS record",
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
    """Table 2: outcomes of linked requirements; contact with CJIT or prison of those not linked.

    In no NDTMS treatment setting are those that are linked neither to structured treatment nor to a CJIT, in prison
    or not (report 2.2, footnotes 9 and 11).
    """
    table = PublishedTable(2)
    for kind in (ALL, *TYPES):
        table.counts |= status_counts(frame, kind) | _unlinked_counts(frame, kind)
        status_adds_up(table, kind)
        unlinked = f"{kind}/not linked"
        table.add_up(unlinked, *(f"{unlinked}/{name}" for name in UNLINKED_LABELS))
        table.add_up(f"{unlinked}/no setting", f"{unlinked}/prison", f"{unlinked}/unknown")
        table.add_up(f"{unlinked}/no setting", *(f"{unlinked}/no setting/{name}" for name in NO_SETTING_LABELS))
    for name in [name.removeprefix(ALL) for name in table.counts if name.startswith(ALL)]:
        table.add_up(f"{ALL}{name}", *(f"{kind}{name}" for kind in TYPES))
    for side, heading, labels in (("linked", LINKED, STATUS_LABELS), ("not linked", NOT_LINKED, UNLINKED_LABELS)):
        for name, label in labels.items():
            _outcome_row(table, (heading, label), f"/{side}/{name}", f"/{side}")
        if side == "linked":
            _outcome_row(table, (heading, WIDE_LABEL), "/linked/wide dropout", "/linked")
        else:
            _outcome_row(table, (heading, NO_SETTING), "/not linked/no setting", "/not linked")
            for name, label in NO_SETTING_LABELS.items():
                _outcome_row(table, (heading, label), f"/not linked/no setting/{name}", "/not linked")
        _outcome_row(table, (heading, f"All {heading[0].lower()}{heading[1:]}"), f"/{side}", f"/{side}")
    _outcome_row(table, ("All", "All requirements"), "", None)
    return table


def outcome_measures(kind: str) -> tuple[str, str, str]:
    """Columns of table 2 of "All" or a type: count, share of all, share of those linked or not linked."""
    noun = KIND_LABELS[kind]
    return f"{noun} (count)", f"{noun} (% of all {noun})", f"{noun} (% of linked or not linked {noun})"


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


def _outcome_row(table: PublishedTable, row: tuple[str, str], name: str, base: str | None) -> None:
    for kind in (ALL, *TYPES):
        count, share, within = outcome_measures(kind)
        table.count(row, count, f"{kind}{name}")
        table.percent(row, share, f"{kind}{name}", kind)
        if base is None:
            table.words(row, within, "[z]")
        else:
            table.percent(row, within, f"{kind}{name}", f"{kind}{base}")
