"""What p-NOMIS recorded: prison_spell, as the system holds it.

Belongs here: the table. Does not belong here: who is in custody when (custody.py).
"""

import numpy as np
import polars as pl

from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import chosen, dates, labelled, numbered, pick, stream, where
from synthetic_extracts.people.identity_numbers import Identities, noms_numbers
from synthetic_extracts.prison.custody import Spells, spell_types
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.offence_codes import offence_codes
from synthetic_extracts.treatment.journeys import OPEN


def prison_spells(seed: int, cohort: Cohort, spells: Spells, numbers: Identities) -> pl.DataFrame:
    """p-NOMIS: spells of people whose NOMS number is known, and a few of people who are not in the cohort."""
    rng = stream(seed, "prison")
    known = numbers.noms_known[spells.person]
    person, reception, release = spells.person[known], spells.reception[known], spells.release[known]
    extra = len(person) // 40
    size = len(person) + extra
    taken = numbers.noms
    unknown = noms_numbers(rng, 2 * extra + 10)
    unknown = unknown.filter(~unknown.is_in(taken.implode())).head(extra)
    extra = len(unknown)
    size = len(person) + extra
    begun = np.concatenate([reception, cohort.end - rng.integers(30, 2000, extra)])
    ended = np.concatenate([release, np.full(extra, OPEN)])
    ended[len(person) :] = np.minimum(begun[len(person) :] + rng.integers(5, 400, extra), cohort.end)
    labels, kind = spell_types(rng, size)
    sentenced = kind == labels.index("sentenced")
    main_crn = numbers.crn.gather(person.astype(np.uint32))
    crn = pl.concat([main_crn, pl.Series([None], dtype=pl.String).new_from_index(0, extra)])
    code, _ = offence_codes(
        rng, pick(rng, list(calibration()["cohort"]["offence_share"]["DRR"].values()), size), np.ones(size)
    )
    gone = ended != OPEN
    return pl.DataFrame(
        {
            "noms_number": pl.concat([numbers.noms.gather(person.astype(np.uint32)), unknown]),
            "booking_id": numbered("", 1_100_000 + rng.permutation(size), 7),
            "reception_date": dates(begun),
            "release_date": dates(np.where(gone, ended, 0), gone),
            "spell_type": labelled(labels, kind),
            "reception_reason": chosen(
                rng, {"Unconvicted remand": 0.4, "Imprisonment without option": 0.5, "Licence recall": 0.1}, size
            ),
            "release_reason": where(
                gone, chosen(rng, {"Conditional release": 0.6, "Final discharge": 0.1, "Bailed": 0.3}, size)
            ),
            "establishment_code": chosen(
                rng, dict.fromkeys(("LEI", "MDI", "BMI", "PVI", "WWI", "BRI", "DHI", "HBI", "NMI"), 1.0), size
            ),
            "sentence_date": dates(begun, sentenced),
            "main_offence_code": code,
            "crn": where(rng.random(size) < 0.3, crn),
        }
    ).sort("booking_id")
