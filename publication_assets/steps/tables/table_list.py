"""Titles and row headers of the published tables, and which notes belong to each: the words around the numbers.

Belongs here: every word of the tables that is neither computed nor a note. Does not belong here: numbers, the text of
notes (table_notes.py). A new table needs an entry here and a function in make_tables.py.
"""

from dataclasses import dataclass, field, replace

import polars as pl

from publication_assets.steps.tables.table_notes import SHORTHAND, note_numbers
from publication_assets.steps.tables.wording import Wording


@dataclass(frozen=True)
class TableText:
    """Words of one table, with the names of phrases that settings decide (wording.py).

    title: without number and dates. row_headers: one or two; one means that the group label is not shown. notes:
    names in NOTES that hold for the whole table. marks: measure or row label to the names of its notes. reads_notes:
    whether its figures come from contact notes (and so from what read them). shorthand: what a mark means here, where
    that is more than SHORTHAND says.
    """

    title: str
    row_headers: tuple[str, ...]
    source: str
    notes: tuple[str, ...] = ()
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reads_notes: bool = False
    shorthand: dict[str, str] = field(default_factory=dict)


_ODDS_RATIO_NOTES = ("unit", "linked", "model", "regions", "odds_ratio_counts")
_ODDS_RATIO_MARKS = {
    "Records in the model (count)": ("model_records",),
    "Strength of association": ("strength",),
}
_ODDS_RATIO_SHORTHAND = {
    "[c]": "confidential: a small count, a count from which one could be calculated, or an odds ratio or words that "
    "would reveal either",
    "[x]": "not available: the model could not estimate the level. The last column says why",
    "[z]": "not applicable: the row is the reference level, regions do not differ, or there is no strength as the "
    "level does not differ significantly",
}
_LINKED_SOURCE = "linked probation and treatment records"
_DROPOUT_MARKS = {
    "Dropped out of treatment (narrow definition)": ("narrow_dropout",),
    "Of these: dropped out of treatment (narrow definition)": ("narrow_dropout",),
    "Dropped out, wide definition: dropout, prison or died": ("wide_dropout",),
}


def _odds_ratios(model: str, *more_notes: str) -> TableText:
    return TableText(
        f"Factors associated with {{outcome_of_{model}}}, {{types_of_{model}}}, adjusted odds ratios",
        ("Factor", "Level"),
        "linked probation, treatment and court records",
        (*_ODDS_RATIO_NOTES, *more_notes),
        _ODDS_RATIO_MARKS,
        shorthand=_ODDS_RATIO_SHORTHAND,
    )


def _linked_by(what: str, header: str, *more_notes: str) -> TableText:
    title = f"Linkage to structured treatment, by {what}, ATRs and DRRs"
    return TableText(title, (header,), "linked probation and treatment records", ("unit", "linked", *more_notes))


def _status_by(what: str, header: str, *more_notes: str) -> TableText:
    title = f"Structured treatment status at the end of observation, by {what}, linked ATRs and DRRs"
    notes = ("unit", "linked", "wide_dropout", *more_notes)
    return TableText(title, (header,), "linked probation and treatment records", notes)


def _reconvicted_by(what: str, header: str, *more_notes: str) -> TableText:
    title = f"Reconvictions {{within_period}} of sentence, by {what}, ATRs and DRRs"
    notes = ("unit", "reconviction", "short_follow_up", *more_notes)
    return TableText(title, (header,), "linked probation and court records", notes)


