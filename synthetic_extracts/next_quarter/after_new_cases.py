"""What new cases of people already known say of their earlier requirements.

Belongs here: reconvictions by a new sentence or a case beside it. Does not belong here: those that were to come anyway
(first_quarter.py), and the cases themselves (court_cases.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.courts.court_cases import Appearances
from synthetic_extracts.courts.reconviction import FOLLOW_UP
from synthetic_extracts.recording import Truth


def after_new_cases(
    requirements: pl.DataFrame, truth: Truth, person: np.ndarray, on_record: Appearances
) -> pl.DataFrame:
    """World.requirements with the reconviction_day and on_record_from that the sentences and cases of `truth` make
    earlier; `person` is the number of its people in the world, `on_record` what courts hold of them and can be joined.
    """
    cohort, further = truth.cohort, truth.reconvictions
    cases = {
        "reconviction_day": (
            np.append(cohort.sentences.person, cohort.sentences.person[further.own]),
            np.append(cohort.sentences.offence_day, further.own_offence_day[further.own]),
            np.append(cohort.sentences.day, further.own_day[further.own]),
        ),
        "on_record_from": (on_record.person, on_record.offence_day, on_record.day),
    }
    for name, (who, offence_day, day) in cases.items():
        appearances = pl.DataFrame({"person": person[who], "offence": offence_day, "heard": day})
        first = (
            requirements.join(appearances, on="person")
            .filter(pl.col("offence") > pl.col("day"), pl.col("heard") <= pl.col("day") + FOLLOW_UP)
            .group_by("requirement_id")
            .agg(pl.col("heard").min())
        )
        requirements = (
            requirements.join(first, on="requirement_id", how="left", maintain_order="left")
            .with_columns(pl.min_horizontal(name, "heard").alias(name))
            .drop("heard")
        )
    return requirements
