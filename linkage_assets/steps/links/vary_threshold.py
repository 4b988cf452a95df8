"""Finds up to which threshold each requirement stays linked to structured treatment.

Belongs here: the links of thresholds that are not the study's, for the sensitivity analysis. Does not belong here: the
rules themselves (link_pairs.py, key_people.py, choose_journeys.py), and what is made of it (modelling zone).
"""

import polars as pl

from linkage_assets.steps.links.key_people import key_people
from linkage_assets.steps.treatment.choose_journeys import choose_journeys
from resources.settings.study_settings import StudySettings


class ThresholdsCannotBeVaried(Exception):
    """The links of another threshold cannot be told from these tables. Carries names and counts only."""


def thresholds_tried(settings: StudySettings) -> list[float]:
    """The thresholds of `modelling.sensitivity` and the study's own, ascending.

    Raises ThresholdsCannotBeVaried when pairs as improbable as the lowest were not kept.
    """
    thresholds = sorted({*settings.modelling.sensitivity.link_thresholds, settings.linkage.threshold})
    if thresholds[0] < settings.linkage.lowest_probability:
        raise ThresholdsCannotBeVaried(
            "modelling.sensitivity.link_thresholds begins below linkage.lowest_probability, so pairs are missing. "
            "Raise the one or lower the other in study.toml."
        )
    return thresholds


def link_people_widely(
    person_pairs: pl.DataFrame, standardised_clients: pl.DataFrame, settings: StudySettings
) -> pl.DataFrame:
    """What `key_people` makes of all pairs at or above the lowest of `thresholds_tried`.

    Its rows at or above any threshold are the links of that threshold, contradictions resolved: every rule looks for
    the best pair, and a pair below the threshold is never the best where there is one above it. Ties are of equal
    weight, so a threshold keeps or drops all of them.
    """
    lowest = thresholds_tried(settings)[0]
    return key_people(person_pairs.filter(pl.col("match_probability") >= lowest), standardised_clients)


def find_highest_threshold(
    analysed: pl.DataFrame, treatment_journeys: pl.DataFrame, wider_key: pl.DataFrame, settings: StudySettings
) -> pl.DataFrame:
    """requirement_pseudonym and linked_up_to_threshold of every analysed requirement, sorted.

    linked_up_to_threshold is the highest of `thresholds_tried` at which the requirement is linked to structured
    treatment under the rules of the study; empty when it is at none. `wider_key` has the columns of the key file. Which
    requirements are analysed, and which identifiers are one person, does not depend on the threshold of links.

    Raises ThresholdsCannotBeVaried with counts when a requirement is linked at a threshold but not at a lower one, or
    when the study's threshold does not give the links that `analysed` has.
    """
    thresholds = thresholds_tried(settings)
    # Only linked people's journeys can answer.
    journeys = treatment_journeys.join(wider_key, on="client_pseudonym", how="semi")
    found = analysed.select("requirement_pseudonym", "linked_structured").with_columns(
        linked_up_to_threshold=pl.lit(None, pl.Float64), below=pl.lit(True)
    )
    contradictions = 0
    for threshold in thresholds:
        key = wider_key.filter(pl.col("match_probability") >= threshold)
        chosen = choose_journeys(analysed, journeys, key, settings.combining, settings.study.last_day_observed)
        found = found.join(
            chosen.select("requirement_pseudonym", now="linked_structured"),
            on="requirement_pseudonym",
            maintain_order="left",
        )
        contradictions += found.filter(pl.col("now") & ~pl.col("below")).height
        if threshold == settings.linkage.threshold:
            contradictions += found.filter(pl.col("now") != pl.col("linked_structured")).height
        found = found.with_columns(
            linked_up_to_threshold=pl.when("now").then(threshold).otherwise("linked_up_to_threshold"), below="now"
        ).drop("now")
    if contradictions:
        raise ThresholdsCannotBeVaried(
            f"{contradictions} requirement(s) are linked at a threshold but not at a lower one, or not as the study's "
            "threshold links them. Materialise the linkage zone again; if it stays, the rules of linking have changed."
        )
    return found.select("requirement_pseudonym", "linked_up_to_threshold").sort("requirement_pseudonym")
