"""The figures drawn from contact notes: 1, 4 and 5 of the report, and the estimates with their limits.

Belongs here: which cells each shows, in which chart, in which words. Does not belong here: the look of charts, the
report's other figures (report_figures.py).
"""

from math import ceil

from contracts.vocabulary import ALL, TYPES
from drawing.svg import DrawnChart
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from modelling_assets.steps.engagement.worst_known_result import AT_WORST
from publication_assets.catalogue.rows import EVIDENCE, LEFT_OUT
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.figures.interval_chart import Interval, interval_plot
from publication_assets.steps.figures.of_report.drawn_figures import STACKED, Frame, bar_figure, figure_of
from publication_assets.steps.figures.of_report.figure_findings import highest_row
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.bar_charts import Bar, stacked_bars
from publishing.charts.charts import DARK_BLUE, DARK_GREY, GREY, ORANGE, TURQUOISE, Figure
from publishing.tables.declared import and_limits, as_key, noun_of

WHOLE_AXIS, AXIS_STEP = 100, 5
IDENTIFIED, SAID, TERMINATION = "identification", "contact_note_evidence", "engagement_by_termination"
ESTIMATES, ANY = "engagement_estimates", "estimated_any_treatment"
NOT_CORRECTED = ", not corrected for classification error"
DEPENDING = ", depending on classification error"
LINKED = "Linked to structured treatment"
ANY_PARTS = {
    CORRECTED: "Any treatment, corrected",
    AT_WORST: "Any treatment, at the worst known error",
    AS_LABELLED: "Any treatment, as labelled",
}
ANY_COLOURS = {CORRECTED: ORANGE, AT_WORST: ORANGE, AS_LABELLED: GREY}
COMPARED = (CORRECTED, AS_LABELLED)
MORE_BEFORE = 'Notes indicated engagement more often before the ending "{}" than before any other'
EVIDENCE_SHORT = {"engaged": "Engaged", "no indication": "No indication", "no keyword notes": "No keyword note"}


def identification_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 1: linked, and in any treatment by the estimates that the first finding leads with, with limits."""
    parts = _bases_shown(cells)
    colours: dict[str, str] = {LINKED: DARK_BLUE, **{ANY_PARTS[basis]: ANY_COLOURS[basis] for basis in parts}}
    intervals, rows = [], []
    for kind in (ALL, *TYPES):
        noun, linked = facts.wording(cells.label(IDENTIFIED, kind)), "linked_of_requirements"
        written = cells.percent(IDENTIFIED, kind, linked)
        intervals.append(Interval(noun, LINKED, cells.value(IDENTIFIED, kind, linked), None, None, written))
        rows.append([noun, LINKED, cells.text(IDENTIFIED, kind, linked), "[z]", "[z]"])
        for basis in parts:
            interval, texts = _any_treatment(cells, f"{kind}/{basis}", noun, ANY_PARTS[basis])
            intervals.append(interval)
            rows.append([noun, ANY_PARTS[basis], *texts])
    frame = Frame(
        TABLES[IDENTIFIED].figures[0],
        "Identification in any treatment, by requirement type",
        "Requirements",
        f"Percentage of requirements; estimates with {{level}} limits, from table {TABLES[ESTIMATES].number}",
        TABLES[IDENTIFIED].name,
        any_treatment_finding(cells, facts.experimental),
        reads_notes=True,
    )
    headers = ["Requirements", "What is shown", "Share (%)", "Lower {level} limit (%)", "Upper {level} limit (%)"]
    return _interval_figure(frame, facts, intervals, colours, WHOLE_AXIS, headers, rows)


def notes_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 4: what the contact notes of the sampled requirements without a link say."""
    evidence = {name: facts.wording(cells.label(SAID, name)) for name in EVIDENCE}
    colours: dict[str, str] = dict(zip(evidence.values(), (TURQUOISE, GREY, DARK_GREY), strict=True))
    bars = [
        Bar(
            facts.wording(cells.label(IDENTIFIED, kind)),
            label,
            cells.value(SAID, name, f"share_of_results/{kind}"),
            cells.percent(SAID, name, f"share_of_results/{kind}"),
            EVIDENCE_SHORT[name],
        )
        for kind in (ALL, *TYPES)
        for name, label in evidence.items()
    ]
    unit = "Percentage of the sampled requirements with a result"
    frame = Frame(
        TABLES[SAID].figures[0],
        "Sampled requirements without linked structured treatment: what their contact notes say",
        "Requirements",
        unit,
        TABLES[SAID].name,
        kind=STACKED,
        reads_notes=True,
    )
    return bar_figure(frame, lambda narrow: stacked_bars(bars, colours, unit, narrow), bars, facts)


