"""The profile of the linking of justice records: how complete identifiers are, and what the linkage made of them.

Belongs here: which measures there are, in the words of this zone. Does not belong here: bands and chance
(resources/drift/judge_drift.py), measures of any linkage (record_linkage/scoring/profile_linkage.py), how good the
links are (steps/quality).
"""

from functools import partial

import polars as pl

from contracts.sources.justice.codes import JUSTICE_SOURCES
from justice_assets.steps.drift.profile_sources import REMEDIES as REMEDIES_OF_SOURCES
from justice_assets.steps.linking.score_parts import COMPARED
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring import profile_linkage as profiling
from record_linkage.scoring.profile_linkage import LINKAGE, candidate_rate, weight_shares, with_measures
from resources.drift.quarter_profile import DIGITS, RATIO, Row, profile_frame, share
from resources.settings.justice_settings import JusticePlausible

EVERYWHERE = ("forename", "surname", "birth_date", "sex", "ethnicity", "postcode", "pnc", "cro")
IDENTIFIERS = {
    "crown": (*EVERYWHERE, "crn", "sentence_dates"),
    "magistrates": (*EVERYWHERE, "crn", "sentence_dates"),
    "prison": (*EVERYWHERE, "sentence_dates"),
    "probation": (*EVERYWHERE, "prison_number", "sentence_dates"),
}
ANOTHER = "share of records whose person has another record"
OTHER_SOURCE = {
    source: f"share of {source} records whose person has a record of another source" for source in JUSTICE_SOURCES
}
PER_PERSON = "records per person"
WEIGHT_BANDS = (6.0, 9.0, 12.0, 16.0, 20.0, 30.0, 40.0)  # bits; fewer than justice.linkage.lowest_weight are not kept
REMEDIES = REMEDIES_OF_SOURCES | {
    LINKAGE: "Look at the identifiers of the four sources first. If they are as they should be, train a model on this "
    "quarter (job train_justice_model) and approve it.",
}

compare_linkage = partial(profiling.compare_linkage, link_rates=(ANOTHER, *OTHER_SOURCE.values()))


def completeness(persons: pl.LazyFrame) -> list[Row]:
    """Share of records with each identifier that their source can have, as StandardisedPersons has them."""
    found = (
        persons.filter(pl.col("name_form") == 0)
        .group_by("source")
        .agg(pl.len().alias("records"), *(pl.col(name).count() for name in sorted({*sum(IDENTIFIERS.values(), ())})))
        .collect()
    )
    of_source = {row["source"]: row for row in found.to_dicts()}
    return [
        share(source, _complete(name, source), row.get(name, 0), row.get("records", 0))
        for source, names in IDENTIFIERS.items()
        for row in (of_source.get(source, {}),)
        for name in names
    ]


def profile_linkage(
    persons: pl.LazyFrame, identities: int, scored_identities: pl.LazyFrame, person_clusters: pl.LazyFrame
) -> pl.DataFrame:
    """Shares and rates of one linkage, one row per measure as resources/drift/quarter_profile.py Profile.

    persons: StandardisedPersons. identities: how many there are. Pairs are those of groups that were compared and
    kept, per million possible pairs of identities; people are those at the middle threshold.
    """
    weights = scored_identities.filter(pl.col("kind") == COMPARED).select("match_weight").collect()["match_weight"]
    people = _people(person_clusters)
    records, linked = int(people["records"].sum()), int(people.filter(pl.col("records") > 1)["records"].sum())
    elsewhere = people.filter(pl.sum_horizontal(pl.col(source) > 0 for source in JUSTICE_SOURCES) > 1)
    per_person = round(records / people.height, DIGITS) if people.height else None
    return profile_frame(
        [
            *completeness(persons),
            candidate_rate(weights.len(), identities * (identities - 1) // 2),
            share(LINKAGE, ANOTHER, linked, records),
            *(
                share(LINKAGE, measure, int(elsewhere[source].sum()), int(people[source].sum()))
                for source, measure in OTHER_SOURCE.items()
            ),
            (LINKAGE, PER_PERSON, RATIO, per_person, people.height, 0.0),
            *weight_shares(weights, WEIGHT_BANDS),
        ]
    )


def with_profile(model: TrainedModel, persons: pl.LazyFrame, source_profile: pl.DataFrame) -> TrainedModel:
    """`model` with what the extracts and identifiers looked like that it was trained on.

    What it makes of them is not in it: the linkage is compared with that of the release before.
    """
    return with_measures(model, profile_frame(completeness(persons)), source_profile)


def plausible_measures_of(plausible: JusticePlausible) -> dict[str, tuple[float, float]]:
    """Least and most by measure of the profile, from the settings."""
    bounds: dict[str, tuple[float, float]] = {ANOTHER: plausible.linked}
    for name in ("surname", "forename", "birth_date", "sex", "postcode"):
        bounds |= {_complete(name, source): getattr(plausible, name) for source in JUSTICE_SOURCES}
    return bounds


def _people(person_clusters: pl.LazyFrame) -> pl.DataFrame:
    """Every person at the middle threshold: records, and records of each source."""
    return (
        person_clusters.group_by("cluster_medium")
        .agg(
            pl.len().alias("records"), *((pl.col("source") == source).sum().alias(source) for source in JUSTICE_SOURCES)
        )
        .drop("cluster_medium")
        .collect()
    )


def _complete(name: str, source: str) -> str:
    return f"completeness of {name}, {source}"
