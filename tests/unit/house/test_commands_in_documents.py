"""Commands that documents and messages tell people to type are commands: they are parsed, and nothing of them runs."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import typer

from pathways.cli import app as all_commands
from pathways.zone_commands.justice import app as justice_commands
from pathways.zone_commands.linkage import app as linkage_commands
from pathways.zone_commands.notes import app as notes_commands
from resources.process.data_root import REPOSITORY

DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/operator-handbook.md",
    "docs/governance-handbook.md",
    "docs/deployment.md",
    "docs/gpu.md",
    "docs/security-properties.md",
]
# By the word before a command: the command line itself, or the service of the deployment that has a part of it
LINES = {
    "pathways": all_commands,
    "linkage_commands": linkage_commands,
    "notes_commands": notes_commands,
    "justice_commands": justice_commands,
}
IS_ONE = re.compile(rf"(?:^|[\s/=])(?:{'|'.join(LINES)})\s+\S")
NAMED = re.compile(r"\bpathways ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
ELLIPSIS = "..."  # stands for any command
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
TARGETS = {name for names in re.findall(r"^([a-z][a-z -]*):", MAKEFILE, re.MULTILINE) for name in names.split()}


@dataclass(frozen=True)
class Typed:
    """What a document says is typed. `whole`: a line of its own, to be typed as it stands; else named in a sentence."""

    words: tuple[str, ...]
    whole: bool

    def of(self) -> tuple[typer.Typer, list[str]] | None:
        """The command line that it is for, and what follows; None where it is for none of ours."""
        for place, word in enumerate(self.words):
            name = word.rpartition("/")[2]
            if name in LINES:
                return LINES[name], list(self.words[place + 1 :])
        return None


def typed_in(document: str) -> Iterator[Typed]:
    """All that a document has in blocks of code and in backticks, and that looks like a command."""
    text = (REPOSITORY / document).read_text(encoding="utf-8")
    block = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
    lines = [line for found in block.findall(text) for line in found.replace("\\\n", " ").splitlines()]
    named = [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", block.sub("", text))]
    for said, whole in [*((line, True) for line in lines), *((name, False) for name in named)]:
        if IS_ONE.search(said) or said.startswith(("make ", ".venv/bin/python benchmarks", "python benchmarks")):
            yield Typed(tuple(shlex.split(said, comments=True)), whole)


def inert(app: typer.Typer) -> Any:
    """The command line with commands that do nothing."""

    def disarm(command: Any) -> None:
        command.callback = None
        for inner in getattr(command, "commands", {}).values():
            disarm(inner)

    command = typer.main.get_command(app)
    disarm(command)
    return command


def refusal(typed: Typed) -> str:
    """Why what is typed would be refused before anything runs; empty where it would not be."""
    found = typed.of()
    if found is None or found[1][:1] == [ELLIPSIS]:
        return ""
    try:
        inert(found[0]).main(found[1], prog_name="pathways", standalone_mode=False)
    except typer.Exit:
        return ""
    except Exception as error:  # of the parser, whose classes are not public
        kind = type(error).__name__
        left_out = kind in {"MissingParameter", "NoArgsIsHelpError"} and not typed.whole
        of_the_reader = "does not exist" in str(error)  # a file or folder
        return "" if left_out or of_the_reader else f"{' '.join(typed.words)}: {kind} {error}"
    return ""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_a_document_names_are_understood(document):
    assert [why for typed in typed_in(document) if (why := refusal(typed))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_of_make_and_benchmarks_that_a_document_names_exist(document):
    missing = []
    for typed in typed_in(document):
        if typed.words[:1] == ("make",):
            missing += [word for word in typed.words[1:] if re.fullmatch(r"[a-z-]+", word) and word not in TARGETS]
        missing += [
            word for word in typed.words if word.startswith("benchmarks/") and not (REPOSITORY / word).is_file()
        ]
    assert missing == []


def test_every_target_of_make_is_told_of_or_needed_by_another():
    told = " ".join(re.findall(r'"(?:make .*)', MAKEFILE)).split()
    for document in DOCUMENTS:
        told += re.findall(r"make ([a-z-]+)", (REPOSITORY / document).read_text(encoding="utf-8"))
    needed = " ".join(re.findall(r"^[a-z][a-z -]*:(.*)", MAKEFILE, re.MULTILINE)).split()
    assert sorted(TARGETS - {*told, *needed, "help"}) == []


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("pathways refresh --quarters 2023Q1", False),
        ("pathways refreshing", False),
        ("pathways review serve --quarter 2023Q1", True),
        ("pathways refresh 2023Q1", True),
        ("docker compose run linkage_commands refresh", True),
    ],
)
def test_what_is_no_command_is_told(words, whole):
    assert refusal(Typed(tuple(words.split()), whole))


def test_commands_that_a_message_or_a_setting_names_exist():
    """What to do is said in messages: a command of another name leads nowhere."""
    packages = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    files = [REPOSITORY / "study.toml", REPOSITORY / "docker-compose.yml"]
    files += [file for package in packages["root_packages"] for file in (REPOSITORY / package).rglob("*.py")]
    commands, named = inert(all_commands).commands, 0
    for file in files:
        for first, second in NAMED.findall(file.read_text(encoding="utf-8")):
            named += 1
            assert first in commands, f"{file}: pathways {first}"
            inner = getattr(commands[first], "commands", {})
            assert not inner or not second or second in inner, f"{file}: pathways {first} {second}"
    assert named > 100


def test_the_handbooks_hold_commands():
    for handbook in ("docs/operator-handbook.md", "docs/governance-handbook.md"):
        assert len([typed for typed in typed_in(handbook) if typed.of()]) >= 5
