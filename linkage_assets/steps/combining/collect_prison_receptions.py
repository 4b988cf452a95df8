"""Collects the receptions of people on probation into prison, under pseudonyms.

Belongs here: whose spell it is. Does not belong here: which reception counts after which requirement
(steps/combining/follow_requirements.py).
"""

from datetime import date

import polars as pl


def collect_prison_receptions(
    offender: pl.DataFrame, prison_spell: pl.DataFrame, probation_pseudonyms: pl.DataFrame, observation_end: date
) -> pl.DataFrame:
    """person_pseudonym, reception_date, spell_type of every reception up to `observation_end`, distinct and sorted.

    A spell belongs to its CRN, else to everyone with its prison number (data dictionary 3).
    """
    numbers = offender.select("noms_number", by_number="crn").drop_nulls().unique()
    return (
        prison_spell.filter(pl.col("reception_date") <= observation_end)
        .join(numbers, on="noms_number", how="left")
        .with_columns(pl.coalesce("crn", "by_number"))
        .join(probation_pseudonyms, on="crn")
        .select("person_pseudonym", "reception_date", "spell_type")
        .unique()
        .sort("person_pseudonym", "reception_date", "spell_type")
    )
