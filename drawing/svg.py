"""The look of every chart, and how it becomes SVG: of a publication, of a review.

Does not belong here: what a chart shows.
"""

import json
import re
from functools import lru_cache

import altair as alt
import vl_convert
from altair.utils.schemapi import disable_debug_mode

from drawing.text_room import with_room

# Analysis Function palette: every fill has a contrast of 3:1 or more with the page. Neighbours differ in brightness and
# are parted by a white line, and every mark carries its number.
DARK_BLUE, TURQUOISE, GREY, ORANGE, DARK_GREY = "#12436d", "#28a197", "#6f777b", "#f46a25", "#3d3d3d"
PAGE = "#ffffff"
PADDING = {"left": 10, "right": 10, "top": 4, "bottom": 4}  # fonts of readers may be wider than the one measured with
FONT = "Arial, Helvetica, sans-serif"
INK = "#0b0c0c"
# Vega-Lite refuses a wrong chart itself: checking each part against its schema before costs as much as drawing it.
disable_debug_mode()
DrawnChart = alt.LayerChart | alt.FacetChart | alt.HConcatChart | alt.VConcatChart
CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "labelLimit": 420,
        "gridColor": "#d9d9d9",
        "domainColor": GREY,
        "tickColor": GREY,
        "titlePadding": 10,
    },
    "legend": {
        "labelFontSize": 14,
        "orient": "top",
        "direction": "vertical",
        "labelLimit": 600,
        "symbolSize": 180,
        "symbolType": "square",
        "symbolOpacity": 1,
    },
    "text": {"fontSize": 14, "font": FONT},
}


def to_svg(chart: DrawnChart, name: str, text_alternative: str) -> str:
    """The chart as an SVG element for a web page; `name` keeps its identifiers apart from those of other charts."""
    specification = {**chart.to_dict(validate=False), "config": CONFIG, "background": PAGE, "padding": PADDING}
    svg = _drawn(json.dumps(specification))
    svg = with_room(svg[svg.index("<svg") :])
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'url\(#([^)"]+)\)', rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r' (role|aria-[a-z]+)="[^"]*"', "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{_attribute(text_alternative)}"', 1)


@lru_cache(maxsize=128)
def _drawn(specification: str) -> str:
    """The same chart is drawn once, whatever document it stands in."""
    return vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])  # nothing is fetched


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
