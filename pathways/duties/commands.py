"""The options of `pathways sign-off`. Does not belong here: the work."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from pathways.command_line import StudyOption, saying

Quarter = Annotated[str, typer.Option(help="Quarter, e.g. 2023Q1.")]
By = Annotated[str, typer.Option(help="Who signs: a short name, such as asha.")]
app = typer.Typer(
    no_args_is_help=True,
    help="Roles of people, and sign-offs that a quarter of real extracts waits for. Synthetic extracts need none.",
)


@app.command("list")
def listed(quarter: Quarter = "2023Q1", study: StudyOption = "treatment") -> None:
    """What a quarter needs signed off, by its hash, in which role, by whom it was, and how to sign off the rest."""
    from pathways.duties.lines import sign_off_lines
    from pathways.studies import STUDIES
    from resources.process.data_root import data_root

    with _said():
        print("\n".join(sign_off_lines(data_root(), quarter, STUDIES[study])))


@app.command()
def give(
    by: By,
    what: Annotated[str, typer.Option(help="threshold, model, release, acceptance or publication.")],
    quarter: Quarter = "2023Q1",
    reason: Annotated[str, typer.Option(help="What it rests on. Name nobody else.")] = "",
    study: StudyOption = "treatment",
) -> None:
    """Sign off what a quarter asks for, as it is now. It counts for just that: what changes is asked for again."""
    from pathways.duties.give import give as sign
    from pathways.studies import STUDIES
    from resources.process.data_root import data_root

    with _said():
        for made in sign(data_root(), quarter, what, by, reason, STUDIES[study]):
            print(f"Sign-off {made.number}: {made.what} of {quarter} ({made.sha256[:12]}), by {made.by}, {made.role}.")


@app.command()
def key(by: By) -> None:
    """Make a key to sign with, where there is none. Prints where the public one lies, which whoever appoints needs."""
    from pathways.duties.people import make_key
    from resources.process.data_root import data_root

    with _said():
        print(make_key(data_root(), by))


@app.command()
def appoint(
    person: Annotated[str, typer.Option(help="Who is appointed: a short name.")],
    by: By,
    role: Annotated[list[str], typer.Option(help="linker, combiner, analyst, reviewer or approver; may be repeated.")],
    public_key: Annotated[Path | None, typer.Option(help="File of the person's public key; else the one here.")] = None,
) -> None:
    """Give a person these roles, in place of those they had. Two roles that exclude each other are refused."""
    from pathways.duties.people import appoint as give_roles
    from resources.process.data_root import data_root

    with _said():
        named = give_roles(data_root(), person, role, by, public_key)
        print(f"{person} is {' and '.join(role)}. The list counts while study.toml says:\n")
        print(f'[duties]\nappointed_by = "{named}"')


@app.command()
def verify() -> None:
    """Is every sign-off as its person signed it, and none taken away? Exit code 1 if not."""
    from pathways.duties.people import current_roles
    from resources.duties.sign_offs import read_sign_offs
    from resources.process.data_root import data_root

    with _said():
        print(f"All {len(read_sign_offs(data_root(), current_roles(data_root())))} sign-offs are as they were signed.")


def _said() -> AbstractContextManager[None]:
    """Says what a command cannot do."""
    from resources.duties.roles import RolesRefused
    from resources.duties.sign_offs import NotSignedOff
    from resources.secrets.kept_secret import SecretNotReadable
    from resources.zone.gates import DecisionsNotReadable

    return saying(RolesRefused, NotSignedOff, SecretNotReadable, DecisionsNotReadable)
