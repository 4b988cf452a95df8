"""The court tables offence and result: what people were charged with, and what came of it, as the systems spell it.

Belongs here: offences of a case and texts of results. Does not belong here: defendants and cases (court_records.py).
"""

import numpy as np
import polars as pl

from contracts.code_lists import CODE_LISTS
from contracts.sources.ndelius import OFFENCE_GROUPS
from synthetic_extracts.calibration import calibration
from synthetic_extracts.courts.court_cases import ACQUITTED, INDEX, Appearances
from synthetic_extracts.draws import chosen, dates, labelled, numbered, pick, where
from synthetic_extracts.sentences.cohort import Cohort
from synthetic_extracts.sentences.offence_codes import offence_codes

# Results of a reconviction by number in reconviction_outcomes.csv; mostly sentences.
RECONVICTION_RESULTS = {
    9: 0.21,
    10: 0.17,
    1: 0.14,
    13: 0.07,
    14: 0.07,
    8: 0.06,
    11: 0.05,
    19: 0.05,
    15: 0.035,
    7: 0.02,
    5: 0.03,
    3: 0.015,
    17: 0.015,
    12: 0.01,
    34: 0.015,
    38: 0.005,
    41: 0.01,
    65: 0.005,
    51: 0.005,
    16: 0.005,
    39: 0.005,
    56: 0.003,
    44: 0.005,
    49: 0.003,
    2: 0.01,
    23: 0.003,
}
DECOYS = {"Not Guilty": 0.25, "Dismissed": 0.25, "Withdrawn": 0.35, "No Evidence Offered": 0.15}
# Some of these do not count with outcome set "convictions_only" (reconviction_outcomes_classified.csv), on purpose.
FURTHER_RESULTS = {8: 0.6, 11: 0.2, 46: 0.2}


def offences(
    rng: np.random.Generator, cohort: Cohort, cases: Appearances, case_table: pl.DataFrame
) -> tuple[pl.DataFrame, np.ndarray]:
    """One to three offences per case, and the case of each."""
    size = len(cases.person)
    case = np.repeat(np.arange(size), 1 + pick(rng, [0.75, 0.18, 0.07], size))
    kind = np.where(cases.row >= 0, cohort.sentences.kind[cases.row], 1)[case]
    shares = calibration()["cohort"]["offence_share"]
    drawn = np.where(
        kind == 0,
        pick(rng, list(shares["ATR"].values()), len(case)),
        pick(rng, list(shares["DRR"].values()), len(case)),
    )
    first = np.append(True, case[1:] != case[:-1])
    index_offence = np.where(cases.row >= 0, cohort.sentences.offence[cases.row], 0)[case]
    group = np.where(first & (cases.purpose[case] == INDEX), index_offence, drawn)
    code, _ = offence_codes(rng, group, kind)
    freed = cases.purpose[case] == ACQUITTED
    rows = case.astype(np.uint32)
    return pl.DataFrame(
        {
            "offence_id": numbered("F", np.arange(len(case)) + 1, 9),
            "case_id": case_table["case_id"].gather(rows),
            "defendant_id": case_table["defendant_id"].gather(rows),
            "offence_date": dates(cases.offence_day[case], rng.random(len(case)) >= 0.02),
            "ho_offence_code": code,
            "offence_group": labelled(OFFENCE_GROUPS, group),
            "plea": labelled(["Guilty", "Not Guilty", ""], np.where(freed, 1, pick(rng, [0.8, 0.12, 0.08], len(case)))),
            "verdict": labelled(
                ["Guilty", "Not Guilty", ""], np.where(freed, 1, pick(rng, [0.85, 0.0, 0.15], len(case)))
            ),
        }
    ), case


def results(
    rng: np.random.Generator, cohort: Cohort, cases: Appearances, offence_table: pl.DataFrame, case: np.ndarray
) -> tuple[pl.DataFrame, np.ndarray]:
    """Results of each offence: the sentence, sometimes a further order that day; texts as the systems spell them. And
    of each offence whether a result is one of the list."""
    listed = pl.read_csv(CODE_LISTS / "reconviction_outcomes.csv")["outcome"].to_list()
    texts = [*listed, *DECOYS]
    purpose = cases.purpose[case]
    suspended = np.where(cases.row >= 0, cohort.sentences.suspended[cases.row], False)[case]
    # Every further conviction gets at least one text of the list; a case may also hold an offence that was dropped.
    numbers, weights = np.array(list(RECONVICTION_RESULTS)), list(RECONVICTION_RESULTS.values())
    result = numbers[pick(rng, weights, len(case))] - 1
    result = np.where(purpose == INDEX, np.where(suspended, 12, 0), result)
    decoy = len(listed) + pick(rng, list(DECOYS.values()), len(case))
    first = np.append(True, case[1:] != case[:-1])
    dropped = ~first & (rng.random(len(case)) < 0.12)
    result = np.where((purpose == ACQUITTED) | dropped, decoy, result)
    further = np.flatnonzero((purpose != ACQUITTED) & ~dropped & (rng.random(len(case)) < 0.35))
    more = (np.array(list(FURTHER_RESULTS)) - 1)[pick(rng, list(FURTHER_RESULTS.values()), len(further))]
    offence = np.concatenate([np.arange(len(case)), further])
    result = np.concatenate([result, more])
    text = _as_spelt(rng, labelled(texts, result))
    return pl.DataFrame(
        {
            "result_id": numbered("S", np.arange(len(offence)) + 1, 9),
            "offence_id": offence_table["offence_id"].gather(offence.astype(np.uint32)),
            "appearance_date": dates(cases.day[case[offence]]),
            "result_text": text,
            "result_code": where(rng.random(len(offence)) < 0.9, numbered("", 1000 + result, 4)),
            "is_final": chosen(rng, {"1": 0.93, "0": 0.04, "": 0.03}, len(offence)),
        }
    ), (purpose != ACQUITTED) & ~dropped


def _as_spelt(rng: np.random.Generator, text: pl.Series) -> pl.Series:
    """Straight or curly apostrophes, doubled spaces, spaces around, quotation marks."""
    how = pl.Series(pick(rng, [0.96, 0.01, 0.01, 0.01, 0.01], len(text)))
    straight = pl.Series(rng.random(len(text)) < 0.5)
    return (
        pl.DataFrame({"text": text, "how": how, "straight": straight})
        .select(
            pl.when("straight").then(pl.col("text").str.replace("\u2019", "'")).otherwise("text").alias("text"), "how"
        )
        .select(
            pl.when(pl.col("how") == 1)
            .then(pl.format(" {} ", pl.col("text")))
            .when(pl.col("how") == 2)
            .then(pl.col("text").str.replace(" ", "  "))
            .when(pl.col("how") == 3)
            .then(pl.format('"{}"', pl.col("text")))
            .when(pl.col("how") == 4)
            .then(pl.format("{}\u00a0", pl.col("text")))
            .otherwise("text")
            .alias("text")
        )["text"]
    )
