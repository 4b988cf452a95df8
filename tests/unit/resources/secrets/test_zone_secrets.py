"""Secrets of zones: made before the first step of a run, by nobody's choice, and recorded by what is made with them."""

import os
from importlib import import_module
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from resources.secrets.kept_secret import SecretNotReadable
from resources.secrets.keyed_hash import key_digest, keyed_digests, subkey
from resources.secrets.zone_secrets import ZoneSecrets, linkage_secrets, notes_secrets
from resources.settings.study_settings import StudySettings
from resources.zone.at_launch import closed
from resources.zone.dagster_partitions import quarters
from resources.zone.dagster_resources import secrets_resource
from resources.zone.partitions import NotAQuarter
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import to_do, zone_store
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone

QUARTER, NEXT = "2023Q1", "2023Q2"


def test_every_quarter_has_a_release_secret_of_its_own_and_the_others_last(tmp_path: Path):
    secrets = linkage_secrets(tmp_path)
    assert secrets.of("release", QUARTER) != secrets.of("release", NEXT)
    assert secrets.of("release", QUARTER) == linkage_secrets(tmp_path).of("release", QUARTER)
    assert secrets.of("note_draw", QUARTER) == secrets.of("note_draw", NEXT)
    names = {path.name for path in (tmp_path / "linkage" / "secrets").iterdir()}
    assert names == {f"release_{QUARTER}.key", f"release_{NEXT}.key", "note_draw.key"}


@pytest.mark.parametrize("quarter", ["../../crossings", "2023Q5", ""])
def test_what_is_no_quarter_has_no_secret(tmp_path: Path, quarter):
    secrets = linkage_secrets(tmp_path)
    secrets.make(quarter)
    with pytest.raises(NotAQuarter):
        secrets.of("release", quarter)
    assert list(tmp_path.rglob("*")) == []


def test_two_installations_share_no_secret(tmp_path: Path):
    of_linkage, of_notes = ("release", "note_draw", "model_values"), ("note_hash",)
    for secrets, names in ((linkage_secrets, of_linkage), (notes_secrets, of_notes)):
        for name in names:
            assert secrets(tmp_path / "a").of(name, QUARTER) != secrets(tmp_path / "b").of(name, QUARTER)


def test_nothing_in_the_environment_or_the_settings_chooses_a_secret(tmp_path: Path, monkeypatch):
    """Each is read from its file alone, and made at random where there is none."""
    asked = []

    class Watched(dict):
        def __getitem__(self, name):
            asked.append(name)
            raise KeyError(name)

        get = pop = __contains__ = lambda self, name, *_: asked.append(name)  # type: ignore[assignment]

    monkeypatch.setattr(os, "environ", Watched())
    linkage_secrets(tmp_path).make(QUARTER)
    notes_secrets(tmp_path).of("note_hash")
    assert os.environ.get("WATCHED") is None and asked == ["WATCHED"]
    monkeypatch.undo()
    assert [name for name in names_of(StudySettings) if "secret" in name or "pseudonym" in name] == []


def names_of(model) -> list[str]:
    fields = model.model_fields.items()
    return [
        inner
        for name, field in fields
        for inner in (name, *(names_of(field.annotation) if hasattr(field.annotation, "model_fields") else ()))
    ]


@pytest.mark.parametrize("zone", ["linkage_assets", "nlp_assets"])
def test_no_run_can_be_launched_with_another_secret_and_every_table_made_with_one_records_it(zone):
    """A resource without configuration has nothing to choose in the UI."""
    definitions = import_module(f"{zone}.definitions").defs()
    resource = (definitions.resources or {})["secrets"]
    assert resource.config_schema.config_type.fields == {}
    asking = {
        key.path[-1]
        for asset in definitions.assets
        if isinstance(asset, dg.AssetsDefinition)
        if "secrets" in asset.required_resource_keys
        for key in asset.keys
    }
    files = zone_store(definitions).zone.files
    recorded = {table for table, names in files.items() if any("/secrets/" in name for name in names)}
    assert asking and asking == recorded


