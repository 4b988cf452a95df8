"""Replaces the identifiers of analysed requirements by random pseudonyms (methodology 2.5.4, data dictionary 6).

Belongs here: the pseudonyms and what may leave the zone. Does not belong here: any rule about requirements.
"""

import numpy as np
import polars as pl

from contracts.crossings import AnonymisedRequirements
from linkage_assets.steps.draw_at_random import generator_for

ALPHABET = np.array(list("ABCDEFGHJKMNPQRSTVWXYZ23456789"))
LETTERS = 10


def assign_pseudonyms(analysed: pl.DataFrame, seed: int) -> pl.DataFrame:
    """requirement_id, requirement_key, cluster_id and person_key of every analysed requirement, by requirement_id.

    Keys are ten random letters and digits after R or P, unique; they say nothing of the ids or their order, and are
    the same for the same requirements and seed. A new seed for a new release makes keys that cannot be joined.
    """
    requirements = analysed.select("requirement_id", "cluster_id").sort("requirement_id")
    people = requirements.select("cluster_id").unique().sort("cluster_id")
    return requirements.with_columns(
        requirement_key=_random_keys("R", requirements["requirement_id"], seed)
    ).join(
        people.with_columns(person_key=_random_keys("P", people["cluster_id"], seed)),
        on="cluster_id", how="left", maintain_order="left",
    ).select("requirement_id", "requirement_key", "cluster_id", "person_key")


def anonymise(
    analysed: pl.DataFrame, pseudonyms: pl.DataFrame, note_request: pl.DataFrame, synthetic: bool
) -> pl.DataFrame:
    """The analysis file as contracts/crossings.py AnonymisedRequirements, sorted by requirement_key.

    `synthetic` says whether the extracts were made up. note_sampled agrees with `note_request`.
    """
    columns = list(AnonymisedRequirements.to_schema().columns)
    return (
        analysed.drop("cluster_id")
        .join(pseudonyms, on="requirement_id", validate="1:1")
        .with_columns(
            note_sampled=pl.col("requirement_key").is_in(note_request["requirement_key"].implode()),
            synthetic=pl.lit(synthetic),
        )
        .select(columns)
        .sort("requirement_key")
    )


def _random_keys(first_letter: str, ids: pl.Series, seed: int) -> pl.Series:
    generator = generator_for(ids.to_list(), seed, f"pseudonyms {first_letter}")
    keys: list[str] = []
    taken: set[str] = set()
    while len(keys) < ids.len():
        letters = ALPHABET[generator.integers(len(ALPHABET), size=(ids.len() - len(keys), LETTERS))]
        for key in (first_letter + "".join(row) for row in letters):
            if key not in taken:
                taken.add(key)
                keys.append(key)
    return pl.Series("key", keys, dtype=pl.String)
