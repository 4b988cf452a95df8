"""`python -m pathways.check` is `pathways check`, for who needs no other command."""

from pathways.check.command import check
from pathways.command_line import Commands

app = Commands(add_completion=False, pretty_exceptions_enable=False)
app.command()(check)

if __name__ == "__main__":
    app()
