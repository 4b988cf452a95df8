"""Writes the page on the quality of the justice links: what can be said of it without knowing the truth.

Belongs here: tables of the page, with counts as they may be told. Does not belong here: prose
(templates/justice_linkage_quality), the measures (steps/quality, steps/clusters).

Counts are rounded to the disclosure threshold, and shares are those of rounded counts; of few pairs there is no share.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from justice_assets.steps.panel_report.facts import PanelFacts
from justice_assets.steps.quality_page.drift_shown import compared_with, drift_grid
from justice_assets.steps.quality_page.hold_out_shown import (
    COMPARED_IN,
    NUMBERS,
    POINTS_BEHIND,
    groups_behind,
    hold_out_grid,
)
from justice_assets.steps.quality_page.review_shown import review_values
from justice_assets.steps.quality_page.shown_shares import share
from publishing.documents.document import Bullets, Grid
from publishing.documents.fill_template import Value
from publishing.documents.make_document import make_document
from publishing.documents.render_document import document_html
from resources.records.shown_counts import rounded
from resources.settings.justice_settings import Justice
from resources.settings.study_settings import Publication

DOCUMENT = "justice_linkage_quality"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
DRIFTS = {"justice_source_drift": "Extracts", "justice_linkage_drift": "The linkage"}
THRESHOLDS = {"high": "strictest", "medium": "middle", "low": "widest"}


def quality_page_html(
    tables: Mapping[str, pl.DataFrame],
    facts: PanelFacts,
    settings: Justice,
    publication: Publication,
    findings: Mapping[str, Any] | None = None,
) -> str:
    """The page linkage_quality.html of a release. `tables`: by name, as schemas/quality.py and linking.py have them.

    `findings`: of a clerical review of its pairs, as review_values takes them; None where there is none.
    """
    values = quality_values(tables, facts, settings, publication, findings)
    return document_html(make_document(DOCUMENT, values, facts, TEMPLATES), facts)


def quality_values(
    tables: Mapping[str, pl.DataFrame],
    facts: PanelFacts,
    settings: Justice,
    publication: Publication,
    findings: Mapping[str, Any] | None,
) -> dict[str, Value]:
    """What the templates of the page name."""
    mark = f" [{facts.synthetic_mark}]" if facts.synthetic else ""
    base, least = publication.disclosure_threshold, publication.minimum_base
    linkage, hold_out = settings.linkage, tables["hold_out"]
    return {
        "title": facts.title,
        "quarter": facts.quarter,
        "synthetic": facts.synthetic,
        "half_of_rounding": base // 2,
        "base": base,
        "minimum_base": least,
        "threshold_high": f"{linkage.threshold_high:g}",
        "threshold_medium": f"{linkage.threshold_medium:g}",
        "threshold_low": f"{linkage.threshold_low:g}",
        "held_out_records": f"{settings.hold_out.records:,}",
        "largest_cluster": linkage.largest_cluster,
        "table_impossible": impossible_grid(tables["impossible_people"], mark, base, least),
        "table_clusters": cluster_grid(tables["cluster_sizes"], mark, base),
        "table_anonymity": anonymity_grid(tables["view_anonymity"], mark, base),
        **review_values(findings, mark, base, least),
        "points_behind": POINTS_BEHIND,
        "compared_in": COMPARED_IN * least,
        "groups_behind": [Bullets([*groups_behind(hold_out, base, least)])],
        **{f"compared_{drift}": compared_with(tables[drift]) for drift in DRIFTS},
        **{f"table_{drift}": drift_grid(tables[drift], what, mark, base, least) for drift, what in DRIFTS.items()},
        **{f"table_{number}": hold_out_grid(hold_out, number, mark, base, least) for number in NUMBERS},
    }


def impossible_grid(impossible: pl.DataFrame, mark: str, base: int, least: int) -> Grid:
    """What cannot be, at each threshold."""
    rows = [
        [
            f"{_measured(measure)}, {THRESHOLDS[threshold]} threshold",
            bounds,
            f"{rounded(found, base):,}",
            f"{rounded(of, base):,}",
            share(found, of, base, least),
        ]
        for threshold, measure, bounds, found, of in impossible.select(
            "threshold", "measure", "bounds", "found", "of"
        ).iter_rows()
    ]
    return Grid(f"What cannot be{mark}", ["What", "A lower bound of", "Found", "Of", "Share (%)"], rows)


def cluster_grid(sizes: pl.DataFrame, mark: str, base: int) -> Grid:
    """People at each threshold by the number of their records, and those that one pair alone holds together."""
    rows: list[list[str]] = []
    for threshold, words in THRESHOLDS.items():
        of_threshold = sizes.filter(pl.col("threshold") == threshold).sort("size_from")
        starts = of_threshold["size_from"].to_list()
        for place, counts in enumerate(
            of_threshold.select("clusters", "records", "held_by_one_pair", "too_large").iter_rows()
        ):
            band = _band(starts, place)
            rows.append([f"{words.capitalize()} threshold, {band}", *(f"{rounded(count, base):,}" for count in counts)])
    headers = ["Records of a person", "People", "Records", "Held by one pair", "With too many records"]
    return Grid(f"People by number of records{mark}", headers, rows)


def anonymity_grid(anonymity: pl.DataFrame, mark: str, base: int) -> Grid:
    """k-anonymity of the research views."""
    columns = ("view", "columns", "records", "records_under_k", "combinations", "combinations_under_k")
    rows = [
        [_words(view), str(width), *(f"{rounded(number, base):,}" for number in counts)]
        for view, width, *counts in anonymity.select(columns).iter_rows()
    ]
    headers = ["View", "Bands", "Records", "Records few share", "Combinations", "Combinations few share"]
    return Grid(f"How many records share their bands with few others{mark}", headers, rows)


def _measured(measure: str) -> str:
    """What was counted, with the names of numbers in words."""
    what, _, number = measure.partition(": ")
    what = what.replace("numbers", f"{NUMBERS[number]}s") if number else what
    return f"{what[:1].upper()}{what[1:]}"


def _words(view: str) -> str:
    return view.removesuffix("_view").replace("_", " ").capitalize()


def _band(starts: Sequence[int], place: int) -> str:
    first, last = starts[place], starts[place + 1] - 1 if place + 1 < len(starts) else None
    return f"{first} and more" if last is None else str(first) if first == last else f"{first} to {last}"
