"""Every table that is published of the research views, by its key: what it counts, by what, and in which parts.

Belongs here: declarations. Does not belong here: counting (steps/view_tables), what is said of a table (templates).

A table counts the records of one view. It has a row for all of them and for each level of each column in `rows`, and of
each row the parts of `parts` that `shown` names: all where it names none.
"""

from dataclasses import dataclass

YEAR, SEX, AGE = ("year", "Year"), ("sex", "Sex"), ("age_band", "Age")
ETHNIC, REGION, OFFENCE = (
    ("ethnic_group", "Ethnic group"),
    ("region", "Probation region"),
    ("offence_group", "Main offence"),
)
LENGTH = ("length_band", "Length of sentence")
PEOPLE = (SEX, AGE, ETHNIC)


@dataclass(frozen=True)
class ViewTable:
    """A published table. rows: columns of the view with what their levels are called together. noun: what is counted,
    in the plural. where: column to the one level of it that is counted. shown: parts that are shown, with their words.
    has_all: whether it has a row for all, which it has not where a record stands in several rows.
    """

    key: str
    number: int
    title: str
    view: str
    noun: str
    rows: tuple[tuple[str, str], ...]
    parts: str
    shown: tuple[tuple[str, str], ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    has_all: bool = True


RECALLED = (("Yes", "Recalled within 12 months"),)
RECONVICTED = (("Yes", "Convicted again within 12 months"),)
FOLLOWED = (("Yes", "Sentence of the kind proposed"),)
AS_ASKED = (("Yes", "Delivered as asked"),)
_DECLARED = (
    ViewTable(
        "sentences",
        1,
        "Sentences that probation carries out, by kind",
        "sentence_view",
        "sentences",
        (YEAR, *PEOPLE, REGION, ("court", "Court")),
        "sentence",
    ),
    ViewTable(
        "court_outcomes",
        2,
        "Convicted defendants, by how the court dealt with them",
        "court_outcome_view",
        "convicted defendants",
        (YEAR, *PEOPLE, OFFENCE, ("court", "Court")),
        "outcome",
    ),
    ViewTable(
        "recall",
        3,
        "First releases from custody, and recall",
        "release_view",
        "releases",
        (
            YEAR,
            *PEOPLE,
            LENGTH,
            ("licence_band", "Length of licence"),
            ("conditions", "Kinds of further licence conditions"),
            ("support_in_custody", "A service started in custody"),
            ("through_the_gate", "Through the Gate"),
        ),
        "recalled",
        RECALLED,
    ),
    ViewTable(
        "recall_by_condition",
        4,
        "First releases with a further licence condition, and recall",
        "licence_condition_view",
        "releases with the condition",
        (("condition", "Kind of licence condition"),),
        "recalled",
        RECALLED,
        has_all=False,
    ),
    ViewTable(
        "recall_types",
        5,
        "Recalls, by the type that is recorded",
        "recall_view",
        "recalls",
        (YEAR, LENGTH, ("reason", "Reason of the recall")),
        "recall_type",
    ),
    ViewTable(
        "reconvictions",
        6,
        "Sentences followed in court records, and further conviction",
        "followed_view",
        "sentences",
        (("kind", "Kind of sentence"), ("ogrs_band", "Risk of reconviction (OGRS3)"), *PEOPLE),
        "reconvicted",
        RECONVICTED,
    ),
    ViewTable(
        "orders_ended",
        7,
        "Community and suspended sentence orders that have ended, by how they ended",
        "order_view",
        "orders",
        (("sentence", "Kind of order"), *PEOPLE, REGION, ("report", "Pre-sentence report")),
        "ended",
    ),
    ViewTable(
        "reports_delivered",
        8,
        "Pre-sentence reports asked for, by the type delivered",
        "report_view",
        "reports asked for",
        (("asked", "Type asked for"), YEAR),
        "delivered",
    ),
    ViewTable(
        "reports_as_asked",
        9,
        "Pre-sentence reports asked for, and whether the type delivered is the one asked for",
        "report_view",
        "reports asked for",
        (REGION, ("court", "Court"), ("court_asking", "Court that asked")),
        "as_asked",
        AS_ASKED,
    ),
    ViewTable(
        "concordance",
        10,
        "Pre-sentence reports with a proposal, and whether the sentence is of the kind proposed",
        "report_view",
        "reports",
        (("delivered", "Type delivered"), ("days", "Time to delivery"), REGION, ("court", "Court")),
        "followed",
        FOLLOWED,
        (("proposal", "Yes"),),
    ),
    ViewTable(
        "contacts_in_community",
        11,
        "Sentences in the community, by planned contacts a month",
        "supervision_view",
        "sentences",
        (("sentence", "Kind of sentence"), REGION),
        "contacts",
        where=(("phase", "In the community"),),
    ),
    ViewTable(
        "contacts_in_custody",
        12,
        "Sentences to custody, by planned contacts a month before release",
        "supervision_view",
        "sentences",
        (LENGTH,),
        "contacts",
        where=(("phase", "In custody"),),
    ),
    ViewTable(
        "officers",
        13,
        "Sentences in the community, by number of officers",
        "supervision_view",
        "sentences",
        (("sentence", "Kind of sentence"), REGION),
        "officers",
        where=(("phase", "In the community"),),
    ),
    ViewTable(
        "contact_methods",
        14,
        "Planned contacts, by method",
        "contact_view",
        "contacts",
        (("phase", "Where"), YEAR, ("attended", "Whether it took place")),
        "method",
    ),
    ViewTable(
        "services",
        15,
        "Referrals to services, by what became of them",
        "service_view",
        "referrals",
        (("service", "Kind of service"), YEAR, *PEOPLE),
        "outcome",
    ),
    ViewTable(
        "people_reached",
        16,
        "People with a record of a court, by whether they reach a service",
        "people_view",
        "people",
        PEOPLE,
        "reached",
    ),
    ViewTable(
        "requirements_ended",
        17,
        "Requirements of orders that have ended, by how they ended",
        "requirement_view",
        "requirements",
        (("requirement", "Kind of requirement"), YEAR),
        "ended",
    ),
)
VIEW_TABLES = {table.key: table for table in _DECLARED}
