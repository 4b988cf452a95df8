"""Makes the table of substance use that crosses: under keys of its own, so that it can be joined to nothing.

Belongs here: its keys and what may leave the zone. Does not belong here: which forms are compared
(steps/combining/compare_substance_use.py), and the analysis file (steps/release/anonymise.py).
"""

import polars as pl

from contracts.crossings import SUBSTANCES, SubstanceUse
from linkage_assets.steps.people.draw_at_random import random_keys
from resources.secrets.keyed_hash import subkey


def anonymise_substance_use(
    analysed: pl.DataFrame, substance_changes: pl.DataFrame, secret: bytes, synthetic: bool
) -> pl.DataFrame:
    """contracts/crossings.py SubstanceUse of the `analysed` requirements, sorted by all columns.

    Days of use of several substances together would tell one person from most others. So each substance has person keys
    of its own, drawn apart from those of the release with its `secret`, and no row says which other row is of the same
    requirement.
    """
    described = analysed.select(
        "requirement_pseudonym",
        "person_pseudonym",
        "requirement_type",
        "treatment_status",
        already_in_treatment=pl.col("days_to_treatment") == 0,
    )
    rows = substance_changes.join(described, on="requirement_pseudonym", validate="m:1")
    columns = list(SubstanceUse.to_schema().columns)
    keyed = [_under_keys(rows.filter(substance=substance), substance, secret) for substance in SUBSTANCES]
    return pl.concat(keyed).with_columns(synthetic=pl.lit(synthetic)).select(columns).sort(columns)


def _under_keys(rows: pl.DataFrame, substance: str, secret: bytes) -> pl.DataFrame:
    people = random_keys("U", rows["person_pseudonym"], subkey(secret, f"substance use {substance}"))
    return rows.join(people.rename({"key": "person_key"}), left_on="person_pseudonym", right_on="id")
