"""Section 5 of the report, and the conclusion of its summary (published report, section 5).

Belongs here: what follows from the figures of this run. Every sentence is chosen by what the published tables show: of
other figures it says something else, and of withheld ones nothing. Does not belong here: findings one by one
(report_findings.py), what the study concluded of its own figures.
"""

from collections.abc import Mapping
from functools import partial

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from publication_assets.steps.documents.clear_differences import difference
from publication_assets.steps.documents.comparisons import capital, listed
from publication_assets.steps.figures.of_quality.note_figures import (
    ESTIMATES,
    NOT_CORRECTED,
    any_treatment_finding,
    any_treatment_text,
    leading_basis,
)
from publication_assets.steps.figures.of_report.figures_models import STATUS, compared_levels, significant_levels
from publication_assets.steps.figures.of_report.figures_reconviction import followed_text
from publication_assets.steps.report.note_text import (
    TERMINATION,
    TERMINATIONS,
    engaged_text,
    estimate_text,
    mean_engaged_text,
    treated_by_type_text,
)
from publication_assets.steps.report.report_words import BY_STATUS, NO_DIFFERENCE, follow_up_text, order_by_linkage
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.fill_template import Value
from publishing.tables.declared import and_limits, noun_of
from resources.drift.proportions import wilson

ATR, DRR = TYPES
KEPT_ON = {"linked/Completed": "completed structured treatment ({})", "linked/Remained": "remained in it ({})"}
GONE = {"linked/wide dropout": "dropped out (wide definition, {})", "not linked": "were not linked ({})"}
LESS, MORE, MIXED, UNKNOWN = "less", "more", "mixed", "unknown"


def conclusion_values(cells: ShownCells, level: float, experimental: bool) -> Mapping[str, Value]:
    """Values of section 5 and of the conclusion of the summary.

    level: coverage of intervals, such as 0.95. experimental: what read the notes has read no real one.
    """
    identified = partial(_identified, experimental=experimental)
    sustained = partial(_sustained, level=level)
    by_status = (partial(_by_status, kind=kind, level=level) for kind in TYPES)
    of_reconviction = (_associated, _by_linkage, *by_status, follow_up_text, sustained)
    groups = {
        "concluded_of_treatment": (identified, _types),
        "concluded_of_notes": (_before_the_end,),
        "concluded_of_reconviction": of_reconviction,
        "concluded_of_method": (_notes_added,),
        "conclusion_in_short": (_associated, _by_linkage, sustained, _notes_added),
    }
    return {name: " ".join(filter(None, (say(cells) for say in said))) for name, said in groups.items()}


def _identified(cells: ShownCells, experimental: bool) -> str:
    found = any_treatment_finding(cells, experimental)
    if not found:
        return "How many {types} had any treatment cannot be said."
    return f"{found}. {engaged_text(cells)}"


def _types(cells: ShownCells) -> str:
    shown = [any_treatment_text(cells, kind) for kind in TYPES]
    return "" if any(text.startswith("[") for text in shown) else treated_by_type_text(cells)


def _notes_added(cells: ShownCells) -> str:
    basis = leading_basis(cells)
    added = cells.value(ESTIMATES, f"{ALL}/{basis}", "estimated_share")
    if added is None:
        return ""
    if not added:
        return "Reading contact notes identified no engagement beyond what linkage found."
    how = ", corrected for classification error" if basis == CORRECTED else NOT_CORRECTED
    return (
        "Reading contact notes identified engagement that linkage did not find. It is estimated at "
        f"{estimate_text(cells, ALL, basis, 'estimated_share')} of requirements not linked{how}."
    )


def _before_the_end(cells: ShownCells) -> str:
    completed, *others = (
        [cells.value(TERMINATION, reason, measure) for measure in and_limits("mean_engaged")] for reason in TERMINATIONS
    )
    found = {difference(completed, other) for other in others}
    if None in found:
        return ""
    said = listed(
        [f"{mean_engaged_text(cells, reason)} for those that {TERMINATIONS[reason]}" for reason in TERMINATIONS]
    )
    if found not in ({1}, {-1}):
        return (
            "Engagement recorded in the last {termination_period} of a requirement shows no clear order by how it "
            f"ended. The mean share of notes that indicate engagement was {said}."
        )
    which = "Higher" if found == {1} else "Lower"
    return (
        f"{which} levels of engagement recorded in the last {{termination_period}} of a requirement were associated "
        "with completing it, rather than with revocation or activation of a suspended sentence. The mean share of "
        f"notes that indicate engagement was {said}."
    )


