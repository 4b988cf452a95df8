"""docker-compose.yml and what it builds, read for tests. Nothing is started."""

import re
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[3]
TEXT = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
# Service to its zone: the publication is of the modelling zone, with the same user, image, volumes and role
ZONE_OF = {
    "linkage": "linkage",
    "nlp": "nlp",
    "modelling": "modelling",
    "publication": "modelling",
    "justice": "justice",
}
CODE_SERVERS = tuple(ZONE_OF)
WEBSERVERS = ("operators", "governance")
# Service of the commands of a zone, with its volume, user and image, to the zone
COMMANDS = {"linkage_commands": "linkage", "notes_commands": "nlp", "justice_commands": "justice"}
CALLERS = {*WEBSERVERS, "daemon"}
ALERTS = "alerts"  # a code server too, of no zone


def volumes(service: str) -> dict[str, tuple[str, bool]]:
    """Mount point to (source, read only) of a service."""
    mounts = {}
    for volume in SERVICES[service].get("volumes", []):
        read_only = volume.endswith(":ro")
        source, target = volume.removesuffix(":ro").rsplit(":", 1)
        mounts[target] = (source, read_only)
    return mounts


def networks(service: str) -> set[str]:
    """Names of the networks that a service is on."""
    return set(SERVICES[service].get("networks", ()))


def on_network(network: str) -> set[str]:
    """Names of the services on a network."""
    return {service for service in SERVICES if network in networks(service)}


def aliases(service: str) -> dict[str, list[str]]:
    """Network to the names that a service has on it alone."""
    named = SERVICES[service].get("networks", ())
    return {name: (named[name] or {}).get("aliases", []) for name in named} if isinstance(named, dict) else {}


def secrets(service: str) -> dict[str, str]:
    """Name of a secret to the name of its file in the container."""
    given = [{"source": it, "target": it} if isinstance(it, str) else it for it in SERVICES[service].get("secrets", [])]
    return {it["source"]: it["target"] for it in given}


def dockerfile(service: str) -> str:
    """The text of the Dockerfile that a service is built from."""
    return (REPOSITORY / SERVICES[service]["build"]["dockerfile"]).read_text(encoding="utf-8").replace("\\\n", " ")


def made_folders(service: str) -> dict[str, tuple[int, int, str]]:
    """Folder to (owner, group, mode), of those that the image of a service makes."""
    made = {}
    for line in re.findall(r"install -d ([^&\n]*)", dockerfile(service)):
        _, owner, _, group, _, mode, *folders = line.split()
        made |= {folder: (int(owner), int(group), mode) for folder in folders}
    return made