def termination_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Figure 5: mean share of notes that indicate engagement in the weeks before the end, by termination reason."""
    intervals, rows = [], []
    measures, left_out = and_limits("mean_engaged"), {as_key(name) for name in LEFT_OUT}
    reasons = [row for row in cells.rows(TERMINATION) if row not in left_out]
    for row in reasons:
        label = cells.label(TERMINATION, row)
        value, lower, upper = (cells.value(TERMINATION, row, measure) for measure in measures)
        written = with_limits(*(cells.percent(TERMINATION, row, measure) for measure in measures))
        intervals.append(Interval(label, "Mean share", value, lower, upper, written))
        texts = (cells.text(TERMINATION, row, measure) for measure in (*measures, "noted"))
        rows.append([label, *texts])
    ends = [interval.upper or interval.value or 0 for interval in intervals]
    longest = AXIS_STEP * max(1, ceil(max(ends) / AXIS_STEP))
    highest = highest_row(cells, TERMINATION, reasons, "mean_engaged")
    frame = Frame(
        TABLES[TERMINATION].figures[0],
        "Contact notes that indicate engagement before the end of the requirement, by termination reason",
        "Termination reason",
        "Mean percentage of notes in the last {termination_period} before the end, with {level} limits",
        TABLES[TERMINATION].name,
        MORE_BEFORE.format(cells.label(TERMINATION, highest)) if highest else "",
        reads_notes=True,
    )
    headers = [
        "Termination reason",
        "Mean share of notes (%)",
        "Lower {level} limit (%)",
        "Upper {level} limit (%)",
        "Requirements with notes",
    ]
    return _interval_figure(frame, facts, intervals, {"Mean share": DARK_BLUE}, longest, headers, rows)


def estimates_figure(cells: ShownCells, facts: RunFacts) -> Figure:
    """Any treatment by requirement type: as labelled and corrected, with limits."""
    colours: dict[str, str] = {}
    intervals, rows = [], []
    for kind in (ALL, *TYPES):
        for basis in COMPARED:
            row = f"{kind}/{basis}"
            noun, part = (facts.wording(text) for text in (cells.group(ESTIMATES, row), cells.label(ESTIMATES, row)))
            colours[part] = ANY_COLOURS[basis]
            interval, texts = _any_treatment(cells, row, noun, part)
            intervals.append(interval)
            rows.append([noun, part, *texts])
    frame = Frame(
        TABLES[ESTIMATES].figures[0],
        "Any treatment, by requirement type and basis of the estimate",
        "Requirement type",
        "Percentage of requirements in any treatment, estimates with limits",
        TABLES[ESTIMATES].name,
        reads_notes=True,
    )
    headers = ["Requirement type", "Basis of the estimate", "Any treatment (%)", "Lower limit (%)", "Upper limit (%)"]
    return _interval_figure(frame, facts, intervals, colours, WHOLE_AXIS, headers, rows)


def leading_basis(cells: ShownCells) -> str:
    """The basis of the estimate that is led with: corrected, or as labelled where nothing can be corrected."""
    return AS_LABELLED if cells.value(ESTIMATES, f"{ALL}/{CORRECTED}", ANY) is None else CORRECTED


def any_treatment_text(cells: ShownCells, kind: str) -> str:
    """The share in any treatment that is led with, with its limits, e.g. "82% (81% to 84%)"."""
    return _any_treatment(cells, f"{kind}/{leading_basis(cells)}", "", "")[0].label


def led_share(cells: ShownCells) -> str:
    """The share of all in any treatment that findings lead with; its shorthand when withheld.

    Without a correction it lies between that at the worst known result of the classifier and that as labelled.
    """
    if leading_basis(cells) == CORRECTED or not worst_is_known(cells):
        return any_treatment_text(cells, ALL)
    worst, labelled = (cells.percent(ESTIMATES, f"{ALL}/{basis}", ANY) for basis in (AT_WORST, AS_LABELLED))
    return any_treatment_text(cells, ALL) if worst == labelled else f"{worst} to {labelled}"


def worst_is_known(cells: ShownCells) -> bool:
    """Whether an estimate at the worst known result of the classifier is shown."""
    row = f"{ALL}/{AT_WORST}"
    return as_key(row) in cells.rows(ESTIMATES) and cells.value(ESTIMATES, row, ANY) is not None


def any_treatment_finding(cells: ShownCells, experimental: bool) -> str:
    """The first finding in a sentence without its stop; empty where the share is withheld.

    experimental: what read the notes has read no real one. Nothing is said of what led to what: many were in treatment
    when they were sentenced.
    """
    share = led_share(cells)
    if share.startswith("["):
        return ""
    corrected = leading_basis(cells) == CORRECTED
    how = "" if corrected else NOT_CORRECTED if share == any_treatment_text(cells, ALL) else DEPENDING
    first = "Experimental: an" if experimental else "An"
    return f"{first} estimated {share} of {noun_of(ALL)} had some form of treatment{how}"


def _bases_shown(cells: ShownCells) -> list[str]:
    """The estimates that stand beside each other in figure 1: corrected or, without, at worst; and as labelled."""
    if leading_basis(cells) == CORRECTED:
        return [CORRECTED, AS_LABELLED]
    return [AT_WORST, AS_LABELLED] if worst_is_known(cells) else [AS_LABELLED]


def _any_treatment(cells: ShownCells, row: str, noun: str, part: str) -> tuple[Interval, list[str]]:
    """An estimate of any treatment as it is drawn, and as data: estimate and limits."""
    measures = and_limits(ANY)
    value, lower, upper = (cells.value(ESTIMATES, row, measure) for measure in measures)
    written = with_limits(*(cells.percent(ESTIMATES, row, measure) for measure in measures))
    texts = [cells.text(ESTIMATES, row, measure) for measure in measures]
    return Interval(noun, part, value, lower, upper, written), texts


def with_limits(value: str, lower: str, upper: str) -> str:
    """A figure with its limits in brackets; its shorthand alone when it, or a limit, is withheld."""
    if value.startswith("[") or lower.startswith("[") != upper.startswith("["):
        return value
    return value if lower.startswith("[") else f"{value} ({lower} to {upper})"


def _interval_figure(
    frame: Frame,
    facts: RunFacts,
    intervals: list[Interval],
    colours: dict[str, str],
    longest: int,
    headers: list[str],
    rows: list[list[str]],
) -> Figure:
    several = len(colours) > 1
    said = "; ".join(
        f"{interval.row}{', ' + interval.part.lower() if several else ''}: {interval.label}" for interval in intervals
    )
    alternative = f"Chart of estimates with intervals. {said}. All values are in the table below."

    def chart(narrow: bool) -> DrawnChart:
        return interval_plot(intervals, colours, facts.wording(frame.unit), longest, narrow=narrow)

    return figure_of(frame, facts, alternative, chart, [facts.wording(header) for header in headers], rows)
