"""The headline results as plain numbers, for the manifest of a run.

Belongs here: the handful of figures that say at a glance what a quarter found. Does not belong here: tables, words.
"""

import polars as pl

from modelling_assets.steps.declared_table import ALL, TYPES, count_where, of_type
from modelling_assets.steps.estimate_engagement import ANY_TREATMENT, CORRECTED, DECOYS, SENSITIVITY, SHARE
from modelling_assets.steps.tables_identification import ENGAGED, sample_counts

ESTIMATES = {
    "engaged_corrected_percent": (SHARE, CORRECTED),
    "any_treatment_corrected_percent": (ANY_TREATMENT, CORRECTED),
    "decoys_engaged_percent": (SENSITIVITY, DECOYS),
}


def headline(analysis_frame: pl.DataFrame, engagement_estimates: pl.DataFrame) -> dict[str, dict]:
    """Headline figures by name, then by "all", "ATR" and "DRR"; percentages to one decimal place, None without a base.

    requirements: count. linked_percent: of requirements, linked to structured treatment. engaged_percent: of the
    sample not linked and with a result, engaged according to notes. any_treatment_percent: linked plus the estimate
    for the rest, of requirements. reconvicted_percent: of requirements "linked" and "unlinked", reconvicted within 12
    months. The last three are estimate, lower and upper limit: engaged and any treatment corrected for label error, and
    linked decoys that are labelled engaged.
    """
    figures = {
        kind.lower() if kind == ALL else kind: _figures(analysis_frame, kind) | _estimates(engagement_estimates, kind)
        for kind in (ALL, *TYPES)
    }
    return {name: {group: values[name] for group, values in figures.items()} for name in figures["all"]}


def _estimates(engagement_estimates: pl.DataFrame, kind: str) -> dict:
    found = {
        (row["quantity"], row["basis"]): [row[limit] for limit in ("value", "lower", "upper")]
        for row in engagement_estimates.filter(pl.col("requirement_type") == kind).to_dicts()
    }
    return {
        name: dict(zip(("estimate", "lower", "upper"), (_percent(number, 1) for number in found[wanted]), strict=True))
        for name, wanted in ESTIMATES.items()
    }


def _figures(frame: pl.DataFrame, kind: str) -> dict:
    group = of_type(frame, kind)
    sample = sample_counts(frame, kind)
    linked = count_where(group, pl.col("linked_structured"))
    engaged, base = sample[f"{kind}/sample/{ENGAGED}"], sample[f"{kind}/sample/with a result"]
    any_treatment = linked + (group.height - linked) * engaged / base if base else None
    sides = {"linked": group.filter("linked_structured"), "unlinked": group.filter(~pl.col("linked_structured"))}
    return {
        "requirements": group.height,
        "linked_percent": _percent(linked, group.height),
        "engaged_percent": _percent(engaged, base),
        "any_treatment_percent": _percent(any_treatment, group.height),
        "reconvicted_percent": {
            side: _percent(count_where(rows, pl.col("reconvicted")), rows.height) for side, rows in sides.items()
        },
    }


def _percent(part: float | None, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole and part is not None else None
