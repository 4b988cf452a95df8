"""The figures drawn from contact notes: 1, 4 and 5 of the report, and the estimates with their limits.

Belongs here: which cells each shows, in which chart, in which words. Does not belong here: the look of charts, the
report's other figures (report_figures.py).
"""

from math import ceil

from contracts.vocabulary import KIND_LABELS
from modelling_assets.steps.engagement.estimate_engagement import ANY_TREATMENT, CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
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
from publication_assets.steps.tables.contents.tables_identification import EVIDENCE
from publication_assets.steps.tables.contents.tables_termination import (
    LEFT_OUT,
    MEAN,
    MEAN_LOWER,
    MEAN_UPPER,
    NOTED_COUNT,
)
from publication_assets.steps.tables.estimates.tables_estimates import (
    BASIS_LABELS,
    LIMITS,
    QUANTITIES,
    limit_header,
)
from publication_assets.steps.tables.shown_cells import ShownCells

WHOLE_AXIS, AXIS_STEP = 100, 5
IDENTIFICATION = {
    "Linked to structured treatment (% of requirements)": ("Linked to structured treatment", "Linked", DARK_BLUE),
    "Not linked, engaged according to contact notes, estimate (% of requirements)": (
        "Not linked, engaged according to contact notes (estimate)",
        "Engaged (estimate)",
        TURQUOISE,
    ),
    "Not linked, not engaged, estimate (% of requirements)": (
        "Not linked, not engaged (estimate)",
        "Not engaged",
        PALE_GREY,
    ),
}
EVIDENCE_SHORT = {"engaged": "Engaged", "no indication": "No indication", "no keyword notes": "No keyword note"}


def identification_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 1: identification in any treatment."""
    bars = [
        Bar(label, part, cells.value(1, label, measure), cells.percent(1, label, measure), short)
        for label in KIND_LABELS.values()
        for measure, (part, short, _) in IDENTIFICATION.items()
    ]
    unit = "Percentage of requirements"
    chart = stacked_bars(bars, {part: colour for part, _, colour in IDENTIFICATION.values()}, unit)
    title = figure_title("Identification in any treatment, by requirement type", facts, reads_notes=True)
    return bar_figure(Frame("1", title, "Requirements", unit, "Table 1", STACKED), chart, bars)


def notes_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 4: what the contact notes of the sampled requirements without a link say."""
    evidence = {name: facts.wording(label) for name, label in EVIDENCE.items()}
    colours: dict[str, str] = dict(zip(evidence.values(), (TURQUOISE, PALE_GREY, GREY), strict=True))
    bars = [
        Bar(kind, label, cells.value(3, label, measure), cells.percent(3, label, measure), EVIDENCE_SHORT[name])
        for kind in KIND_LABELS.values()
        for measure in [f"{kind} (% of those with a result)"]
        for name, label in evidence.items()
    ]
    unit = "Percentage of the sampled requirements with a result"
    title = figure_title(
        "Sampled requirements without linked structured treatment: what their contact notes say",
        facts,
        reads_notes=True,
    )
    frame = Frame("4", title, "Requirements", unit, "Table 3", STACKED)
    return bar_figure(frame, stacked_bars(bars, colours, unit), bars)


def termination_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 5: mean share of notes that indicate engagement in the weeks before the end, by termination reason."""
    intervals, rows = [], []
    for label in [label for _, label in cells.rows(4) if label not in LEFT_OUT.values()]:
        value, lower, upper = (cells.value(4, label, measure) for measure in (MEAN, MEAN_LOWER, MEAN_UPPER))
        written = with_limits(*(cells.percent(4, label, measure) for measure in (MEAN, MEAN_LOWER, MEAN_UPPER)))
        intervals.append(Interval(label, "Mean share", value, lower, upper, written))
        texts = (cells.text(4, label, measure) for measure in (MEAN, MEAN_LOWER, MEAN_UPPER, NOTED_COUNT))
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
        "5",
        title,
        interval_plot(intervals, {"Mean share": DARK_BLUE}, unit, longest),
        intervals,
        headers,
        rows,
        "Table 4",
    )


def estimates_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Any treatment by requirement type: as labelled and corrected, with limits."""
    colours = {BASIS_LABELS[AS_LABELLED]: DARK_BLUE, BASIS_LABELS[CORRECTED]: ORANGE}
    measures = (QUANTITIES[ANY_TREATMENT][0], *(limit_header(ANY_TREATMENT, limit) for limit in LIMITS))
    intervals, rows = [], []
    for kind in KIND_LABELS.values():
        for basis in colours:
            value, lower, upper = (cells.value(20, basis, measure, kind) for measure in measures)
            texts = [cells.text(20, basis, measure, kind) for measure in measures]
            written = with_limits(*(cells.percent(20, basis, measure, kind) for measure in measures))
            intervals.append(Interval(kind, basis, value, lower, upper, written))
            rows.append([kind, basis, *texts])
    title = figure_title("Any treatment, estimates with limits", facts, reads_notes=True)
    headers = ["Requirement type", "Basis of the estimate", "Any treatment (%)", "Lower limit (%)", "Upper limit (%)"]
    chart = interval_plot(intervals, colours, "Percentage of requirements in any treatment", WHOLE_AXIS)
    return _interval_figure("E1", title, chart, intervals, headers, rows, "Table 20")


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
