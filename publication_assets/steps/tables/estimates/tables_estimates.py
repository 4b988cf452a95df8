"""Tables 20 and 21: estimates of engagement with uncertainty, and how well requirements are labelled (ours).

Belongs here: laying out the estimates beside the counts that they rest on. Does not belong here: computing them
(estimate_engagement.py), titles, notes, disclosure control.
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import (
    ANY_TREATMENT,
    CLIPPED,
    CORRECTED,
    DECOYS,
    NOT_AVAILABLE,
    OK,
    REQUIREMENTS,
    REVIEWED,
    REVIEWED_WITH_DECOYS,
    SENSITIVITY,
    SHARE,
    SPECIFICITY,
)
from modelling_assets.steps.engagement.extrapolate_sample import (
    AS_ENGAGED,
    AS_LABELLED,
    AS_NOT_ENGAGED,
    unlinked_of_type,
)
from modelling_assets.steps.engagement.worst_known_result import AT_WORST, WorstKnown, share_at_worst
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue import measures_of_notes as notes
from publication_assets.catalogue.rows import ENGAGED
from publication_assets.steps.tables.contents.tables_identification import sample_counts
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row, Types, noun_of, shown_kinds

BASIS_LABELS = {
    AS_LABELLED: "As labelled, uncorrected",
    CORRECTED: "Corrected for label error",
    AS_NOT_ENGAGED: "As labelled, without a result counted as not engaged",
    AS_ENGAGED: "As labelled, without a result counted as engaged",
}
REVIEWED_GROUP, DECOY_GROUP = "Reviewed requirements not linked", "Linked requirements read as positive controls"
# Key of a group of rows to its basis and to its words.
REVIEWED_GROUPS = {
    "reviewed": (REVIEWED, REVIEWED_GROUP),
    "reviewed with decoys": (REVIEWED_WITH_DECOYS, "All reviewed requirements, with positive controls"),
}
REVIEWED_ROWS = {
    "engaged": (SENSITIVITY, "Engaged according to reviewers"),
    "not engaged": (SPECIFICITY, "Not engaged according to reviewers"),
}
AT_WORST_LABEL = "If labels were as wrong as in the worst known result of the classifier"
NOTHING_LEFT = "with this result labels would say too little"
INVENTED = "invented"
INVENTED_ROWS = {"engaged": "Engaged in the invented case", "not engaged": "Not engaged in the invented case"}
# Column of the table to the quantity that it shows and what it is multiplied with.
QUANTITIES = {"share": (SHARE, 100), "requirements": (REQUIREMENTS, 1), "any_treatment": (ANY_TREATMENT, 100)}


def estimates_with_uncertainty(
    frame: pl.DataFrame,
    estimates: pl.DataFrame,
    types: Types = TYPES,
    worst: WorstKnown | None = None,
    level: float = 0.95,
) -> PublishedTable:
    """Table 20: share engaged of those not linked, what it makes, and the share in any treatment, by basis.

    `frame` is the analysis frame, `estimates` the table engagement_estimates. `worst` is what is known of what read the
    notes; without it there is no row of it.
    """
    table = PublishedTable("engagement_estimates")
    found = {(row["requirement_type"], row["basis"], row["quantity"]): row for row in estimates.to_dicts()}
    for kind in shown_kinds(types):
        group = of_type(frame, kind)
        linked = count_where(group, pl.col("linked_structured"))
        table.counts |= {kind: group.height, f"{kind}/linked": linked} | sample_counts(frame, kind)
        for basis, label in BASIS_LABELS.items():
            _estimate_row(table, Row(f"{kind}/{basis}", label, noun_of(kind)), kind, basis, found)
        if worst:
            at_worst = {
                (kind, AT_WORST, quantity): row for quantity, row in _at_worst(frame, kind, worst, level).items()
            }
            _estimate_row(table, Row(f"{kind}/{AT_WORST}", AT_WORST_LABEL, noun_of(kind)), kind, AT_WORST, at_worst)
    return table


def _at_worst(frame: pl.DataFrame, kind: str, worst: WorstKnown, level: float) -> dict[str, dict]:
    """Of each quantity value and limits, as the table engagement_estimates has them of other bases."""
    group = unlinked_of_type(frame, kind)
    share = share_at_worst(group, worst, level)
    if share is None:
        absent = {"value": None, "lower": None, "upper": None, "status": NOT_AVAILABLE, "reason": NOTHING_LEFT}
        return dict.fromkeys((SHARE, REQUIREMENTS, ANY_TREATMENT), absent)
    made = {SHARE: share, REQUIREMENTS: group.engaged_requirements(share), ANY_TREATMENT: group.any_treatment(share)}
    return {quantity: {**vars(each), "status": OK, "reason": None} for quantity, each in made.items()}


def _estimate_row(table: PublishedTable, row: Row, kind: str, basis: str, found: dict) -> None:
    whole_sample = basis in (AS_NOT_ENGAGED, AS_ENGAGED)
    base = f"{kind}/sample" if whole_sample else f"{kind}/sample/with a result"
    # The bounds differ by the requirements without a result, so these are an input of both.
    inputs = (kind, f"{kind}/linked", f"{kind}/sample/{ENGAGED}", f"{kind}/sample/with a result", base)
    table.count(row, notes.SAMPLED_IN_ESTIMATE, base)
    for name, (quantity, factor) in QUANTITIES.items():
        estimate = found[kind, basis, quantity]
        limits = ((measure, side) for side, measure in notes.ESTIMATE_LIMITS[name].items())
        for measure, column in ((notes.ESTIMATES[name], "value"), *limits):
            value = None if estimate[column] is None else factor * estimate[column]
            table.cells.append(Cell(row, measure, measure.unit, value, depends_on=inputs, text="[x]"))
    share = found[kind, basis, SHARE]
    remark = share["reason"] if share["status"] in (NOT_AVAILABLE, CLIPPED) else None
    table.words(row, notes.REMARK, remark[0].upper() + remark[1:] if remark else "[z]", inputs)


def label_errors(estimates: pl.DataFrame, types: Types = TYPES, worst: WorstKnown | None = None) -> PublishedTable:
    """Table 21: share of requirements labelled rightly, of reviewed cases and of decoys, and of invented notes.

    `estimates` is the table engagement_estimates, whose counts of reviewed cases are disclosed (label_errors.py).
    """
    table = PublishedTable("label_errors")
    found = {(row["requirement_type"], row["basis"], row["quantity"]): row for row in estimates.to_dicts()}
    for group_key, (basis, group) in REVIEWED_GROUPS.items():
        for key, (quantity, label) in REVIEWED_ROWS.items():
            row = Row(f"{group_key}/{key}", label, group)
            _rightly_labelled(table, row, f"{basis}/{quantity}", found[ALL, basis, quantity])
    for kind in shown_kinds(types):
        row = Row(f"decoys/{kind}", noun_of(kind), DECOY_GROUP)
        _rightly_labelled(table, row, f"{kind}/decoys", found[kind, DECOYS, SENSITIVITY])
    if worst:
        for key, label in INVENTED_ROWS.items():
            _on_invented_notes(table, Row(f"{INVENTED}/{key}", label, f"Invented notes, {worst.wordings}"), worst, key)
    for ending in ("", "/right", "/wrong") if len(types) > 1 else ():
        table.add_up(f"{ALL}/decoys{ending}", *(f"{kind}/decoys{ending}" for kind in types))
    return table


def _on_invented_notes(table: PublishedTable, row: Row, worst: WorstKnown, key: str) -> None:
    """Nobody is behind these, so nothing is protected; counts are with the engine, not with this run."""
    estimate = worst.sensitivity if key == "engaged" else worst.specificity
    for measure in (notes.CASES, notes.RIGHT):
        table.words(row, measure, "[z]")
    shares = (notes.RIGHT_SHARE, "value"), *((limit, side) for side, limit in notes.RIGHT_LIMITS.items())
    for measure, column in shares:
        table.cells.append(Cell(row, measure, "percent", 100 * getattr(estimate, column)))


def _rightly_labelled(table: PublishedTable, row: Row, name: str, estimate: dict) -> None:
    base, right = estimate["base"], round(estimate["base"] * (estimate["value"] or 0))
    table.counts |= {name: base, f"{name}/right": right, f"{name}/wrong": base - right}
    table.add_up(name, f"{name}/right", f"{name}/wrong")
    table.count(row, notes.CASES, name)
    table.count(row, notes.RIGHT, f"{name}/right")
    for measure, column in (
        (notes.RIGHT_SHARE, "value"),
        *((limit, side) for side, limit in notes.RIGHT_LIMITS.items()),
    ):
        value = None if estimate[column] is None else 100 * estimate[column]
        table.cells.append(Cell(row, measure, "percent", value, depends_on=(f"{name}/right", name), text="[x]"))
