"""The commands of the justice zone's image, where its data lie: `python -m pathways.zone_commands.justice`.

Does not belong here: refreshing and training, which are runs of Dagster there (jobs justice_zone and
train_justice_model).
"""

from pathlib import Path
from typing import Annotated

import typer

from pathways.accept_command import accept
from pathways.check.command import check
from pathways.command_line import Commands, known, saying
from pathways.duties.commands import app as sign_off_app
from pathways.justice.overrides_commands import app as overrides_app
from pathways.review.links.commands import app as review_links_app
from resources.process.data_root import data_root

app = Commands(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
review_app = typer.Typer(no_args_is_help=True, help="Clerical review of pairs of justice records.")
review_app.add_typer(review_links_app, name="links")
app.command()(check)
app.command()(accept)
app.add_typer(overrides_app, name="overrides")
app.add_typer(review_app, name="review")
app.add_typer(sign_off_app, name="sign-off")


@app.command()
def status(
    quarter: Annotated[str | None, typer.Option(help="This quarter only; else every one that has begun.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON line per quarter.")] = False,
    html: Annotated[Path | None, typer.Option(help="Also write a page that needs no other file.")] = None,
) -> None:
    """Say where each quarter of the justice records stands: extracts, tables, what holds them, decisions, release."""
    from pathways.status.command import status_command
    from pathways.studies import OF_JUSTICE

    with saying(OSError):
        status_command(data_root(), known(quarter) if quarter else None, json_lines, html, OF_JUSTICE)


if __name__ == "__main__":
    app()
