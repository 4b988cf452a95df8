"""Draws the figures of the report as SVG, each with a text alternative and its data.

Belongs here: the sizes and parts of charts, beside the look that all charts have (drawing). Does not belong
here: which figures the report has (report_figures.py) and their numbers. Only what the published tables show is drawn:
a withheld figure has no mark and is named in the data.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap

import altair as alt
import polars as pl

from drawing.svg import DARK_BLUE, DARK_GREY, GREY, INK, ORANGE, PAGE, TURQUOISE, DrawnChart, to_svg
from drawing.text_room import lines_within, text_width

FILLS = (DARK_BLUE, TURQUOISE, GREY, ORANGE, DARK_GREY)
INK_ON = {DARK_BLUE: PAGE, TURQUOISE: "#0b0c0c", ORANGE: "#0b0c0c", GREY: PAGE, DARK_GREY: PAGE}
WIDTH, NARROW = 560, 320  # of what is drawn, pixels; the second on a phone
LETTER = text_width("n")  # of the labels, in the widest font of a reader; pixels
LEGEND = NARROW - 40  # of the names in a legend, at most; pixels
WIDE_ROWS = 300  # of the names beside rows on a wide page, at most; pixels
LETTERS_OF_A_ROW, NARROW_ROWS, NARROW_STEP = 20, 135, 38  # of a name beside rows on a phone; what rows and a row have
HEADING, UNDER = "#", "|"
NAME = ""  # the part of a row that is its name, where that stands above it


@dataclass(frozen=True)
class Figure:
    """A figure of the report.

    number: "1", "M1", "6 and 7". title: what it shows, a finding where one holds. subtitle: statistics, unit and
    period. rows: its data as shown, below `headers`. source: table it shows. narrow: the same for a page as wide as a
    phone, where `svg` is too wide for one.
    """

    number: str
    title: str
    alt: str
    svg: str
    headers: list[str]
    rows: list[list[str]]
    source: str = ""
    subtitle: str = ""
    narrow: str = ""

    @property
    def caption(self) -> str:
        """Heading of its data: the title, with its marks, and what the numbers are, of whom and when."""
        return f"{self.title}. {self.subtitle}" if self.subtitle else self.title

    @property
    def name(self) -> str:
        """How the text calls it: "Figure 6", "Figures 11 and 12"."""
        return f"Figure{'s' if ' ' in self.number else ''} {self.number}"

    @property
    def anchor(self) -> str:
        """Its identifier on a page and in the names of its parts."""
        return f"figure-{self.number.lower().replace(' ', '-')}"

    @property
    def withheld(self) -> list[str]:
        """Shorthand in its data that stands for withheld figures."""
        return [mark for mark in ("[c]", "[u]") if any(mark in value for row in self.rows for value in row)]


def chart_data(rows: list[dict]) -> pl.DataFrame:
    """Rows as what a chart is drawn from."""
    return pl.DataFrame(rows, infer_schema_length=None)


def row_axis(rows: list[str], narrow: bool) -> alt.Y:
    """A row for each name, in the given order. narrow: names stand above their rows (names_above), not beside them."""
    lines = {row: lines_within(row, WIDE_ROWS) for row in rows}
    axis = alt.Axis(
        labelExpr=f"({json.dumps(lines)})[datum.label]",
        labelLineHeight=15,
        minExtent=max((text_width(line) for each in lines.values() for line in each), default=0) + 8,
        ticks=False,
        domain=False,
        labelPadding=8,
        grid=False,
    )
    return alt.Y("row:N", sort=list(dict.fromkeys(rows)), title=None, axis=None if narrow else axis)


def side_by_side(parts: list[str], rows: list[str], narrow: bool) -> alt.YOffset:
    """Places of the parts within a row, below one another; where it is narrow, below those of the lines of its name."""
    return alt.YOffset("part:N", sort=None, scale=alt.Scale(domain=[*_name_places(rows), *parts] if narrow else parts))


def _name_places(rows: list[str]) -> list[str]:
    """As many places above the parts of a row as the longest name has lines."""
    return [NAME + " " * number for number in range(max(len(_name_lines(row)) for row in rows))]


def _name_lines(row: str) -> list[str]:
    return lines_within(row, NARROW, bold=True)


def names_above(rows: list[str]) -> alt.Chart:
    """The names of the rows of a narrow chart whose parts are side by side, a line in each place above the parts."""
    places = _name_places(rows)
    named = [
        {"row": row, "part": place, "text": line}
        for row in dict.fromkeys(rows)
        for place, line in zip(places[-len(_name_lines(row)) :], _name_lines(row), strict=True)
    ]
    names = alt.Chart(chart_data(named)).mark_text(align="left", baseline="middle", dy=3, fontWeight="bold", color=INK)
    return names.encode(
        x=alt.XValue(0), y=row_axis(rows, narrow=True), yOffset=alt.YOffset("part:N"), text=alt.Text("text:N")
    )


def wide_and_narrow(chart: Callable[[bool], DrawnChart], name: str, text_alternative: str) -> tuple[str, str]:
    """The chart for a wide page and for a phone; `chart` is told whether it is to be narrow."""
    wide, narrow = (to_svg(chart(each), name + ("-narrow" if each else ""), text_alternative) for each in (False, True))
    return wide, narrow


def grouped_row(group: str, row: str = "") -> str:
    """The key of a row below the name of its group, or of that name."""
    return f"{group}{UNDER}{row}" if row else f"{HEADING}{group}"


def step_of_rows(order: list[str]) -> int:
    """Height of the rows of `grouped_rows` on a phone: as many lines as the longest name has, and more."""
    return max(NARROW_STEP, 15 * max(len(wrap(_name_of(key), LETTERS_OF_A_ROW)) for key in order) + 8)


def _name_of(key: str) -> str:
    return key.removeprefix(HEADING).rpartition(UNDER)[2]


def title_below_rows(title: str, narrow: bool) -> str | list[str]:
    """The title of the axis below grouped rows: on a phone in lines as short as the axis."""
    return wrap(title, LETTERS_OF_A_ROW) if narrow else lines_within(title, WIDTH - 100)


def grouped_rows(order: list[str], narrow: bool) -> alt.Y:
    """Rows below the names of their groups, in the given order of keys. narrow: names in lines, beside short rows."""
    names = {key: _name_of(key) for key in order}
    lines = {key: wrap(name, LETTERS_OF_A_ROW) if narrow else [name] for key, name in names.items()}
    axis = alt.Axis(
        labelExpr=f"({json.dumps(lines)})[datum.label]",
        labelFontWeight=alt.condition(
            f"slice(datum.label, 0, 1) === '{HEADING}'", alt.value("bold"), alt.value("normal")
        ),
        labelLineHeight=15,
        minExtent=max(text_width(line, bold=key.startswith(HEADING)) for key, each in lines.items() for line in each),
        ticks=False,
        domain=False,
        labelPadding=8,
        grid=False,
    )
    return alt.Y("key:N", sort=order, title=None, scale=alt.Scale(domain=order), axis=axis)


def colour_of_parts(
    colours: dict[str, str], legend: bool = True, shape: str = "square", field: str = "part"
) -> alt.Color:
    """What each colour means, in a legend unless there is one part or the marks are named."""
    lines = {part: lines_within(part, LEGEND) for part in colours}
    words = f"({json.dumps(lines)})[datum.label]"
    shown = alt.Legend(title=None, symbolType=shape, labelExpr=words) if legend and len(colours) > 1 else None
    return alt.Color(
        f"{field}:N",
        sort=list(colours),
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=shown,
    )


def axis_lines(title: str, narrow: bool) -> list[str]:
    """The title of an axis, in lines no longer than the chart is wide."""
    return lines_within(title, NARROW if narrow else WIDTH)
