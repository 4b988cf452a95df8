"""`python -m pathways` is the same as the command `pathways`."""

from pathways.cli import app

app()
