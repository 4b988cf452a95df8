"""The tables that keep identifiers and attributes apart: pseudonyms on either side, and the key between them.

Belongs here: declarations of the pseudonym tables, of the key and of the release's keys. Does not belong here: tables
of attributes (schemas/combining.py) and tables that compare identifiers (schemas/linking.py).

Pseudonyms come in two layers. The working ones (M for what probation, the Ministry of Justice, knows; D for what
NDTMS, the Department of Health and Social Care, knows) join identifiers to attributes inside this zone. The release's
keys are drawn apart from them, so that who holds a release cannot join it to the tables with exact dates, nor to
another release.
"""

import pandera.polars as pa

from resources.zone.schema_check import Table


class ProbationPseudonyms(Table):
    """One row per probation identifier whose record stands, sorted by crn. Identifiers: never with attributes."""

    crn: str = pa.Field(unique=True, description="probation identifier")
    cluster_id: str = pa.Field(description="the person, see offender_clusters")
    linkable: bool = pa.Field(description="the person had enough identifiers to be linked")
    person_pseudonym: str = pa.Field(str_startswith="MP", description="random pseudonym of the person")


class RequirementPseudonyms(Table):
    """One row per requirement of the types studied, sorted by requirement_id. Identifiers: never with attributes."""

    requirement_id: str = pa.Field(unique=True, description="requirement key of probation")
    crn: str = pa.Field(description="probation identifier")
    requirement_pseudonym: str = pa.Field(
        unique=True, str_startswith="MR", description="random pseudonym of the requirement"
    )
    order_pseudonym: str = pa.Field(str_startswith="MO", description="random pseudonym of the order")


class NoteDraws(Table):
    """One row per requirement of the types studied, sorted by requirement_id. Identifiers: never with attributes.

    Stays here: who knew the draw could tell from the note request who is linked.
    """

    requirement_id: str = pa.Field(unique=True, description="requirement key of probation")
    note_draw: str = pa.Field(
        str_matches="^[0-9a-f]{32}$", description="those with the smallest are sampled; kept for twenty quarters"
    )


class TreatmentPseudonyms(Table):
    """One row per NDTMS identifier, sorted by client_id. Identifiers: never with attributes."""

    client_id: str = pa.Field(unique=True, description="NDTMS identifier")
    client_cluster_id: str = pa.Field(description="the person, see client_clusters")
    client_pseudonym: str = pa.Field(str_startswith="DP", description="random pseudonym of the person")


class PersonKey(Table):
    """The key file: one row per NDTMS person that is linked, sorted by both pseudonyms (methodology 2.5.4, 3).

    Two pseudonyms, the probability and the run, and nothing else: without the pseudonym tables it names nobody.
    """

    person_pseudonym: str = pa.Field(str_startswith="MP", description="probation person")
    client_pseudonym: str = pa.Field(
        unique=True, str_startswith="DP", description="NDTMS person; belongs to one probation person at most"
    )
    match_probability: float = pa.Field(ge=0, le=1, description="of their best pair of records")
    run_id: str = pa.Field(description="linkage run: the quarter and the digest of the model that scored it")


class WiderKey(PersonKey):
    """The key file as the lowest threshold of the sensitivity analysis would make it, sorted by both pseudonyms.

    Nothing but the count of links by threshold reads it: methodology 2.5.3 decides by the study's threshold.
    """


class CompleteKey(PersonKey):
    """The key file as probation records with all three identifiers alone would make it, sorted by both pseudonyms.

    Nothing but the effects of choices reads it: how many identifiers are enough is linkage.minimum_identifiers.
    """


class CompletePeople(Table):
    """One row per person on probation of whom some record has initials, date of birth and place; sorted."""

    person_pseudonym: str = pa.Field(unique=True, str_startswith="MP", description="random pseudonym of the person")


class ReleaseKeys(Table):
    """Which keys of the release stand for which working pseudonyms, sorted by requirement_pseudonym. Stays here."""

    requirement_pseudonym: str = pa.Field(unique=True, description="working pseudonym of the requirement")
    requirement_key: str = pa.Field(unique=True, str_startswith="R", description="random key, this release only")
    person_pseudonym: str = pa.Field(description="working pseudonym of the person")
    person_key: str = pa.Field(str_startswith="P", description="random key of the person, this release only")


TABLES = {
    "probation_pseudonyms": ProbationPseudonyms,
    "requirement_pseudonyms": RequirementPseudonyms,
    "note_draws": NoteDraws,
    "treatment_pseudonyms": TreatmentPseudonyms,
    "person_key": PersonKey,
    "wider_key": WiderKey,
    "complete_key": CompleteKey,
    "complete_people": CompletePeople,
    "release_keys": ReleaseKeys,
}
