"""The attack on a release, replayed: somebody holds the nDelius and NDTMS files, the code, study.toml and what crosses.

He installs the program on a machine of his own and runs its steps on the files. Whatever he makes there is compared
with the release. The same attack with the secrets of the zone succeeds: so it would be seen if they were not needed.
The linkage model is in test_secrets_stay_in_their_zone.py, notes in test_notes_cannot_be_recognised.py.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from contracts.crossings import crossing_file
from linkage_assets.steps.people.assign_pseudonyms import (
    assign_probation_pseudonyms,
    assign_requirement_pseudonyms,
    assign_treatment_pseudonyms,
    pseudonyms_for,
)
from linkage_assets.steps.people.draw_at_random import random_keys
from linkage_assets.steps.release.anonymise import assign_release_keys
from linkage_assets.steps.release.draw_for_notes import draw_for_notes
from linkage_assets.steps.release.request_notes import request_notes
from resources.secrets.keyed_hash import subkey
from resources.secrets.zone_secrets import ZoneSecrets, linkage_secrets

QUARTER = "2023Q1"
# Tables in which a row is of a requirement, and under which name.
ORDERED = {
    "anonymised_requirements": "requirement_key",
    "note_request": "requirement_key",
    "requirement_engagement": "requirement_key",
    "probation_attributes": "requirement_pseudonym",
    "combined_requirements": "requirement_pseudonym",
    "analysed_requirements": "requirement_pseudonym",
}
MOST_BY_CHANCE = 4.0  # standard deviations: a rank correlation beyond it is chance once in 16,000 tables


@pytest.fixture(scope="module")
def table(small_quarter: Path) -> Callable[[str], pl.DataFrame]:
    """Function: a table of the quarter by its name, as its zone has it."""

    def read(name: str) -> pl.DataFrame:
        crossing, own = crossing_file(small_quarter, name, QUARTER), small_quarter / "linkage" / QUARTER
        return pl.read_parquet(crossing if crossing.exists() else own / f"{name}.parquet")

    return read


@pytest.fixture(scope="module")
def attacker(tmp_path_factory) -> ZoneSecrets:
    """The secrets of an installation of the attacker's own."""
    return linkage_secrets(tmp_path_factory.mktemp("attacker"))


@pytest.fixture(scope="module")
def zone(small_quarter: Path) -> ZoneSecrets:
    """The secrets of the zone that made the release."""
    return linkage_secrets(small_quarter)


@pytest.fixture(scope="module")
def identified(table) -> pl.DataFrame:
    """What only the zone knows: each analysed requirement with its keys, number, CRN and dates."""
    return (
        table("release_keys")
        .join(table("requirement_pseudonyms"), on="requirement_pseudonym")
        .join(table("analysed_requirements"), on="requirement_pseudonym", suffix="_analysed")
        .join(table("offender").select("crn", "dob"), on="crn", how="left")
    )


def pseudonyms(table, settings, secrets: ZoneSecrets) -> dict[str, dict[str, str]]:
    """Identifier to pseudonym, by prefix, as these secrets give them from the extracts."""
    secret = secrets.of("release", QUARTER)
    people = assign_probation_pseudonyms(table("offender"), table("offender_clusters"), secret)
    requirements = assign_requirement_pseudonyms(table("requirement"), settings, secret)
    clients = assign_treatment_pseudonyms(table("standardised_clients"), table("client_clusters"), secret)
    return {
        "MP": dict(people.select("crn", "person_pseudonym").iter_rows()),
        "MR": dict(requirements.select("requirement_id", "requirement_pseudonym").iter_rows()),
        "MO": dict(requirements.select("requirement_id", "order_pseudonym").iter_rows()),
        "DP": dict(clients.select("client_id", "client_pseudonym").iter_rows()),
        "MC": dict(pseudonyms_for("MC", table("offence")["case_id"], secret).iter_rows()),
    }


def release_keys(table, settings, secrets: ZoneSecrets) -> pl.DataFrame:
    """requirement_id, requirement_key and person_key of every requirement in the extracts, by these secrets."""
    found = pseudonyms(table, settings, secrets)
    requirement = (
        table("requirement")
        .select("requirement_id", "crn")
        .with_columns(
            requirement_pseudonym=pl.col("requirement_id").replace_strict(found["MR"], default=None),
            person_pseudonym=pl.col("crn").replace_strict(found["MP"], default=None),
        )
        .drop_nulls()
    )
    keys = assign_release_keys(requirement, secrets.of("release", QUARTER))
    return requirement.join(keys, on=["requirement_pseudonym", "person_pseudonym"])


