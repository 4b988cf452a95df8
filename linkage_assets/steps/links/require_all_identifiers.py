"""Links people anew as if a probation record needed all three identifiers: initials, date of birth, place.

Belongs here: another reading of "enough data to allow them to be linked" (methodology 2.5.1), for choice_effects. Does
not belong here: the rule of this release (linkage.minimum_identifiers, steps/people/standardise_people.py).

Nothing is scored again. The trained model, the scores and the clusters of either side stay those of the release, whose
records have two of three; a model trained on complete records alone would have slightly other weights.
"""

import polars as pl

from linkage_assets.steps.links.key_people import key_people
from linkage_assets.steps.links.pair_people import pair_people

IDENTIFIERS = ("initials", "dob", "utla_code")


def complete_records(standardised_offenders: pl.DataFrame) -> pl.DataFrame:
    """The records of standardised_offenders that have every one of IDENTIFIERS."""
    return standardised_offenders.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in IDENTIFIERS))


def find_complete_people(standardised_offenders: pl.DataFrame, probation_pseudonyms: pl.DataFrame) -> pl.DataFrame:
    """person_pseudonym of every person of whom some record, of any of the person's identifiers, is complete; sorted."""
    complete = complete_records(standardised_offenders).select(crn="person_id").unique()
    people = probation_pseudonyms.join(complete, on="crn", how="semi")
    return people.select("person_pseudonym").unique().sort("person_pseudonym")


def link_complete_records(
    scored_pairs: pl.DataFrame,
    standardised_offenders: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    client_clusters: pl.DataFrame,
    threshold: float,
) -> pl.DataFrame:
    """What key_people makes of the scored pairs at or above `threshold` whose probation record is complete."""
    complete = complete_records(standardised_offenders).select(offender_record_id="record_id")
    pairs = scored_pairs.join(complete, on="offender_record_id", how="semi", maintain_order="left")
    people = pair_people(pairs, offender_clusters, client_clusters)
    return key_people(people.filter(pl.col("match_probability") >= threshold), standardised_clients)
