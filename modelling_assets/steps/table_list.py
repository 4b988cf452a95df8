"""Titles, row headers and notes of the published tables: the words around the numbers.

Belongs here: every word of the tables that is not computed. Does not belong here: numbers.
A new table needs an entry here and a function in make_tables.py.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableText:
    """Words of one table.

    title: without number and dates. row_headers: one or two; one means that the group label is not shown. notes:
    names in NOTES that hold for the whole table. marks: measure or row label to the names of its notes. reads_notes:
    whether its figures come from contact notes (and so from the language model).
    """

    title: str
    row_headers: tuple[str, ...]
    source: str
    notes: tuple[str, ...] = ()
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reads_notes: bool = False


NOTES = {
    "unit": (
        "The unit is the requirement (an ATR or DRR attached to a community order or suspended sentence order), not "
        "the person. A person with several requirements is counted several times."
    ),
    "linked": (
        "Linked to structured treatment: the person was linked with probability at or above the study's threshold to "
        "a structured community treatment journey in NDTMS that was open at sentence or started after it. Links that "
        "could not be made with confidence are missing, so linkage is a lower bound of the share in structured "
        "treatment."
    ),
    "estimate": (
        "Estimate [e]: the share of the sampled requirements not linked whose contact notes indicate engagement in "
        "any treatment, applied to all requirements not linked. 'All' uses the share of the whole sample, ATR and DRR "
        "their own, so the ATR and DRR estimates do not add up to 'All'. One note that indicates engagement is "
        "enough; the extent of treatment is not known. The estimate carries the errors of the language model, which "
        "are not in the 95% limits."
    ),
    "sample": (
        "Sample: requirements not linked to structured treatment, drawn at random, whose contact notes between the "
        "start and the end of the requirement (or of observation) were read. Linked requirements on the same request "
        "are left out. Requirements for which some keyword note could not be labelled and none indicates engagement "
        "have no result and are left out of the base."
    ),
    "no_keyword": "A requirement without any note that contains a treatment keyword is assumed not to have engaged.",
    "limits": "95% limits: Wilson interval of the sample share. It covers the chance of the draw only.",
    "narrow_dropout": (
        "Narrow definition of dropped out (sections 2.3 and 2.4 of the published report): the journey ended because "
        "the person left treatment; journeys that ended in prison or death are counted apart."
    ),
    "wide_dropout": (
        "Wide definition of dropped out (sections 3.6, 3.7 and 4.5 of the published report): the journey ended in "
        "dropout, on entering prison or in death. Where a table shows the three apart, it is their sum and not part of "
        "the totals."
    ),
    "cjit": (
        "CJIT: criminal justice intervention teams, which give unstructured support. Contact with a CJIT is counted "
        "before prison, so each requirement not linked is in one row."
    ),
    "reconviction": (
        "Reconvicted: a court appearance with one of the outcomes listed in the methodology within 12 months of "
        "sentence. Late court results are missing, so percentages are minimum estimates."
    ),
    "short_follow_up": (
        "Requirements followed for less than 12 months and not reconvicted so far are in the base and count as not "
        "identified as reconvicted; these are the rows 'followed for less than 12 months'."
    ),
    "model": (
        "Multilevel logistic regression with a random intercept for probation region, fitted to multiply imputed data "
        "and pooled by Rubin's rules. Each odds ratio is adjusted for the other factors of the table and compares a "
        "level with the reference level of its factor. Associations are not causal and hold for these data and this "
        "model only."
    ),
    "model_records": (
        "Counts of records include records whose missing level was imputed: the mean over the imputed data sets, "
        "rounded. Records with a missing outcome are left out of the model."
    ),
    "model_status": "Records whose structured treatment ended in prison or death are left out of this model.",
    "not_recorded": (
        "Requirements whose characteristic is not recorded are the row 'Not recorded', shown when there are any."
    ),
    "long": ("Few requirements are longer than 12 months, so figures of that row are of low reliability [u]."),
    "termination": (
        "Sampled requirements not linked to structured treatment that had ended. For each requirement with contact "
        "notes in the last weeks before its end (12 in the published study), the share of those notes that indicate "
        "engagement in treatment; shown is the mean of these shares."
    ),
    "cumulative": (
        "Cumulative: each row includes the rows above it. Time runs from sentence to the start of the linked journey."
    ),
    "strength": (
        "Strength is given for significant associations only: strong, moderate or weak by the size of the odds ratio "
        "or its inverse, with the limits of the study's settings."
    ),
}

SHORTHAND = {
    "[c]": "confidential: a small count, a count that would give one away, or a figure computed from such a count",
    "[e]": "estimated",
    "[low]": "rounds to zero at the precision shown, but is not zero",
    "[u]": "low reliability: a figure based on few records. In a cell: withheld, because its base is below the minimum",
    "[x]": "not available: there are no records to compute it from, or the model could not estimate it",
    "[z]": "not applicable",
}

_ODDS_RATIO_NOTES = ("unit", "linked", "model")
_ODDS_RATIO_MARKS = {
    "Records in the model (count)": ("model_records",),
    "Strength of association": ("strength",),
}
_DROPOUT_MARKS = {
    "Dropped out of treatment (narrow definition)": ("narrow_dropout",),
    "Of these: dropped out of treatment (narrow definition)": ("narrow_dropout",),
    "Dropped out, wide definition: dropout, prison or died": ("wide_dropout",),
}


def _odds_ratios(outcome: str, kind: str, *more_notes: str) -> TableText:
    return TableText(
        f"Factors associated with {outcome}, {kind}s, adjusted odds ratios",
        ("Factor", "Level"),
        "linked probation, treatment and court records",
        (*_ODDS_RATIO_NOTES, *more_notes),
        _ODDS_RATIO_MARKS,
    )


def _linked_by(what: str, header: str, *more_notes: str) -> TableText:
    title = f"Linkage to structured treatment, by {what}, ATRs and DRRs"
    return TableText(title, (header,), "linked probation and treatment records", ("unit", "linked", *more_notes))


def _status_by(what: str, header: str, *more_notes: str) -> TableText:
    title = f"Structured treatment status at the end of observation, by {what}, linked ATRs and DRRs"
    notes = ("unit", "linked", "wide_dropout", *more_notes)
    return TableText(title, (header,), "linked probation and treatment records", notes)


def _reconvicted_by(what: str, header: str, *more_notes: str) -> TableText:
    title = f"Reconvictions within 12 months of sentence, by {what}, ATRs and DRRs"
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
            "Sample, engaged, lower 95% limit (% of sample)": ("limits",),
            "Sample, engaged, upper 95% limit (% of sample)": ("limits",),
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
            "Entered prison within 12 months of sentence": ("cjit",),
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
        ("unit", "sample", "termination"),
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
    9: _status_by("age at sentence", "Age at sentence", "not_recorded"),
    10: _status_by("sex", "Sex", "not_recorded"),
    11: _status_by("time to structured treatment", "Time to structured treatment"),
    12: TableText(
        "Reconvictions within 12 months of sentence, by linkage to structured treatment, ATRs and DRRs",
        ("Linkage", "Reconviction"),
        "linked probation, treatment and court records",
        ("unit", "linked", "reconviction"),
        {"Of those not identified: followed for less than 12 months": ("short_follow_up",)},
    ),
    13: _reconvicted_by("probation region", "Probation region"),
    14: _reconvicted_by("length of requirement", "Length of requirement", "long"),
    15: TableText(
        "Reconvictions within 12 months of sentence, by treatment status at the end of observation, ATRs and DRRs",
        ("Linkage", "Treatment status"),
        "linked probation, treatment and court records",
        ("unit", "linked", "reconviction", "short_follow_up"),
        _DROPOUT_MARKS,
    ),
    16: _odds_ratios("linkage to structured treatment", "ATR"),
    17: _odds_ratios("linkage to structured treatment", "DRR"),
    18: _odds_ratios("reconviction within 12 months", "ATR", "reconviction", "model_status"),
    19: _odds_ratios("reconviction within 12 months", "DRR", "reconviction", "model_status"),
}

# Too few requirements are this long for their figures to be reliable (report 3.4 and 4.4).
UNRELIABLE_ROWS = ("Over 12 months",)
ESTIMATED_WORD = ", estimate"


def note_numbers() -> dict[str, int]:
    """Number of each note, in the order in which NOTES lists them."""
    return {name: number for number, name in enumerate(NOTES, start=1)}


def with_marks(label: str, text: TableText) -> str:
    """A header or row label with its shorthand and note references, e.g. "Requirements, estimate (count) [e] [note
    3]"."""
    marks = ["[e]"] if ESTIMATED_WORD in label else []
    marks += ["[u]"] if label in UNRELIABLE_ROWS else []
    marks += [f"[note {note_numbers()[name]}]" for name in text.marks.get(label, ())]
    return " ".join([label, *marks])
