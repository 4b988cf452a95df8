"""Rows that sentences and figures address by key, and their words.

Belongs here: rows that are no level of a variable. Does not belong here: levels, whose key is their value
(contracts/vocabulary.py, reference/variables.csv).
"""

from contracts.vocabulary import HORIZONS
from publishing.tables.declared import Row

ALL_REQUIREMENTS = Row("all", "All requirements")
ALL_LINKED = Row("linked", "All linked to structured treatment")
IN_ENGLAND = Row("all", "All requirements", "England")
OF_THE_REGION, REST_OF_THE_REGION = "All of the region", "Rest of the region, or not known"
MONTHS_OF_QUARTER = ("January to March", "April to June", "July to September", "October to December")

# By linkage (tables 2, 12 and 15): key of the side to its heading and to what all of it are called.
LINKED, NOT_LINKED, EVERYBODY = "Linked to structured treatment", "Not linked to structured treatment", "All"
_MISSED_BY = "All requirements, links missed according to"
ALL_BY_REVIEW = Row("all_by_review", f"{_MISSED_BY} clerical review", EVERYBODY)
ALL_BY_SIMULATED_REVIEW = Row(
    "all_by_simulated_review", f"{_MISSED_BY} a simulated review (no person looked at a pair)", EVERYBODY
)
SIDES = {
    "linked": (LINKED, "All linked to structured treatment"),
    "not linked": (NOT_LINKED, "All not linked to structured treatment"),
    "all": (EVERYBODY, "All requirements"),
}
STATUS_LABELS = {
    "Completed": "Completed structured treatment",
    "Remained": "Remained in structured treatment at end of observation",
    "Dropped out": "Dropped out of treatment (narrow definition)",
    "Prison": "Ended when the person entered prison",
    "Died": "Died",
}
WIDE_LABEL = "Dropped out, wide definition: dropout, prison or died"
UNLINKED_LABELS = {
    "CJIT": "In contact with CJIT",
    "prison": "Entered prison{not_on_remand} {prison_within} of sentence",
    "unknown": "Not identified in prison or CJIT contact",
}
NO_SETTING = "In no NDTMS treatment setting"
# Linkage found the person in NDTMS, or did not: what the absence of treatment may mean (report 1.2).
NO_SETTING_LABELS = {
    "known": "Of these: person linked to NDTMS records of another time or kind",
    "not known": "Of these: person linked to no NDTMS record",
}
RECONVICTED, NOT_RECONVICTED, FOLLOWED_SHORT = "reconvicted", "not reconvicted", "followed short"
RECONVICTION_LABELS = {
    RECONVICTED: "Reconvicted {within_period}",
    NOT_RECONVICTED: "Not identified as reconvicted",
    FOLLOWED_SHORT: "Of those not identified: followed for less than {period}",
}
STATUS_ROWS = {
    "linked/Completed": STATUS_LABELS["Completed"],
    "linked/Remained": STATUS_LABELS["Remained"],
    "linked/wide dropout": WIDE_LABEL,
    "linked/Dropped out": "Of these: dropped out of treatment (narrow definition)",
    "linked/Prison": "Of these: ended when the person entered prison",
    "linked/Died": "Of these: died",
}
NOT_COMPLETED = Row("linked/not completed", "Did not complete it: remained, dropped out, prison or died", LINKED)

# What the notes of a sampled requirement say; a requirement without a keyword note counts as not engaged (report 1.5).
ENGAGED, NO_INDICATION, NO_KEYWORD_NOTES = "engaged", "no indication", "no keyword notes"
NOT_DETERMINED, WITH_A_RESULT = "not determined", "with a result"
EVIDENCE = {
    ENGAGED: "{Enough_notes} {indicate} engagement",
    NO_INDICATION: "Keyword notes, {too_few} {indicate} engagement",
    NO_KEYWORD_NOTES: "No note with a treatment keyword",
}
EVIDENCE_ROWS = {
    **EVIDENCE,
    WITH_A_RESULT: "All sampled requirements with a result",
    NOT_DETERMINED: "Not determined: some keyword note has no label",
}
WITHOUT_NOTES, NO_RESULT = "without notes", "some note without a label"
# Rows of their own: shown by reason, their small counts would take larger ones out of the table.
LEFT_OUT = {
    WITHOUT_NOTES: "Left out of the mean: without notes in the weeks before the end",
    NO_RESULT: "Left out of the mean: with such notes, some keyword note has no label",
}
ALL_ENDED_SAMPLE = "All sampled requirements that ended"

# The last band is that of all linked.
REACHED = {
    "Already in treatment": "Already in treatment at sentence",
    "Within 3 weeks": "Within 3 weeks or already in treatment",
    "Within 6 weeks": "Within 6 weeks or already in treatment",
    "Within 12 weeks": "Within 12 weeks or already in treatment",
}
AT_SENTENCE = "At sentence"
DAYS_AFTER = {AT_SENTENCE: 0, **{f"{label} after sentence": days for label, days in HORIZONS.items()}}
BY_THE_END = "By the end of observation"
HORIZON_ROWS = {f"By {label}": days for label, days in HORIZONS.items()}
ENDED = "All that had ended"
NOT_ENDED = "Not terminated by the end of observation"
END_STATUSES = {
    "Completed": "Completed structured treatment before",
    "In treatment": "In structured treatment then",
    "Dropped out": "Dropped out of treatment before (narrow definition)",
    "Prison or died": "Treatment ended before, when the person entered prison or died",
    "Started later": "Structured treatment started only later",
    "CJIT": "Not linked, in contact with CJIT",
    "none": "Not linked, no contact with CJIT",
}
# NDTMS discharge of the linked journey: name in quantities to words.
DISCHARGES = {
    "Completed": "Completed structured treatment",
    "Remained": "No discharge, remained in structured treatment",
    "Dropped out": "Dropped out of treatment (narrow definition)",
    "Prison": "Ended when the person entered prison",
    "Died": "Died",
    "wide dropout": WIDE_LABEL,
}


def quarter_row(quarter: str) -> Row:
    """The row of a calendar quarter such as "2019Q1"."""
    return Row(quarter, f"{MONTHS_OF_QUARTER[int(quarter[-1]) - 1]} {quarter[:4]}")


def side_row(side: str, name: str = "", label: str = "") -> Row:
    """A row of a side of SIDES: all of it, or what `name` and `label` say."""
    heading, all_of_it = SIDES[side]
    return Row(f"{side}/{name}" if name else side, label or all_of_it, heading)
