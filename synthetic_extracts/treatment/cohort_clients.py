"""NDTMS clients of the cohort: under which CLIENTIDs its people are held, and who consents.

Belongs here: one person under two ids, refusers. Does not belong here: their episodes (cohort_episodes.py), and the
clients outside the cohort (strangers.py).
"""

import numpy as np

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import stream
from synthetic_extracts.people.recording_errors import record
from synthetic_extracts.people.true_people import People
from synthetic_extracts.rows import together
from synthetic_extracts.treatment.episodes import Clients, Episodes


def cohort_clients(seed: int, people: People, episodes: Episodes) -> tuple[Clients, np.ndarray]:
    """Clients of the cohort and the client of each episode. A few people have two CLIENTIDs; a few do not consent."""
    rng = stream(seed, "clients")
    rates = calibration()["errors"]["ndtms"]
    known, position = np.unique(episodes.person, return_inverse=True)
    held = np.bincount(position)
    middle = np.cumsum(held) - held
    rank = np.arange(len(episodes)) - middle[position]
    split = (held >= 2) & (rng.random(len(known)) < rates["split_identity"] * 2)
    second = split[position] & (rank >= (held // 2)[position])
    client = np.where(second, len(known) + np.cumsum(split)[position] - 1, position)
    person = np.append(known, known[split])
    first_record = record(rng, people, known, "ndtms")
    # Two ids come about because what was typed the second time differs.
    second_record = record(rng, people, known[split], "ndtms", more=6.0)
    refuses = rng.random(len(known)) < rates["refuses"]
    return Clients(together([first_record, second_record]), person, ~np.append(refuses, refuses[split])), client
