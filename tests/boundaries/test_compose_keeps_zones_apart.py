"""Facts of docker-compose.yml that keep the zones apart. Nothing is started here."""

from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
CODE_SERVERS = ("linkage", "nlp", "modelling")


def volumes(service: str) -> dict[str, tuple[str, bool]]:
    """Mount point to (source, read only) of a service."""
    mounts = {}
    for volume in SERVICES[service].get("volumes", []):
        read_only = volume.endswith(":ro")
        source, target = volume.removesuffix(":ro").rsplit(":", 1)
        mounts[target] = (source, read_only)
    return mounts


def test_no_service_sees_the_docker_socket():
    assert "docker.sock" not in TEXT


@pytest.mark.parametrize("service", [*CODE_SERVERS, "vllm", "postgres", "daemon"])
def test_only_webservers_publish_a_port(service):
    assert "ports" not in SERVICES[service]


@pytest.mark.parametrize("service", ["operators", "governance"])
def test_webservers_are_published_on_loopback_only(service):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[service]["ports"])


def test_the_governance_webserver_is_read_only_and_the_operators_one_is_not():
    assert "--read-only" in SERVICES["governance"]["command"]
    assert "--read-only" not in SERVICES["operators"]["command"]


def test_every_code_server_has_a_user_of_its_own_that_is_not_root():
    users = [SERVICES[service]["user"] for service in CODE_SERVERS]
    assert len(set(users)) == 3
    assert all(int(user.split(":")[0]) >= 10000 for user in users)


def test_every_code_server_has_a_zone_volume_that_no_other_service_mounts():
    for zone in CODE_SERVERS:
        source = volumes(zone)[f"/srv/var/{zone}"][0]
        others = [name for name in SERVICES if name != zone and source in [s for s, _ in volumes(name).values()]]
        assert others == []


def test_a_crossing_table_is_written_by_its_maker_and_read_only_by_its_readers():
    from contracts.crossings import CROSSINGS

    for table, crossing in CROSSINGS.items():
        target = f"/srv/var/crossings/{table}"
        mounted = {service: volumes(service)[target][1] for service in SERVICES if target in volumes(service)}
        maker = crossing.made_by.removesuffix("_assets")
        readers = {package.removesuffix("_assets") for package in crossing.read_by}
        assert mounted == {maker: False, **dict.fromkeys(readers, True)}


def test_the_modelling_zone_mounts_no_extract():
    assert "/srv/var/extracts" not in volumes("modelling")


def test_extracts_are_read_only_and_the_two_zones_have_different_ones():
    linkage, nlp = volumes("linkage")["/srv/var/extracts"], volumes("nlp")["/srv/var/extracts"]
    assert linkage[1] and nlp[1]
    assert linkage[0] != nlp[0]


def test_secrets_have_no_default():
    for name in ("DAGSTER_POSTGRES_PASSWORD", "VLLM_API_KEY"):
        uses = [part.split("}")[0] for part in TEXT.split("${")[1:] if part.startswith(name)]
        assert uses
        assert all(use.startswith(f"{name}:?") for use in uses)


def test_vllm_reserves_a_gpu_and_is_reached_by_the_notes_zone_only():
    devices = SERVICES["vllm"]["deploy"]["resources"]["reservations"]["devices"]
    assert devices[0]["driver"] == "nvidia"
    assert "gpu" in devices[0]["capabilities"]
    on_label_network = {name for name, service in SERVICES.items() if "labels" in service["networks"]}
    assert on_label_network == {"vllm", "nlp"}


def test_zone_networks_reach_nothing_outside():
    assert COMPOSE["networks"]["dagster"]["internal"] is True
    assert COMPOSE["networks"]["labels"]["internal"] is True


def test_every_network_and_volume_that_a_service_names_is_declared():
    for service in SERVICES:
        assert set(SERVICES[service]["networks"]) <= set(COMPOSE["networks"])
        named = {s for s, _ in volumes(service).values() if not s.startswith(("$", ".", "/"))}
        assert named <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("zone", CODE_SERVERS)
def test_the_image_of_a_zone_holds_no_code_of_another_zone(zone):
    dockerfile = (REPOSITORY / "deploy" / f"{zone}.Dockerfile").read_text(encoding="utf-8")
    others = [f"{other}_assets" for other in CODE_SERVERS if other != zone]
    assert not any(other in dockerfile for other in [*others, "synthetic_extracts"])
