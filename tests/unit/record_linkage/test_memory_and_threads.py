"""Memory and threads of the database under a linkage are settings: zones, commands and benchmarks follow them."""

import re
from operator import attrgetter

import pytest

import justice_assets.definitions
import linkage_assets.definitions
from resources.process.data_root import REPOSITORY
from resources.settings.study_settings import SETTINGS_FILE, load_study_settings
from resources.zone.at_launch import made_with

ZONES = [(linkage_assets.definitions, "linkage"), (justice_assets.definitions, "justice.linkage")]
FIXED = re.compile(r"""SplinkBackend\(|default_factory=SplinkBackend|memory_limit["']?\s*[=:]\s*["']""")


@pytest.mark.parametrize(("zone", "linkage"), ZONES, ids=lambda given: given if isinstance(given, str) else "")
def test_a_zone_links_with_the_memory_and_threads_that_study_toml_gives_its_linkage(zone, linkage):
    resource = (zone.defs().resources or {})["splink_backend"]
    backend, given = made_with(resource), attrgetter(linkage)(load_study_settings()).backend
    assert (backend.memory_limit, backend.threads) == (given.memory_limit, given.threads)
    assert f"({linkage}.backend in study.toml)" in resource.description


def test_no_benchmark_and_no_command_fixes_them():
    """A benchmark measures what a refresh with these settings takes."""
    files = [file for room in ("benchmarks", "pathways") for file in (REPOSITORY / room).rglob("*.py")]
    assert len(files) > 50
    assert [file.name for file in files if FIXED.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("limit", ["2GB", "3GB"])
def test_another_limit_of_memory_links_nothing_anew(limit, tmp_path):
    path, settings = tmp_path / "study.toml", SETTINGS_FILE.read_text(encoding="utf-8")
    assert settings.count(f'memory_limit = "{limit}"') == 1
    path.write_text(settings.replace(f'memory_limit = "{limit}"', 'memory_limit = "7GB"'), encoding="utf-8")
    before, after = load_study_settings(), load_study_settings(path)
    assert before != after
    assert before.fingerprint("linkage", "justice") == after.fingerprint("linkage", "justice")
