"""The five NDTMS tables as the system holds them, of the cohort and of strangers together.

Belongs here: clients and episodes as columns, refusers, and a few dirty rows. Does not belong here: who is treated when
(episodes.py, strangers.py), and which of the columns are sent (write_extracts.py).
"""

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from synthetic_extracts.calibration import COMPLETED, DIED, DROPPED, PRISON, calibration
from synthetic_extracts.draws import chosen, dates, labelled, letters, numbered, pick, stream, where
from synthetic_extracts.people.geography import postcodes, street_sectors
from synthetic_extracts.people.identity_numbers import client_ids
from synthetic_extracts.people.recording_errors import Recorded, treatment_ethnicity, untidy
from synthetic_extracts.prison.custody import Spells
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.draw_cohort import size_of
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.episodes import (
    CJIT,
    DATA_SETS,
    HOMELESS,
    KNOWN_PLACE,
    SECURE,
    TRANSFERRED,
    YOUNG_SECURE,
    Clients,
    Episodes,
    cohort_clients,
    cohort_episodes,
    joined,
    places_of,
)
from synthetic_extracts.treatment.journeys import OPEN, Treatment
from synthetic_extracts.treatment.strangers import FIRST_TRIAGE, stranger_clients_and_episodes

DISCHARGE_LABELS = ["80", "81", "82", "85", "86", "88", "84", "87", "89", "83", "95", ""]
DRUGS = [
    {"1011": 0.75, "1105": 0.12, "1000": 0.13},
    {"5000": 0.38, "3200": 0.34, "3201": 0.14, "3100": 0.06, "2200": 0.05, "3406": 0.03},
    {"7000": 0.60, "3200": 0.26, "5000": 0.14},
    {"7000": 1.0},
]
SECOND_DRUGS = [
    {"3201": 0.55, "2200": 0.10, "7000": 0.10, "5000": 0.05, "9996": 0.20},
    {"3200": 0.10, "5000": 0.18, "2200": 0.08, "9996": 0.64},
    {"3200": 0.50, "5000": 0.35, "3201": 0.15},
    {"9996": 1.0},
]
ESTABLISHMENTS: dict[str, float] = dict.fromkeys(
    ("LEI", "MDI", "BMI", "PVI", "WWI", "BRI", "DHI", "HBI", "NMI", "DNI"), 1.0
)
DIRTY_FAULTS = ["impossible date", "unknown sex", "unknown consent"]
NOT_HELD = {  # of the columns of persons and places, those that a data set does not have
    "adult_community": ["YPSYOT"], "yp_community": [], "adult_secure": ["PC", "YPSYOT"], "yp_secure": ["PC", "YPSYOT"],
    "cjit": ["NATION", "ACCMNEED", "YPSYOT"],
}


@dataclass
class TreatmentTables:
    """The NDTMS tables, the truth about their clients (CLIENTID, true_person_id; strangers null) and counts."""

    tables: dict[str, pl.DataFrame]
    client_truth: pl.DataFrame
    counts: dict[str, int]


