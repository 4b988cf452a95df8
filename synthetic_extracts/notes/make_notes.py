"""Makes the contact_note extract and its known truth for a set of requirements, calibrated to the published figures.

Belongs here: how many notes a requirement has, when, and the columns of the extract. Does not belong here: which say
engaged (labels.py), the texts themselves (compose.py, wordings/), and who is engaged (given by the caller).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import day_numbers
from synthetic_extracts.notes.calibration import CONTACT_KINDS, calibration
from synthetic_extracts.notes.compose import compose_notes
from synthetic_extracts.notes.labels import DAYS_A_WEEK, draw_labels
from synthetic_extracts.notes.subjects import NoteSubjects, draw_subjects
from synthetic_extracts.notes.wordings import TYPES, core_wordings

NOTES_AT_A_TIME = 150_000
FIRST_CONTACT_NUMBER = 2_000_000_000
NO_KEYWORD = "no_keyword"


def make_contact_notes(requirements: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write the contact notes of requirements: (contact_note, note_truth), both sorted by contact_id.

    `requirements`: requirement_id, crn, requirement_type (ATR, DRR), window_start, window_end (dates, both included),
    terminated, termination_reason, truly_engaged, late_engagement (0 to 1: relative level of engagement in the last
    twelve weeks, scaled so that the mean share per termination reason is the published one). Optional: `sex`
    (M, F: pronouns), `calibrate_on` (rows over which the published shares hold; default all), `other_requirement_id`
    (another requirement of the order, on which some contacts hang; may be empty).
    contact_note has the columns of nDelius' contacts; note_truth has contact_id, requirement_id, label (1 engaged),
    meaning, wording_id, has_keyword. A requirement truly engaged has at least one note labelled 1, any other none.
    """
    rng = np.random.default_rng(seed)
    requirements = requirements.sort("requirement_id")
    of, keyword = _draw_notes(rng, requirements)
    day = _draw_days(rng, requirements, of)
    label = draw_labels(rng, requirements, of, keyword, day)

    order = np.lexsort((rng.random(len(of)), day))
    of, keyword, day, label = of[order], keyword[order], day[order], label[order]
    shares = calibration()["contact_kind"]
    kind = rng.choice(len(CONTACT_KINDS), size=len(of), p=[shares[name] for name in CONTACT_KINDS])
    text, core, missed = _write(rng, _subjects(rng, requirements), of, np.where(keyword, label, -1), kind)

    contact_id = pl.Series("contact_id", FIRST_CONTACT_NUMBER + np.arange(len(of))).cast(pl.String)
    if "other_requirement_id" not in requirements.columns:
        requirements = requirements.with_columns(other_requirement_id=pl.lit(None, pl.String))
    keys = requirements.select("crn", "requirement_id", "other_requirement_id")[of]
    notes = _columns(rng, contact_id, keys, day, kind, keyword, missed, text)
    wordings = pl.DataFrame(
        {
            "meaning": [wording.meaning for wording in core_wordings()] + [NO_KEYWORD],
            "wording_id": [wording.wording_id for wording in core_wordings()] + [None],
        }
    )[np.where(core >= 0, core, len(core_wordings()))]
    truth = pl.DataFrame(
        {
            "contact_id": contact_id,
            "requirement_id": keys["requirement_id"],
            "label": label.astype(np.int32),
            "meaning": wordings["meaning"],
            "wording_id": wordings["wording_id"],
            "has_keyword": keyword,
        }
    )
    return notes, truth


