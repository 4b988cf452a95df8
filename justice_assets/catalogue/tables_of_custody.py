"""Tables of releases from custody and recalls. Does not belong here: what they are declared as (view_table.py)."""

from justice_assets.catalogue.view_table import LENGTH, PEOPLE, RECALLED, YEAR, ViewTable

TABLES_OF_CUSTODY = (
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
)
