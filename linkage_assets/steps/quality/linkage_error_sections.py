"""The parts of the linkage quality report on error: estimates, clerical review, groups, profile, choices, drift.

Belongs here: laying out what other steps estimated. Does not belong here: the estimates themselves, disclosure control
(quality_cells.py). Each function adds one part to `cells`.
"""

from typing import Any

import polars as pl

from linkage_assets.steps.quality.count_links import BITS_AROUND
from linkage_assets.steps.quality.estimate_linkage_error import limits_of_missed
from linkage_assets.steps.quality.linkage_quality_sections import IDENTIFIERS, add_patterns, sentence
from linkage_assets.steps.quality.quality_cells import QualityCells, QualityRow
from resources.drift.judge_drift import band_in_words
from resources.drift.quarter_profile import RECENT, ROWS, SHARE

REVIEW_RESULTS, REVIEW_DESIGN = "Results", "Design"
NEAR_BITS = 2  # patterns are listed for pairs this close to the threshold, either side


def add_errors(cells: QualityCells, estimated_errors: pl.DataFrame) -> None:
    """Expected false and missed links by each score."""
    for score, links, false, missed in estimated_errors.rows():
        row = cells.row("errors", sentence(score)).count("Links", links)
        row.number("Expected false links", "estimate", false, 4)
        row.expected_percent("Of links (%)", false, links)
        row.number("Expected missed links", "estimate", missed, 4)
        row.expected_percent("Of expected true pairs (%)", missed, links - false + missed)


def add_review(cells: QualityCells, findings: dict[str, Any] | None, person_pairs: int) -> None:
    """Precision and recall by clerical review (review_findings.json), beside the model's own estimates."""
    if findings is None:
        return
    at = findings["current_threshold"]
    for label, name in {"Precision of links": "precision", "Recall among scored pairs": "recall"}.items():
        row = cells.row("review", label, REVIEW_RESULTS).share("Estimate (%)", at[name])
        row.share("Lower limit (%)", at[f"{name}_low"]).share("Upper limit (%)", at[f"{name}_high"])
    simulated, current = findings["simulated"], findings["pairs_of_people"] == person_pairs
    reviewers = "simulated from synthetic truth: no person looked at a pair" if simulated else "people"
    cells.row("review", "Reviewers are", REVIEW_DESIGN).words("Value", reviewers)
    cells.row("review", "Reviewers", REVIEW_DESIGN).number("Value", "number", findings["reviewers"], 0)
    cells.row("review", "Pairs judged", REVIEW_DESIGN).count("Value", findings["pairs_judged"])
    cells.row("review", "Pairs are of", REVIEW_DESIGN).words("Value", "this run" if current else "an earlier run")
    if findings["agreement"]:
        kappa = findings["agreement"]["kappa"]["value"]
        cells.row("review", "Cohen's kappa of both", REVIEW_DESIGN).number("Value", "number", kappa, 2)


def add_groups(cells: QualityCells, linkage_errors: pl.DataFrame, level: float) -> None:
    """Link rate and both errors by group of people; missed links with limits of coverage `level`."""
    for group in linkage_errors.to_dicts():
        linked, false, missed = group["linked"], group["expected_false"], group["expected_missed"]
        row = cells.row("groups", group["level"], group["grouping"]).count("People", group["people"])
        row.percent("Enough identifiers (%)", group["linkable"], group["people"])
        row.percent("Linked (% of those)", linked, group["linkable"])
        row.expected_percent("Expected false (% of linked)", false, linked)
        variances = group["false_variance"], group["missed_variance"]
        limits = limits_of_missed(linked, false, missed, *variances, level)
        row.expected_percent("Expected missed (% of expected true)", missed, linked - false + missed, limits)


def add_profile(cells: QualityCells, linked_profile: pl.DataFrame) -> None:
    """Linked people against those not linked, among those with enough identifiers."""
    sums = linked_profile.group_by("grouping").agg(pl.col("linked", "not_linked").sum())
    totals = {row["grouping"]: row for row in sums.to_dicts()}
    for level in linked_profile.to_dicts():
        whole = totals[level["grouping"]]
        row = cells.row("profile", level["level"], level["grouping"])
        row.percent("Of those linked (%)", level["linked"], whole["linked"])
        row.percent("Of those not linked (%)", level["not_linked"], whole["not_linked"])
        if level["linked"] + level["not_linked"] < cells.minimum_base:
            row.withheld("Standardised difference", "difference")
        else:
            row.number("Standardised difference", "difference", level["standardised_difference"], 2)


