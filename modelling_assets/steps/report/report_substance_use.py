"""Section 3.8 of the report, and its key finding: substance use before and after treatment (the round of 2023).

Belongs here: its sentences. Does not belong here: figures (figures_substance_use.py), which forms are compared (linkage
zone). Of a withheld figure nothing is said. Words are of differences between two forms, never of an effect.
"""

from modelling_assets.steps.documents.comparisons import listed
from modelling_assets.steps.documents.document import Block, Bullets, Drawing, Finding, Heading, Paragraph, Words
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.figures.figures_substance_use import TABLE, USE_FIGURES, use_is_shown
from modelling_assets.steps.report.report_words import STATUS_PHRASES
from modelling_assets.steps.tables.declared_table import TYPES
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.tables_details import LINKED_COUNT
from modelling_assets.steps.tables.tables_substance_use import (
    BOTH_COUNT,
    BOTH_SHARE,
    BY_STATUS,
    CHANGE,
    CHANGE_LIMITS,
    MAIN,
    MEAN_LAST,
    MEAN_START,
    STATUS_ROWS,
    STOPPED,
    group_label,
)

MINUS = "\N{MINUS SIGN}"
NOT_SENT = (
    "The Treatment Outcomes Profile was not sent with this quarter, so substance use before and after treatment is not "
    "available."
)
WHO = (
    "Use is known at both forms for some of the linked only. People who leave treatment early have no later form, so "
    "reductions are overstated for all who started. Use also falls by itself among people who start treatment when it "
    "is highest. The differences do not show an effect of treatment."
)


def substance_use_blocks(cells: ShownCells, figures: dict[str, Figure]) -> list[Block]:
    """Section 3.8; nothing where there is no table 33."""
    if TABLE not in cells.tables:
        return []
    heading = Heading("substance-use", "3.8 Substance use before and after treatment (not in the published report)")
    if not use_is_shown(cells):
        return [heading, Paragraph(NOT_SENT)]
    blocks: list[Block] = [heading, Paragraph(WHO)]
    for kind, number in USE_FIGURES.items():
        said: list[Words] = [*filter(None, (_days(cells, kind), _stopped(cells, kind), _base(cells, kind),
                                            _by_status(cells, kind)))]  # fmt: skip
        blocks += [Drawing(figures[number]), *([Bullets(said)] if said else [])]
    return blocks


def substance_use_finding(cells: ShownCells) -> list[Finding]:
    """The key finding; none where nothing can be shown."""
    means = {kind: (_value(cells, kind, MEAN_START), _value(cells, kind, MEAN_LAST)) for kind in TYPES}
    if not use_is_shown(cells) or any(None in pair for pair in means.values()):
        return []
    days = {
        kind: f"{_text(cells, kind, MEAN_START)} days of 28 at the start and {_text(cells, kind, MEAN_LAST)} at the "
        "last form"
        for kind in TYPES
    }
    fewer = all(last < start for start, last in means.values() if start is not None and last is not None)
    headline = "fewer days at the last form of treatment than at its start" if fewer else (
        "other numbers of days at the last form of treatment than at its start"
    )
    return [
        Finding(
            f"Where both are known, the main problem substance was used on {headline}",
            [f"Of linked ATRs it was {days['ATR']}, of linked DRRs {days['DRR']} (means).",
             *filter(None, (_stopped(cells, kind) for kind in TYPES))],
            "Days of use in the last 28 according to the Treatment Outcomes Profile of NDTMS; last form: that of the "
            "exit, else the latest review",
            "Linked requirements whose use is known at the start and later: "
            + listed([f"{_text(cells, kind, BOTH_SHARE)}% of linked {kind}s" for kind in TYPES]),
            WHO,
            f"Table {TABLE}",
        )
    ]  # fmt: skip


def _text(cells: ShownCells, kind: str, measure: str, label: str = MAIN, by: str = "") -> str:
    return cells.text(TABLE, label, measure, group_label(kind, by)).replace("-", MINUS)


def _value(cells: ShownCells, kind: str, measure: str, label: str = MAIN, by: str = "") -> float | None:
    return cells.value(TABLE, label, measure, group_label(kind, by))


def _days(cells: ShownCells, kind: str) -> str:
    if None in (_value(cells, kind, measure) for measure in (MEAN_START, MEAN_LAST, CHANGE)):
        return ""
    lower, upper = (_text(cells, kind, measure) for measure in CHANGE_LIMITS.values())
    return (
        f"Linked {kind}s: the main problem substance was used on {_text(cells, kind, MEAN_START)} of 28 days at the "
        f"start and on {_text(cells, kind, MEAN_LAST)} at the last form, a mean change of {_text(cells, kind, CHANGE)} "
        f"days ({{level}} limits {lower} to {upper})."
    )


def _stopped(cells: ShownCells, kind: str) -> str:
    if _value(cells, kind, STOPPED[1]) is None:
        return ""
    return (
        f"Of the linked {kind}s in which it was used at the start, it was not used in the 28 days before the last form "
        f"in {_text(cells, kind, STOPPED[1])}%."
    )


def _base(cells: ShownCells, kind: str) -> str:
    if None in (_value(cells, kind, measure) for measure in (BOTH_COUNT, BOTH_SHARE)):
        return ""
    return (
        f"This is known of {_text(cells, kind, BOTH_COUNT)} of {_text(cells, kind, LINKED_COUNT)} linked {kind}s "
        f"({_text(cells, kind, BOTH_SHARE)}%)."
    )


def _by_status(cells: ShownCells, kind: str) -> str:
    """Who is in the base and how use changed, by treatment status."""
    said = [
        f"{_text(cells, kind, BOTH_SHARE, label, BY_STATUS)}% of those that {STATUS_PHRASES[status]} (mean change "
        f"{_text(cells, kind, CHANGE, label, BY_STATUS)} days)"
        for status, label in STATUS_ROWS.items()
        if None not in (_value(cells, kind, measure, label, BY_STATUS) for measure in (BOTH_SHARE, CHANGE))
    ]
    return f"Known at both forms are {listed(said)}." if len(said) > 1 else ""
