"""Reads the code lists that combining needs from `reference/code_lists`, in the words of the analysis file.

Belongs here: code list in, mapping or band edges out. Does not belong here: applying them to data.
"""

import re
from functools import cache

import polars as pl

from contracts.code_lists import CODE_LISTS
from resources.extracts.values.listed_text import listed_form, meaning_of

ACCOMMODATION_LABELS = {
    "settled": "Settled",
    "bail_or_probation_accommodation": "Bail or probation accommodation",
    "other_housed": "Other housed",
    "no_fixed_address": "No fixed address",
    "rough_sleeping": "Rough sleeping",
}
DISCHARGE_OUTCOMES = {
    "completed": "Completed",
    "dropped_out": "Dropped out",
    "prison": "Prison",
    "died": "Died",
    "transferred": "Transferred",
}
COURTS = {"crown": "Crown", "magistrates": "Magistrates"}
# A code, and nothing but signs or a name behind it: neither a date nor two codes.
_CODE_AND_NAME = r"^0*(\d{digits})[^\p{{L}}\p{{N}}]*(?:$|\p{{L}})"
CONVICTION_CLASSES = ("sentence or ancillary order on conviction", "convicted", "committed for restriction order")


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(CODE_LISTS / name, infer_schema=False)


@cache
def discharge_outcomes() -> dict[str, str]:
    """NDTMS discharge code to outcome of an episode, without codes for an unknown reason (data dictionary 2.6)."""
    rows = _read("ndtms_discharge_reasons.csv").filter(pl.col("mapped_outcome").is_in(list(DISCHARGE_OUTCOMES)))
    return {code: DISCHARGE_OUTCOMES[outcome] for code, outcome in rows.select("code", "mapped_outcome").rows()}


@cache
def discharges_without_treatment() -> list[str]:
    """NDTMS discharge codes of referrals that were no treatment (inappropriate referral)."""
    return _read("ndtms_discharge_reasons.csv").filter(pl.col("mapped_outcome") == "excluded")["code"].to_list()


@cache
def _discharges_by_entry() -> dict[str, str]:
    """Code or label of a discharge reason, with and without what stands in brackets, to its code."""
    rows = _read("ndtms_discharge_reasons.csv").drop_nulls("code").select("label", "code").rows()
    return {entry: code for label, code in rows for entry in (code, label, re.sub(r" *\(.*?\)", "", label))}


def discharge_code(text: pl.Expr) -> pl.Expr:
    """NDTMS discharge code of a text: a code of the list, also with its label behind it, or a label; else null."""
    entries = _discharges_by_entry()
    code = text.str.extract(_CODE_AND_NAME.format(digits="{1,2}"), 1).str.strip_chars_start("0")
    return pl.coalesce(meaning_of(text, entries), code.replace_strict(entries, default=None, return_dtype=pl.String))


@cache
def substance_classes() -> dict[str, str]:
    """NDTMS drug code to opiate, non-opiate, alcohol or none (nicotine and "no second drug" are none)."""
    rows = _read("ndtms_drug_codes_partial.csv").select("code", pl.col("class").str.extract(r"^([a-z-]+)"))
    return {code: "none" if kind == "adjunctive" else kind for code, kind in rows.rows()}


@cache
def substances_by_entry() -> dict[str, str]:
    """Code or name of a substance to its class, as in `substance_classes`; names with and without their brackets."""
    rows = _read("ndtms_drug_codes_partial.csv").select("label", "code").rows()
    return {
        entry: substance_classes()[code]
        for label, code in rows
        for entry in (code, label, re.sub(r" *\(.*?\)", "", label))
    }


def drug_class(text: pl.Expr) -> pl.Expr:
    """Class of a text that is a drug, as in `substance_classes`; null when it is none.

    A drug is a code of four digits, also with its name behind it, or a name of the published list. The list is partial,
    so a code that it lacks has the class of its thousands; one that begins with 99 says that there is no drug.
    """
    code = text.str.extract(_CODE_AND_NAME.format(digits="{4}"), 1)
    family = (
        pl.when(code.str.starts_with("1"))
        .then(pl.lit("opiate"))
        .when(code.str.starts_with("7"))
        .then(pl.lit("alcohol"))
        .when(code.str.contains(r"^([2-68]|9[0-8])"))
        .then(pl.lit("non-opiate"))
        .when(code.str.starts_with("9"))
        .then(pl.lit("none"))
    )
    entries = substances_by_entry()
    listed = code.replace_strict(entries, default=None, return_dtype=pl.String)
    return pl.coalesce(meaning_of(text, entries), listed, family)


