"""What the UI's Resources tab shows of each zone, and what it must not."""

import dagster as dg
import pytest
from dagster._core.remote_representation.external_data import RepositorySnap

import linkage_assets.definitions
import modelling_assets.definitions
import nlp_assets.definitions
import publication_assets.definitions
from nlp_assets.assets.note_labels import note_labels
from nlp_assets.serving.json_client import ServerRefuses
from nlp_assets.serving.serving import VARIABLES as FIELDS
from nlp_assets.serving.serving import Serving
from nlp_assets.serving.vllm.vllm_resource import VllmResource

ZONES = [
    linkage_assets.definitions,
    nlp_assets.definitions,
    modelling_assets.definitions,
    publication_assets.definitions,
]
KEY, ADDRESS = "a-key-nobody-may-see", "http://user:a-password@gpu:8000/v1"
VARIABLES = {"VLLM_BASE_URL": ADDRESS, "VLLM_API_KEY": KEY}


@pytest.fixture
def shown(monkeypatch):
    """Function: what the UI is sent of a zone, with a server elsewhere named in the environment or none."""

    def of(zone, environment: dict[str, str]) -> RepositorySnap:
        for name in FIELDS.values():
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return RepositorySnap.from_def(zone.defs().get_repository_def())

    return of


def resource_of(snapshot: RepositorySnap, name: str):
    return next(resource for resource in snapshot.resources or [] if resource.name == name)


def test_the_server_that_reads_notes_is_a_resource_with_documented_fields_which_the_labelling_assets_require(shown):
    found = resource_of(shown(nlp_assets.definitions, {}), "vllm")
    assert found.is_top_level and "instruct model is required" in (found.resource_snapshot.description or "")
    fields = {field.name: field.description for field in found.config_field_snaps}
    assert set(fields) == {
        "served",
        "base_url",
        "api_key",
        "model",
        "api",
        "model_folder",
        "engine",
        "llm_python",
        "start_seconds",
        "answer_seconds",
    }
    assert all(fields.values())
    users = {key.path[-1] for key in found.asset_keys_using}
    assert users == {"note_labels", "excluded_labels", "injection_flips", "requested_notes"}
    assert found.configured_values["served"] == '"here, an engine of this repository"'


def test_neither_the_key_nor_the_address_is_in_what_the_ui_is_sent(shown):
    snapshot = shown(nlp_assets.definitions, VARIABLES)
    sent = dg.serialize_value(snapshot)
    assert KEY not in sent and "a-password" not in sent
    values = resource_of(snapshot, "vllm").configured_values
    assert {getattr(values[name], "name", "") for name in ("api_key", "base_url")} == {"VLLM_API_KEY", "VLLM_BASE_URL"}
    assert values["served"] == '"elsewhere"'


@pytest.mark.parametrize("zone", ZONES)
def test_every_resource_of_a_zone_says_what_it_is(zone, shown):
    described = {resource.name: resource.resource_snapshot.description for resource in shown(zone, {}).resources or []}
    # The store stands twice: once as what Dagster calls an IO manager.
    assert {name for name, description in described.items() if not description} == {"io_manager"}


def test_in_a_run_the_resource_has_the_values_of_the_variables(shown):
    shown(nlp_assets.definitions, VARIABLES)
    seen: list[Serving] = []

    @dg.op
    def look(vllm: VllmResource):
        seen.append(vllm.serving)

    @dg.job(resource_defs={"vllm": VllmResource.of(VARIABLES)})
    def looks():
        look()

    assert looks.execute_in_process().success
    assert seen == [Serving(base_url=ADDRESS, api_key=KEY)]
    with pytest.raises(ServerRefuses):
        Serving().server()


def test_labelling_asks_for_the_resource_by_its_name():
    assert "vllm" in note_labels.required_resource_keys
