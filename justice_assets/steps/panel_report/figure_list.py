"""Which figures the panel's report has, in their order. Does not belong here: how they are made (figures.py).

A figure of shares is declared; those that show more than shares are named here and made in figures.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from justice_assets.steps.panel_report.answers import (
    AGAIN,
    CONTACTS,
    ENDED,
    OFFICERS,
    PROPOSED,
    REACHED,
    RECALL_TYPES,
    RECALLED,
    TYPES,
    WAITED,
)

Parts = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Bars:
    """A figure of the shares of parts in the rows of a column of a table. of: what the shares are of, in the plural.
    One part is drawn from zero, several as parts of a whole.
    """

    name: str
    title: str
    table: str
    number: int
    column: str
    heading: str
    parts: Parts
    of: str


LENGTH, GATE, KIND = "Length of sentence", "Through the Gate", "Kind of sentence"
FIGURES: tuple[Bars | str, ...] = (
    Bars(
        "reached",
        "Who of the people before courts reaches a service",
        "people_reached",
        16,
        "ethnic_group",
        "Ethnic group",
        REACHED,
        "people",
    ),
    "custody",
    Bars("recall", "Recall, by length of sentence", "recall", 3, "length_band", LENGTH, RECALLED, "first releases"),
    Bars("again", "Further conviction, by kind of sentence", "reconvictions", 6, "kind", KIND, AGAIN, "sentences"),
    Bars(
        "support",
        "Recall, by whether a service started in custody",
        "recall",
        3,
        "support_in_custody",
        "A service started in custody",
        RECALLED,
        "first releases",
    ),
    Bars("gate", "Recall, by Through the Gate", "recall", 3, "through_the_gate", GATE, RECALLED, "first releases"),
    Bars(
        "waited",
        "Time from referral to the start of a service",
        "services_waited",
        21,
        "service",
        "Kind of service",
        WAITED,
        "referrals",
    ),
    "matched",
    Bars(
        "licence",
        "Recall, by number of kinds of further licence conditions",
        "recall",
        3,
        "conditions",
        "Kinds of further conditions",
        RECALLED,
        "first releases",
    ),
    Bars("types", "Type of recall, by length", "recall_types", 5, "length_band", LENGTH, RECALL_TYPES, "recalls"),
    Bars(
        "requirements",
        "Requirements completed, by kind",
        "requirements_ended",
        17,
        "requirement",
        "Kind of requirement",
        ENDED[:1],
        "requirements",
    ),
    Bars("delivered", "What courts asked for and got", "reports_delivered", 8, "asked", "Asked for", TYPES, "reports"),
    Bars(
        "concordance",
        "Sentences of the kind that the report proposed",
        "concordance",
        10,
        "delivered",
        "Type delivered",
        PROPOSED,
        "reports with a proposal",
    ),
    Bars("report", "Orders completed, by type of report", "orders_ended", 7, "report", "Report", ENDED[:1], "orders"),
    Bars(
        "contacts",
        "Planned contacts a month in the community",
        "contacts_in_community",
        11,
        "sentence",
        KIND,
        CONTACTS,
        "sentences",
    ),
    Bars("officers", "Officers of a sentence", "officers", 13, "sentence", KIND, OFFICERS, "sentences"),
)