def add_near_threshold(cells: QualityCells, near: pl.DataFrame) -> None:
    """Pairs per bit of match weight around the threshold, and how the nearest compare."""
    pairs = dict(near.group_by("bits_from_threshold").agg(pl.col("pairs").sum()).rows())
    for bits in range(-BITS_AROUND, BITS_AROUND):
        label = f"{bits} to {bits + 1}".replace("-", "\N{MINUS SIGN}")
        cells.row("near threshold", label).count("Pairs of people", pairs.get(bits, 0))
    one_each = near.select("bits_from_threshold", pattern=pl.col("pattern").repeat_by("pairs")).explode("pattern")
    bits = pl.col("bits_from_threshold")
    add_patterns(
        cells,
        "near threshold patterns",
        f"Links, up to {NEAR_BITS} bits above",
        one_each.filter(bits.is_between(0, NEAR_BITS - 1)),
    )
    add_patterns(
        cells,
        "near threshold patterns",
        f"No links, up to {NEAR_BITS} bits below",
        one_each.filter(bits.is_between(-NEAR_BITS, -1)),
    )


def add_choices(cells: QualityCells, choice_effects: pl.DataFrame) -> None:
    """Headline figures of all requirements under each value of a setting that the source leaves open.

    Only figures that some value changes as far as it is shown; a setting that changes none has one row that says so.
    """
    shown = (pl.col("unit") == "count") & (pl.col("difference") != 0) | (pl.col("difference").abs() >= 0.05)
    for setting in choice_effects["setting"].unique(maintain_order=True):
        effects = choice_effects.filter(setting=setting, requirement_type="All")
        changed = effects.filter(shown)["figure"].unique().implode()
        values = effects.select("value", "is_default").unique(maintain_order=True).rows()
        words = {value: value.replace("_", " ") for value, _ in values}
        headers = {value: words[value] + (" (this release)" if is_default else "") for value, is_default in values}
        for figure, rows in effects.filter(pl.col("figure").is_in(changed)).group_by("figure", maintain_order=True):
            row = cells.row("choices", sentence(str(figure[0])), setting)
            for value, unit, amount in rows.select("value", "unit", "amount").rows():
                if unit == "count":
                    row.count(headers[value], round(amount))
                else:
                    row.number(headers[value], "percent", amount, 1)
        if effects.filter(shown).is_empty():
            row = cells.row("choices", "Any headline figure", setting)
            for header in headers.values():
                row.words(header, "no change")


def add_drift(cells: QualityCells, linkage_drift: pl.DataFrame, source_drift: pl.DataFrame) -> None:
    """This quarter beside training and the quarter before (quarter_profile.py Drift): what that is, and a
    group of rows for the linkage and for every source.

    Shares are of rounded counts, so that no small count can be worked out from them; the band is shown in whole
    percent where a tenth of one would be fewer records than the disclosure threshold.
    """
    for group, drift in (("Linkage", linkage_drift), ("Sources", source_drift)):
        for with_what in drift["compared_with"].unique(maintain_order=True):
            cells.row("drift", group).words("Compared with", with_what)
    for measure in [*linkage_drift.to_dicts(), *source_drift.to_dicts()]:
        part = "shares" if measure["kind"] == SHARE else "numbers"
        row = cells.row("drift", sentence(_in_words(measure["measure"])), f"{sentence(measure['source'])}, {part}")
        columns = {"This quarter": "value", "Training": "training", "Last quarter": "last_quarter"}
        few = measure["kind"] in (SHARE, RECENT) and measure["base"] < cells.minimum_base
        for header, column in columns.items():
            _add_drifting(row, header, measure, column, few)
        row.words("Allowed", "[u]" if few else _band(measure, cells.base))
        row.words("Within", "yes" if measure["within"] else "no")


def _add_drifting(row: QualityRow, header: str, measure: dict[str, Any], column: str, few: bool) -> None:
    value, kind, base = measure[column], measure["kind"], measure["base"]
    if value is None:
        row.number(header, "number", None, 2)
    elif few:
        row.withheld(header, "number")
    elif kind == SHARE:
        row.percent(header, round(value * base), base)
    elif kind == ROWS:
        row.count(header, round(value))
    else:
        row.number(header, "number", value, 2)


def _band(measure: dict[str, Any], threshold: int) -> str:
    low, high = measure["lowest"], measure["highest"]
    if measure["kind"] != SHARE or low is None or high is None:
        return band_in_words(low, high)
    digits = 1 if measure["base"] / 1000 >= threshold else 0
    low, high = (round(100 * bound, digits) for bound in (low, high))
    return f"{band_in_words(low, high)} per cent"


def _in_words(measure: str) -> str:
    """A measure of the profile with the name of a column in words: "completeness of date of birth, nDelius"."""
    for words, column in IDENTIFIERS.items():
        measure = measure.replace(f" of {column},", f" of {words.lower()},")
    return measure
