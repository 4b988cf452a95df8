"""Renders the pages of the publication: each one self-contained file, all in the same frame and look.

Belongs here: what every page shares. Does not belong here: any page (write_report.py, write_linkage_quality.py,
write_note_reading.py) and the frame itself (templates/page.html.j2).
"""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from modelling_assets.steps.documents.run_facts import RunFacts

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def render_page(
    template: str, facts: RunFacts, filters: dict[str, Callable] | None = None, **values: object
) -> str:
    """The page of a template, with `values` for its figures and words; all of it escaped but figures and what a filter
    of `filters` marks as safe. The phrases that words name are filled in (tables/wording.py)."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True,
                              trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    environment.filters |= {"svg": lambda figure: Markup(figure.svg), **(filters or {})}
    return facts.wording(environment.get_template(template).render(is_number=_is_number, facts=facts, **values))


def _is_number(text: str) -> bool:
    return text[:1].isdigit() or text[:1] in ("+", "\N{MINUS SIGN}", "[")