TABLES = {
    1: TableText(
        "Identification in any treatment, by requirement type",
        ("Requirement type",),
        "linked probation and treatment records; probation contact notes",
        ("unit",),
        {
            "Linked to structured treatment (count)": ("linked",),
            "Not linked, engaged according to contact notes, estimate (count)": ("estimate",),
            "Not linked, engaged according to contact notes, estimate (% of requirements)": ("estimate",),
            "Not linked, not engaged, estimate (count)": ("estimate",),
            "Not linked, not engaged, estimate (% of requirements)": ("estimate",),
            "Any treatment, estimate (% of requirements)": ("estimate",),
            "Sample of those not linked, notes read with a result (count)": ("sample",),
            "Sample, engaged, lower {level} limit (% of sample)": ("limits",),
            "Sample, engaged, upper {level} limit (% of sample)": ("limits",),
        },
        reads_notes=True,
    ),
    2: TableText(
        "Treatment engagement outcomes from sentence to the end of observation, ATRs and DRRs",
        ("Linkage", "Outcome"),
        "linked probation, treatment and prison records",
        ("unit",),
        {
            "All linked to structured treatment": ("linked",),
            "In contact with CJIT": ("cjit",),
            "Entered prison{not_on_remand} {prison_within} of sentence": ("cjit",),
            "In no NDTMS treatment setting": ("no_setting",),
            **_DROPOUT_MARKS,
        },
    ),
    3: TableText(
        "Evidence of engagement in contact notes, sample of requirements not linked to structured treatment",
        ("What the contact notes say",),
        "probation contact notes of a sample",
        ("unit", "sample"),
        {"No note with a treatment keyword": ("no_keyword",)},
        reads_notes=True,
    ),
    4: TableText(
        "Recorded engagement before the end of the requirement, by termination reason, sampled requirements",
        ("Termination reason",),
        "probation contact notes of a sample",
        ("unit", "sample", "termination", "termination_limits"),
        reads_notes=True,
    ),
    5: _linked_by("probation region", "Probation region"),
    6: _linked_by("accommodation at sentence", "Accommodation at sentence", "not_recorded"),
    7: _linked_by("length of requirement", "Length of requirement", "long"),
    8: TableText(
        "Cumulative time from sentence to structured treatment, ATRs and DRRs linked to structured treatment",
        ("Time to structured treatment",),
        "linked probation and treatment records",
        ("unit", "linked", "cumulative"),
    ),
    9: _status_by("age at sentence", "Age at sentence", "few_not_recorded"),
    10: _status_by("sex", "Sex", "few_not_recorded"),
    11: _status_by("time to structured treatment", "Time to structured treatment"),
    12: TableText(
        "Reconvictions {within_period} of sentence, by linkage to structured treatment, ATRs and DRRs",
        ("Linkage", "Reconviction"),
        "linked probation, treatment and court records",
        ("unit", "linked", "reconviction"),
        {"Of those not identified: followed for less than {period}": ("short_follow_up",)},
    ),
    13: _reconvicted_by("probation region", "Probation region"),
    14: _reconvicted_by("length of requirement", "Length of requirement", "long"),
    15: TableText(
        "Reconvictions {within_period} of sentence, by treatment status at the end of observation, ATRs and DRRs",
        ("Linkage", "Treatment status"),
        "linked probation, treatment and court records",
        ("unit", "linked", "reconviction", "short_follow_up"),
        _DROPOUT_MARKS,
    ),
    16: _odds_ratios("linked_atr"),
    17: _odds_ratios("linked_drr"),
    18: _odds_ratios("reconvicted_atr", "reconviction", "model_status"),
    19: _odds_ratios("reconvicted_drr", "reconviction", "model_status"),
    30: _odds_ratios("linked_all", "pooled_models"),
    31: _odds_ratios("reconvicted_all", "pooled_models", "reconviction", "model_status"),
    32: TableText(
        "Linkage to structured treatment and reconvictions {within_period}, by year of sentence, ATRs and DRRs",
        ("Year of sentence",),
        "linked probation, treatment and court records",
        ("unit", "linked", "reconviction", "short_follow_up", "by_year"),
    ),
    20: TableText(
        "Estimates of engagement with uncertainty, requirements not linked to structured treatment",
        ("Requirement type", "Basis of the estimate"),
        "linked probation and treatment records; probation contact notes of a sample; reviewed contact notes",
        ("unit", "linked", "sample", "estimate_limits"),
        {
            "Corrected for label error": ("corrected",),
            "As labelled, without a result counted as not engaged": ("bounds",),
            "As labelled, without a result counted as engaged": ("bounds",),
        },
        reads_notes=True,
    ),
    21: TableText(
        "Requirements labelled rightly, by what is known of them: reviewed requirements and linked decoys",
        ("What is known", "Requirements"),
        "reviewed contact notes; linked probation and treatment records",
        ("unit", "label_errors", "decoys"),
        reads_notes=True,
    ),
    25: TableText(
        "Linkage to structured treatment and reconvictions {within_period}, by link threshold, ATRs and DRRs",
        ("Match probability from which people are linked",),
        "linked probation, treatment and court records",
        ("unit", "linked", "link_thresholds", "reconviction", "short_follow_up"),
    ),
    26: TableText(
        "Structured treatment and reconvictions {within_period} if linkage had errors, ATRs and DRRs",
        ("Whose links are wrong how often", "Assumed errors"),
        "linked probation, treatment and court records",
        ("unit", "linked", "wrong_links", "wrong_links_by_group", "reconviction", "short_follow_up"),
    ),
    27: TableText(
        "Factors associated with linkage and reconviction: odds ratios under other assumptions, ATRs and DRRs",
        ("Model", "Factor and level"),
        "linked probation, treatment and court records",
        ("unit", "linked", "model", "odds_ratio_counts", "other_assumptions", "wrong_links"),
        shorthand={
            "[c]": _ODDS_RATIO_SHORTHAND["[c]"],
            "[x]": "not available: the model could not estimate the level under this assumption",
            "[z]": "not applicable: the assumption is on links, which this model takes as they are, regions do not "
            "differ, or the year of sentence is in no other model",
        },
    ),
    22: _status_by("substance group", "Substance group in treatment", "substance_group"),
    23: TableText(
        "Termination reason (nDelius) against discharge from treatment (NDTMS), linked ATRs and DRRs",
        ("Requirement type", "Termination reason in nDelius"),
        _LINKED_SOURCE,
        ("unit", "linked", "two_records"),
        {
            f"{words} ({unit})": (definition,)
            for unit in ("count", "% of linked in the row")
            for words, definition in (
                ("Dropped out of treatment (narrow definition)", "narrow_dropout"),
                ("Dropped out, wide definition: dropout, prison or died", "wide_dropout"),
            )
        },
    ),
    24: TableText(
        "Time from sentence to structured treatment, by length of requirement, linked ATRs and DRRs",
        ("Requirement type", "Length of requirement"),
        _LINKED_SOURCE,
        ("unit", "linked", "time", "long"),
    ),
    33: TableText(
        "Substance use in the 28 days before the first and the last treatment outcome form, linked ATRs and DRRs",
        ("Requirement type", "Substance, or group of requirements"),
        "linked probation and treatment records, with the Treatment Outcomes Profile",
        ("unit", "linked", "use_forms", "use_base"),
        {
            "Main problem substance": ("use_main",),
            "Used at the start and not at the last form (count)": ("use_stopped",),
            "Used at the start and not at the last form (% of those who used at the start)": ("use_stopped",),
            "Mean change in days of use": ("use_change",),
            "Mean change in days of use, lower {level} limit": ("use_change",),
            "Mean change in days of use, upper {level} limit": ("use_change",),
        },
        shorthand={
            "[x]": "not available: there are no records to compute it from, or no forms were sent",
        },
    ),
    34: TableText(
        "Cumulative time from sentence to structured treatment, all ATRs and DRRs, linked or not",
        ("Time to structured treatment",),
        _LINKED_SOURCE,
        ("unit", "linked", "cumulative", "of_all"),
    ),
    35: TableText(
        "In structured treatment on days after sentence, ATRs and DRRs observed for so long",
        ("Day",),
        _LINKED_SOURCE,
        ("unit", "linked", "on_days", "same_requirements"),
    ),
    36: TableText(
        "Time to dropout from structured treatment, with completion, prison and death as other ends, linked ATRs and "
        "DRRs",
        ("Requirements", "Time since the start"),
        _LINKED_SOURCE,
        ("unit", "linked", "start_of_time", "incidence", "narrow_dropout"),
    ),
    37: TableText(
        "Structured treatment on the day the requirement ended, by termination reason, ATRs and DRRs",
        ("Requirement type", "Termination reason in nDelius"),
        _LINKED_SOURCE,
        ("unit", "linked", "at_the_end", "narrow_dropout", "cjit"),
    ),
    38: TableText(
        "ATRs and DRRs linked to structured treatment beside all people in treatment in England",
        ("Of whom", "What is said of them"),
        f"{_LINKED_SOURCE}; Adult substance misuse treatment statistics 2022 to 2023",
        ("unit", "linked", "all_people"),
    ),
    28: TableText(
        "Missing values of the factors of the models, and which are missing together, ATRs and DRRs",
        ("What is missing", "Factor or combination"),
        _LINKED_SOURCE,
        ("unit", "missing_values"),
    ),
    29: TableText(
        "Recorded and imputed values of the factors of the models, by level, ATRs and DRRs",
        ("Factor", "Level"),
        "linked probation, treatment and court records",
        ("unit", "linked", "imputed_values"),
        shorthand={
            "[z]": "not applicable: the model does not have the factor, or none of its values are missing there, or so "
            "few ({small}) that recorded shares would tell how many",
        },
    ),
}

