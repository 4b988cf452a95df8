"""Writes the figures of the probation regions as one page that needs nothing else, and no script.

Belongs here: handing measures and outlines to the template. Does not belong here: what is shown and compared
(regional_measures.py), the look, the words and the script (templates/regions).
"""

from dataclasses import replace
from itertools import groupby

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publication_assets.catalogue.notes import SHORTHAND
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.regional.region_outlines import region_outlines
from publication_assets.steps.regional.regional_measures import (
    HIGHER,
    LOWER,
    UNCLEAR,
    WITHHELD,
    Measure,
    Place,
    authorities,
    regional_measures,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from publication_assets.templates_folder import TEMPLATES
from publishing.charts.charts import DARK_BLUE, GREY, ORANGE, PAGE
from publishing.documents.render_document import PAGES

FILE = "regions.html"
COLOURS = {HIGHER: DARK_BLUE, UNCLEAR: GREY, LOWER: ORANGE, WITHHELD: PAGE}


def regional_files(cells: pl.DataFrame, facts: RunFacts) -> dict[str, bytes]:
    """regions.html. `cells` is published_tables."""
    return {FILE: regional_html(cells, facts).encode("utf-8")}


def regional_html(cells: pl.DataFrame, facts: RunFacts) -> str:
    """The page: each measure as a table and a map; a script adds choosing, sorting and comparing with a region."""
    facts = replace(facts, engines=(), simulated_review=False)  # no figure of the page comes from contact notes
    shown = ShownCells(cells)
    measures, (nouns, places) = regional_measures(shown), authorities(shown)
    outlines, points, size = region_outlines()
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, PAGES]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"key": lambda words: words.replace(" ", "-"), "seen": on_the_map, "groups": by_region}
    ends = [region.upper or 0 for measure in measures for region in [*measure.regions, measure.england]]
    page = environment.get_template("regions/regions.html.j2").render(
        facts=facts,
        measures=measures,
        nouns=nouns,
        places=places,
        outlines=outlines,
        points=points,
        size=size,
        colours=COLOURS,
        longest=max([*ends, 1]),
        used={mark: said for mark, said in SHORTHAND.items() if mark in _shown(measures, places)},
    )
    return facts.wording(page)


def by_region(places: list[Place]) -> list[tuple[str, list[Place]]]:
    """The local authorities of each region, in order; and England."""
    return [(region, list(found)) for region, found in groupby(places, key=lambda place: place.region)]


def on_the_map(measure: Measure) -> str:
    """What a map shows, in words."""
    said = [
        f"{compared} than in England in {listed(names)}" if compared in (HIGHER, LOWER) else f"{compared}: {len(names)}"
        for compared in COLOURS
        if (names := measure.named(compared))
    ]
    return "; ".join(said)


def _shown(measures: list[Measure], places: list[Place]) -> str:
    of_regions = [
        f"{region.requirements} {region.counted} {region.share}"
        for measure in measures
        for region in [*measure.regions, measure.england]
    ]
    return " ".join([*of_regions, *(text for place in places for share in place.shares for text in share)])
