"""The columns of the five NDTMS tables: one data set of the episodes of all clients, as it is sent.

Belongs here: people, places, contacts with a CJIT, custody, and a few dirty values. Does not belong here: clinical
columns (clinical_columns.py), and whose episodes they are (treatment_tables.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import chosen, dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.people.geography import postcodes, street_sectors
from synthetic_extracts.people.recording_errors import treatment_ethnicity, untidy
from synthetic_extracts.treatment.clinical_columns import clinical_columns
from synthetic_extracts.treatment.episodes import (
    CJIT,
    DATA_SETS,
    HOMELESS,
    KNOWN_PLACE,
    SECURE,
    YOUNG_SECURE,
    Clients,
    Episodes,
)
from synthetic_extracts.treatment.journeys import OPEN

ESTABLISHMENTS: dict[str, float] = dict.fromkeys(
    ("LEI", "MDI", "BMI", "PVI", "WWI", "BRI", "DHI", "HBI", "NMI", "DNI"), 1.0
)
FAULTS = IMPOSSIBLE_DATE, UNKNOWN_SEX, UNKNOWN_CONSENT = range(3)  # of dirty rows
NOT_HELD = {  # of the columns of persons and places, those that a data set does not have
    "adult_community": ["YPSYOT"],
    "yp_community": [],
    "adult_secure": ["PC", "YPSYOT"],
    "yp_secure": ["PC", "YPSYOT"],
    "cjit": ["NATION", "ACCMNEED", "YPSYOT"],
}


@dataclass
class Everybody:
    """All who are in NDTMS and share what they are: clients, their rows, and per row its client, and whether the person
    is of the cohort."""

    clients: Clients
    rows: Episodes
    client: np.ndarray
    of_cohort: np.ndarray


def data_set_table(
    rng: np.random.Generator, number: int, everybody: Everybody, ids: pl.Series, dirty: np.ndarray, last_day: int
) -> pl.DataFrame:
    """The rows of one data set (index of DATA_SETS). `ids`: of each client; `dirty`: fault per row of all, -1 none."""
    mine = np.flatnonzero(everybody.rows.data_set == number)
    part, who, fault = everybody.rows.take(mine), everybody.client[mine], dirty[mine]
    size = len(mine)
    authority = street_sectors().authority[part.sector]
    agency = 100 + authority * 6 + pick(rng, [0.45, 0.25, 0.15, 0.10, 0.05], size)
    is_contact, of_cohort = number == CJIT, everybody.of_cohort[mine]
    columns = {
        "AGNCY": numbered("N", agency, 4),
        "CLIENTID": ids.gather(who.astype(np.uint32)),
        "EPISODID": numbered("E", part.episode, 8),
        "CONSENT": labelled(["Y", "X"], (fault == UNKNOWN_CONSENT).astype(np.int64)),
        **_person(everybody.clients, who, agency, fault),
        "NATION": chosen(rng, {"GBR": 0.90, "POL": 0.03, "IRL": 0.015, "ROU": 0.01, "": 0.045}, size),
        **_area(rng, part, who),
        **(_contact(rng, part, last_day) if is_contact else clinical_columns(rng, part, of_cohort, last_day)),
        **(_custody(rng, part) if number in (SECURE, YOUNG_SECURE) else {}),
        "YPSYOT": chosen(rng, {"Y": 0.2, "N": 0.6, "": 0.2}, size),
    }
    frame = _dates_as_sent(pl.DataFrame(columns).drop(NOT_HELD[DATA_SETS[number]]), agency % 7 == 0)
    first_date = "CJITTRD" if is_contact else "TRIAGED"
    impossible, possible = pl.Series(["31/02/2021"]).new_from_index(0, size), pl.Series(fault != IMPOSSIBLE_DATE)
    return frame.with_columns(frame[first_date].zip_with(possible, impossible).alias(first_date))


def _person(clients: Clients, who: np.ndarray, agency: np.ndarray, fault: np.ndarray) -> dict[str, pl.Series]:
    held = clients.held
    style = np.where(agency % 5 == 0, 2, 0)  # one agency in five sends the newer numeric sex codes
    sex = labelled(["M", "F", "0", "1", "2", "9"], np.where(style == 2, 3, 0) + held.sex[who])
    ethnicity = treatment_ethnicity(stream(0, "client ethnicity"), held.ethnicity)
    return {
        "FINITIAL": letters(held.forename[who]),
        "SINITIAL": letters(held.surname[who]),
        "DOB": dates(held.dob[who], held.has_dob[who]),
        "SEX": sex.zip_with(pl.Series(fault != UNKNOWN_SEX), pl.Series(["X"]).new_from_index(0, len(who))),
        "ETHNIC": ethnicity.gather(who.astype(np.uint32)),
    }


def _dates_as_sent(frame: pl.DataFrame, iso: np.ndarray) -> pl.DataFrame:
    """Dates as text: DD/MM/YYYY, the NDTMS form, but ISO from a few agencies."""
    return frame.with_columns(
        pl.when(pl.Series(iso))
        .then(pl.col(name).dt.strftime("%Y-%m-%d"))
        .otherwise(pl.col(name).dt.strftime("%d/%m/%Y"))
        .alias(name)
        for name, kind in frame.schema.items()
        if kind == pl.Date
    )


def _area(rng: np.random.Generator, part: Episodes, who: np.ndarray) -> dict[str, pl.Series]:
    rates = calibration()["errors"]["ndtms"]
    code = untidy(rng, postcodes(part.sector, who * 8 + part.sector % 7), rates["postcode_untidy"], cut_to_sector=0.15)
    homeless, known = pl.Series(part.place == HOMELESS), part.place == KNOWN_PLACE
    dummy = pl.Series(["ZZ99 3VZ"]).new_from_index(0, len(part))
    utla = street_sectors().column("utla_code", part.sector)
    return {
        "PC": where(known | (part.place == HOMELESS), dummy.zip_with(homeless, code)),
        "UTLA": where(part.authority_known, utla),
        "ACCMNEED": labelled(
            ["1", "2", "3", ""], np.where(part.place == HOMELESS, 0, 1 + pick(rng, [0.10, 0.82, 0.08], len(part)))
        ),
    }


def _contact(rng: np.random.Generator, part: Episodes, last_day: int) -> dict[str, pl.Series]:
    size = len(part)
    over = part.end != OPEN
    managed = rng.random(size) < 0.6
    closed = managed & over
    return {
        "REFLD": dates(part.start - rng.integers(0, 8, size)),
        "CJITTRD": dates(part.start),
        "CMSTARTD": dates(
            np.where(over, np.minimum(part.start + 5, part.end), np.minimum(part.start + 1, last_day)), managed | ~over
        ),
        "CMENDD": dates(np.where(closed, part.end, 0), closed),
        "CLOSRSN": where(
            closed,
            chosen(
                rng,
                {
                    "Client disengaged": 0.5,
                    "Care plan/treatment complete": 0.2,
                    "Client transferred to prison": 0.15,
                    "Client begun a community sentence (DTTO, DRR)": 0.15,
                },
                size,
            ),
        ),
        "NALOXISS": chosen(rng, {"Y": 0.25, "N": 0.6, "": 0.15}, size),
        "VETERAN": chosen(rng, {"N": 0.9, "Y": 0.03, "": 0.07}, size),
        "EHCSC": chosen(rng, {"": 0.6, "N": 0.35, "Y": 0.05}, size),
    }


def _custody(rng: np.random.Generator, part: Episodes) -> dict[str, pl.Series]:
    size = len(part)
    over = part.end != OPEN
    return {
        "ESTABLISHMENT": chosen(rng, ESTABLISHMENTS, size),
        "RECEPTIOND": dates(part.start - rng.integers(0, 6, size)),
        "TRANSFROM": chosen(rng, {"": 0.8, "LEI": 0.1, "BMI": 0.1}, size),
        "TRANSTO": chosen(rng, {"": 0.85, "MDI": 0.15}, size),
        "RELDEST": where(over, chosen(rng, {"Community": 0.8, "": 0.2}, size)),
        "RELREF": where(over, chosen(rng, {"Y": 0.35, "N": 0.5, "": 0.15}, size)),
    }