# Too few requirements are this long for their figures to be reliable (report 3.4 and 4.4).
UNRELIABLE_ROWS = ("Over 12 months",)
ESTIMATED_WORD = ", estimate"
AS_WRITTEN = TableText("", (), "")


def in_words(text: TableText, wording: Wording) -> TableText:
    """The words of a table with the phrases of a run filled in."""
    return replace(
        text,
        title=wording(text.title),
        shorthand={mark: wording(meaning) for mark, meaning in text.shorthand.items()},
        row_headers=tuple(map(wording, text.row_headers)),
        source=wording(text.source),
        marks={wording(label): notes for label, notes in text.marks.items()},
    )


def with_marks(label: str, text: TableText) -> str:
    """A header or row label with its shorthand and note references, e.g. "Requirements, estimate (count) [e] [note
    3]"."""
    marks = ["[e]"] if ESTIMATED_WORD in label else []
    marks += ["[u]"] if label in UNRELIABLE_ROWS else []
    marks += [f"[note {note_numbers()[name]}]" for name in text.marks.get(label, ())]
    return " ".join([label, *marks])


def shorthand_used(cells: pl.DataFrame) -> dict[str, str]:
    """The marks in cells, headers and row labels of published tables, and what they mean in general."""
    words = {
        *cells["shown"].unique(),
        *(with_marks(label, AS_WRITTEN) for name in ("measure", "row_label") for label in cells[name].unique()),
    }
    return {mark: meaning for mark, meaning in SHORTHAND.items() if any(mark in each for each in words)}


def shorthand_of(text: TableText, cells: pl.DataFrame) -> dict[str, str]:
    """The marks of one table and what they mean there. `cells` are its own, `text` its words."""
    return {mark: text.shorthand.get(mark, meaning) for mark, meaning in shorthand_used(cells).items()}
