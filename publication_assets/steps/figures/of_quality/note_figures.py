"""The figures drawn from contact notes: 1, 4 and 5 of the report, and the estimates with their limits.

Belongs here: which cells each shows, in which chart, in which words. Does not belong here: the look of charts, the
report's other figures (report_figures.py).
"""

from math import ceil

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from publication_assets.catalogue.declared import and_limits, as_key
from publication_assets.catalogue.rows import EVIDENCE, LEFT_OUT
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.charts import (
    DARK_BLUE,
    GREY,
    ORANGE,
    PALE_GREY,
    TURQUOISE,
    Bar,
    Figure,
    stacked_bars,
    to_svg,
)
from publication_assets.steps.figures.interval_chart import Interval, interval_plot
from publication_assets.steps.figures.of_report.drawn_figures import STACKED, Frame, bar_figure, figure_title
from publication_assets.steps.tables.shown_cells import ShownCells

WHOLE_AXIS, AXIS_STEP = 100, 5
IDENTIFIED, SAID, TERMINATION = "identification", "contact_note_evidence", "engagement_by_termination"
ESTIMATES = "engagement_estimates"
IDENTIFICATION = {
    "linked_of_requirements": ("Linked to structured treatment", "Linked", DARK_BLUE),
    "engaged_share": (
        "Not linked, engaged according to contact notes (estimate)",
        "Engaged (estimate)",
        TURQUOISE,
    ),
    "not_engaged_share": ("Not linked, not engaged (estimate)", "Not engaged", PALE_GREY),
}
EVIDENCE_SHORT = {"engaged": "Engaged", "no indication": "No indication", "no keyword notes": "No keyword note"}


def identification_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 1: identification in any treatment."""
    bars = [
        Bar(
            cells.label(IDENTIFIED, kind),
            part,
            cells.value(IDENTIFIED, kind, measure),
            cells.percent(IDENTIFIED, kind, measure),
            short,
        )
        for kind in (ALL, *TYPES)
        for measure, (part, short, _) in IDENTIFICATION.items()
    ]
    unit = "Percentage of requirements"
    chart = stacked_bars(bars, {part: colour for part, _, colour in IDENTIFICATION.values()}, unit)
    title = figure_title("Identification in any treatment, by requirement type", facts, reads_notes=True)
    return bar_figure(
        Frame(TABLES[IDENTIFIED].figures[0], title, "Requirements", unit, TABLES[IDENTIFIED].name, STACKED), chart, bars
    )


def notes_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 4: what the contact notes of the sampled requirements without a link say."""
    evidence = {name: cells.label(SAID, name) for name in EVIDENCE}
    colours: dict[str, str] = dict(zip(evidence.values(), (TURQUOISE, PALE_GREY, GREY), strict=True))
    bars = [
        Bar(
            cells.label(IDENTIFIED, kind),
            label,
            cells.value(SAID, name, f"share_of_results/{kind}"),
            cells.percent(SAID, name, f"share_of_results/{kind}"),
            EVIDENCE_SHORT[name],
        )
        for kind in (ALL, *TYPES)
        for name, label in evidence.items()
    ]
    unit = "Percentage of the sampled requirements with a result"
    title = figure_title(
        "Sampled requirements without linked structured treatment: what their contact notes say",
        facts,
        reads_notes=True,
    )
    frame = Frame(TABLES[SAID].figures[0], title, "Requirements", unit, TABLES[SAID].name, STACKED)
    return bar_figure(frame, stacked_bars(bars, colours, unit), bars)


def termination_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 5: mean share of notes that indicate engagement in the weeks before the end, by termination reason."""
    intervals, rows = [], []
    measures, left_out = and_limits("mean_engaged"), {as_key(name) for name in LEFT_OUT}
    for row in [row for row in cells.rows(TERMINATION) if row not in left_out]:
        label = cells.label(TERMINATION, row)
        value, lower, upper = (cells.value(TERMINATION, row, measure) for measure in measures)
        written = with_limits(*(cells.percent(TERMINATION, row, measure) for measure in measures))
        intervals.append(Interval(label, "Mean share", value, lower, upper, written))
        texts = (cells.text(TERMINATION, row, measure) for measure in (*measures, "noted"))
        rows.append([label, *texts])
    ends = [interval.upper or interval.value or 0 for interval in intervals]
    longest = AXIS_STEP * max(1, ceil(max(ends) / AXIS_STEP))
    unit = facts.wording("Mean percentage of notes in the last {termination_period} before the end")
    title = figure_title(
        "Contact notes that indicate engagement before the end of the requirement, by termination reason",
        facts,
        reads_notes=True,
    )
    headers = [
        "Termination reason",
        "Mean share of notes (%)",
        "Lower {level} limit (%)",
        "Upper {level} limit (%)",
        "Requirements with notes",
    ]
    return _interval_figure(
        TABLES[TERMINATION].figures[0],
        title,
        interval_plot(intervals, {"Mean share": DARK_BLUE}, unit, longest),
        intervals,
        headers,
        rows,
        TABLES[TERMINATION].name,
    )


def estimates_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Any treatment by requirement type: as labelled and corrected, with limits."""
    bases, colours = {AS_LABELLED: DARK_BLUE, CORRECTED: ORANGE}, {}
    measures = and_limits("estimated_any_treatment")
    intervals, rows = [], []
    for kind in (ALL, *TYPES):
        for basis, colour in bases.items():
            row = f"{kind}/{basis}"
            value, lower, upper = (cells.value(ESTIMATES, row, measure) for measure in measures)
            texts = [cells.text(ESTIMATES, row, measure) for measure in measures]
            written = with_limits(*(cells.percent(ESTIMATES, row, measure) for measure in measures))
            noun, part = cells.group(ESTIMATES, row), cells.label(ESTIMATES, row)
            colours[part] = colour
            intervals.append(Interval(noun, part, value, lower, upper, written))
            rows.append([noun, part, *texts])
    title = figure_title("Any treatment, estimates with limits", facts, reads_notes=True)
    headers = ["Requirement type", "Basis of the estimate", "Any treatment (%)", "Lower limit (%)", "Upper limit (%)"]
    chart = interval_plot(intervals, colours, "Percentage of requirements in any treatment", WHOLE_AXIS)
    return _interval_figure(
        TABLES[ESTIMATES].figures[0], title, chart, intervals, headers, rows, TABLES[ESTIMATES].name
    )


def with_limits(value: str, lower: str, upper: str) -> str:
    """A figure with its limits in brackets; its shorthand alone when it, or a limit, is withheld."""
    if value.startswith("[") or lower.startswith("[") != upper.startswith("["):
        return value
    return value if lower.startswith("[") else f"{value} ({lower} to {upper})"


def _interval_figure(number: str, title: str, chart, intervals: list[Interval], headers, rows, source: str) -> Figure:
    several = len({interval.part for interval in intervals}) > 1
    said = "; ".join(
        f"{interval.row}{', ' + interval.part.lower() if several else ''}: {interval.label}" for interval in intervals
    )
    alternative = f"Chart of estimates with intervals. {said}. All values are in the table below."
    svg = to_svg(chart, f"figure-{number.lower()}", alternative)
    return Figure(number, title, alternative, svg, headers, rows, source)
