"""What is installed is what the locks name: by version and by hash, from an index that is asked alone."""

import re
import runpy
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[3]
LOCKS = sorted((REPOSITORY / "deploy").glob("*.lock"))
DOCKERFILES = sorted((REPOSITORY / "deploy").glob("*.Dockerfile"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
UV_LOCK = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))


def requirements(lock: Path) -> dict[str, list[str]]:
    """Requirement, such as uv==0.13.9, to its hashes."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    held: dict[str, list[str]] = {}
    for word in " ".join(lines).replace("\\", " ").split():
        if word.startswith("--hash="):
            held[list(held)[-1]].append(word.removeprefix("--hash="))
        else:
            held[word] = []
    return held


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_of_a_lock_has_one_version_and_a_hash(lock):
    held = requirements(lock)
    assert held
    assert [it for it, hashes in held.items() if not re.fullmatch(r"[\w.-]+==[\w.+]+", it) or not hashes] == []
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for hashes in held.values() for digest in hashes)


def test_every_package_of_uv_lock_has_a_hash_for_each_of_its_files():
    packages = [package for package in UV_LOCK["package"] if "registry" in package["source"]]
    files = [file for it in packages for file in [*it.get("wheels", []), *([it["sdist"]] if "sdist" in it else [])]]
    assert len(files) > len(packages)
    assert [file["url"] for file in files if not file.get("hash", "").startswith("sha256:")] == []
    assert [it["name"] for it in UV_LOCK["package"] if it not in packages] == [PROJECT["project"]["name"]]


def test_what_builds_a_package_from_source_has_a_hash_too():
    settings = PROJECT["tool"]["uv"]
    assert settings["require-build-hashes"] is True
    assert all(it["hashes"] for it in settings["build-constraint-dependencies"])
    assert UV_LOCK["manifest"]["build-constraints"]


def test_uv_builds_this_project_with_the_backend_it_carries():
    version = PROJECT["tool"]["uv"]["required-version"].removeprefix("==")
    assert PROJECT["build-system"]["requires"] == [f"uv_build=={version}"]
    assert list(requirements(REPOSITORY / "deploy" / "uv-itself.lock")) == [f"uv=={version}"]


def test_no_package_is_looked_for_in_two_indexes_at_once():
    files = [REPOSITORY / name for name in ("Makefile", "pyproject.toml", ".ci/run", "docker-compose.yml")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in [*files, *LOCKS, *DOCKERFILES]}
    assert [name for name, text in texts.items() if re.search("extra.index", text, re.IGNORECASE)] == []


def test_pip_installs_only_what_has_a_hash():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for path in DOCKERFILES for line in path.read_text(encoding="utf-8").splitlines()]
    installs = [line for line in [*makefile.splitlines(), *lines] if re.search(r"\bpip install\b", line)]
    assert len(installs) > len(DOCKERFILES)
    assert [line for line in installs if "--require-hashes" not in line or "--no-deps" not in line] == []


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_starts_from_a_full_version_that_a_digest_can_replace(dockerfile):
    text = dockerfile.read_text(encoding="utf-8")
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.11\.\d+-slim-bookworm$", text, re.MULTILINE)
    assert re.findall(r"^FROM (.*)$", text, re.MULTILINE) == ["${PYTHON_IMAGE}"]
    assert "uv sync --frozen" in text


def test_the_list_of_images_names_each_with_version_digest_and_users(monkeypatch):
    listed = runpy.run_path(str(REPOSITORY / "deploy" / "list_images.py"))
    compose = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))
    monkeypatch.setenv("POSTGRES_DIGEST", f"@sha256:{'a' * 64}")
    found = [listed["component"](image, users) for image, users in listed["images"](compose["services"]).items()]
    assert sorted(name for it in found for name in it["description"].removeprefix("for ").split(", ")) == sorted(
        compose["services"]
    )
    assert [it["name"] for it in found if it.get("hashes") == [{"alg": "SHA-256", "content": "a" * 64}]] == ["postgres"]
    with pytest.raises(ValueError, match="by version"):
        listed["component"]("postgres:16", "postgres")


@pytest.mark.parametrize("target", ["demo", "ui"])
def test_vllm_is_installed_for_the_demo_where_it_is_asked_for_only(target):
    def steps(*words: str) -> str:
        command = ["make", "--dry-run", "--always-make", target, *words]
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout

    assert f"pathways {target}" in steps() and "llm-cpu.lock" not in steps()
    assert "llm-cpu.lock" in steps("ENGINE=vllm")
