"""Home Office codes and words of offences.

Belongs here: codes by group of offence. Does not belong here: the tables that hold them.
"""

import numpy as np
import polars as pl

from contracts.sources.ndelius import OFFENCE_GROUPS
from synthetic_extracts.calibration import SUMMARY_MOTORING
from synthetic_extracts.draws import labelled

OFFENCE_CODES = {
    "Violence against the person": [("00809", "Assault occasioning actual bodily harm"), ("10501", "Common assault")],
    "Sexual offences": [("01711", "Sexual assault")],
    "Robbery": [("03401", "Robbery")],
    "Theft offences": [("04600", "Theft from shops"), ("02801", "Burglary in a dwelling"), ("04910", "Theft")],
    "Criminal damage and arson": [("14901", "Criminal damage under 5,000 pounds")],
    "Drug offences": [("09210", "Possession of a class A drug"), ("09265", "Possession of a class B drug")],
    "Possession of weapons": [("00811", "Possession of a bladed article")],
    "Public order offences": [("06620", "Affray"), ("12511", "Fear or provocation of violence")],
    "Miscellaneous crimes against society": [
        ("06639", "Breach of a restraining order"),
        ("07910", "Perverting the course of justice"),
    ],
    "Fraud offences": [("05330", "Fraud by false representation")],
    "Summary non-motoring": [("10410", "Assault on a constable"), ("19300", "Drunk and disorderly")],
    "Summary motoring": [("80302", "Driving with excess alcohol"), ("80601", "Driving while disqualified")],
    "Not known": [("00000", "Not known")],
}


def offence_codes(rng: np.random.Generator, offence: np.ndarray, kind: np.ndarray) -> tuple[pl.Series, pl.Series]:
    """Home Office code and words of offence groups; drink driving is most of the motoring of people with ATRs."""
    codes = [entry for name in OFFENCE_GROUPS for entry in OFFENCE_CODES[name]]
    offset = np.cumsum([0, *[len(OFFENCE_CODES[name]) for name in OFFENCE_GROUPS]])
    count = np.diff(offset)[offence]
    place = np.floor(rng.random(len(offence)) * count).astype(np.int64)
    motoring = offence == SUMMARY_MOTORING
    place = np.where(motoring, rng.random(len(offence)) >= np.where(kind == 0, 0.85, 0.35), place)
    index = offset[offence] + place
    return labelled([code for code, _ in codes], index), labelled([words for _, words in codes], index)
