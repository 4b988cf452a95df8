"""What is on file on a day: rows of later days are left out, ends of later days are empty.

Belongs here: which column says that a row is there, and which that something has ended. Does not belong here: any draw.
A column `arrives` (day number) holds a row back that is recorded later than it happened; no file has it.
"""

from datetime import date

import polars as pl

from synthetic_extracts.draws import day_of
from synthetic_extracts.next_quarter.world import World, person_keys
from synthetic_extracts.notes.of_a_person import engaged_by_notes
from synthetic_extracts.recording import Tables
from synthetic_extracts.treatment.journeys import OPEN

TREATMENT = ("adult_community", "yp_community", "adult_secure", "yp_secure")
BEGINS = {
    "risk": "assessment_date",
    "offender_address": "start_date",
    "prison_spell": "reception_date",
    "result": "appearance_date",
    "contact_note": "contact_date",
    "cjit": "CJITTRD",
    **dict.fromkeys(TREATMENT, "TRIAGED"),
}
_DISCHARGE = ("DISD", ("DISRSN", "DISDEST", "RELDEST", "RELREF"))
ENDS = {
    "offender": ("deceased_date", ()),
    "offender_address": ("end_date", ()),
    "event_disposal": ("disposal_termination_date", ("disposal_termination_reason",)),
    "requirement": ("termination_date", ("termination_reason",)),
    "prison_spell": ("release_date", ("release_reason",)),
    "cjit": ("CMENDD", ("CLOSRSN",)),
    **dict.fromkeys(TREATMENT, _DISCHARGE),
}
FURTHER_DATES = {
    "requirement": ("commencement_date",),
    "cjit": ("CMSTARTD",),
    **dict.fromkeys(TREATMENT, ("CPLANDT",)),
}
ORDER = {
    "offender": ("crn",),
    "offender_address": ("crn", "start_date", "address_status"),
    "event_disposal": ("crn", "disposal_date", "event_id"),
    "requirement": ("requirement_id",),
    "main_offence": ("event_id",),
    "risk": ("event_id",),
    "pre_sentence_report": ("report_id",),
    "prison_spell": ("booking_id",),
    "defendant": ("defendant_id",),
    "case": ("case_id", "defendant_id"),
    "offence": ("offence_id",),
    "result": ("result_id",),
    "contact_note": ("contact_id",),
    **dict.fromkeys((*TREATMENT, "cjit"), ("CLIENTID", "EPISODID", "UTLA")),
}


def day_in(column: str) -> pl.Expr:
    """A date as the NDTMS tables send it, as a date; null where it is none."""
    text = pl.col(column)
    return pl.coalesce(text.str.to_date("%d/%m/%Y", strict=False), text.str.to_date("%Y-%m-%d", strict=False))


def _date(table: pl.DataFrame, column: str) -> pl.Expr:
    return day_in(column) if table.schema[column] == pl.String else pl.col(column)


def tables_on(tables: Tables, day: int) -> Tables:
    """The tables as they are on `day`, their rows in the order of their files."""
    shown = {name: _ends_seen(name, _begun(name, table, day), day_of(day)) for name, table in tables.items()}
    # A case is on file with its first result.
    shown["offence"] = shown["offence"].join(shown["result"], on="offence_id", how="semi")
    shown["case"] = shown["case"].join(shown["offence"], on="case_id", how="semi")
    shown["defendant"] = shown["defendant"].join(shown["case"], on="defendant_id", how="semi")
    return {
        name: table.drop("arrives", strict=False).sort(ORDER[name], nulls_last=True, maintain_order=True)
        for name, table in shown.items()
    }


def _begun(name: str, table: pl.DataFrame, day: int) -> pl.DataFrame:
    if "arrives" in table.columns:
        table = table.filter(pl.col("arrives").is_null() | (pl.col("arrives") <= day))
    if name not in BEGINS:
        return table
    begins = _date(table, BEGINS[name])
    return table.filter(begins.is_null() | (begins <= day_of(day)))


