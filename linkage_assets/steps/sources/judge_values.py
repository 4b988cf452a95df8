"""Judges the values that combining relies on: texts that code lists should hold, and numbers that say who somebody is.

Belongs here: how many values of an extract can be used, with what to do when too few can. Does not belong here: using
them (the collect_ and describe_ steps), and how files refer to one another (contracts/references.py).
"""

from collections.abc import Callable

import polars as pl

from contracts.termination_reasons import TERMINATION_REASONS, known_termination
from linkage_assets.steps.people.name_authorities import is_authority
from linkage_assets.steps.people.standardise_people import clients_of_many
from linkage_assets.steps.requirements.combining_code_lists import (
    discharge_code,
    drug_class,
    known_outcomes,
    outcome_form,
)
from linkage_assets.steps.requirements.identify_people import (
    NUMBERS,
    Numbers,
    contradictions,
    count_numbers,
    read_numbers,
)
from resources.extracts.extract_lists import ListedColumn, judge_list, judge_lists
from resources.extracts.extract_references import FEWEST_UNFIT, Fit, Frames
from resources.settings.study_settings import Combining, StudySettings

CLIENTS = ("adult_community", "yp_community", "adult_secure", "yp_secure", "cjit")


def _known_outcome(text: pl.Expr) -> pl.Expr:
    return outcome_form(text).is_in(known_outcomes())


def _known_discharge(text: pl.Expr) -> pl.Expr:
    return discharge_code(text).is_not_null()


def _known_drug(text: pl.Expr) -> pl.Expr:
    return drug_class(text).is_not_null()


LISTED: dict[tuple[str, str], tuple[str, Callable[[pl.Expr], pl.Expr]]] = {
    ("result", "result_text"): ("reconviction_outcomes.csv and other_court_outcomes.csv", _known_outcome),
    ("requirement", "termination_reason"): (TERMINATION_REASONS, known_termination),
    **{
        (table, column): (code_list, known)
        for table in ("adult_community", "yp_community")
        for column, code_list, known in (
            ("DISRSN", "ndtms_discharge_reasons.csv", _known_discharge),
            ("DRUG1", "ndtms_drug_codes_partial.csv", _known_drug),
            ("DRUG2", "ndtms_drug_codes_partial.csv", _known_drug),
            ("DRUG3", "ndtms_drug_codes_partial.csv", _known_drug),
            ("UTLA", "../geography/utla_population.csv and utla_changes.csv", is_authority),
        )
    },
}
# Rows with this value are left out of the study: table, column, value.
LEFT_OUT = (("offender", "soft_deleted", "1"), *((table, "CONSENT", "N") for table in CLIENTS))
LARGEST_LEFT_OUT = 0.5  # a mark on more rows than this was exchanged with its opposite
COLUMNS = {
    "offender": ["crn", "dob", "soft_deleted", "noms_number", "pnc_number", "cro_number"],
    "defendant": ["source_system", "defendant_id", "crn", "dob", "pnc_number", "cro_number"],
    "prison_spell": ["booking_id", "crn", "noms_number", "reception_date", "release_date"],
} | {
    table: [
        *(["CLIENTID", "CONSENT", "DOB"] if table in CLIENTS else []),
        *(column for of, column in LISTED if of == table),
    ]
    for table in ("result", "requirement", *CLIENTS)
}


def judge_values(frames: Frames, settings: StudySettings) -> list[Fit]:
    """How many values of the extracts in `frames` (table to a frame of at least its COLUMNS) can be used."""
    combining = settings.combining
    lists = judge_lists((_listed(*column, combining) for column in LISTED), frames)
    if not any(fit.stops for fit in lists if fit.table == "result"):
        lists += _judge_outcomes_by_system(frames, combining)
    clients = _judge_clients({table: frames[table] for table in CLIENTS if table in frames}, settings)
    marks = [_judge_mark(*mark, frames[mark[0]]) for mark in LEFT_OUT if mark[0] in frames]
    return [fit for fit in [*lists, *_judge_numbers(frames, combining), *clients, *marks] if fit.rows]


def _listed(table: str, column: str, settings: Combining) -> ListedColumn:
    return ListedColumn(table, column, *LISTED[table, column], getattr(settings.largest_unknown_share, column))


def _judge_mark(table: str, column: str, value: str, frame: pl.DataFrame | pl.LazyFrame) -> Fit:
    """Whether most rows are in the study; nothing is said of the few that a mark leaves out."""
    rows, marked = frame.lazy().select(pl.col(column).count(), marked=(pl.col(column) == value).sum()).collect().row(0)
    stops = marked > max(LARGEST_LEFT_OUT * rows, FEWEST_UNFIT - 1)
    problem = f"{marked:,} of {rows:,} rows are left out by {column} {value}; at most {LARGEST_LEFT_OUT:.0%} may be"
    return Fit(
        f"{table}.{column} leaves rows in",
        table,
        column,
        rows,
        rows - marked,
        1 - LARGEST_LEFT_OUT,
        stops,
        problem if stops else "",
        f"Check what {column} {value} means in the source; send the mark as declared.",
    )