def test_a_subkey_tells_nothing_of_another_and_a_digest_nothing_of_its_key():
    secret = bytes(range(32))
    assert len({subkey(secret, purpose) for purpose in ("a", "b", "digest")} | {secret}) == 4
    assert key_digest(secret) != key_digest(subkey(secret, "a")) and len(key_digest(secret)) == 32
    assert secret.hex() not in key_digest(secret)


def test_a_keyed_hash_depends_on_text_key_and_attempt_and_has_the_size_asked_for():
    found = [
        keyed_digests(["a", "b"], bytes(32)),
        keyed_digests(["a", "b"], bytes([1] * 32)),
        keyed_digests(["a", "b"], bytes(32), attempt=1),
    ]
    assert len({digest for digests in found for digest in digests}) == 6
    assert [len(digest) for digest in keyed_digests(["a", ""], bytes(32), 32)] == [32, 32]


@pytest.fixture
def zone(tmp_path: Path):
    """Function: definitions of a zone with one table that is made with the release secret."""
    secrets = ZoneSecrets(tmp_path, "linkage", of_quarter=("release",))

    @zone_asset()
    def keys(context: dg.AssetExecutionContext, secrets: dg.ResourceParam[ZoneSecrets]) -> pl.DataFrame:
        return pl.DataFrame({"key": [keyed_digests(["id"], secrets.of("release", context.partition_key))[0].hex()]})

    def definitions() -> dg.Definitions:
        store = ZoneStore(Zone("linkage", tmp_path, "code", "settings", {}, {"keys": [secrets.file("release")]}))
        resources = {
            "io_manager": closed(store),
            "zone_store": closed(store),
            "secrets": closed(secrets_resource(secrets)),
        }
        return dg.Definitions([keys], resources=resources)

    return definitions


def run(definitions: dg.Definitions) -> tuple[bool, dg.ExecuteInProcessResult | None]:
    """Make what is not current; whether there was anything, and the run."""
    tables = to_do(definitions, QUARTER).tables
    if not tables:
        return False, None
    job = definitions.resolve_implicit_global_asset_job_def()
    return True, job.execute_in_process(partition_key=QUARTER, raise_on_error=False)


def test_a_table_made_with_a_secret_is_current_at_once_and_made_again_when_the_secret_is_lost(zone, tmp_path: Path):
    table, key = tmp_path / "linkage" / QUARTER / "keys.parquet", tmp_path / f"linkage/secrets/release_{QUARTER}.key"
    assert quarters.has_partition_key(QUARTER) and run(zone())[0]
    first, receipt = pl.read_parquet(table).item(), zone_store(zone()).zone.receipt("keys", QUARTER)
    assert receipt and list(receipt.made_from) == ["file:linkage/secrets/release_{quarter}.key"]
    assert key.read_text(encoding="ascii") not in receipt.model_dump_json()
    assert run(zone()) == (False, None)
    key.unlink()
    assert run(zone())[0] and pl.read_parquet(table).item() != first
    assert run(zone()) == (False, None)


def test_a_secret_that_is_damaged_or_open_to_others_stops_the_table_that_needs_it_and_is_named(zone, tmp_path: Path):
    key = tmp_path / f"linkage/secrets/release_{QUARTER}.key"
    ZoneSecrets(tmp_path, "linkage", of_quarter=("release",)).make(QUARTER)
    key.write_text("00")
    made, result = run(zone())
    assert made and result is not None and not result.success
    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    assert any(
        error
        and error.cause
        and error.cause.cls_name == SecretNotReadable.__name__
        and "Put its copy back" in error.cause.message
        for error in errors
    )
    assert not (tmp_path / "linkage" / QUARTER / "keys.parquet").exists()
