"""Tables 20 and 21: estimates of engagement with uncertainty, and how well requirements are labelled (ours).

Belongs here: laying out the estimates beside the counts that they rest on. Does not belong here: computing them
(estimate_engagement.py), titles, notes, disclosure control.
"""

import polars as pl

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from modelling_assets.steps.engagement.estimate_engagement import (
    ANY_TREATMENT,
    CLIPPED,
    CORRECTED,
    DECOYS,
    NOT_AVAILABLE,
    REQUIREMENTS,
    REVIEWED,
    REVIEWED_WITH_DECOYS,
    SENSITIVITY,
    SHARE,
    SPECIFICITY,
)
from modelling_assets.steps.engagement.extrapolate_sample import AS_ENGAGED, AS_LABELLED, AS_NOT_ENGAGED
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.steps.tables.contents.tables_identification import ENGAGED, sample_counts
from publication_assets.steps.tables.declared_table import Cell, PublishedTable, Unit

BASIS_LABELS = {
    AS_LABELLED: "As labelled, uncorrected",
    CORRECTED: "Corrected for label error",
    AS_NOT_ENGAGED: "As labelled, without a result counted as not engaged",
    AS_ENGAGED: "As labelled, without a result counted as engaged",
}
QUANTITIES: dict[str, tuple[str, Unit, int]] = {
    SHARE: ("Engaged in treatment, estimate (% of those not linked)", "percent", 100),
    REQUIREMENTS: ("Not linked and engaged, estimate (count)", "count", 1),
    ANY_TREATMENT: ("Any treatment, estimate (% of requirements)", "percent", 100),
}
LIMITS = ("lower", "upper")
SAMPLED_COUNT = "Sampled requirements in the estimate (count)"
REMARK = "Remark"
CASES, RIGHT_COUNT, RIGHT = "Requirements compared (count)", "Labelled rightly (count)", "Labelled rightly (%)"
RIGHT_LIMITS = {limit: f"Labelled rightly, {limit} limit (%)" for limit in LIMITS}
REVIEWED_GROUP, DECOY_GROUP = "Reviewed requirements not linked", "Linked requirements read as decoys"
REVIEWED_GROUPS = {REVIEWED: REVIEWED_GROUP, REVIEWED_WITH_DECOYS: "All reviewed requirements, with linked decoys"}
REVIEWED_ROWS = {SENSITIVITY: "Engaged according to reviewers", SPECIFICITY: "Not engaged according to reviewers"}


def limit_header(quantity: str, limit: str) -> str:
    """Column header of a limit of one quantity of table 20."""
    header = QUANTITIES[quantity][0]
    return header.replace(" (", f", {limit} limit (")


def estimates_with_uncertainty(frame: pl.DataFrame, estimates: pl.DataFrame) -> PublishedTable:
    """Table 20: share engaged of those not linked, what it makes, and the share in any treatment, by basis.

    `frame` is the analysis frame, `estimates` the table engagement_estimates.
    """
    table = PublishedTable(20)
    found = {(row["requirement_type"], row["basis"], row["quantity"]): row for row in estimates.to_dicts()}
    for kind in (ALL, *TYPES):
        group = of_type(frame, kind)
        linked = count_where(group, pl.col("linked_structured"))
        table.counts |= {kind: group.height, f"{kind}/linked": linked} | sample_counts(frame, kind)
        for basis, label in BASIS_LABELS.items():
            _estimate_row(table, (KIND_LABELS[kind], label), kind, basis, found)
    return table


def _estimate_row(table: PublishedTable, row: tuple[str, str], kind: str, basis: str, found: dict) -> None:
    whole_sample = basis in (AS_NOT_ENGAGED, AS_ENGAGED)
    base = f"{kind}/sample" if whole_sample else f"{kind}/sample/with a result"
    # The bounds differ by the requirements without a result, so these are an input of both.
    inputs = (kind, f"{kind}/linked", f"{kind}/sample/{ENGAGED}", f"{kind}/sample/with a result", base)
    table.count(row, SAMPLED_COUNT, base)
    for quantity, (header, unit, factor) in QUANTITIES.items():
        estimate = found[kind, basis, quantity]
        for measure, column in ((header, "value"), *((limit_header(quantity, limit), limit) for limit in LIMITS)):
            value = None if estimate[column] is None else factor * estimate[column]
            table.cells.append(Cell(row, measure, unit, value, depends_on=inputs, text="[x]"))
    share = found[kind, basis, SHARE]
    remark = share["reason"] if share["status"] in (NOT_AVAILABLE, CLIPPED) else None
    table.words(row, REMARK, remark[0].upper() + remark[1:] if remark else "[z]", inputs)


def label_errors(estimates: pl.DataFrame) -> PublishedTable:
    """Table 21: share of requirements labelled rightly, of reviewed cases and of decoys.

    `estimates` is the table engagement_estimates, whose counts of reviewed cases are disclosed (label_errors.py).
    """
    table = PublishedTable(21)
    found = {(row["requirement_type"], row["basis"], row["quantity"]): row for row in estimates.to_dicts()}
    for basis, group in REVIEWED_GROUPS.items():
        for quantity, label in REVIEWED_ROWS.items():
            row = found[ALL, basis, quantity]
            _rightly_labelled(table, (group, label), f"{basis}/{quantity}", row)
    for kind in (ALL, *TYPES):
        row = found[kind, DECOYS, SENSITIVITY]
        _rightly_labelled(table, (DECOY_GROUP, KIND_LABELS[kind]), f"{kind}/decoys", row)
    for ending in ("", "/right", "/wrong"):
        table.add_up(f"{ALL}/decoys{ending}", *(f"{kind}/decoys{ending}" for kind in TYPES))
    return table


def _rightly_labelled(table: PublishedTable, row: tuple[str, str], name: str, estimate: dict) -> None:
    base, right = estimate["base"], round(estimate["base"] * (estimate["value"] or 0))
    table.counts |= {name: base, f"{name}/right": right, f"{name}/wrong": base - right}
    table.add_up(name, f"{name}/right", f"{name}/wrong")
    table.count(row, CASES, name)
    table.count(row, RIGHT_COUNT, f"{name}/right")
    for measure, column in ((RIGHT, "value"), *((RIGHT_LIMITS[limit], limit) for limit in LIMITS)):
        value = None if estimate[column] is None else 100 * estimate[column]
        table.cells.append(Cell(row, measure, "percent", value, depends_on=(f"{name}/right", name), text="[x]"))