def treatment_tables(
    seed: int, scale: float, cohort: Cohort, treatment: Treatment, supervision: Supervision, spells: Spells,
    strangers_from: int = FIRST_TRIAGE, strangers_to: int | None = None,
) -> TreatmentTables:
    """All five tables. People and person-address rows are exactly those of calibration.toml [size] at `scale`.

    Strangers are first seen between `strangers_from` and `strangers_to` (default: the end of observation).
    """
    own_rows = cohort_episodes(seed, cohort, treatment, supervision, spells)
    own, own_client = cohort_clients(seed, cohort.people, own_rows)
    consenting = own.consents[own_client]
    kept = own_rows.take(np.flatnonzero(consenting))
    own_places, _ = places_of(own_client[consenting], kept)
    own_count = int(own.consents.sum())
    wanted, wanted_places = size_of("clients", scale), size_of("client_addresses", scale)
    strangers = wanted - own_count
    extra = wanted_places - own_places - strangers
    if strangers < 0 or extra < 0:
        raise ValueError("the cohort alone has more clients or addresses than calibration.toml [size] allows")
    others, other_rows = stranger_clients_and_episodes(
        seed, strangers, extra, cohort.end if strangers_to is None else strangers_to, strangers_from
    )
    clients = Clients(
        Recorded(*(np.append(getattr(own.held, f.name), getattr(others.held, f.name)) for f in fields(Recorded))),
        np.append(own.person, others.person),
        np.append(own.consents, others.consents),
    )
    of_cohort = np.append(np.ones(len(kept), dtype=bool), np.zeros(len(other_rows), dtype=bool))
    client = np.append(own_client[consenting], other_rows.person + len(own))
    rows = joined([kept, other_rows])
    rows.episode = np.append(kept.episode, other_rows.episode + len(own_rows))
    places, repeated = places_of(client, rows)
    rng = stream(seed, "ndtms tables")
    ids = client_ids(rng, len(clients) + _refusers(scale, clients))
    dirty = _dirty_rows(rng, repeated & ~of_cohort)
    tables = {
        name: _table(stream(seed, name), name, number, clients, client, rows, ids, of_cohort, dirty, cohort.end)
        for number, name in enumerate(DATA_SETS)
    }
    _add_refusers(
        rng,
        tables,
        ids[len(clients) :],
        ids.filter(pl.Series(np.append(~clients.consents, np.zeros(len(ids) - len(clients), dtype=bool)))),
    )
    truth = pl.DataFrame(
        {
            "CLIENTID": ids[: len(clients)],
            "true_person_id": where(clients.person >= 0, numbered("P", np.maximum(clients.person, 0), 7)),
            "consents": clients.consents,
        }
    ).sort("CLIENTID")
    counts = {
        "consenting_clients": wanted,
        "client_addresses": places,
        "clients_of_cohort": own_count,
        "refusers": len(ids) - len(clients) + int((~clients.consents).sum()),
        "dirty_rows": int((dirty >= 0).sum()),
    }
    return TreatmentTables(tables, truth, counts)


def _refusers(scale: float, clients: Clients) -> int:
    """Refusers outside the cohort, so that all refusers are the wanted share of everybody."""
    share = calibration()["size"]["refused_share"]
    return max(int(round(size_of("clients", scale) * share / (1 - share))) - int((~clients.consents).sum()), 0)


def _dirty_rows(rng: np.random.Generator, able: np.ndarray) -> np.ndarray:
    """Fault per row (-1: none). Only rows whose client and place are held elsewhere, so that no count changes."""
    dirty = np.full(len(able), -1)
    count = int(round(calibration()["errors"]["ndtms"]["dirty_rows"] * len(able)))
    rows = rng.choice(np.flatnonzero(able), min(count, int(able.sum())), replace=False)
    dirty[rows] = rng.integers(0, len(DIRTY_FAULTS), len(rows))
    return dirty


