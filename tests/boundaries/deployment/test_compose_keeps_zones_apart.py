"""Facts of docker-compose.yml that keep the zones apart. Nothing is started here."""

import itertools
from urllib.parse import urlsplit

import pytest

from nlp_assets.serving.serving import Serving
from tests.boundaries.deployment.compose import (
    ALERTS,
    CALLERS,
    CODE_SERVERS,
    COMMANDS,
    COMPOSE,
    REPOSITORY,
    SERVICES,
    TEXT,
    WEBSERVERS,
    ZONE_OF,
    aliases,
    dockerfile,
    made_folders,
    networks,
    on_network,
    volumes,
)


def servers_of(zone: str) -> set[str]:
    return {service for service, its_zone in ZONE_OF.items() if its_zone == zone}


def services_of(zone: str) -> set[str]:
    """Of its servers, and of its commands."""
    return servers_of(zone) | {service for service, its_zone in COMMANDS.items() if its_zone == zone}


OUTWARD = "outward_alerts"
ISOLATED = "com.docker.network.bridge.gateway_mode_ipv4"


def test_no_service_sees_the_docker_socket():
    assert "docker.sock" not in TEXT


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in (*WEBSERVERS, *COMMANDS)])
def test_only_webservers_and_review_pages_publish_a_port(service):
    assert "ports" not in SERVICES[service]


@pytest.mark.parametrize("service", [*WEBSERVERS, *COMMANDS])
def test_what_is_published_is_published_on_loopback_only(service):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[service]["ports"])


def test_webservers_run_behind_the_guard_and_governance_only_reads():
    for service in WEBSERVERS:
        assert SERVICES[service]["command"][:3] == ["python", "-m", "pathways.webserver"]
        assert ("--read-only" in SERVICES[service]["command"]) == (service == "governance")
    assert "dagster-webserver" not in TEXT


def test_every_zone_has_a_user_of_its_own_that_is_not_root():
    users = {(zone, SERVICES[service]["user"]) for service, zone in ZONE_OF.items()}
    assert len(users) == len({user for _, user in users}) == len({*ZONE_OF.values()})
    assert all(int(user.split(":")[0]) >= 10000 for _, user in users)


@pytest.mark.parametrize("zone", [*CODE_SERVERS, ALERTS])
def test_a_code_server_is_reached_by_the_webservers_and_the_daemon_only(zone):
    assert on_network(f"control_{zone}") == {zone, *CALLERS}
    listens_on = SERVICES[zone]["command"][SERVICES[zone]["command"].index("-h") + 1]
    named = [network for network, names in aliases(zone).items() if listens_on in names]
    assert named == [f"control_{zone}"]
    assert not any(listens_on in names for other in SERVICES if other != zone for names in aliases(other).values())


@pytest.mark.parametrize(("zone", "other"), itertools.combinations([*CODE_SERVERS, ALERTS], 2))
def test_two_code_servers_share_no_network(zone, other):
    assert networks(zone) & networks(other) == set()


@pytest.mark.parametrize("zone", [*CODE_SERVERS, ALERTS])
def test_a_code_server_shares_a_network_of_its_own_with_the_database(zone):
    assert on_network(f"database_{zone}") == {zone, "postgres"}


@pytest.mark.parametrize("service", WEBSERVERS)
def test_a_webserver_listens_where_neither_zones_nor_the_other_webserver_are(service):
    listens_on = SERVICES[service]["command"][SERVICES[service]["command"].index("--host") + 1]
    named = [network for network, names in aliases(service).items() if listens_on in names]
    assert named == [f"front_{service}"]
    assert on_network(f"front_{service}") == {service}


def test_alerts_alone_reaches_the_world_and_holds_no_data_and_no_code_of_a_zone():
    assert on_network(OUTWARD) == {ALERTS} and "ports" not in SERVICES[ALERTS]
    assert {source for source, _ in volumes(ALERTS).values()} == {"alerts_dagster"}
    assert SERVICES[ALERTS]["build"] == SERVICES["operators"]["build"]


def test_networks_are_closed_but_those_of_published_ports_and_of_alerts():
    for name, network in COMPOSE["networks"].items():
        if name == OUTWARD:
            continue
        if name.startswith("front_"):
            assert network["driver_opts"]["com.docker.network.bridge.enable_ip_masquerade"] == "false"
        else:
            assert network["internal"] is True
            assert network["driver_opts"][ISOLATED] == "isolated"


def test_every_zone_has_a_volume_that_no_service_of_another_mounts():
    for service, zone in ZONE_OF.items():
        source = volumes(service)[f"/srv/var/{zone}"][0]
        mounting = {name for name in SERVICES if source in [s for s, _ in volumes(name).values()]}
        assert mounting == services_of(zone)


