"""What the commands of all kinds of review share: options, settings, and how they end."""

import sys
from typing import Annotated

import typer

from pathways.command_line import known
from pathways.refresh.ending import said_of
from resources.process.shield import is_fault
from resources.settings.study_settings import StudySettings, load_study_settings

Reviewer = Annotated[str, typer.Option(help="Name of the reviewer: lower case letters, digits, - and _.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")]
Listen = Annotated[
    str, typer.Option(help="Address to listen on; in a container, that of a network whose port is this machine's.")
]
Reviewers = Annotated[int, typer.Option(min=1, max=2, help="Simulated reviewers.")]
MissRate = Annotated[float, typer.Option(min=0, max=1, help="Share of true matches that they call none.")]
FalseRate = Annotated[float, typer.Option(min=0, max=1, help="Share of other pairs that they call a match.")]
Simulated = Annotated[bool, typer.Option("--simulated", help="The simulated review, not people's.")]


class Stops:
    """Prints an error as one message; one of a library without its text, which may quote data."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error and is_fault(error) and not isinstance(error, typer.Exit):
            print(said_of(error), file=sys.stderr)
            raise typer.Exit(1) from None


def settings_of(quarter: str) -> StudySettings:
    """The settings, if `quarter` is one and they are valid; otherwise says what is wrong and ends the command."""
    known(quarter)
    return load_study_settings()
