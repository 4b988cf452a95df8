"""Finds identifiers of one side that are one person, by a model whose m is stated: too few to train on.

Belongs here: pairs of identifiers. Does not belong here: what is made of them (clusters.py), and the specifications
(whose zone it is). Records of one identifier never compete: whichever pair of records agrees best speaks for it.
"""

import polars as pl
from splink import Linker, SettingsCreator

from record_linkage.scoring.score_pairs import ROW, numbered
from record_linkage.specification import PRIOR, LinkageSpecification, rules_for_splink
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from record_linkage.training.count_agreement import count_within, state_chance
from record_linkage.training.settle_estimates import LEAST_PROBABILITY
from record_linkage.training.sure_pairs import prior_within

PERSON = "person_number"


def duplicate_pairs(records: pl.DataFrame, specification: LinkageSpecification, backend: SplinkBackend) -> pl.DataFrame:
    """Pairs of person_id (l, r) with a pair of records at or above `specification.lowest_weight`, sorted.

    How often two identifiers of one person agree is what the specification states; how often strangers do, is counted.
    Raises SplinkFailed.
    """
    people = records["person_id"].n_unique()
    if people < 2:
        return pl.DataFrame(schema={"l": pl.String, "r": pl.String})
    person = records["person_id"].cast(pl.Categorical).to_physical().cast(pl.Int64).alias(PERSON)
    plan, name = specification.training, specification.name
    with backend.open(f"finding duplicate {name} identifiers") as database:
        compared = [comparison.for_splink() for comparison in specification.comparisons]
        for comparison in compared:
            counts = count_within(database, records, comparison, plan.chance_pairs, plan.seed)
            state_chance(comparison, counts, unseen=LEAST_PROBABILITY)
        model = {
            "link_type": "dedupe_only",
            "unique_id_column_name": ROW,
            "comparisons": compared,
            # No two records of one person are brought together.
            "blocking_rules_to_generate_predictions": rules_for_splink(
                specification.blocking_rules, also=f"l.{PERSON} <> r.{PERSON}"
            ),
            PRIOR: prior_within(records, plan.sure_rules[0], plan.sure_recall, people),
            "retain_matching_columns": False,
            "linker_uid": "pathways",
        }
        table = register_frame(database, numbered(records, specification).with_columns(person), name)
        linker = Linker(table, SettingsCreator.from_path_or_dict(model), log_level=None, validate_settings=False)
        scored = linker.inference.predict(threshold_match_weight=specification.lowest_weight, warning_mode="never")
        rows = query_frame(database, f"SELECT {ROW}_l AS l, {ROW}_r AS r FROM {scored.physical_name}")
    found = pl.DataFrame({side: records["person_id"][rows[side]] for side in ("l", "r")})
    return found.select(l=pl.min_horizontal("l", "r"), r=pl.max_horizontal("l", "r")).unique().sort("l", "r")
