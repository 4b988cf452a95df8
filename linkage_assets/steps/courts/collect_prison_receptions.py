"""Collects the receptions of people on probation into prison, under pseudonyms.

Belongs here: whose spell it is. Does not belong here: which reception counts after which requirement
(steps/combining/follow_requirements.py).
"""

import polars as pl

from linkage_assets.steps.requirements.identify_people import find_people, read_numbers
from resources.settings.study_settings import StudySettings


def collect_prison_receptions(
    offender: pl.DataFrame, prison_spell: pl.DataFrame, probation_pseudonyms: pl.DataFrame, settings: StudySettings
) -> pl.DataFrame:
    """person_pseudonym, reception_date, spell_type of every reception up to the end of observation, distinct and
    sorted.

    A spell belongs to its CRN, or to everyone with its prison number (data dictionary 3); where the CRN is unknown, to
    the number alone, and where the two belong to different people, to nobody (steps/combining/identify_people.py).
    """
    people = probation_pseudonyms.select("crn", person="person_pseudonym")
    numbers = read_numbers({"offender": offender, "prison_spell": prison_spell}, settings.combining.identity_numbers)
    found, _ = find_people("prison_spell", people, numbers)
    return (
        prison_spell.filter(pl.col("reception_date") <= settings.study.last_day_observed)
        .select("booking_id", "reception_date", "spell_type")
        .join(found, on="booking_id")
        .join(people, on="crn")
        .select("reception_date", "spell_type", person_pseudonym="person")
        .unique()
        .select("person_pseudonym", "reception_date", "spell_type")
        .sort(pl.all())
    )
