"""What reviewers found of the links, as the quality page shows it: precision at each threshold with its limits.

Belongs here: the table, in rounded counts, and who judged. Does not belong here: the figures
(justice_assets/steps/review), the rest of the page (write_quality_page.py).
"""

from collections.abc import Mapping
from typing import Any

from publishing.documents.document import Grid
from publishing.documents.fill_template import Value
from resources.receipts.receipts import Receipt
from resources.records.shown_counts import rounded

REVIEWED = "scored_identities"  # whose pairs are reviewed
NAMED = (
    *("reviewed", "reviewers_simulated", "reviewers_two", "pairs_judged", "review_level", "reviewers_agree"),
    "table_review",
)
WORDS = {"high": "Strictest threshold", "medium": "Middle threshold", "low": "Widest threshold"}


def review_values(findings: Mapping[str, Any] | None, mark: str, base: int, least: int) -> dict[str, Value]:
    """What the templates name of a review: `findings` of evaluate_links, with `simulated`; None where there is none.

    `base`: what counts are rounded to; `least`: judged pairs from which a share is shown.
    """
    if findings is None:
        return dict.fromkeys(NAMED)
    agreement = findings["agreement"]
    return {
        "reviewed": True,
        "reviewers_simulated": findings["simulated"],
        "reviewers_two": findings["reviewers"] == 2,
        "pairs_judged": f"{rounded(findings['pairs_judged'], base):,}",
        "review_level": f"{100 * findings['confidence_level']:g}",
        "reviewers_agree": _percent(agreement["agree"]["value"]) if agreement else "",
        "table_review": review_grid(findings, mark, base, least),
    }


def findings_of(found: dict[str, Any] | None, pairs: Receipt | None) -> dict[str, Any] | None:
    """`found` where it was found of the pairs of that receipt: a review of pairs that were scored otherwise is none."""
    if found is None or pairs is None or found["made_from"][REVIEWED] != pairs.sha256:
        return None
    return found


def review_grid(findings: Mapping[str, Any], mark: str, base: int, least: int) -> Grid:
    """Precision and recall at each threshold, and what is missed below the widest, with limits."""
    rows: list[list[str]] = []
    for row in findings["thresholds"]:
        shown = [_limits(row, name, row["judged"], least) for name in ("precision", "recall")]
        rows.append([f"{WORDS[row['threshold']]}, {row['bits']:g} bits", _judged(row, base), *shown])
    below, widest = findings["below_lowest"], findings["thresholds"][-1]
    beyond = {  # what is not at the widest threshold is below it
        f"missed{end}": None if widest[f"recall{other}"] is None else 1 - widest[f"recall{other}"]
        for end, other in {"": "", "_low": "_high", "_high": "_low"}.items()
    }
    shown = [_limits(below, "share", below["judged"], least), _limits(beyond, "missed", widest["judged"], least)]
    rows.append(["Below the widest threshold", _judged(below, base), *shown])
    by = "simulated reviewers" if findings["simulated"] else "reviewers"
    headers = ["Pairs that weigh at least", "Judged pairs", "One person (%)", "Of all kept pairs of one person (%)"]
    return Grid(f"Pairs that {by} call one person{mark}", headers, rows)


def _judged(row: Mapping[str, Any], base: int) -> str:
    return f"{rounded(row['judged'], base):,}"


def _limits(row: Mapping[str, Any], name: str, judged: int, least: int) -> str:
    if row[name] is None:
        return "[x]"
    if judged < least:
        return "[u]"
    value, low, high = (_percent(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"