def test_no_row_of_the_release_is_matched_to_its_requirement_or_person(table, settings, identified, attacker, zone):
    released = table("anonymised_requirements").select("requirement_key", "person_key")
    assert released.height == identified.height > 300
    for secrets, matched in ((attacker, 0), (zone, released.height)):
        guessed = release_keys(table, settings, secrets)
        for key in ("requirement_key", "person_key"):
            right = guessed.join(identified, on=["requirement_id", key], how="semi")
            assert right.height == matched
            assert released[key].is_in(guessed[key].implode()).sum() == matched


def test_no_working_pseudonym_is_found(table, settings, attacker, zone):
    kept = {
        "MP": table("probation_pseudonyms")["person_pseudonym"],
        "MR": table("requirement_pseudonyms")["requirement_pseudonym"],
        "MO": table("requirement_pseudonyms")["order_pseudonym"],
        "DP": table("treatment_pseudonyms")["client_pseudonym"],
        "MC": table("court_appearances")["case_pseudonym"],
    }
    by_attacker, by_zone = (pseudonyms(table, settings, secrets) for secrets in (attacker, zone))
    for prefix, known in kept.items():
        assert set(known) <= set(by_zone[prefix].values()), prefix
        assert not set(known) & set(by_attacker[prefix].values()), prefix


def test_no_key_of_substance_use_is_found(table, attacker, zone):
    people = table("analysed_requirements")["person_pseudonym"]
    for (substance,), rows in table("substance_use").group_by("substance"):
        by_attacker, by_zone = (
            set(random_keys("U", people, subkey(secrets.of("release", QUARTER), f"substance use {substance}"))["key"])
            for secrets in (attacker, zone)
        )
        assert set(rows["person_key"]) <= by_zone and not set(rows["person_key"]) & by_attacker


@pytest.mark.parametrize("name", ORDERED)
def test_the_order_of_rows_follows_nothing_that_is_known_of_them(name, table, identified, small_quarter):
    file = pl.read_csv(small_quarter / "extracts" / QUARTER / "ndelius" / "requirement.csv", infer_schema=False)
    places = file.select("requirement_id").with_row_index("place in the extract")
    rows = table(name).select(ORDERED[name]).with_row_index("row")
    known = rows.join(identified, on=ORDERED[name]).join(places, on="requirement_id")
    assert known.height > 40
    bound = MOST_BY_CHANCE / (known.height - 1) ** 0.5
    for column in ("place in the extract", "requirement_id", "crn", "disposal_date", "start_date", "dob"):
        assert abs(correlation(known, "row", column)) < bound, column
    assert correlation(known.sort("requirement_id").with_row_index("sorted"), "sorted", "requirement_id") > 0.99


def correlation(frame: pl.DataFrame, first: str, second: str) -> float:
    """Rank correlation of two columns; 0 where one has a single value."""
    ranks = frame.select(pl.col(first, second).rank()).drop_nulls()
    return ranks.select(pl.corr(first, second)).item() or 0.0


def test_the_notes_zone_cannot_tell_who_would_be_on_its_request(table, settings, identified, attacker, zone):
    """It holds the request, with CRNs, and the code. Who was passed over, though drawn, would be linked."""
    requested, study = set(table("note_request")["requirement_id"]), settings.study
    for secrets, least, most in ((attacker, 0.3, 0.7), (zone, 1.0, 1.0)):
        draws = draw_for_notes(
            table("requirement"), study.requirement_types, secrets.of("note_draw"), study.last_day_observed
        )
        unlinked = identified.filter(~pl.col("linked_structured")).join(draws, on="requirement_id")
        on_it = unlinked.with_columns(pl.col("note_draw").rank(), on_it=pl.col("requirement_id").is_in(requested))
        drawn, others = (on_it.filter(on_it=on)["note_draw"] for on in (True, False))
        # Share of pairs of one on the request and one that is not in which the first was drawn before the second.
        before = (drawn.rank().sum() - drawn.sum() + drawn.len() * others.len()) / (drawn.len() * others.len())
        assert least <= before <= most


def test_the_order_of_the_request_is_the_release_s_alone(table, settings, attacker, zone):
    request, analysed = table("note_request"), table("analysed_requirements")
    for secrets, same in ((attacker, False), (zone, True)):
        again = request_notes(
            analysed,
            table("requirement_pseudonyms"),
            table("note_draws"),
            table("release_keys"),
            settings.notes,
            settings.study.last_day_observed,
            secrets.of("release", QUARTER),
        )
        assert (again["requirement_id"].to_list() == request["requirement_id"].to_list()) == same
        assert set(again["requirement_id"]) == set(request["requirement_id"])
