"""Facts of docker-compose.yml about secrets, rights and what stands before vLLM. Nothing is started here."""

import re
import subprocess

import pytest
import yaml

from tests.boundaries.deployment.compose import (
    ALERTS,
    CALLERS,
    CODE_SERVERS,
    COMMANDS,
    COMPOSE,
    REPOSITORY,
    SERVICES,
    TEXT,
    ZONE_OF,
    dockerfile,
    networks,
    on_network,
    secrets,
    volumes,
)

DOOR = (REPOSITORY / "deploy" / "labels.haproxy.cfg").read_text(encoding="utf-8")
READERS_OF_ALERTS = {"PATHWAYS_ALERT_FROM", "PATHWAYS_ALERT_TO"}  # nobody has to be told by e-mail
ENDS = {"database", *COMMANDS}  # do one thing, and end


def test_a_secret_is_a_file_in_one_folder_that_has_no_default():
    for name, secret in COMPOSE["secrets"].items():
        assert re.fullmatch(r"\$\{PATHWAYS_SECRETS:\?[^}]+\}/" + name, secret["file"])
    unset = {name for name, rest in re.findall(r"\$\{(\w+)(:[?-][^}]*)?", TEXT) if not rest.startswith(":?")}
    assert unset == {"PYTHON_DIGEST", "POSTGRES_DIGEST", "HAPROXY_DIGEST", "VLLM_DIGEST", *READERS_OF_ALERTS}


def test_no_secret_is_in_the_environment_of_a_service():
    for service in SERVICES.values():
        named = {name for name in service.get("environment", {}) if re.search("PASSWORD|KEY|SECRET|TOKEN", name)}
        assert named <= {"POSTGRES_PASSWORD_FILE"}


@pytest.mark.parametrize("service", [*CODE_SERVERS, ALERTS, *sorted(CALLERS)])
def test_each_zone_and_each_other_service_has_a_database_role_and_a_password_of_its_own(service):
    role = ZONE_OF.get(service, service)
    assert SERVICES[service]["environment"]["DAGSTER_POSTGRES_USER"] == role
    password = f"{role}_database_password"
    of_the_role = {name for name in SERVICES if ZONE_OF.get(name, name) == role}
    assert [name for name in secrets(service) if name.endswith("_database_password")] == [password]
    assert secrets(service)[password] == "DAGSTER_POSTGRES_PASSWORD"
    assert {name for name in SERVICES if password in secrets(name)} == {*of_the_role, "database"}


def test_the_roles_are_given_their_rights_before_anybody_connects():
    settings = yaml.safe_load((REPOSITORY / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    login = settings["storage"]["postgres"]["postgres_db"]
    assert login["username"] == {"env": "DAGSTER_POSTGRES_USER"}
    assert login["password"] == {"env": "DAGSTER_POSTGRES_PASSWORD"}
    for zone in CODE_SERVERS:
        assert SERVICES[zone]["depends_on"]["database"]["condition"] == "service_completed_successfully"
    assert {name for name in SERVICES if "owner_database_password" in secrets(name)} == {"postgres", "database"}
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == "--auth=scram-sha-256"


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_contained(service):
    settings = SERVICES[service]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "pid", "ipc", "devices"} & set(settings)
    assert re.fullmatch(r"(\d+):\1", settings["user"])
    assert not settings["user"].startswith("0:")


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in ENDS])
def test_every_service_says_whether_it_is_well(service):
    assert SERVICES[service]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVICES[service]["restart"] == "unless-stopped"


def test_what_waits_for_a_service_waits_until_it_is_well():
    for settings in SERVICES.values():
        for name, wait in settings.get("depends_on", {}).items():
            expected = "service_completed_successfully" if name in ENDS else "service_healthy"
            assert wait["condition"] == expected


@pytest.mark.parametrize("service", [*CODE_SERVERS, ALERTS, *sorted(CALLERS)])
def test_a_program_gets_the_secrets_in_capitals_from_its_entry_point(service):
    assert 'ENTRYPOINT ["with-secrets"]' in dockerfile(service)
    assert all(target.isupper() for target in secrets(service).values())


def test_what_a_program_of_an_image_writes_is_private_from_its_first_line(tmp_path):
    entry_point = REPOSITORY / "deploy" / "with-secrets.sh"
    subprocess.run(["sh", entry_point, "touch", "written"], cwd=tmp_path, check=True)
    assert (tmp_path / "written").stat().st_mode & 0o777 == 0o600


def test_vllm_is_on_no_network_and_its_socket_is_shared_with_its_door_only():
    assert SERVICES["vllm"]["network_mode"] == "none"
    assert networks("vllm") == set()
    sockets = {name for name in SERVICES if "label_server" in [source for source, _ in volumes(name).values()]}
    assert sockets == {"vllm", "labels"}
    assert SERVICES["vllm"]["user"] == SERVICES["labels"]["user"]
    assert on_network("labels") == {"labels", "nlp"}
    assert "--uds=/run/vllm/vllm.sock" in SERVICES["vllm"]["command"]


def test_the_door_before_vllm_passes_what_the_client_asks_and_its_health_only():
    serving = REPOSITORY / "nlp_assets" / "serving"
    client = "".join((serving / name).read_text("utf-8") for name in ("completions_client.py", "json_client.py"))
    asked = {(method, path) for method, path in re.findall(r'"(GET|POST)",\s+"(/[\w/]+)"', client)}
    paths = {name: found.split() for name, found in re.findall(r"acl (\w+) path (.*)", DOOR)}
    rules = re.findall(r"http-request allow if METH_(GET|POST) (\w+)", DOOR)
    assert asked
    assert {(method, path) for method, name in rules for path in paths[name]} == {*asked, ("GET", "/health")}


def test_the_door_before_vllm_asks_for_the_key_before_all_but_health_and_refuses_the_rest():
    rules = [line.strip() for line in DOOR.splitlines() if line.strip().startswith("http-request")]
    assert rules[0] == "http-request allow if METH_GET is_health"
    assert rules[1] == "http-request deny deny_status 401 unless has_key"
    assert rules[-1] == "http-request deny deny_status 404"
    assert "acl has_key http_auth_bearer -m str -f /run/secrets/label_server_key" in DOOR
    assert "log " not in DOOR


def test_vllm_reserves_a_gpu_and_logs_no_request():
    devices = SERVICES["vllm"]["deploy"]["resources"]["reservations"]["devices"]
    assert devices[0]["driver"] == "nvidia"
    assert "gpu" in devices[0]["capabilities"]
    assert {"--no-enable-log-requests", "--disable-uvicorn-access-log"} <= set(SERVICES["vllm"]["command"])


def test_images_are_named_by_full_version_and_may_be_held_by_digest():
    named = [service["image"] for service in SERVICES.values() if "image" in service]
    built = {service["build"]["args"]["PYTHON_IMAGE"] for service in SERVICES.values() if "build" in service}
    assert len(named) + len(built) == 4
    for image in [*named, *built]:
        assert re.fullmatch(r"[\w/.-]+:v?\d+\.\d+(\.\d+)?(-\w+)*\$\{[A-Z]+_DIGEST:-\}", image)
    for service in (name for name, it in SERVICES.items() if "build" in it):
        assert f"ARG PYTHON_IMAGE={built.copy().pop().split('$')[0]}\n" in dockerfile(service)
