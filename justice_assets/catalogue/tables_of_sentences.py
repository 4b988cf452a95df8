"""Tables of sentences, and of what followed them. Does not belong here: what they are declared as (view_table.py)."""

from justice_assets.catalogue.view_table import OFFENCE, PEOPLE, RECONVICTED, REGION, YEAR, ViewTable

TABLES_OF_SENTENCES = (
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
        "requirements_ended",
        17,
        "Requirements of orders that have ended, by how they ended",
        "requirement_view",
        "requirements",
        (("requirement", "Kind of requirement"), YEAR),
        "ended",
    ),
)
