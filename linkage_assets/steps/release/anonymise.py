"""Replaces the working pseudonyms of analysed requirements by keys of the release (methodology 2.5.4).

Belongs here: the release's keys and what may leave the zone. Does not belong here: any rule about requirements, nor the
working pseudonyms (steps/people/assign_pseudonyms.py).
"""

import polars as pl

from contracts.crossings import AnonymisedRequirements
from linkage_assets.steps.people.draw_at_random import random_keys
from resources.secrets.keyed_hash import subkey


def assign_release_keys(analysed: pl.DataFrame, secret: bytes) -> pl.DataFrame:
    """requirement_pseudonym, requirement_key, person_pseudonym, person_key of every analysed requirement, sorted.

    Keys are ten random letters and digits after R or P. They are drawn with the `secret` of the release: without it
    nobody can make them again, whatever else is known. They are drawn apart from the pseudonyms they stand for, so a
    release cannot be joined to the tables it was made from.
    """
    requirements = random_keys("R", analysed["requirement_pseudonym"], subkey(secret, "release requirements"))
    people = random_keys("P", analysed["person_pseudonym"], subkey(secret, "release people"))
    return (
        analysed.select("requirement_pseudonym", "person_pseudonym")
        .join(requirements.rename({"key": "requirement_key"}), left_on="requirement_pseudonym", right_on="id")
        .join(people.rename({"key": "person_key"}), left_on="person_pseudonym", right_on="id")
        .select("requirement_pseudonym", "requirement_key", "person_pseudonym", "person_key")
        .sort("requirement_pseudonym")
    )


def anonymise(
    analysed: pl.DataFrame,
    release_keys: pl.DataFrame,
    note_request: pl.DataFrame,
    threshold_links: pl.DataFrame,
    synthetic: bool,
) -> pl.DataFrame:
    """The analysis file as contracts/crossings.py AnonymisedRequirements, sorted by requirement_key.

    `synthetic` says whether the extracts were made up. note_sampled agrees with `note_request`, linked_up_to_threshold
    with `threshold_links`.
    """
    columns = list(AnonymisedRequirements.to_schema().columns)
    return (
        analysed.drop("person_pseudonym")
        .join(release_keys, on="requirement_pseudonym", validate="1:1")
        .join(threshold_links, on="requirement_pseudonym", how="left", validate="1:1")
        .with_columns(
            note_sampled=pl.col("requirement_key").is_in(note_request["requirement_key"].implode()),
            synthetic=pl.lit(synthetic),
        )
        .select(columns)
        .sort("requirement_key")
    )
