"""Prints the images of docker-compose.yml as CycloneDX: name, version and, where the deployment holds it, digest.

What is inside an image that others make, only its makers or a scanner of images can say (docs/deployment.md).
"""

import json
import os
import re
from pathlib import Path

import yaml

COMPOSE = Path(__file__).resolve().parents[1] / "docker-compose.yml"
IMAGE = re.compile(r"(?P<name>[\w/.-]+):(?P<version>[\w.-]+)\$\{(?P<digest>\w+):-\}")


def images(services: dict[str, dict]) -> dict[str, str]:
    """Image as written in docker-compose.yml, with the services that it is for or that are built on it."""
    users: dict[str, list[str]] = {}
    for name, service in services.items():
        image = service.get("image") or service["build"]["args"]["PYTHON_IMAGE"]
        users.setdefault(image, []).append(name)
    return {image: ", ".join(names) for image, names in sorted(users.items())}


def component(image: str, users: str) -> dict:
    """An image as a CycloneDX component. Raises ValueError where it is not named by version and digest variable."""
    parts = IMAGE.fullmatch(image)
    if not parts:
        raise ValueError(f"docker-compose.yml: name {image} by version, and let a variable add its digest.")
    name, version = parts["name"], parts["version"]
    digest = os.environ.get(parts["digest"], "").removeprefix("@")
    path = name if "/" in name else f"library/{name}"
    return {
        "type": "container",
        "bom-ref": f"{name}:{version}",
        "name": name,
        "version": version,
        "description": f"for {users}",
        "purl": f"pkg:docker/{path}@{digest.replace(':', '%3A') or version}",
        **({"hashes": [{"alg": "SHA-256", "content": digest.removeprefix("sha256:")}]} if digest else {}),
    }


if __name__ == "__main__":
    listed = images(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"])
    parts = [component(image, users) for image, users in listed.items()]
    print(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": parts}, indent=2))
