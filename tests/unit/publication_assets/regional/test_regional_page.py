"""The page of the probation regions: a table without scripts, no ranking, a map that needs nothing else."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from contracts.vocabulary import REGIONS
from publication_assets.steps.regional.region_outlines import region_outlines
from publication_assets.steps.regional.regional_measures import HIGHER, LOWER, UNCLEAR, WITHHELD, regional_measures
from publication_assets.steps.regional.write_regional_page import on_the_map, regional_html
from publication_assets.steps.tables.shown_cells import ShownCells
from tests.unit.publication_assets.text_of_pages import code_in, numbers

SHARES = {"North East": 75, "South West": 50, "West Midlands": 25}


@pytest.fixture(scope="module")
def regional(build, link, tabulate, pooled):
    """Cells of a study in three regions that link 75, 50 and 25 of 100."""
    groups = [
        group
        for region, linked in SHARES.items()
        for kind in ("ATR", "DRR")
        for group in (
            (linked, link("Completed", requirement_type=kind, region=region)),
            (100 - linked, {"requirement_type": kind, "region": region}),
        )
    ]
    return tabulate(build(*groups), pooled.clear())


@pytest.fixture(scope="module")
def page(regional, facts):
    return regional_html(regional, replace(facts, synthetic=True))


@pytest.fixture(scope="module")
def linked(regional):
    return {region.name: region for region in regional_measures(ShownCells(regional))[0].regions}


class _Rows(HTMLParser):
    """Text of the cells of the rows of all tables, as a browser without scripts has it."""

    def __init__(self):
        super().__init__()
        self.rows, self.inside = [], ""

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self.inside = tag if tag in ("td", "th") or (self.inside in ("td", "th") and tag == "span") else self.inside

    def handle_endtag(self, tag):
        self.inside = "" if tag in ("td", "th") else self.inside

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data.strip()


def test_every_figure_of_a_region_stands_in_a_table_without_scripts(page):
    read = _Rows()
    read.feed(re.sub(r"<script>.*</script>", "", page, flags=re.DOTALL))
    rows = [row for row in read.rows if row and "North East" in row[0]]
    assert len(rows) == 5  # linked and reconvicted, ATRs and DRRs; and the local authorities
    assert rows[-1] == ["North East"]  # the heading of its authorities
    assert read.rows[read.rows.index(rows[-1]) + 1] == ["All of the region", *(["100", "75", "75%", "66% to 82%"] * 2)]
    assert [cell for cell in rows[0][1:] if cell] == ["75%", "66% to 82%", "Higher", "100", "75"]
    england = [row for row in read.rows if row and row[0] == "England"]
    assert [cell for cell in england[0][1:] if cell] == ["50%", "44% to 56%", "300", "150"]


def test_every_region_of_the_local_authorities_has_a_heading_and_a_link_to_it(page, regional):
    anchors = re.findall(r'<th scope="rowgroup"[^>]* id="(authorities-[^"]+)"', page)
    assert anchors == re.findall(r'<li><a href="#(authorities-[^"]+)">', page)
    assert len(anchors) == len(set(anchors)) and "authorities-north-east" in anchors
    assert "tables 5, 13 and 42" in page


def test_a_region_is_higher_or_lower_than_england_only_where_its_limits_leave_england_out(linked):
    compared = {name: linked[name].compared for name in SHARES}
    assert compared == {"North East": HIGHER, "South West": UNCLEAR, "West Midlands": LOWER}


def test_two_regions_differ_where_the_limits_of_their_difference_leave_out_none(build, link, tabulate, pooled, linked):
    def beside(one: str, other: str) -> str:
        return linked[one].beside[sorted(linked).index(other)]

    assert (beside("North East", "West Midlands"), beside("West Midlands", "North East")) == (HIGHER, LOWER)
    assert beside("North East", "North East") == "" and beside("North East", "Greater London") == WITHHELD
    close = build(
        *((linked, link("Completed", region=name)) for name, linked in (("North East", 53), ("South West", 50))),
        *((100 - linked, {"region": name}) for name, linked in (("North East", 53), ("South West", 50))),
    )
    shown = ShownCells(tabulate(close, pooled.clear()))
    regions = {region.name: region for region in regional_measures(shown)[0].regions}
    assert regions["North East"].beside[sorted(regions).index("South West")] == UNCLEAR


def test_rows_stand_in_the_order_of_the_alphabet_and_cannot_be_sorted_by_share(page, linked):
    assert list(linked) == sorted(REGIONS)
    assert set(re.findall(r'data-sort="(\w+)"', page)) == {"number", "count", "compared"}


def test_a_withheld_share_is_in_no_part_of_the_page(regional, facts):
    shown_there = pl.col("table_key").is_in(["linked_by_region", "linked_by_authority"])
    covered = shown_there & pl.col("row_key").eq("north_east")
    hidden = regional.with_columns(
        pl.when(covered).then(pl.lit("[c]")).otherwise(name).alias(name) for name in ("shown", "status")
    )
    measure = regional_measures(ShownCells(hidden))[0]
    region = next(region for region in measure.regions if region.name == "North East")
    assert (region.share, region.limits, region.value, region.compared) == ("[c]", "", None, WITHHELD)
    assert set(region.beside) <= {WITHHELD, ""} and "North East" not in on_the_map(measure)
    assert "75%" not in regional_html(hidden, facts) and "[c]: confidential" in regional_html(hidden, facts)


def test_the_page_loads_nothing_and_names_its_data_as_synthetic(page):
    assert not re.search(r'(src|href)="(https?:)?//|@import|url\(', page)
    assert page.count("<script>") == 1 and "fetch(" not in page and "XMLHttpRequest" not in page
    assert "[SYNTHETIC DATA]" in page and "Open Government Licence v3.0" in page


def test_every_region_has_one_place_on_the_map_and_its_number_lies_within_it():
    outlines, points, (width, height) = region_outlines()
    assert list(outlines) == REGIONS
    for name, (x, y) in points.items():
        rings = [
            [tuple(map(int, corner.split())) for corner in ring.rstrip("Z").split("L")]
            for ring in outlines[name].split("M")[1:]
        ]
        crossings = 0
        for ring in rings:
            assert all(0 <= across <= width and 0 <= down <= height for across, down in ring)
            for (one, top), (other, bottom) in zip(ring, [*ring[1:], ring[0]], strict=True):
                crossings += one == other and one > x and min(top, bottom) < y < max(top, bottom)
        assert crossings % 2 == 1


def test_every_number_of_the_page_is_a_cell_and_no_name_of_the_code_stands_in_it(page, regional):
    assert code_in(page) == set()
    words = re.sub(r"<[^<>]*>", " ", re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", "", page))
    limits = {text for shown in regional["shown"] for text in numbers(shown)}
    level = "95"
    assert numbers(words) - {*regional["shown"], level} - limits == set()
