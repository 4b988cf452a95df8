"""What the commands of all kinds of review share: options, settings, serving and signing, and how they end."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pathways.command_line import known
from pathways.refresh.ending import said_of
from pathways.webserver.door import LOOPBACK
from resources.process.shield import is_fault
from resources.settings.study_settings import StudySettings, load_study_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pathways.review.shared.folder import ReviewFolder
    from pathways.review.shared.server import Session

Quarter = Annotated[str, typer.Option(help="Quarter that is reviewed.")]
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


def add_serve_and_sign(
    app: typer.Typer, folder_of: "Callable[[str], ReviewFolder]", session_of: "Callable[[str, str], Session]"
) -> None:
    """Add to `app` the two commands that every review has. `folder_of` a quarter, `session_of` it and a reviewer."""

    @app.command()
    def serve(reviewer: Reviewer, quarter: Quarter = "2023Q1", port: Port = 0, listen: Listen = LOOPBACK) -> None:
        """Open the review page of one reviewer on this machine; it goes on where the reviewer stopped."""
        from pathways.review.shared.server import serve as run

        settings_of(quarter)
        with Stops():
            run(session_of(quarter, reviewer), port, listen)

    @app.command()
    def sign(reviewer: Reviewer, quarter: Quarter = "2023Q1") -> None:
        """Close a reviewer's decisions on the latest sample into a dated, signed file."""
        from pathways.review.shared.signing import sign as close

        settings_of(quarter)
        with Stops():
            folder = folder_of(quarter)
            print(f"Signed: {close(folder, folder.stage(), reviewer)}")
