"""The headline results as plain numbers, for the manifest of a run.

Belongs here: the handful of figures that say at a glance what a quarter found. Does not belong here: tables, words, and
anything that the published tables do not show.
"""

from collections.abc import Mapping

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from publication_assets.catalogue.rows import ENGAGED
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import and_limits

# A number, or several by name, such as an estimate and its limits; None where the tables withhold or lack it.
Figure = Mapping[str, float | None] | float | None

SIDES = {"linked": "linked", "unlinked": "not linked"}


def headline(cells: pl.DataFrame) -> dict[str, dict[str, Figure]]:
    """Headline figures by name, then by "all", "ATR" and "DRR"; None where the tables withhold or lack a figure.

    `cells` is published_tables. requirements: count. linked_percent: of requirements, linked to structured treatment.
    engaged_percent: of the sample not linked and with a result, engaged according to notes. any_treatment_percent:
    linked plus the estimate for the rest, of requirements. reconvicted_percent: of requirements "linked" and
    "unlinked", reconvicted within 12 months. These are computed from counts that are shown, to one decimal place. The
    last three are estimate, lower and upper limit in whole percent as the tables of estimates and of label errors have
    them: engaged and any treatment corrected for label error, and linked decoys that are labelled engaged.
    """
    counts = _shown_counts(cells)
    shown = ShownCells(cells)
    figures = {kind: _shares(counts, kind) | _estimates(shown, kind) for kind in (ALL, *TYPES)}
    names = {kind: "all" if kind == ALL else kind for kind in figures}
    return {name: {names[kind]: values[name] for kind, values in figures.items()} for name in figures[ALL]}


def _shown_counts(cells: pl.DataFrame) -> dict[str, int]:
    named = cells.filter(pl.col("quantity").is_not_null() & pl.col("value").is_not_null())
    return dict(named.unique("quantity", maintain_order=True).select("quantity", pl.col("value").cast(int)).iter_rows())


def _shares(counts: dict[str, int], kind: str) -> dict[str, Figure]:
    linked, whole = counts.get(f"{kind}/linked"), counts.get(kind)
    engaged, base = counts.get(f"{kind}/sample/{ENGAGED}"), counts.get(f"{kind}/sample/with a result")
    any_treatment = None
    if linked is not None and whole is not None and engaged is not None and base:
        any_treatment = linked + (whole - linked) * engaged / base
    return {
        "requirements": whole,
        "linked_percent": _percent(linked, whole),
        "engaged_percent": _percent(engaged, base),
        "any_treatment_percent": _percent(any_treatment, whole),
        "reconvicted_percent": {
            side: _percent(counts.get(f"{kind}/{name}/reconvicted"), counts.get(f"{kind}/{name}"))
            for side, name in SIDES.items()
        },
    }


def _estimates(shown: ShownCells, kind: str) -> dict[str, Figure]:
    corrected = f"{kind}/{CORRECTED}"
    return {
        "engaged_corrected_percent": _three(shown, "engagement_estimates", corrected, "estimated_share"),
        "any_treatment_corrected_percent": _three(shown, "engagement_estimates", corrected, "estimated_any_treatment"),
        "decoys_engaged_percent": _three(shown, "label_errors", f"decoys/{kind}", "right_share"),
    }


def _three(shown: ShownCells, table: str, row: str, measure: str) -> dict[str, float | None]:
    values = [shown.value(table, row, each) for each in and_limits(measure)]
    return dict(zip(("estimate", "lower", "upper"), values, strict=True))


def _percent(part: float | None, whole: int | None) -> float | None:
    return round(100 * part / whole, 1) if whole and part is not None else None