def _judge_outcomes_by_system(frames: Frames, settings: Combining) -> list[Fit]:
    """Outcomes of each court system by itself: one that has words of its own can be a small part of the file."""
    if not {"result", "offence", "defendant"} <= frames.keys():
        return []
    result, offence, defendant = (frames[table].lazy() for table in ("result", "offence", "defendant"))
    outcomes = (
        result.select("offence_id", "result_text")
        .join(offence.select("offence_id", "defendant_id"), on="offence_id")
        .join(defendant.select("defendant_id", "source_system"), on="defendant_id")
        .select("source_system", "result_text")
        .collect()
    )
    listed = _listed("result", "result_text", settings)
    fits = [
        judge_list(listed, outcomes.filter(source_system=system), f" of {system}")
        for system in outcomes["source_system"].unique().sort()
    ]
    # What stops nothing has been said of the whole file.
    return [fit for fit in fits if fit.stops]


def _judge_numbers(frames: Frames, settings: Combining) -> list[Fit]:
    if "offender" not in frames:
        return []
    eager = {name: frames[name].lazy().select(COLUMNS[name]).collect() for name in NUMBERS if name in frames}
    numbers = read_numbers(eager, settings.identity_numbers)
    fits: list[Fit] = []
    for table, frame in eager.items():
        fits += [
            _judge_number(table, column, frame[column], numbers)
            for column in NUMBERS[table]
            if (table, column) != ("offender", "crn")
        ]
        if table != "offender":
            fits.append(_judge_contradictions(table, numbers))
    return fits


def _judge_clients(frames: Frames, settings: StudySettings) -> list[Fit]:
    """Whether NDTMS identifiers are of one person each, over the data sets at hand: they share them."""
    if not frames:
        return []
    most, least = settings.linkage.most_birth_dates, settings.combining.identity_numbers.least_usable_share
    rows = pl.concat(frame.lazy().select(person_id="CLIENTID", dob="DOB") for frame in frames.values()).collect()
    many = clients_of_many(rows, most)
    shared = rows.join(many, on="person_id", how="semi").height
    problem = (
        ""
        if not shared
        else (
            f"the CLIENTID of {shared:,} of {rows.height:,} NDTMS rows ({many.height:,} different ones) has more than "
            f"{most} dates of birth and is not used"
        )
    )
    stops = shared > max((1 - least) * rows.height, FEWEST_UNFIT - 1)
    return [
        Fit(
            "CLIENTID is of one person",
            next(iter(frames)),
            "CLIENTID",
            rows.height,
            rows.height - shared,
            least,
            stops,
            problem,
            "Send the pseudonym of each person as NDTMS makes it, the same in all data sets.",
        )
    ]


def _judge_number(table: str, column: str, sent: pl.Series, numbers: Numbers) -> Fit:
    least = numbers.settings.least_usable_share
    counts = count_numbers(table, column, sent, numbers)
    written, usable = counts.pop("written"), counts.pop("usable")
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in counts.items() if count)
    problem = (
        ""
        if written == usable
        else (f"{written - usable:,} of {written:,} values of {column} identify nobody and are not used: {reasons}")
    )
    stops = written - usable > max((1 - least) * written, FEWEST_UNFIT - 1)
    if stops:
        problem += f"; at least {least:.0%} must identify somebody"
    return Fit(
        f"{table}.{column} identifies a person",
        table,
        column,
        written,
        usable,
        least,
        stops,
        problem,
        f"Send {column} as the source system holds it; leave it empty where it is not known.",
    )


def _judge_contradictions(table: str, numbers: Numbers) -> Fit:
    least = numbers.settings.least_usable_share
    people = numbers.frames["offender"].filter(soft_deleted="0").select("crn", person="crn")
    several, contradicting = contradictions(table, people, numbers)
    problem = (
        ""
        if not contradicting
        else (
            f"{contradicting:,} of {several:,} rows with several numbers hold numbers of different people: none is used"
        )
    )
    stops = contradicting > max((1 - least) * several, FEWEST_UNFIT - 1)
    if stops:
        problem += f"; at least {least:.0%} must agree"
    return Fit(
        f"{table}: numbers of a row belong to one person",
        table,
        "crn",
        several,
        several - contradicting,
        least,
        stops,
        problem,
        f"Send {table} with the numbers of one person in one row: columns may have been shifted.",
    )
