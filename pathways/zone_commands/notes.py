"""The commands of the notes zone's image, where its data lie: `python -m pathways.zone_commands.notes`.

Does not belong here: refreshing, which is a run of Dagster there (job notes_zone).
"""

from pathways.accept_command import accept
from pathways.check.command import check
from pathways.command_line import Commands
from pathways.review.notes.commands import app as review_notes_app

app = Commands(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command()(check)
app.command()(accept)
app.add_typer(review_notes_app, name="review-notes")

if __name__ == "__main__":
    app()
