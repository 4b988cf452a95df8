"""The commands of the linkage zone's image, where its data lie: `python -m pathways.zone_commands.linkage`.

Does not belong here: refreshing and training, which are runs of Dagster there (jobs linkage_zone and training).
"""

from typing import Annotated

import typer

from pathways.accept_command import accept
from pathways.check.command import check
from pathways.command_line import Commands
from pathways.review.pairs.commands import app as review_app
from resources.process.data_root import data_root

app = Commands(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command()(check)
app.command()(accept)
app.add_typer(review_app, name="review")


@app.command()
def approval(name: Annotated[str, typer.Option(help="Name that the model was trained under.")]) -> None:
    """Print the lines of study.toml that approve a trained model, and where its charts are."""
    from pathways.linkage_model import approval_lines

    print("\n".join(approval_lines(data_root(), name)))


if __name__ == "__main__":
    app()
