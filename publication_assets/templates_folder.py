"""The folder that holds the templates of the publication. Does not belong here: what a template may hold."""

from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "templates"