def test_a_crossing_table_is_written_by_its_maker_and_read_only_by_its_readers():
    from contracts.crossings import CROSSINGS

    for table, crossing in CROSSINGS.items():
        target = f"/srv/var/crossings/{table}"
        mounted = {name: volumes(name)[target][1] for name in {*SERVICES} - {*COMMANDS} if target in volumes(name)}
        maker = crossing.made_by.removesuffix("_assets")
        zones = {ZONE_OF[package.removesuffix("_assets")] for package in crossing.read_by}
        readers = {service for zone in zones for service in servers_of(zone)}
        assert mounted == {maker: False, **dict.fromkeys(readers, True)}


@pytest.mark.parametrize(("service", "zone"), COMMANDS.items())
def test_commands_of_a_zone_see_what_its_server_sees_and_change_its_own_folder_alone(service, zone):
    assert SERVICES[service]["user"] == SERVICES[zone]["user"]
    assert SERVICES[service]["build"] == SERVICES[zone]["build"]
    assert {target: source for target, (source, _) in volumes(service).items()}.items() <= {
        target: source for target, (source, _) in volumes(zone).items()
    }.items()
    assert {target for target, (_, read_only) in volumes(service).items() if not read_only} == {f"/srv/var/{zone}"}


@pytest.mark.parametrize("service", COMMANDS)
def test_commands_of_a_zone_start_with_nothing_else_and_reach_nobody(service):
    assert SERVICES[service]["profiles"] == ["commands"] and SERVICES[service]["restart"] == "no"
    assert networks(service) == {f"front_{service}"} and on_network(f"front_{service}") == {service}
    assert "secrets" not in SERVICES[service] and "environment" not in SERVICES[service]


def test_a_crossing_table_is_its_makers_and_readable_by_the_group_of_its_readers():
    from contracts.crossings import CROSSINGS

    for table, crossing in CROSSINGS.items():
        maker, target = crossing.made_by.removesuffix("_assets"), f"/srv/var/crossings/{table}"
        owner, group, mode = made_folders(maker)[target]
        assert SERVICES[maker]["user"].split(":")[0] == str(owner)
        assert SERVICES[maker]["environment"]["PATHWAYS_CROSSINGS_GROUP"] == str(group)
        assert mode == "2750"
        for reader in (package.removesuffix("_assets") for package in crossing.read_by):
            assert made_folders(reader)[target] == (owner, group, mode)
            assert str(group) in SERVICES[reader]["group_add"]


@pytest.mark.parametrize("service", [*CODE_SERVERS, *sorted(CALLERS)])
def test_a_new_volume_has_an_owner_who_may_write_in_it_and_is_closed_to_others(service):
    made, user = made_folders(service), int(SERVICES[service]["user"].split(":")[0])
    for target, (source, read_only) in volumes(service).items():
        if source in COMPOSE["volumes"]:
            owner, _, mode = made[target]
            assert mode in ("0700", "2750")
            assert read_only or owner == user


def test_the_modelling_zone_mounts_no_extract():
    assert "/srv/var/extracts" not in volumes("modelling")


def test_extracts_are_read_only_and_the_three_zones_have_different_ones():
    linkage, nlp = volumes("linkage")["/srv/var/extracts"], volumes("nlp")["/srv/var/extracts"]
    justice = volumes("justice")["/srv/var/justice_sources/extracts"]
    assert linkage[1] and nlp[1] and justice[1]
    assert len({linkage[0], nlp[0], justice[0]}) == 3


def test_the_justice_zone_mounts_nothing_of_the_study_and_no_other_service_mounts_what_is_its_own():
    own = {"/srv/var/justice_sources/extracts", "/srv/var/justice"}
    assert set(volumes("justice")) == {*own, "/srv/var/decisions", "/srv/dagster/storage"}
    assert set(volumes("justice_commands")) == {*own, "/srv/var/decisions"}
    others = SERVICES.keys() - services_of("justice")
    assert not any(own & set(volumes(service)) for service in others)


def test_the_notes_zone_may_send_notes_to_the_server_it_names_and_to_no_other_host_in_plain_text():
    endpoint = Serving.of(SERVICES["nlp"]["environment"]).server()
    assert endpoint.route.plain_http_hosts == (urlsplit(endpoint.address).hostname,)


def test_every_network_and_volume_that_a_service_names_is_declared():
    for service in SERVICES:
        assert networks(service) <= set(COMPOSE["networks"])
        named = {s for s, _ in volumes(service).values() if not s.startswith(("$", ".", "/"))}
        assert named <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("zone", CODE_SERVERS)
def test_the_image_of_a_zone_holds_no_code_of_another_zone(zone):
    others = [f"{other}_assets" for other in CODE_SERVERS if ZONE_OF[other] != ZONE_OF[zone]]
    assert not any(other in dockerfile(zone) for other in [*others, "synthetic_extracts"])


def test_the_image_of_the_webservers_holds_no_code_of_a_zone():
    copied = [line for line in dockerfile("operators").splitlines() if line.startswith("COPY")]
    assert not any(f"{zone}_assets" in line or "synthetic" in line for zone in CODE_SERVERS for line in copied)


def test_images_are_built_without_data_of_this_machine():
    lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    let_in = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert not any(name.startswith(("var", ".", "tests", "synthetic")) for name in let_in)