def _draw_notes(rng: np.random.Generator, requirements: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """One element per note: row of its requirement, and whether it has a keyword. Longer windows have more notes."""
    counts = calibration()["counts"]
    size = requirements.height
    days = day_numbers(requirements["window_end"]) - day_numbers(requirements["window_start"]) + 1
    length = np.sqrt(np.maximum(days, DAYS_A_WEEK))
    spread = rng.gamma(counts["dispersion"], 1 / counts["dispersion"], size) * length * size / max(length.sum(), 1)
    keyword_notes = 1 + rng.poisson((counts["keyword_notes_mean"] - 1) * spread)
    engaged = requirements["truly_engaged"].to_numpy()
    keyword_notes[~engaged & (rng.random(size) < counts["no_keyword_note_share_of_not_engaged"])] = 0
    other_notes = rng.poisson(counts["other_notes_mean"] * spread)
    of = np.concatenate([np.repeat(np.arange(size), keyword_notes), np.repeat(np.arange(size), other_notes)])
    return of, np.arange(len(of)) < keyword_notes.sum()


def _draw_days(rng: np.random.Generator, requirements: pl.DataFrame, of: np.ndarray) -> np.ndarray:
    """Days since 1970 within the window; a weekend day moves to the weekday before, where the window allows."""
    start = day_numbers(requirements["window_start"])
    last = np.maximum(day_numbers(requirements["window_end"]), start)
    day = start[of] + np.floor(rng.random(len(of)) * (last - start + 1)[of]).astype(np.int64)
    weekday = (day + 3) % DAYS_A_WEEK
    return np.maximum(np.where(weekday >= 5, day - (weekday - 4), day), start[of])


def _subjects(rng: np.random.Generator, requirements: pl.DataFrame) -> NoteSubjects:
    """Subjects per requirement; requirements of one person share sex, name, provider and worker."""
    people, person = np.unique(requirements["crn"].to_numpy().astype(str), return_inverse=True)
    female = rng.random(len(people)) < calibration()["attributes"]["female"]
    if "sex" in requirements.columns:
        female[person] = (requirements["sex"] == "F").fill_null(False).to_numpy()
    subjects = draw_subjects(rng, np.zeros(len(people), dtype=np.int64), female)
    type_number = (requirements["requirement_type"] == TYPES[1]).to_numpy().astype(np.int64)
    of_people = subjects.of_notes(person)
    return NoteSubjects(type_number, of_people.female, of_people.name, of_people.provider_family, of_people.worker)


def _write(rng, subjects: NoteSubjects, of: np.ndarray, label: np.ndarray, kind: np.ndarray):
    """Text, core wording and 'missed' of every note, composed some notes at a time to bound memory."""
    texts, cores, misses = [pl.Series("notes", [], dtype=pl.String)], [], []
    for first in range(0, len(of), NOTES_AT_A_TIME):
        part = slice(first, first + NOTES_AT_A_TIME)
        notes = compose_notes(rng, subjects.of_notes(of[part]), label[part], kind[part])
        texts.append(pl.Series("notes", notes.text.tolist(), dtype=pl.String))
        cores.append(notes.core)
        misses.append(notes.missed)
    empty = np.empty(0, dtype=np.int64)
    return pl.concat(texts), np.concatenate([empty, *cores]), np.concatenate([empty, *misses]).astype(bool)


def _columns(
    rng: np.random.Generator,
    contact_id: pl.Series,
    keys: pl.DataFrame,
    day: np.ndarray,
    kind: np.ndarray,
    keyword: np.ndarray,
    missed: np.ndarray,
    text: pl.Series,
) -> pl.DataFrame:
    drawn = _draw_contacts(rng, keys, kind, keyword, missed)
    other = pl.col("under_other") & pl.col("other_requirement_id").is_not_null()
    under = pl.when(other).then("other_requirement_id").otherwise("requirement_id")
    two_digits = [part.cast(pl.String).str.zfill(2) for part in (pl.col("minutes") // 60, pl.col("minutes") % 60)]
    time = two_digits[0] + ":" + two_digits[1]
    met = pl.col("kind").is_in([CONTACT_KINDS.index("visit"), CONTACT_KINDS.index("home")])
    types = ["Office Appointment", "Telephone Contact", "Case Note", "Home Visit"]
    yes_no = pl.when(met & ~pl.col("missed")).then(pl.lit("Y")).when(met).then(pl.lit("N"))
    contact_type = pl.col("kind").replace_strict(dict(enumerate(types)), return_dtype=pl.String)
    return drawn.select(
        contact_id,
        keys["crn"],
        pl.when(pl.col("no_requirement")).then(None).otherwise(under).alias("requirement_id"),
        pl.Series("contact_date", day.astype(np.int32)).cast(pl.Date),
        pl.when(~pl.col("no_time")).then(time).alias("contact_start_time"),
        pl.when(pl.col("by_email")).then(pl.lit("Email from Other")).otherwise(contact_type).alias("contact_type"),
        pl.when(met & ~pl.col("missed"))
        .then(pl.lit("Attended - Complied"))
        .when(met)
        .then(pl.lit("Failed to Attend"))
        .alias("outcome"),
        yes_no.alias("attended"),
        yes_no.alias("complied"),
        pl.when(pl.col("sensitive")).then(pl.lit("Y")).otherwise(pl.lit("N")).alias("sensitive"),
        pl.when(~pl.col("is_empty")).then(text).alias("notes"),
    )


def _draw_contacts(
    rng: np.random.Generator, keys: pl.DataFrame, kind: np.ndarray, keyword: np.ndarray, missed: np.ndarray
) -> pl.DataFrame:
    """What is drawn of each contact besides its text, a row per note."""
    attributes = calibration()["attributes"]
    size = len(kind)
    minutes = 8 * 60 + 30 + 15 * rng.integers(0, 34, size)
    is_admin = kind == CONTACT_KINDS.index("admin")
    is_empty = ~keyword & (rng.random(size) < attributes["notes_empty"])
    return pl.DataFrame(
        {
            "minutes": minutes,
            "kind": kind,
            "missed": missed,
            "is_empty": is_empty,
            "no_time": is_admin & (rng.random(size) < 0.6),
            "by_email": is_admin & (rng.random(size) < 0.3),
            "no_requirement": rng.random(size) < attributes["requirement_id_empty"],
            "sensitive": rng.random(size) < attributes["sensitive"],
            "under_other": rng.random(size) < attributes["other_requirement"],
            "requirement_id": keys["requirement_id"],
            "other_requirement_id": keys["other_requirement_id"],
        }
    )
