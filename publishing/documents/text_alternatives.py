"""What a figure says to those who do not see it: a short alternative, and a description beside it when that is not all.

Belongs here: how long an alternative may be, and where it is cut. Does not belong here: the words (figures/). A screen
reader reads an alternative in one go, without a way to stop and go on; what is longer stands as text.
"""

import re

from publishing.charts.charts import Figure

LONGEST_ALTERNATIVE = 300
GOES_ON = "The description of this figure says more."


def short_alternative(figure: Figure) -> str:
    """At most LONGEST_ALTERNATIVE letters: the whole text, or its first sentences with where to find the rest."""
    if len(figure.alt) <= LONGEST_ALTERNATIVE:
        return figure.alt
    sentences = re.split(r"(?<=[.]) (?=[A-Z0-9])", figure.alt)
    said = ""
    for sentence in sentences:
        longer = f"{said} {sentence}".strip()
        if len(longer) + len(GOES_ON) >= LONGEST_ALTERNATIVE:
            break
        said = longer
    return f"{said or figure.title + '.'} {GOES_ON}"


def long_description(figure: Figure) -> str:
    """The whole text where the short alternative is not all of it, else nothing."""
    return figure.alt if len(figure.alt) > LONGEST_ALTERNATIVE else ""