@cache
def _form_substances() -> dict[str, str]:
    """Code or name of a substance to the substance of an outcome form that it is asked about under."""
    rows = _read("ndtms_drug_codes_partial.csv").drop_nulls("outcome_form_substance")
    return {
        entry: substance
        for label, code, substance in rows.select("label", "code", "outcome_form_substance").rows()
        for entry in (code, label, re.sub(r" *\(.*?\)", "", label))
    }


def form_substance(text: pl.Expr) -> pl.Expr:
    """Substance of an outcome form (contracts USE_COLUMNS) that a problem substance is asked about under; null when it
    is no drug, or nicotine. A code that the list lacks is read by its family, as in `drug_class`."""
    kind, code = drug_class(text), text.str.extract(_CODE_AND_NAME.format(digits="{4}"), 1)
    entries = _form_substances()
    family = (
        pl.when(kind == "opiate")
        .then(pl.lit("Opiates"))
        .when(kind == "alcohol")
        .then(pl.lit("Alcohol"))
        .when(code.str.starts_with("5"))
        .then(pl.lit("Cannabis"))
        .when(code.str.starts_with("31"))
        .then(pl.lit("Amphetamines"))
        .when(kind == "non-opiate")
        .then(pl.lit("Other drugs"))
    )
    listed = code.replace_strict(entries, default=None, return_dtype=pl.String)
    return pl.coalesce(meaning_of(text, entries), listed, family)


@cache
def conviction_outcomes(outcome_set: str) -> frozenset[str]:
    """Court outcomes that count as a reconviction, in `outcome_form` (methodology table 2).

    `published_70` is the published list, which also names committals for trial, withdrawals and breach results;
    `convictions_only` keeps those that follow a conviction, by our own classification.
    """
    rows = _read("reconviction_outcomes_classified.csv")
    if outcome_set == "convictions_only":
        kind = pl.col("our_class_assumed")
        rows = rows.filter(pl.any_horizontal(kind.str.starts_with(name) for name in CONVICTION_CLASSES))
    return frozenset(rows.select(outcome_form(pl.col("outcome")))["outcome"])


def outcome_form(text: pl.Expr) -> pl.Expr:
    """An outcome as it is compared with the published list: its listed form, without the age of the person sentenced
    ("Suspended Imprisonment - Adult" is the sentence "Suspended Imprisonment")."""
    return listed_form(text).str.replace(r"[ -]?[(-](adult|youth|young offender)\)?$", "")


@cache
def known_outcomes() -> list[str]:
    """Court outcomes that are the published list's, or known not to count, in `outcome_form`."""
    others = _read("other_court_outcomes.csv").select(outcome_form(pl.col("outcome")))["outcome"]
    return sorted(conviction_outcomes("published_70") | set(others))


@cache
def accommodation_labels() -> dict[str, str]:
    """nDelius address type to accommodation in the report, without types that say nothing (data dictionary 1.2)."""
    rows = _read("accommodation.csv").drop_nulls("delius_address_type_code")
    pairs = rows.select("delius_address_type_code", "report_category").rows()
    return {code: ACCOMMODATION_LABELS[category] for code, category in pairs if category in ACCOMMODATION_LABELS}


@cache
def ethnic_groups() -> dict[str, str]:
    """Probation 18+1 ethnicity code to the five groups; unknown and dummy codes are left out."""
    rows = _read("ethnicity_18plus1.csv").filter(pl.col("group5") != "Unknown")
    return dict(rows.select("hmpps_code", "group5").rows())


@cache
def pre_sentence_report_types() -> dict[str, str]:
    """nDelius report type to Fast, Oral or Standard."""
    return {code: label.rsplit(" ", 1)[-1] for code, label in _read("psr_types.csv").select("code", "label").rows()}


@cache
def risk_edges(score: str) -> list[tuple[str, float, float]]:
    """Band, lowest score in it and lowest score above it, for "RSR" or "OGRS3_2yr" (per cent)."""
    rows = _read("risk_bands.csv").filter(pl.col("score") == score)
    return [
        (band.capitalize(), float(low), float(high))
        for band, low, high in rows.select("band", "lower_inclusive", "upper_exclusive").rows()
    ]


@cache
def bands(dimension: str) -> list[tuple[str, float]]:
    """Label and highest whole number of every band of `age_band` (years), `requirement_length` (months) or
    `time_to_treatment` (days); the last band is open."""
    rows = _read("bands_in_report.csv").filter(pl.col("dimension") == dimension).sort(pl.col("order").cast(int))
    edges: list[tuple[str, float]] = []
    for label, rule in rows.select("label", "rule").rows():
        label = label.replace("50+", "50 and over")
        text = rule if dimension == "time_to_treatment" else label
        upper = re.search(r"(?:to |-)(\d+)", text)
        edges.append((label, float(upper.group(1)) if upper else float("inf")))
    if dimension == "time_to_treatment":
        edges[0] = (edges[0][0], 0.0)
    return edges