def _ends_seen(name: str, table: pl.DataFrame, day: date) -> pl.DataFrame:
    changes = []
    if name in ENDS:
        end, with_it = ENDS[name]
        seen = ~(_date(table, end) > day).fill_null(False)
        changes += [pl.when(seen).then(column).alias(column) for column in (end, *with_it) if column in table.columns]
        if name == "offender_address":
            status = pl.col("address_status")
            changes.append(pl.when(seen | (status != "P")).then(status).otherwise(pl.lit("M")).alias("address_status"))
    for column in FURTHER_DATES.get(name, ()):
        # What begins on the very day is entered the day after.
        late = (_date(table, column) > day) if name != "requirement" else (pl.col(column) >= day)
        changes.append(pl.when(~late.fill_null(False)).then(column).alias(column))
    return table.with_columns(changes)


def truth_on(world: World, day: int, on_file: Tables) -> Tables:
    """The truth tables on `day`, of the records in the tables `on_file` that day."""
    note_truth = world.truth.get("note_truth")
    clients = pl.concat(on_file[name].select("CLIENTID") for name in (*TREATMENT, "cjit"))
    truth = {
        "person_truth": world.truth["person_truth"].sort("crn"),
        "client_truth": world.truth["client_truth"].join(clients, on="CLIENTID", how="semi").sort("CLIENTID"),
    }
    says_engaged = None
    if note_truth is not None:
        truth["note_truth"] = note_truth.join(on_file["contact_note"], on="contact_id", how="semi").sort("contact_id")
        windows = world.requirements.select(
            "requirement_id",
            "crn",
            window_start=pl.col("day").cast(pl.Int32).cast(pl.Date),
            window_end=pl.min_horizontal("termination_day", pl.lit(day)).cast(pl.Int32).cast(pl.Date),
        )
        says_engaged = engaged_by_notes(windows, on_file["contact_note"], truth["note_truth"])
    return truth | {"requirement_truth": requirement_truth_on(world, day, says_engaged)}


def requirement_truth_on(world: World, day: int, says_engaged: pl.Series | None) -> pl.DataFrame:
    """What is true of each ATR and DRR on `day` (columns: recording.requirement_truth).

    `says_engaged`: requirements with a note of the person in their window that says so by then; None where there are no
    notes.
    """
    frame = world.requirements.join(_answering_journeys(world, day), on="requirement_id", how="left")
    structured = pl.col("start").is_not_null()
    ended = pl.col("termination_day") <= day
    window_end = pl.min_horizontal("termination_day", pl.lit(day))
    engaged = pl.col("engaged") if says_engaged is None else pl.col("requirement_id").is_in(says_engaged.implode())
    in_window = (structured & (pl.col("start") <= window_end)).fill_null(False)
    in_cjit = pl.col("in_cjit") & (pl.col("cjit_day") <= day)
    return frame.select(
        "requirement_id",
        "crn",
        person_keys(frame["person"].to_numpy()).alias("true_person_id"),
        "requirement_type",
        "analysed",
        structured.alias("in_structured"),
        pl.col("status").alias("treatment_status"),
        pl.when(structured)
        .then(pl.max_horizontal(pl.col("start") - pl.col("day"), 0))
        .otherwise(-1)
        .alias("days_to_treatment"),
        in_window.alias("in_structured_window"),
        (engaged | in_window | (in_cjit & (pl.col("cjit_day") <= window_end))).alias("in_any_treatment"),
        in_cjit.alias("in_cjit"),
        (pl.col("reconviction_day") <= day).alias("truly_reconvicted"),
        (pl.col("on_record_from") <= day).alias("reconviction_on_record"),
        pl.when(ended).then("termination").alias("termination"),
    ).sort("requirement_id")


def _answering_journeys(world: World, day: int) -> pl.DataFrame:
    """requirement_id, start and status of the journey that is open on the day of sentence, else the first after it."""
    over = pl.col("end") <= day
    journeys = world.journeys.filter(pl.col("start") <= day).select(
        "person",
        "start",
        pl.when(over).then("end").otherwise(OPEN).alias("end"),
        pl.when(over).then("status").otherwise(pl.lit("remained")).alias("status"),
    )
    return (
        world.requirements.select("requirement_id", "person", "day")
        .join(journeys, on="person")
        .filter(pl.col("end") >= pl.col("day"))
        .sort("requirement_id", "start")
        .unique("requirement_id", keep="first", maintain_order=True)
        .select("requirement_id", "start", "status")
    )
