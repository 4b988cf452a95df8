"""What a contributor meets: hooks that need no network, forms that ask for no data, workflows that only call make."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from contracts.extracts import EXTRACT_BY_NAME
from tests.longest_first import LONGEST

REPOSITORY = Path(__file__).resolve().parents[3]
CONFIG = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS = {
    hook["id"]: hook
    for repo in CONFIG["repos"]
    for hook in (repo["hooks"] if repo["repo"] == "local" else [{"id": repo["repo"], "language": "fetched"}])
}
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (REPOSITORY / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
SETTINGS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
PRODUCT = (*SETTINGS["importlinter"]["root_packages"], "benchmarks", "note_models", "deploy")
PYTHON = {
    room: sorted(path.relative_to(REPOSITORY) for path in (REPOSITORY / room).rglob("*.py"))
    for room in (*PRODUCT, "tests")
}
MOST_LINES, MOST_FILES = 50, 15
# Put together here, so that this file does not hold what it looks for.
PASSWORD = 'password = "' + "hunter2-Grampian-" + '9x"\n'
CLEAN = {
    "notes.md": "# Notes\n",
    "clean.py": '"""Shows what parts a path."""\n\nimport os\n\nprint(os.sep)\n',
    "set.toml": "a = 1\n",
    "list.yaml": "- a\n",
}
REFUSED = {
    "data": ("extracts/offender.csv", "crn\n"),
    "secrets": ("settings.py", PASSWORD),
    "large-files": ("big.csv", "many words\n" * 60_000),
    "merge-conflict": ("merged.md", "<<<<<<< mine\na\n=======\nb\n>>>>>>> theirs\n"),
    "toml": ("broken.toml", "a = \n"),
    "yaml": ("broken.yaml", "a: [\n"),
    "end-of-file": ("cut.md", "no line end"),
    "ruff-check": ("unused.py", "import os\n"),
    "ruff-format": ("unlike.py", "NUMBERS = [1,2]\n"),
}


def run_hooks(folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Every hook on these files, in a repository of its own, where no server can be reached."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in (".pre-commit-config.yaml", ".secrets.baseline", "pyproject.toml"):
        (folder / name).write_bytes((REPOSITORY / name).read_bytes())
    (folder / ".venv").symlink_to(sys.prefix)
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
    environment = (
        {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        | nowhere
        | {
            "PRE_COMMIT_HOME": str(folder / "home"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ALLOW_PROTOCOL": "none",
        }
    )
    run = {"cwd": folder, "env": environment, "capture_output": True, "text": True}
    subprocess.run(["git", "init", "--quiet"], check=True, **run)
    subprocess.run(["git", "add", "--", *files, ".secrets.baseline", ".pre-commit-config.yaml"], check=True, **run)
    return subprocess.run([".venv/bin/pre-commit", "run", "--color=never", "--verbose"], check=False, **run)


def states(printed: str) -> dict[str, str]:
    """Hook to Passed, Failed or Skipped."""
    names = {hook["name"]: key for key, hook in HOOKS.items()}
    found = re.findall(r"^(.+?)\.{3,}(?:\(.*\))?(Passed|Failed|Skipped)$", printed, re.MULTILINE)
    return {names[name]: state for name, state in found}


def test_hooks_pass_a_clean_commit_without_a_network(tmp_path):
    outcome = run_hooks(tmp_path, CLEAN)
    assert states(outcome.stdout) == {key: "Skipped" if key == "data" else "Passed" for key in REFUSED}
    assert outcome.returncode == 0


def test_each_hook_refuses_what_it_is_for_and_quotes_no_secret(tmp_path):
    outcome = run_hooks(tmp_path, dict(REFUSED.values()))
    assert states(outcome.stdout) == dict.fromkeys(REFUSED, "Failed")
    assert "Grampian" not in outcome.stdout + outcome.stderr
    assert sorted(REFUSED) == sorted(key for key, hook in HOOKS.items() if hook.get("stages") != ["manual"])


def test_every_hook_is_a_program_of_the_environment_and_none_is_fetched():
    assert {hook["language"] for hook in HOOKS.values()} == {"system", "fail"}
    programs = [hook["entry"].split()[0] for hook in HOOKS.values() if hook["language"] == "system"]
    assert [name for name in programs if not re.fullmatch(r"\.venv/bin/[\w-]+", name)] == []
    assert [name for name in programs if not (Path(sys.prefix) / "bin" / Path(name).name).is_file()] == []


@pytest.mark.parametrize("ending", [".csv", ".parquet", "/part-0.parquet"])
def test_every_extract_is_known_by_its_name_to_the_hook(ending):
    refused = re.compile(HOOKS["data"]["files"])
    assert [name for name in EXTRACT_BY_NAME if not refused.search(f"anywhere/2023Q1/{name}{ending}")] == []
    assert not refused.search("reference/offender_groups.csv")


def test_no_committed_file_is_one_that_the_hook_refuses():
    folders = [path for path in REPOSITORY.iterdir() if path.is_dir() and not path.name.startswith((".", "var"))]
    files = [path.relative_to(REPOSITORY).as_posix() for folder in folders for path in folder.rglob("*.*")]
    assert len(files) > 500 and [name for name in files if re.search(HOOKS["data"]["files"], name)] == []


def test_no_committed_file_is_a_link():
    """A link of a machine to its environment was committed once, and took the place of that of whoever updated."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("no history here")
    listed = subprocess.run(["git", "ls-files", "--stage"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) > 500
    assert [line.split("\t")[1] for line in listed.stdout.splitlines() if line.startswith("120000")] == []


def test_what_is_known_to_be_no_secret_is_in_files_that_exist():
    known = yaml.safe_load((REPOSITORY / ".secrets.baseline").read_text(encoding="utf-8"))["results"]
    assert [name for name in known if not (REPOSITORY / name).is_file()] == []
    assert [found for listed in known.values() for found in listed if found["is_secret"]] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_targets_of_the_makefile_only_with_actions_named_by_commit(workflow):
    text = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    steps = [step for job in text["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    targets = [command.removeprefix("make ") for command in commands if command != ".ci/run"]
    assert (
        commands
        and [name for name in targets if not re.search(rf"^(\S+ )*{name}( \S+)*:", MAKEFILE, re.MULTILINE)] == []
    )
    assert [it["uses"] for it in steps if "uses" in it and not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", it["uses"])] == []
    assert text["permissions"] == {"contents": "read"}
    assert [it for it in steps if "checkout" in it.get("uses", "") and it["with"]["persist-credentials"]] == []


def test_a_workflow_runs_what_ci_runs():
    assert WORKFLOWS and any("run: .ci/run\n" in path.read_text(encoding="utf-8") for path in WORKFLOWS)


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_says_never_to_paste_a_data_value_and_has_it_confirmed(form):
    parts = yaml.safe_load(form.read_text(encoding="utf-8"))["body"]
    assert parts[0]["type"] == "markdown" and "**Never paste a data value**" in parts[0]["attributes"]["value"]
    (confirmed,) = [part for part in parts if part.get("id") == "no-data"]
    assert [choice["required"] for choice in confirmed["attributes"]["options"]] == [True]


def test_no_issue_is_opened_without_a_form_and_changes_are_told_the_same():
    config = yaml.safe_load((REPOSITORY / ".github" / "ISSUE_TEMPLATE" / "config.yml").read_text(encoding="utf-8"))
    assert FORMS and config["blank_issues_enabled"] is False
    template = (REPOSITORY / ".github" / "pull_request_template.md").read_text(encoding="utf-8")
    assert "Never paste a data value" in template
    assert "Never send a data value" in (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")


def test_coverage_has_a_floor_and_covers_every_package():
    assert SETTINGS["coverage"]["report"]["fail_under"] >= 80
    assert SETTINGS["coverage"]["run"]["source"] == SETTINGS["importlinter"]["root_packages"]


def long_functions(file: Path) -> list[str]:
    tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    return [f"{file}: {name}" for name, lines in lengths if lines > MOST_LINES]


def test_no_function_of_the_product_is_longer_than_a_screen():
    files = [file for room in PRODUCT for file in PYTHON[room]]
    long = [found for file in files for found in long_functions(file)]
    assert len(files) > 500 and long == []


def test_no_folder_holds_more_python_files_than_can_be_looked_over():
    counts = Counter(file.parent.as_posix() for room in PYTHON.values() for file in room)
    full = {folder: files for folder, files in counts.items() if files > MOST_FILES}
    assert len(counts) > 100 and full == {}


def test_every_file_that_begins_before_others_is_a_file_of_tests():
    """One that was moved or renamed would begin last, and `make test` end minutes later."""
    assert [name for name in LONGEST if not (REPOSITORY / "tests" / name).is_file()] == []
    assert len(LONGEST) == len({*LONGEST}) > 5
