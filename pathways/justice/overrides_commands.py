"""The options of `pathways overrides`. Does not belong here: the work (overrides.py)."""

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pathways.command_line import saying

Quarter = Annotated[str, typer.Option(help="Quarter whose linked records the decisions are about, e.g. 2023Q1.")]
Decisions = Annotated[
    Path,
    typer.Option(help="CSV file: source, record_key, other_source, other_record_key, same (yes: one person; no: two)."),
]
By = Annotated[str, typer.Option(help="Who signs: a short name, such as asha, with a key (pathways sign-off key).")]
Reason = Annotated[str, typer.Option(help="Why. Name nobody.")]
app = typer.Typer(
    no_args_is_help=True,
    help="Decisions of people about pairs of justice records, which no refresh decides otherwise: a signed file.",
)


@app.command("list")
def listed() -> None:
    """Say who decided how many pairs, when and why; no record is shown. Exit code 1 where the file is not as signed."""
    from pathways.justice.overrides import lines
    from resources.process.data_root import data_root

    with _said():
        print("\n".join(lines(data_root())))


@app.command()
def check(decisions: Decisions, quarter: Quarter = "2023Q1") -> None:
    """Say whether a file of decisions could be signed. Signs and records nothing."""
    from pathways.justice.overrides import checked
    from resources.process.data_root import data_root

    with _said():
        print(f"{checked(data_root(), decisions, quarter).height} pair(s) can be signed.")


@app.command()
def sign(decisions: Decisions, by: By, reason: Reason, quarter: Quarter = "2023Q1") -> None:
    """Check a file of decisions, and sign and record them with who and why. The next refresh follows them."""
    from pathways.justice.overrides import sign as record
    from resources.process.data_root import data_root

    with _said():
        made = record(data_root(), decisions, quarter, by, reason, date.today())
        print(f"Signed by {made.by}: {len(made.decided)} pair(s). {_to_go_on(quarter)}")


@app.command()
def withdraw(
    entry: Annotated[int, typer.Option(help="Its number: pathways overrides list.")],
    by: By,
    reason: Reason,
    quarter: Quarter = "2023Q1",
) -> None:
    """Take back what somebody decided: it stays in the file, and no refresh follows it."""
    from pathways.justice.overrides import withdraw as take_back
    from resources.process.data_root import data_root

    with _said():
        made = take_back(data_root(), entry, by, reason, date.today())
        print(f"Taken back by {by}: {len(made.decided)} pair(s) of {made.by}. {_to_go_on(quarter)}")


def _to_go_on(quarter: str) -> str:
    return f"Run: pathways refresh --study justice --quarter {quarter}"


def _said() -> AbstractContextManager[None]:
    """Says what a command cannot do."""
    from justice_assets.steps.clusters.overrides import OverridesRefused
    from pathways.justice.overrides import NotDecided
    from resources.duties.roles import RolesRefused
    from resources.receipts.signed_statement import KeyNotUsable
    from resources.secrets.kept_secret import SecretNotReadable
    from resources.secrets.private_files import NotPrivate

    return saying(OverridesRefused, NotDecided, RolesRefused, KeyNotUsable, SecretNotReadable, NotPrivate)
