"""What every command line of ours shares: how a command ends, and the quarter that it is about.

Does not belong here: any command (cli.py has all of them, zone_commands those of an image).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal, NoReturn

import typer

from pathways.refresh.ending import ending_in_order
from resources.settings.study_settings import StudySettingsError, load_study_settings
from resources.zone.partitions import NotAQuarter, quarter_end

StudyName = Literal["treatment", "justice"]
StudyOption = Annotated[
    StudyName,
    typer.Option("--study", help="treatment: the published study. justice: the linking of justice records."),
]
Quarter = Annotated[str, typer.Option(help="The quarter, such as 2023Q1: the quarter that ends on 31 March 2023.")]


class Commands(typer.Typer):
    """A command line; whichever way it is called, a command ends in order."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command that the arguments name."""
        with ending_in_order():
            return super().__call__(*args, **kwargs)


def stop(message: str) -> NoReturn:
    """Say why, where there is something to say, and end with exit code 1."""
    if message:
        print(message, file=sys.stderr)
    raise typer.Exit(1)


@contextmanager
def saying(*errors: type[Exception]) -> Iterator[None]:
    """Say what is not a quarter, settings that cannot be read, or one of `errors`, and end with exit code 1."""
    try:
        yield
    except (NotAQuarter, StudySettingsError, *errors) as fault:
        print(fault, file=sys.stderr)
        raise typer.Exit(1) from None


def known(quarter: str) -> str:
    """The quarter, if it is one and the settings are valid; otherwise says what is wrong and ends the command."""
    try:
        quarter_end(quarter)
        load_study_settings()
    except (ValueError, StudySettingsError) as error:
        stop(str(error))
    return quarter
