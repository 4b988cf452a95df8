"""Words of the tables that settings decide: for how long people are followed.

Belongs here: phrases and how they are filled in. Does not belong here: words that no setting makes false.
"""

from collections.abc import Mapping

from resources.settings.justice_settings import JusticeViews

DAYS_OF_A_MONTH, NEAR = 365.25 / 12, 1.5  # so near to whole months, a time is said in months


def phrases(settings: JusticeViews) -> dict[str, str]:
    """Names in braces to words, such as recall_time: "12 months"."""
    return {
        "recall_time": in_months(settings.recall_days),
        "reconviction_time": in_months(settings.reconviction_days),
    }


def filled(words: str, by_name: Mapping[str, str]) -> str:
    """Words with each name in braces filled in."""
    for name, phrase in by_name.items():
        words = words.replace(f"{{{name}}}", phrase)
    return words


def in_months(days: int) -> str:
    """A time as people say it: "12 months" of 365 days, "200 days" of what is no whole number of months."""
    months = round(days / DAYS_OF_A_MONTH)
    if not months or abs(days - months * DAYS_OF_A_MONTH) > NEAR:
        return f"{days} days"
    return f"{months} month{'s' if months > 1 else ''}"
