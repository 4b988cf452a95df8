"""What is true of a cohort, and what every system records of it.

Belongs here: the order in which the parts are drawn and recorded, and the truth about people and requirements. Does not
belong here: files (write_extracts.py), any rate or share (calibration.toml) and any draw.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from contracts.extracts import EXTRACT_BY_NAME
from resources.zone.partitions import quarter_end
from synthetic_extracts.calibration import STATUSES, TERMINATIONS, TYPES
from synthetic_extracts.courts.court_records import CourtRecords, court_records
from synthetic_extracts.courts.reconviction import Reconvictions, draw_reconvictions
from synthetic_extracts.draws import dates, day_number, labelled, numbered
from synthetic_extracts.notes.of_a_person import engaged_by_notes, other_requirements
from synthetic_extracts.people.identity_numbers import Identities, give_numbers
from synthetic_extracts.people.offender import offender
from synthetic_extracts.people.offender_address import offender_address
from synthetic_extracts.prison.custody import Spells, draw_custody
from synthetic_extracts.prison.prison_records import prison_spells
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.draw_cohort import draw_cohort
from synthetic_extracts.sentences.requirement_table import requirement
from synthetic_extracts.sentences.sentence_tables import event_disposal, main_offence, pre_sentence_report, risk
from synthetic_extracts.sentences.supervision import ACTIVE, Supervision, draw_supervision
from synthetic_extracts.treatment.draw_treatment import draw_treatment
from synthetic_extracts.treatment.journeys import Treatment
from synthetic_extracts.treatment.treatment_tables import treatment_tables

Tables = dict[str, pl.DataFrame]


@dataclass
class Truth:
    """Everything true of the cohort, drawn before any system records it."""

    cohort: Cohort
    treatment: Treatment
    reconvictions: Reconvictions
    supervision: Supervision
    spells: Spells
    numbers: Identities


def draw_truth(quarter: str, scale: float, seed: int) -> Truth:
    """Draw the cohort and all that happens to it up to the end of `quarter`."""
    cohort = draw_cohort(seed, scale, day_number(quarter_end(quarter)))
    treatment = draw_treatment(seed, cohort)
    reconvictions = draw_reconvictions(seed, cohort, treatment)
    supervision = draw_supervision(seed, cohort, treatment)
    spells = draw_custody(seed, cohort, treatment, reconvictions)
    return Truth(cohort, treatment, reconvictions, supervision, spells, give_numbers(seed, cohort, spells))


@dataclass(frozen=True)
class Strangers:
    """Scale of the number of people in NDTMS, and when the strangers among them are first seen (day numbers)."""

    scale: float
    first: int
    last: int


def record_everything(
    seed: int,
    scale: float,
    truth: Truth,
    strangers: Strangers,
    with_notes: bool,
    put: Callable[[Tables], None],
    put_truth: Callable[[str, pl.DataFrame], None],
) -> tuple[CourtRecords, dict[str, int]]:
    """Hand every extract table to `put` and every truth table to `put_truth`, one system after another.

    Returns what the courts recorded, without its tables, and counts of treatment records.
    """
    cohort = truth.cohort
    probation = _probation_tables(seed, scale, truth)
    others = probation["requirement"].select("requirement_id", "event_id", "requirement_type")
    put(probation)
    del probation
    put({"prison_spell": prison_spells(seed, cohort, truth.spells, truth.numbers)})
    courts = court_records(seed, cohort, truth.reconvictions, truth.supervision, truth.numbers)
    put(courts.tables)
    courts.tables = {}
    ndtms = treatment_tables(
        seed, strangers.scale, cohort, truth.treatment, truth.supervision, truth.spells, strangers.first, strangers.last
    )
    put(ndtms.tables)
    put_truth("client_truth", ndtms.client_truth)
    counts = ndtms.counts
    del ndtms
    requirements = requirement_truth(truth, courts.on_record_from(cohort))
    put_truth("person_truth", person_truth(truth))
    if with_notes:
        from synthetic_extracts.notes.make_notes import make_contact_notes

        asked = requirements_for_notes(truth)
        notes, note_truth = make_contact_notes(
            asked.join(other_requirements(others), on="requirement_id", how="left", maintain_order="left"), seed
        )
        # Treatment in the window is the person's: also that of another requirement which overlaps.
        engaged = pl.col("requirement_id").is_in(engaged_by_notes(asked, notes, note_truth).implode())
        requirements = requirements.with_columns(in_any_treatment=pl.col("in_any_treatment") | engaged)
        put({"contact_note": notes})
        put_truth("note_truth", note_truth)
    else:
        put({"contact_note": _no_rows("contact_note")})
    put_truth("requirement_truth", requirements)
    return courts, counts


def _probation_tables(seed: int, scale: float, truth: Truth) -> dict[str, pl.DataFrame]:
    cohort, supervision, numbers = truth.cohort, truth.supervision, truth.numbers
    address, located = offender_address(seed, scale, cohort, numbers)
    return {
        "offender": offender(seed, cohort, supervision, numbers, located),
        "offender_address": address,
        "event_disposal": event_disposal(seed, cohort, supervision, numbers),
        "requirement": requirement(seed, cohort, supervision, numbers),
        "main_offence": main_offence(seed, cohort, numbers),
        "risk": risk(seed, cohort, numbers),
        "pre_sentence_report": pre_sentence_report(seed, cohort, numbers),
    }


def person_truth(truth: Truth) -> pl.DataFrame:
    """crn, true_person_id, in order of crn."""
    return pl.DataFrame(
        {
            "crn": truth.numbers.crn,
            "true_person_id": numbered("P", truth.cohort.identifiers.person, 7),
            "enough_identifiers": truth.cohort.identifiers.linkable,
        }
    ).sort("crn")


def requirement_truth(truth: Truth, on_record_from: np.ndarray) -> pl.DataFrame:
    """What is true of each ATR and DRR, in order of requirement_id.

    in_structured: a structured journey is open on or starts after the day of sentence. in_any_treatment: any treatment
    drawn for the requirement, between its start and end. truly_reconvicted: in court within 12 months for an offence
    committed after the sentence, by the end of observation; reconviction_on_record: and a court system still holds it,
    with the date of the offence, under a number that probation knows (from the day `on_record_from` of each sentence).
    """
    cohort, sentence = truth.cohort, truth.cohort.requirements.sentence
    structured = truth.treatment.structured
    wait = np.maximum(truth.treatment.journeys.start[truth.treatment.journey] - cohort.sentences.day, 0)
    return pl.DataFrame(
        {
            "requirement_id": truth.numbers.requirement,
            "crn": truth.numbers.crn.gather(cohort.sentences.crn[sentence].astype(np.uint32)),
            "true_person_id": numbered("P", cohort.sentences.person[sentence], 7),
            "requirement_type": labelled(TYPES, cohort.requirements.kind),
            "analysed": cohort.requirements.analysed,
            "in_structured": structured[sentence],
            "treatment_status": labelled(STATUSES, truth.treatment.status[sentence]),
            "days_to_treatment": pl.Series(np.where(structured, wait, -1)[sentence]),
            "in_structured_window": truth.supervision.in_structured_window,
            "in_any_treatment": truth.supervision.in_any_treatment,
            "in_cjit": truth.supervision.in_cjit[sentence],
            "truly_reconvicted": (truth.reconvictions.day <= cohort.end)[sentence],
            "reconviction_on_record": (on_record_from <= cohort.end)[sentence],
            "termination": labelled(TERMINATIONS, truth.supervision.termination),
        }
    ).sort("requirement_id")


def requirements_for_notes(truth: Truth) -> pl.DataFrame:
    """What the writer of contact notes needs of each ATR and DRR, in order of requirement_id."""
    cohort, supervision = truth.cohort, truth.supervision
    sentence = cohort.requirements.sentence
    return pl.DataFrame(
        {
            "requirement_id": truth.numbers.requirement,
            "crn": truth.numbers.crn.gather(cohort.sentences.crn[sentence].astype(np.uint32)),
            "requirement_type": labelled(TYPES, cohort.requirements.kind),
            "window_start": dates(cohort.sentences.day[sentence]),
            "window_end": dates(supervision.window_end),
            "terminated": supervision.termination != ACTIVE,
            "termination_reason": labelled(TERMINATIONS, supervision.termination),
            "truly_engaged": supervision.in_any_treatment,
            "late_engagement": supervision.late_engagement,
            "calibrate_on": cohort.requirements.analysed & ~truth.treatment.structured[sentence],
        }
    ).sort("requirement_id")


def _no_rows(name: str) -> pl.DataFrame:
    kinds = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}
    return pl.DataFrame(
        schema={column.name: kinds.get(column.kind, pl.String) for column in EXTRACT_BY_NAME[name].columns}
    )
