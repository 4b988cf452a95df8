"""Expected errors of the linkage: over pairs, by person, by group. How is in steps/quality.

Belongs here: expected errors, and who is linked. Does not belong here: any identifier beside an attribute; people are
known by their pseudonyms.
"""

import polars as pl

from linkage_assets.steps.quality.estimate_linkage_error import estimate_errors_by_person, estimate_linkage_errors
from linkage_assets.steps.quality.profile_linked import describe_people, estimate_errors_by_group
from linkage_assets.steps.quality.profile_linked import profile_linked as profile
from resources.zone.zone_asset import zone_asset


@zone_asset(group_name="quality")
def estimated_errors(person_pairs: pl.DataFrame, linked_pairs: pl.DataFrame) -> pl.DataFrame:
    """Expected numbers of false and missed links by either score."""
    return estimate_linkage_errors(person_pairs, linked_pairs)


@zone_asset(group_name="quality")
def people_linkage(
    probation_pseudonyms: pl.DataFrame, person_pairs: pl.DataFrame, linked_pairs: pl.DataFrame, person_key: pl.DataFrame
) -> pl.DataFrame:
    """Whether each probation person is linked, and the chance that this is wrong."""
    return estimate_errors_by_person(probation_pseudonyms, person_pairs, linked_pairs, person_key)


@zone_asset(group_name="quality")
def linkage_errors(combined_requirements: pl.DataFrame, people_linkage: pl.DataFrame) -> pl.DataFrame:
    """Link rate and expected errors by group of people."""
    return estimate_errors_by_group(describe_people(combined_requirements, people_linkage))


@zone_asset(group_name="quality")
def linked_profile(combined_requirements: pl.DataFrame, people_linkage: pl.DataFrame) -> pl.DataFrame:
    """How people who are linked differ from those who are not."""
    return profile(describe_people(combined_requirements, people_linkage))
