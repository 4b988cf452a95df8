"""The sentences of the report, written from what the tables show.

Belongs here: sentences with figures in them. Does not belong here: fixed text (templates/report.html.j2), figures,
sentences on contact notes (note_text.py).
Every sentence says what is counted, of what, and where it comes from; a withheld figure appears as its shorthand.
"""

from modelling_assets.steps.declared_table import KIND_LABELS, TYPES
from modelling_assets.steps.note_text import ANY_TREATMENT, ESTIMATED_SHARE, LINKED_SHARE, uncertainty_text
from modelling_assets.steps.report_figures import MODEL_TITLES, strongest_in_words
from modelling_assets.steps.run_facts import RunFacts, words
from modelling_assets.steps.shown_cells import ShownCells, joined
from modelling_assets.steps.tables_models import NOT_ESTIMABLE
from modelling_assets.steps.tables_outcomes import LINKED, NOT_LINKED, STATUS_LABELS, UNLINKED_LABELS, WIDE_LABEL
from modelling_assets.steps.tables_reconviction import FOLLOWED_SHORT, RECONVICTED, RECONVICTION_LABELS, STATUS_ROWS

MODELS_BY_OUTCOME = {"linkage to structured treatment": {16, 17}, "reconviction within 12 months": {18, 19}}
STATUS_PHRASES = {
    "Completed": "completed structured treatment",
    "Remained": "remained in structured treatment at the end of observation",
    "Dropped out": "dropped out of treatment (narrow definition)",
    "Prison": "ended when the person entered prison",
    "Died": "ended when the person died",
}
UNLINKED_PHRASES = {
    "CJIT": "were in contact with a CJIT",
    "prison in 12 months": "entered prison within 12 months of sentence (where they may have had treatment)",
    "unknown": "were identified in neither",
}
STATUS_WORDS = {
    STATUS_LABELS["Completed"]: "completed structured treatment",
    STATUS_LABELS["Remained"]: "remained in structured treatment",
    WIDE_LABEL: "dropped out (wide definition: dropout, prison or death)",
    STATUS_ROWS["not linked"][1]: "were not linked to structured treatment",
}


def key_findings(cells: ShownCells, facts: RunFacts) -> list[tuple[str, list[str]]]:
    """Key findings in order: a heading sentence, and the sentences that carry its base and its caveat."""
    both, atr, drr = KIND_LABELS.values()
    months = facts.reconviction_months
    return [
        (
            f"Up to {cells.percent(1, both, ANY_TREATMENT)} of ATRs and DRRs were estimated to involve some form of "
            "treatment",
            [
                f"Of {cells.text(1, both, 'Requirements (count)')} requirements, "
                f"{cells.percent(1, both, LINKED_SHARE)} were linked to structured treatment and a further "
                f"{cells.percent(1, both, ESTIMATED_SHARE)} were not linked but were estimated to have engaged, "
                "according to probation contact notes.",
                f"The estimate was higher for ATRs ({cells.percent(1, atr, ANY_TREATMENT)}) than for DRRs "
                f"({cells.percent(1, drr, ANY_TREATMENT)})."
                if (cells.value(1, atr, ANY_TREATMENT) or 0) > (cells.value(1, drr, ANY_TREATMENT) or 0)
                else f"The estimate was {cells.percent(1, atr, ANY_TREATMENT)} for ATRs and "
                f"{cells.percent(1, drr, ANY_TREATMENT)} for DRRs.",
                uncertainty_text(cells, both),
                "How much treatment took place is not known. (Tables 1 and 20)",
            ],
        ),
        (
            f"{_reconvicted(cells, LINKED, both)} of requirements linked to structured treatment were followed by a "
            f"reconviction within {months} months, compared with {_reconvicted(cells, NOT_LINKED, both)} of those not "
            "linked",
            [
                f"For ATRs it was {_reconvicted(cells, LINKED, atr)} of {_base(cells, LINKED, atr)} linked and "
                f"{_reconvicted(cells, NOT_LINKED, atr)} of {_base(cells, NOT_LINKED, atr)} not linked; for DRRs "
                f"{_reconvicted(cells, LINKED, drr)} of {_base(cells, LINKED, drr)} and "
                f"{_reconvicted(cells, NOT_LINKED, drr)} of {_base(cells, NOT_LINKED, drr)}.",
                "These are minimum percentages, and the difference does not show that treatment is its cause. (Table "
                "12)",
            ],
        ),
        (
            f"By treatment outcome, {_span(cells, 'ATR')} of ATRs and {_span(cells, 'DRR')} of DRRs were followed by "
            "a reconviction",
            [*(_range_by_status(cells, kind) for kind in TYPES), "(Table 15)"],
        ),
        (
            f"{_completed(cells, 'ATR')} of ATRs linked to structured treatment ended with treatment completed, and "
            f"{_completed(cells, 'DRR')} of linked DRRs",
            [
                f"A further {_status(cells, 'Remained', 'ATR')} of linked ATRs and {_status(cells, 'Remained', 'DRR')} "
                f"of linked DRRs remained in treatment on {words(facts.observation_end)}, which can be a positive step "
                "in recovery. (Table 2)"
            ],
        ),
        *(
            _model_finding(cells, tables, outcome)
            for outcome, tables in MODELS_BY_OUTCOME.items()
            if tables & cells.tables
        ),
    ]