def _table(
    rng: np.random.Generator,
    name: str,
    number: int,
    clients: Clients,
    client: np.ndarray,
    rows: Episodes,
    ids: pl.Series,
    of_cohort: np.ndarray,
    dirty: np.ndarray,
    last_day: int,
) -> pl.DataFrame:
    mine = np.flatnonzero(rows.data_set == number)
    part, who, fault = rows.take(mine), client[mine], dirty[mine]
    size = len(mine)
    authority = street_sectors().authority[part.sector]
    agency = 100 + authority * 6 + pick(rng, [0.45, 0.25, 0.15, 0.10, 0.05], size)
    held = clients.held
    style = np.where(agency % 5 == 0, 2, 0)  # one agency in five sends the newer numeric sex codes
    sex = labelled(["M", "F", "0", "1", "2", "9"], np.where(style == 2, 3, 0) + held.sex[who])
    ethnicity = treatment_ethnicity(stream(0, "client ethnicity"), held.ethnicity).gather(who.astype(np.uint32))
    columns = {
        "AGNCY": numbered("N", agency, 4),
        "CLIENTID": ids.gather(who.astype(np.uint32)),
        "EPISODID": numbered("E", part.episode, 8),
        "CONSENT": labelled(["Y", "X"], (fault == 2).astype(np.int64)),
        "FINITIAL": letters(held.forename[who]),
        "SINITIAL": letters(held.surname[who]),
        "DOB": dates(held.dob[who], held.has_dob[who]),
        "SEX": sex.zip_with(pl.Series(fault != 1), pl.Series(["X"]).new_from_index(0, size)),
        "ETHNIC": ethnicity,
        "NATION": chosen(rng, {"GBR": 0.90, "POL": 0.03, "IRL": 0.015, "ROU": 0.01, "": 0.045}, size),
        **_area(rng, part, who),
        **(_contact(rng, part, last_day) if number == CJIT else _clinical(rng, part, of_cohort[mine], last_day)),
        **(_custody(rng, part) if number in (SECURE, YOUNG_SECURE) else {}),
        "YPSYOT": chosen(rng, {"Y": 0.2, "N": 0.6, "": 0.2}, size),
    }
    frame = _dates_as_sent(pl.DataFrame(columns).drop(NOT_HELD[name]), (agency % 7 == 0))
    first_date = "CJITTRD" if number == CJIT else "TRIAGED"
    impossible = pl.Series(["31/02/2021"]).new_from_index(0, size)
    return frame.with_columns(frame[first_date].zip_with(pl.Series(fault != 0), impossible).alias(first_date))


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


def discharge_reasons(
    rng: np.random.Generator, substance: np.ndarray, outcome: np.ndarray, end: np.ndarray
) -> pl.Series:
    """Discharge reason of each episode; null while it runs."""
    size = len(substance)
    index = np.full(size, DISCHARGE_LABELS.index(""))
    alcohol_free = substance >= 2
    completed = np.where(alcohol_free, pick(rng, [0.25, 0.60, 0.15], size), pick(rng, [0.85, 0.0, 0.15], size))
    completed = np.where((substance == 0) & (completed == 2), 0, completed)
    choices = {
        COMPLETED: completed,
        DROPPED: 3 + pick(rng, [0.86, 0.11, 0.03], size),
        PRISON: 6 + pick(rng, [0.7, 0.3], size),
        DIED: np.full(size, 8),
        TRANSFERRED: 9 + pick(rng, [0.85, 0.15], size),
    }
    for number, reason in choices.items():
        index = np.where((outcome == number) & (end != OPEN), reason, index)
    return labelled(DISCHARGE_LABELS, index)


