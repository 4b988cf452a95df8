"""Tables of models: who is alike in all else. Does not belong here: what they are declared as (view_table.py)."""

from justice_assets.catalogue.view_table import (
    AGE,
    ETHNIC,
    IN_CUSTODY,
    MATCHED_ON,
    OFFENCE,
    RECONVICTED,
    REGION,
    ViewTable,
)

TABLES_OF_MODELS = (
    ViewTable(
        "custody_model",
        18,
        "Immediate custody of convicted defendants, and its odds beside people alike in all else in the table",
        "custody_view",
        "convicted defendants",
        (
            ("sex_and_ethnic_group", "Sex and ethnic group"),
            AGE,
            OFFENCE,
            ("court", "Court"),
            ("earlier", "Days of conviction before"),
            ("years", "Years"),
        ),
        "custody",
        IN_CUSTODY,
    ),
    ViewTable(
        "matched",
        19,
        "People by their first community order or short custody, matched, and further conviction",
        "compared_view",
        "people",
        (("given", "Sentence"),),
        "reconvicted",
        RECONVICTED,
        has_all=False,
    ),
    ViewTable(
        "balance",
        20,
        "How alike people with a community order and people with short custody are, before and after matching",
        "compared_view",
        "people",
        (*MATCHED_ON, ETHNIC, REGION),
        "given",
        has_all=False,
    ),
)