def _associated(cells: ShownCells) -> str:
    found = {}
    for outcome, model in (("linkage to structured treatment", "linked"), ("reconviction", "reconvicted")):
        tables = [name for kind in TYPES if (name := f"odds_ratios_{model}_{kind.lower()}") in cells.tables]
        compared = sum(len(compared_levels(cells, table, STATUS)) for table in tables)
        holding = sum(holds is True for table in tables for holds in significant_levels(cells, table, STATUS).values())
        if compared:
            found[outcome] = (holding, compared)
    if not found:
        return ""
    counts = listed([f"{number} of {compared} for {outcome}" for outcome, (number, compared) in found.items()])
    some = [outcome for outcome, (number, _) in found.items() if number]
    claim = (
        f"{capital(listed(some))} {'is' if len(some) == 1 else 'are'} associated with characteristics of people and "
        "of their cases"
        if some
        else "No characteristic is shown to be associated with the outcomes under every assumption tried"
    )
    return (
        f"{claim}: of the levels of characteristics that are compared with a reference level, {counts} differ from it "
        "under every assumption tried."
    )


def _by_linkage(cells: ShownCells) -> str:
    order = order_by_linkage(cells, ALL)
    if not order:
        return ""
    linked, others = (followed_text(cells, side, ALL) for side in ("linked", "not linked"))
    if order == NO_DIFFERENCE:
        return (
            "Of requirements followed for {period}, there is no clear difference in reconvictions between those linked "
            f"to structured treatment and those not linked: {linked}, compared with {others}."
        )
    return (
        f"Of requirements followed for {{period}}, those linked to structured treatment were reconvicted {order} than "
        f"those not linked: {linked}, compared with {others}."
    )


def _order(cells: ShownCells, kind: str, level: float) -> str:
    """Whether those who completed or remained are clearly reconvicted less, or more, than all the others."""
    kept, gone = ([_reconvicted(cells, row, kind, level) for row in rows] for rows in (KEPT_ON, GONE))
    found = {difference(one, other) for one in kept for other in gone}
    if None in found:
        return UNKNOWN
    return LESS if found == {-1} else MORE if found == {1} else MIXED


def _reconvicted(cells: ShownCells, row: str, kind: str, level: float) -> list[float | None]:
    """The share reconvicted and its limits as if every requirement were drawn by itself: the table shows none."""
    share, base = (cells.value(BY_STATUS, row, f"{name}/{kind}") for name in ("reconvicted_share", "requirements"))
    if share is None or not base:
        return [None, None, None]
    return [share, *(100 * limit for limit in wilson(share / 100, base, level))]


def _by_status(cells: ShownCells, kind: str, level: float) -> str:
    def said(rows: dict[str, str]) -> str:
        return " or ".join(
            phrase.format(cells.percent(BY_STATUS, row, f"reconvicted_share/{kind}")) for row, phrase in rows.items()
        )

    order = _order(cells, kind, level)
    if order == UNKNOWN:
        return ""
    if order == MIXED:
        return (
            f"For {noun_of(kind)}, reconvictions by the study's measure show no clear order between those that "
            f"{said(KEPT_ON)} and those that {said(GONE)}."
        )
    return (
        f"For {noun_of(kind)}, reconvictions by the study's measure were {order} common among those that "
        f"{said(KEPT_ON)} than among those that {said(GONE)}."
    )


def _sustained(cells: ShownCells, level: float) -> str:
    known = {kind: order for kind in TYPES if (order := _order(cells, kind, level)) != UNKNOWN}
    orders = set(known.values())
    if not orders:
        return ""
    all_known = len(known) == len(TYPES)
    of_whom = "Reconviction" if all_known else f"For {listed([f'{kind}s' for kind in known])} reconviction"
    if orders == {LESS}:
        return (
            f"{of_whom} outcomes are more favourable where people completed structured treatment or remained in it. "
            "This does not show that treatment is the cause: status is measured after the reconviction, and prison can "
            "be its result."
        )
    if orders == {MORE}:
        return (
            f"{of_whom} outcomes are less favourable where people completed structured treatment or remained in it. "
            "This does not show that treatment is the cause: status is measured after the reconviction."
        )
    if not all_known:
        return ""
    return "The figures do not show consistently whether sustained engagement is associated with fewer reconvictions."