def _clinical(rng: np.random.Generator, part: Episodes, of_cohort: np.ndarray, last_day: int) -> dict[str, pl.Series]:
    size = len(part)
    over = part.end != OPEN
    sentenced = of_cohort & part.after_sentence
    referral = np.where(
        sentenced, pick(rng, [0.10, 0.30, 0.35, 0.25, 0.0], size), pick(rng, [0.03, 0.01, 0.05, 0.81, 0.10], size)
    )
    care_plan = part.start + rng.integers(0, 22, size)
    drinks = np.isin(part.substance, [2, 3])
    first, second = _drugs(rng, part.substance)
    woman = chosen(rng, {"N": 0.5, "": 0.48, "Y": 0.02}, size)
    return {
        "REFLD": dates(part.start - np.floor(rng.exponential(9, size)).astype(np.int64)),
        "RFLS": labelled(["5", "6", "8", "1", "13"], referral),
        "TRIAGED": dates(part.start),
        "CPLANDT": dates(care_plan, (care_plan <= np.where(over, part.end, last_day)) & (rng.random(size) < 0.95)),
        "DRUG1": first,
        "DRUG2": second,
        "DRUG3": chosen(rng, {"9997": 0.9, "": 0.1}, size),
        "DRUG1AGE": pl.Series(
            np.clip(np.round(rng.normal(np.array([21, 17, 17, 18])[part.substance], 4.5)), 9, 60).astype(np.int64)
        ),
        "ROUTE": labelled(
            ["1", "2", "3", "4", "5", ""],
            np.where(part.substance == 3, 3, pick(rng, [0.2, 0.15, 0.45, 0.12, 0.03, 0.05], size)),
        ),
        "INJSTAT": labelled(
            ["C", "P", "N", "Z"],
            np.where(
                part.substance == 0,
                pick(rng, [0.22, 0.28, 0.46, 0.04], size),
                pick(rng, [0.01, 0.04, 0.92, 0.03], size),
            ),
        ),
        "ALCDDAYS": where(drinks, pl.Series(rng.integers(0, 29, size))),
        "ALCUNITS": where(drinks, pl.Series(np.clip(np.round(rng.gamma(2.0, 9.0, size)), 0, 150).astype(np.int64))),
        "DUALDIAG": chosen(rng, {"Y": 0.55, "N": 0.38, "": 0.07}, size),
        "EMPSTAT": chosen(rng, {"1": 0.2, "2": 0.45, "4": 0.25, "": 0.1}, size),
        "SEXUAL": chosen(rng, {"01": 0.85, "02": 0.04, "": 0.11}, size),
        "PREGNANT": woman,
        "PRNTSTAT": chosen(rng, {"11": 0.2, "12": 0.25, "14": 0.45, "": 0.1}, size),
        "CHILDWTH": chosen(rng, {"0": 0.6, "1": 0.15, "2": 0.1, "": 0.15}, size),
        "DISD": dates(np.where(over, part.end, 0), over),
        "DISRSN": discharge_reasons(rng, part.substance, part.outcome, part.end),
        "DISDEST": where(over, chosen(rng, {"1": 0.3, "": 0.7}, size)),
        "PREVTR": chosen(rng, {"Y": 0.6, "N": 0.35, "": 0.05}, size),
    }


def _drugs(rng: np.random.Generator, substance: np.ndarray) -> tuple[pl.Series, pl.Series]:
    columns = []
    for lists in (DRUGS, SECOND_DRUGS):
        labels = [code for entry in lists for code in entry]
        index, offset = np.zeros(len(substance), dtype=np.int64), 0
        for number, entry in enumerate(lists):
            rows = substance == number
            index[rows] = offset + pick(rng, list(entry.values()), int(rows.sum()))
            offset += len(entry)
        columns.append((labels, index))
    (first_labels, first), (second_labels, second) = columns
    first_drug, second_drug = labelled(first_labels, first), labelled(second_labels, second)
    # Alcohol with another drug: whichever is named first, the other is second.
    mixed = pl.Series(substance == 2)
    not_alcohol = first_drug.ne("7000")
    return first_drug, second_drug.zip_with(
        ~(mixed & not_alcohol), pl.Series(["7000"]).new_from_index(0, len(substance))
    )


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


def _add_refusers(
    rng: np.random.Generator, tables: dict[str, pl.DataFrame], outside: pl.Series, of_cohort: pl.Series
) -> None:
    """Rows of people who refuse: agency, id and CONSENT N, nothing else."""
    ids = pl.concat([outside, of_cohort])
    into = pick(rng, [0.88, 0.04, 0.05, 0.0, 0.03], len(ids))
    for number, name in enumerate(DATA_SETS):
        mine = ids.filter(pl.Series(into == number))
        rows = pl.DataFrame(
            {
                "AGNCY": numbered("N", 100 + rng.integers(0, 900, len(mine)), 4),
                "CLIENTID": mine,
                "CONSENT": pl.Series(["N"], dtype=pl.String).new_from_index(0, len(mine)),
            }
        )
        table = tables[name]
        tables[name] = (
            pl.concat([table, rows], how="diagonal")
            .select(table.columns)
            .sort("CLIENTID", "EPISODID", "UTLA", nulls_last=True, maintain_order=True)
        )
