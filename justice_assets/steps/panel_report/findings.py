"""What models say, in words that depend on their figures.

Belongs here: sentences of odds ratios and of people who are alike. Does not belong here: other prose
(templates/panel_report), the models (steps/models).
"""

import polars as pl

from contracts.code_lists import CODE_LISTS
from justice_assets.steps.panel_report.answers import ODDS
from justice_assets.steps.panel_report.shown_views import ShownViews
from publishing.documents.document import Bullets, Grid
from publishing.documents.fill_template import Value

MODEL, MATCHED, BALANCE, BESIDE = "custody_model", "matched", "balance", "beside"
ARMS = ("Community order", "Custody under 12 months")


def findings(views: ShownViews, mark: str) -> dict[str, Value]:
    """What the templates name of models and of the population."""
    return {
        "custody_findings": [custody_findings(views)],
        "compared_with": compared_with(views),
        "between_courts": odds_in_words(views, MODEL, "between_courts"),
        "odds_before_matching": odds_in_words(views, MATCHED, BESIDE, "odds_ratio_all"),
        "odds_of_matched": odds_in_words(views, MATCHED, BESIDE),
        "matched_finding": matched_finding(views),
        "gap_before": largest_gap(views, "all"),
        "gap_after": largest_gap(views, "matched"),
        "table_population": population_grid(views, mark),
        **{
            f"{name}_{place}": views.text(MATCHED, f"given/{arm}", measure)
            for place, arm in zip(("orders", "custody"), ARMS, strict=True)
            for name, measure in (
                ("again_matched", "matched_share"),
                ("again_all", "share/yes"),
                ("matched", "matched"),
            )
        },
    }


def custody_findings(views: ShownViews) -> Bullets:
    """Groups with lower and with higher odds of custody than the one they are compared with, and those with neither."""
    said: dict[str, list[str]] = {"lower": [], "higher": [], "neither": []}
    for row, label in views.labels(MODEL, "sex_and_ethnic_group"):
        value, low, high = (views.value(MODEL, row, measure) for measure, _ in ODDS)
        if value is None or low is None or high is None:
            continue
        side = "lower" if high < 1 else "higher" if low > 1 else "neither"
        said[side].append(f"{label} ({value:.2f}, from {low:.2f} to {high:.2f})")
    words = {"lower": "Lower odds", "higher": "Higher odds", "neither": "No clear difference"}
    return Bullets([f"{words[side]}: {'; '.join(groups) or 'no group'}." for side, groups in said.items()])


def compared_with(views: ShownViews) -> str:
    """The group that the others are compared with."""
    rows = views.labels(MODEL, "sex_and_ethnic_group")
    return next((label for row, label in rows if views.text(MODEL, row, ODDS[1][0]) == "[z]"), "[x]")


def odds_in_words(views: ShownViews, table: str, row: str, family: str = "odds_ratio") -> str:
    """An odds ratio with its limits: "0.82 (from 0.69 to 0.97)"."""
    value, low, high = (views.text(table, row, f"{family}{end}") for end in ("", "_lower", "_upper"))
    return f"{value} (from {low} to {high})"


def matched_finding(views: ShownViews) -> str:
    """Whether people who are alike are convicted again more or less often after custody."""
    low, high = (views.value(MATCHED, BESIDE, f"odds_ratio_{end}") for end in ("lower", "upper"))
    if low is None or high is None:
        return "The figures are too few to compare them."
    if low <= 1 <= high:
        return "That is no clear difference: chance alone could make it."
    less = "less" if high < 1 else "more"
    return f"So people given custody were convicted again {less} often than people alike in these bands."


def largest_gap(views: ShownViews, of: str) -> str:
    """The largest difference between the two sides in the share of a band, in points and with its name. of: all or
    matched.
    """
    gaps: list[tuple[float, str]] = []
    for column in dict.fromkeys(row.partition("/")[0] for row in views.rows(BALANCE)):
        for row, label in views.labels(BALANCE, column):
            shares = [views.value(BALANCE, row, f"{of}/{arm}") for arm in ARMS]
            if shares[0] is not None and shares[1] is not None:
                gaps.append((abs(shares[0] - shares[1]), label))
    gap, label = max(gaps, key=lambda each: each[0], default=(0.0, ""))
    return f"{gap:g} points ({label})" if label else "[x]"


def population_grid(views: ShownViews, mark: str) -> Grid:
    """People before courts beside the population, by ethnic group, of those whose group is recorded."""
    population = pl.read_csv(CODE_LISTS / "population_by_ethnic_group.csv")
    shares = dict(population.select("ethnic_group", "percent").iter_rows())
    people = {label: views.value("people_reached", row, "all") for row, label in views.labels("people_reached", GROUP)}
    known = [people.get(group) for group in shares]
    whole = sum(number for number in known if number is not None) if None not in known else None
    rows = [
        [group, *((f"{100 * (people[group] or 0) / whole:.1f}",) if whole else ("[c]",)), f"{percent:.1f}"]
        for group, percent in shares.items()
    ]
    headers = ["Ethnic group", "People before courts whose group is recorded (%)", "Population (%)"]
    return Grid(f"People before courts beside the population{mark}", headers, rows)


GROUP = "ethnic_group"
