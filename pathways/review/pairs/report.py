"""The page of a review's findings: self-contained, counts and shares only.

Belongs here: wording and numbers as shown. Does not belong here: charts (charts.py), estimates (linkage_assets/steps).
"""

from pathlib import Path

import jinja2

from pathways.review.pairs.charts import marked_thresholds, precision_recall_chart, roc_chart
from pathways.review.shared.gathered import origin

PAGE = Path(__file__).parent / "page"


def findings_page(findings: dict) -> str:
    """Findings as one HTML file that loads nothing."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"interval": interval, "share": share, "threshold": threshold}
    return environment.get_template("findings.html.j2").render(
        findings=findings,
        marked=marked_thresholds(findings),
        charts=[precision_recall_chart(findings), roc_chart(findings)],
    )


def summary_lines(findings: dict) -> list[str]:
    """What a person reads after judging: what it rests on, agreement, thresholds."""
    lines = [f"Clerical review {findings['quarter']}: {origin(findings)}"]
    judged, people = findings["pairs_judged"], findings["pairs_of_people"]
    lines.append(
        f"  {judged:,} of {people:,} pairs judged by {findings['reviewers']}, {', '.join(findings['stages'])} sample"
    )
    if findings["agreement"]:
        lines.append(f"  kappa {_area(findings['agreement']['kappa'])}")
    lines.append(f"  area under ROC {_area(findings['area_under_roc'])}")
    lines += [
        f"  {row['mark'].lower()}: {threshold(row['threshold'])}, {row['pairs']:,} pairs, precision "
        f"{interval(row, 'precision')}, recall {interval(row, 'recall')}"
        for row in marked_thresholds(findings)
    ]
    if disagreement := findings["first_disagreement"]:
        lines.append(f"  first disagreement at probability {threshold(disagreement['probability'])}")
    if not findings["recommended_threshold"]:
        lines.append(f"  no threshold is recommended: at none is precision surely {findings['target_precision']}")
    return lines


def interval(row: dict, name: str) -> str:
    """An estimate with its interval."""
    if row[name] is None:
        return "-"
    return f"{row[name]:.3f} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"


def share(value: dict) -> str:
    """An estimate given as value, low, high."""
    return _area(value)


def threshold(value: float) -> str:
    """A probability without digits it does not have."""
    return f"{value:.6f}".rstrip("0")


def _area(value: dict) -> str:
    if value["value"] is None:
        return "not defined: all judged pairs are alike"
    return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