def _model_finding(cells: ShownCells, tables: set[int], outcome: str) -> tuple[str, list[str]]:
    sentences = [
        f"{MODEL_TITLES[table][1]}: {_lower(strongest_in_words(cells, table))}"
        for table in sorted(tables & cells.tables)
    ]
    return (
        f"Characteristics associated with {outcome}, other characteristics being equal",
        [
            *sentences,
            "Associations are not causal. (Tables "
            f"{' and '.join(str(table) for table in sorted(tables & cells.tables))})",
        ],
    )


def outcome_text(cells: ShownCells, kind: str) -> list[str]:
    """Sentences under figures 2 and 3."""
    count, share, within = (
        f"{kind}s (count)", f"{kind}s (% of all {kind}s)", f"{kind}s (% of linked or not linked {kind}s)"
    )  # fmt: skip
    linked, unlinked = STATUS_ROWS["linked"][1], STATUS_ROWS["not linked"][1]

    def listed(labels: dict[str, str], phrases: dict[str, str]) -> str:
        return joined(
            [
                f"{cells.text(2, label, count)} ({cells.percent(2, label, within)}) {phrases[name]}"
                for name, label in labels.items()
            ]
        )

    return [
        f"{cells.text(2, linked, count)} of {cells.text(2, 'All requirements', count)} {kind}s "
        f"({cells.percent(2, linked, share)}) were linked to structured treatment. Of those linked, "
        f"{listed(STATUS_LABELS, STATUS_PHRASES)}. In the wide definition, which counts prison and death as dropping "
        f"out, {cells.text(2, WIDE_LABEL, count)} ({cells.percent(2, WIDE_LABEL, within)}) dropped out.",
        f"{cells.text(2, unlinked, count)} ({cells.percent(2, unlinked, share)}) were not linked. Of those not "
        f"linked, {listed(UNLINKED_LABELS, UNLINKED_PHRASES)}.",
    ]


def reconviction_text(cells: ShownCells, kind: str, facts: RunFacts) -> str:
    """Sentence under figures 17 and 18."""
    noun = KIND_LABELS[kind]
    short = cells.text(12, RECONVICTION_LABELS[FOLLOWED_SHORT], f"{noun} (count)", "All")
    return (
        f"{_reconvicted(cells, 'All', noun)} of {_base(cells, 'All', noun)} {noun} were followed by a reconviction "
        f"within {facts.reconviction_months} months: {_reconvicted(cells, LINKED, noun)} of those linked to structured "
        f"treatment and {_reconvicted(cells, NOT_LINKED, noun)} of those not linked. {short} {noun} without a "
        f"reconviction so far were followed for less than {facts.reconviction_months} months and count as not "
        "reconvicted."
    )


def status_text(cells: ShownCells) -> list[str]:
    """Sentences under figure 22."""
    return [_range_by_status(cells, kind) for kind in TYPES]


def model_text(cells: ShownCells, table: int) -> str:
    """Sentence under an odds ratio plot."""
    rows = cells.rows(table)
    outcome, kind = MODEL_TITLES[table]
    missing = sum(cells.text(table, level, "Kind of row", factor) == NOT_ESTIMABLE for factor, level in rows)
    not_estimable = f" {missing} level(s) had too few records to be estimated." if missing else ""
    return f"{outcome.capitalize()}, {kind}. {strongest_in_words(cells, table)}{not_estimable}"


def _reconvicted(cells: ShownCells, group: str, noun: str) -> str:
    return cells.percent(12, RECONVICTION_LABELS[RECONVICTED], f"{noun} (% of {noun} in the linkage group)", group)


def _base(cells: ShownCells, group: str, noun: str) -> str:
    label = {LINKED: STATUS_ROWS["linked"][1], NOT_LINKED: STATUS_ROWS["not linked"][1], "All": "All requirements"}[
        group
    ]
    return cells.text(12, label, f"{noun} (count)", group)


def _status(cells: ShownCells, status: str, kind: str) -> str:
    return cells.percent(2, STATUS_LABELS[status], f"{kind}s (% of linked or not linked {kind}s)")


def _completed(cells: ShownCells, kind: str) -> str:
    return _status(cells, "Completed", kind)


def _range_by_status(cells: ShownCells, kind: str) -> str:
    measure = f"{kind}s reconvicted within 12 months (% of {kind}s in the row)"
    known = {label: value for label in STATUS_WORDS if (value := cells.value(15, label, measure)) is not None}
    ranked = sorted(known, key=lambda label: known[label])
    if not ranked:
        return f"For {kind}s no percentage can be shown."
    listed = ", ".join(
        f"{cells.percent(15, label, measure)} of the {cells.text(15, label, f'{kind}s (count)')} that "
        f"{STATUS_WORDS[label]}"
        for label in ranked
    )
    return f"For {kind}s, from lowest to highest: {listed}."


def _span(cells: ShownCells, kind: str) -> str:
    measure = f"{kind}s reconvicted within 12 months (% of {kind}s in the row)"
    known = [value for label in STATUS_WORDS if (value := cells.value(15, label, measure)) is not None]
    return f"{min(known):.0f}% to {max(known):.0f}%" if known else "[c]"


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]
