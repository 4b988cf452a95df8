"""After a whole refresh no secret is in any file but its own, and the linkage model holds no value of anybody."""

import base64
import json
import re
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from contracts.crossings import crossing_file
from record_linkage.model.trained_model import TrainedModel
from resources.secrets.keyed_hash import subkey
from resources.secrets.zone_secrets import linkage_secrets

QUARTER = "2023Q1"


@pytest.fixture
def model_files(small_quarter: Path, settings) -> list[Path]:
    folder = small_quarter / "linkage" / "models" / settings.linkage.model.name
    return [folder / "model.json", folder / "charts.html"]


def test_no_date_of_birth_and_no_place_is_in_the_linkage_model_or_can_be_tested_with_it(
    model_files, small_quarter, tmp_path
):
    model = TrainedModel.from_json(model_files[0].read_text(encoding="utf-8"))
    dates = pl.Series("dob", [str(date(1903, 1, 1) + timedelta(days=day)) for day in range(40_000)])
    zone, attacker = linkage_secrets(small_quarter), linkage_secrets(tmp_path)
    sides = (small_quarter / "linkage" / QUARTER / f"standardised_{side}.parquet" for side in ("offenders", "clients"))
    records = pl.concat(pl.read_parquet(side).filter("linkable") for side in sides)
    for column in model.term_frequencies:
        guesses = dates if column == "dob" else records[column]
        assert model.frequencies_of(column, guesses, attacker.of("model_values")).is_empty()
        found = model.frequencies_of(column, guesses, zone.of("model_values"))
        assert found.height == records[column].drop_nulls().n_unique()
    values = {value for column in ("dob", "initials", "postcode_sector") for value in records[column].drop_nulls()}
    for path in model_files:
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"\b(?:19|20)\d\d-\d\d-\d\d\b", text)
        assert not values & {*re.findall(r'"([^"]+)"', text), *re.findall(r">([^<]+)<", text)}


def test_no_file_but_its_own_holds_a_secret_or_a_key_made_of_it(small_quarter: Path):
    """Receipts, Dagster's records, logs and the publication name the file and its hash at most."""
    files = list(small_quarter.rglob("*.key"))
    assert {path.parent.name for path in files} == {"secrets"}
    secrets = [bytes.fromhex(path.read_text(encoding="ascii")) for path in files]
    purposes = ("release requirements", "release people", "note request", "turn", "draw", "working pseudonyms MP")
    made = [*secrets, *(subkey(secret, purpose) for secret in secrets for purpose in purposes)]
    sought = {form for key in made for form in (key, key.hex().encode())}
    folders = ("linkage", "nlp", "modelling", "crossings", "publication", "dagster", "settings")
    for path in (path for folder in folders for path in (small_quarter / folder).rglob("*")):
        if path.is_file() and path.suffix != ".key":
            content = said(path)
            assert not any(form in content for form in sought), path.name
    receipt = said(crossing_file(small_quarter, "note_request", QUARTER).with_suffix(".json"))
    assert b"file:linkage/secrets/release_{quarter}.key" in receipt


def said(path: Path) -> bytes:
    """The bytes of a file; of a signed statement, what it states too."""
    content = path.read_bytes()
    if path.suffix == ".json" and b'"payloadType"' in content:
        return content + base64.b64decode(json.loads(content)["payload"])
    return content
