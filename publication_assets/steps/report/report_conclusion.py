"""Section 5 of the report, and the conclusion of its summary (published report, section 5).

Belongs here: what follows from the figures of this run. Every sentence is chosen by what the published tables show: of
other figures it says something else, and of withheld ones nothing. Does not belong here: findings one by one
(report_findings.py), what the study concluded of its own figures.
"""

from collections.abc import Mapping
from functools import partial

from contracts.vocabulary import ALL, TYPES
from publication_assets.steps.documents.comparisons import capital, listed
from publication_assets.steps.documents.fill_template import Value
from publication_assets.steps.figures.of_report.figures_reconviction import followed_text
from publication_assets.steps.report.note_text import (
    ESTIMATES,
    TERMINATION,
    TERMINATIONS,
    any_treatment_text,
    engaged_text,
    estimate_text,
    leading_basis,
    treated_by_type_text,
)
from publication_assets.steps.report.report_words import BY_STATUS, NO_DIFFERENCE, order_by_linkage
from publication_assets.steps.tables.shown_cells import ShownCells

ATR, DRR = TYPES
KEPT_ON = {"linked/Completed": "completed it", "linked/Remained": "remained in it"}
GONE = {
    "linked/wide dropout": "dropped out of it, in the wide definition",
    "not linked": "were not linked to it",
}
SIGNIFICANT = "Significant"
LESS, MORE, MIXED, UNKNOWN = "less", "more", "mixed", "unknown"


def conclusion_values(cells: ShownCells) -> Mapping[str, Value]:
    """Values of section 5 and of the conclusion of the summary."""
    of_reconviction = (_associated, _by_linkage, *(partial(_by_status, kind=kind) for kind in TYPES), _sustained)
    groups = {
        "concluded_of_treatment": (_identified, _types),
        "concluded_of_notes": (_before_the_end,),
        "concluded_of_reconviction": of_reconviction,
        "concluded_of_method": (_notes_added,),
        "conclusion_in_short": (_associated, _by_linkage, _sustained, _notes_added),
    }
    return {name: " ".join(filter(None, (say(cells) for say in said))) for name, said in groups.items()}


def _identified(cells: ShownCells) -> str:
    share = any_treatment_text(cells, ALL)
    if share.startswith("["):
        return "How many {types} led to any treatment cannot be said."
    return f"An estimated {share} of {{types}} led to some form of treatment. {engaged_text(cells)}"


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
    return (
        "Reading contact notes identified engagement that linkage did not find. It is estimated at "
        f"{estimate_text(cells, ALL, basis, 'estimated_share')} of requirements not linked."
    )


def _before_the_end(cells: ShownCells) -> str:
    shares = {reason: cells.value(TERMINATION, reason, "mean_engaged") for reason in TERMINATIONS}
    known = {reason: share for reason, share in shares.items() if share is not None}
    if len(known) < len(shares):
        return ""
    completed, *others = known.values()
    said = listed(
        [
            f"{cells.percent(TERMINATION, reason, 'mean_engaged')} of those that {TERMINATIONS[reason]}"
            for reason in known
        ]
    )
    if completed > max(others):
        which = "Higher"
    elif completed < min(others):
        which = "Lower"
    else:
        return f"Engagement recorded in the last {{termination_period}} shows no clear order by how it ended: {said}."
    return (
        f"{which} levels of engagement recorded in the last {{termination_period}} of a requirement were associated "
        "with completing it, rather than with revocation or activation of a suspended sentence. The mean share of "
        f"notes that indicate engagement was {said}."
    )


def _associated(cells: ShownCells) -> str:
    found = {}
    for outcome, model in (("linkage to structured treatment", "linked"), ("reconviction", "reconvicted")):
        shown = _significances(cells, [f"odds_ratios_{model}_{kind.lower()}" for kind in TYPES])
        if shown:
            found[outcome] = (shown.count(SIGNIFICANT), len(shown))
    if not found:
        return ""
    counts = listed([f"{number} of {shown} for {outcome}" for outcome, (number, shown) in found.items()])
    some = [outcome for outcome, (number, _) in found.items() if number]
    claim = (
        f"{capital(listed(some))} {'is' if len(some) == 1 else 'are'} associated with characteristics of people and "
        "of their cases"
        if some
        else "No characteristic that can be shown is significantly associated with the outcomes"
    )
    return f"{claim}: of the levels compared with a reference level, {counts} differ significantly."


def _significances(cells: ShownCells, tables: list[str]) -> list[str]:
    """Of each level that is compared with its reference level in shown cells, whether it differs significantly."""
    said = [
        cells.text(table, row, "significance") for table in tables if table in cells.tables for row in cells.rows(table)
    ]
    return [text for text in said if not text.startswith("[")]


def _by_linkage(cells: ShownCells) -> str:
    order = order_by_linkage(cells, ALL)
    if not order:
        return ""
    linked, others = (followed_text(cells, side, ALL) for side in ("linked", "not linked"))
    if order == NO_DIFFERENCE:
        return (
            "Of those followed for {period}, reconvictions show no clear difference between requirements linked to "
            f"structured treatment ({linked}) and those not linked ({others})."
        )
    return (
        f"Of requirements followed for {{period}}, those linked to structured treatment were reconvicted {order} "
        f"({linked}) than those not linked ({others})."
    )


def _order(cells: ShownCells, kind: str) -> str:
    """Whether those who completed or remained are reconvicted less, or more, than all the others."""
    kept, gone = (
        [cells.value(BY_STATUS, row, f"reconvicted_share/{kind}") for row in rows] for rows in (KEPT_ON, GONE)
    )
    first, second = [each for each in kept if each is not None], [each for each in gone if each is not None]
    if len(first) < len(kept) or len(second) < len(gone):
        return UNKNOWN
    return LESS if max(first) < min(second) else MORE if min(first) > max(second) else MIXED


def _by_status(cells: ShownCells, kind: str) -> str:
    def said(rows: dict[str, str]) -> str:
        return " or ".join(
            f"{phrase} ({cells.percent(BY_STATUS, row, f'reconvicted_share/{kind}')})" for row, phrase in rows.items()
        )

    order = _order(cells, kind)
    if order == UNKNOWN:
        return ""
    if order == MIXED:
        return (
            f"For {kind}s reconvictions show no clear order by structured treatment: those that {said(KEPT_ON)}, "
            f"compared with those that {said(GONE)}."
        )
    return (
        f"For {kind}s reconvictions were {order} common where structured treatment was completed or continued than "
        f"where it was dropped or not identified: those that {said(KEPT_ON)}, compared with those that {said(GONE)}."
    )


def _sustained(cells: ShownCells) -> str:
    known = {kind: order for kind in TYPES if (order := _order(cells, kind)) != UNKNOWN}
    orders = set(known.values())
    if not orders:
        return ""
    all_known = len(known) == len(TYPES)
    of_whom = "Reconviction" if all_known else f"For {listed([f'{kind}s' for kind in known])} reconviction"
    if orders == {LESS}:
        return (
            f"{of_whom} outcomes are more favourable where people completed structured treatment or remained in it. "
            "This is consistent with the importance of sustained engagement. It does not show that treatment is the "
            "cause: status is measured after the reconviction, and prison can be its result."
        )
    if orders == {MORE}:
        return (
            f"{of_whom} outcomes are less favourable where people completed structured treatment or remained in it. "
            "These figures do not support the importance of sustained engagement."
        )
    if not all_known:
        return ""
    return "The figures do not show consistently whether sustained engagement is associated with fewer reconvictions."
