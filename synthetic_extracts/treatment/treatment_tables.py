"""The five NDTMS tables as the system holds them, of the cohort and of strangers together.

Belongs here: who is in them, refusers, which rows are dirty, and the truth about clients. Does not belong here: who is
treated when (cohort_episodes.py, strangers.py), the columns (treatment_columns.py), and which of them are sent
(write_extracts.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import numbered, pick, stream, where
from synthetic_extracts.people.identity_numbers import client_ids
from synthetic_extracts.prison.custody import Spells
from synthetic_extracts.rows import together
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.draw_cohort import size_of
from synthetic_extracts.sentences.supervision import Supervision
from synthetic_extracts.treatment.cohort_clients import cohort_clients
from synthetic_extracts.treatment.cohort_episodes import cohort_episodes
from synthetic_extracts.treatment.episodes import DATA_SETS, Clients, Episodes, places_of
from synthetic_extracts.treatment.journeys import Treatment
from synthetic_extracts.treatment.strangers import FIRST_TRIAGE, stranger_clients_and_episodes
from synthetic_extracts.treatment.treatment_columns import FAULTS, Everybody, data_set_table


@dataclass
class TreatmentTables:
    """The NDTMS tables, the truth about their clients (CLIENTID, true_person_id; strangers null) and counts."""

    tables: dict[str, pl.DataFrame]
    client_truth: pl.DataFrame
    counts: dict[str, int]


def treatment_tables(
    seed: int,
    scale: float,
    cohort: Cohort,
    treatment: Treatment,
    supervision: Supervision,
    spells: Spells,
    strangers_from: int = FIRST_TRIAGE,
    strangers_to: int | None = None,
) -> TreatmentTables:
    """All five tables. People and person-address rows are exactly those of calibration.toml [size] at `scale`.

    Strangers are first seen between `strangers_from` and `strangers_to` (default: the end of observation).
    """
    episodes = cohort_episodes(seed, cohort, treatment, supervision, spells)
    own, own_client = cohort_clients(seed, cohort.people, episodes)
    seen = strangers_from, cohort.end if strangers_to is None else strangers_to
    everybody = _everybody(seed, scale, own, own_client, episodes, seen)
    clients = everybody.clients
    places, repeated = places_of(everybody.client, everybody.rows)
    rng = stream(seed, "ndtms tables")
    ids = client_ids(rng, len(clients) + _refusers(scale, clients))
    dirty = _dirty_rows(rng, repeated & ~everybody.of_cohort)
    tables = {
        name: data_set_table(stream(seed, name), number, everybody, ids, dirty, cohort.end)
        for number, name in enumerate(DATA_SETS)
    }
    known, strangers = ids[: len(clients)], ids[len(clients) :]
    refusing = known.filter(pl.Series(~clients.consents))
    counts = {
        "consenting_clients": size_of("clients", scale),
        "client_addresses": places,
        "clients_of_cohort": int(own.consents.sum()),
        "refusers": len(strangers) + len(refusing),
        "dirty_rows": int((dirty >= 0).sum()),
    }
    tables = _with_refusers(rng, tables, pl.concat([strangers, refusing]))
    return TreatmentTables(tables, _client_truth(known, clients), counts)


def _everybody(
    seed: int, scale: float, own: Clients, own_client: np.ndarray, episodes: Episodes, seen: tuple[int, int]
) -> Everybody:
    """The cohort's clients and as many strangers as are wanting; `seen`: when strangers are first seen, from and to.

    People of the cohort who refuse are clients without rows.
    """
    consenting = own.consents[own_client]
    kept = episodes.take(consenting)
    own_places, _ = places_of(own_client[consenting], kept)
    strangers = size_of("clients", scale) - int(own.consents.sum())
    extra = size_of("client_addresses", scale) - own_places - strangers
    if strangers < 0 or extra < 0:
        raise ValueError("the cohort alone has more clients or addresses than calibration.toml [size] allows")
    others, other_rows = stranger_clients_and_episodes(seed, strangers, extra, seen[1], seen[0])
    clients = Clients(
        together([own.held, others.held]),
        np.append(own.person, others.person),
        np.append(own.consents, others.consents),
    )
    rows = together([kept, other_rows])
    rows.episode = np.append(kept.episode, other_rows.episode + len(episodes))
    client = np.append(own_client[consenting], other_rows.person + len(own))
    return Everybody(clients, rows, client, np.arange(len(rows)) < len(kept))


def _client_truth(ids: pl.Series, clients: Clients) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "CLIENTID": ids,
            "true_person_id": where(clients.person >= 0, numbered("P", np.maximum(clients.person, 0), 7)),
            "consents": clients.consents,
        }
    ).sort("CLIENTID")


def _refusers(scale: float, clients: Clients) -> int:
    """Refusers outside the cohort, so that all refusers are the wanted share of everybody."""
    share = calibration()["size"]["refused_share"]
    return max(round(size_of("clients", scale) * share / (1 - share)) - int((~clients.consents).sum()), 0)


def _dirty_rows(rng: np.random.Generator, able: np.ndarray) -> np.ndarray:
    """Fault per row (-1: none). Only rows whose client and place are held elsewhere, so that no count changes."""
    dirty = np.full(len(able), -1)
    count = round(calibration()["errors"]["ndtms"]["dirty_rows"] * len(able))
    rows = rng.choice(np.flatnonzero(able), min(count, int(able.sum())), replace=False)
    dirty[rows] = rng.integers(0, len(FAULTS), len(rows))
    return dirty


def _with_refusers(
    rng: np.random.Generator, tables: dict[str, pl.DataFrame], ids: pl.Series
) -> dict[str, pl.DataFrame]:
    """The tables with a row for each of the people who refuse: agency, id and CONSENT N, nothing else."""
    into = pick(rng, [0.88, 0.04, 0.05, 0.0, 0.03], len(ids))
    more = {}
    for number, (name, table) in enumerate(tables.items()):
        mine = ids.filter(pl.Series(into == number))
        rows = pl.DataFrame(
            {
                "AGNCY": numbered("N", 100 + rng.integers(0, 900, len(mine)), 4),
                "CLIENTID": mine,
                "CONSENT": pl.Series(["N"], dtype=pl.String).new_from_index(0, len(mine)),
            }
        )
        more[name] = (
            pl.concat([table, rows], how="diagonal")
            .select(table.columns)
            .sort("CLIENTID", "EPISODID", "UTLA", nulls_last=True, maintain_order=True)
        )
    return more
