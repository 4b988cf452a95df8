"""Forms of the Treatment Outcomes Profile: which are filled in, and how many days of use each of them says.

Belongs here: the table outcome_profile, made of the episodes on file. Does not belong here: who is treated when
(cohort_episodes.py) and the other NDTMS tables (treatment_tables.py).

Every draw hangs on the key of its episode, so a later quarter has the same forms and adds those that are new.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from contracts.extracts import EXTRACT_BY_NAME
from contracts.sources.ndtms import USE_COLUMNS
from synthetic_extracts.calibration import calibration
from synthetic_extracts.draws import dates, labelled, uniform_by_key
from synthetic_extracts.next_quarter.as_of import day_in
from synthetic_extracts.next_quarter.ends import as_sent
from synthetic_extracts.recording import Tables
from synthetic_extracts.treatment.journeys import OPEN

COMMUNITY = ("adult_community", "yp_community")
SUBSTANCES = list(USE_COLUMNS)
# Substance of a drug code (DRUG1 to DRUG3); every other drug is OTDRGUSE.
DRUG_COLUMNS = {
    "7000": "ALCUSE",
    "1011": "OPIUSE",
    "1105": "OPIUSE",
    "1000": "OPIUSE",
    "3201": "CRAUSE",
    "3200": "COCAUSE",
    "3100": "AMPHUSE",
    "5000": "CANNUSE",
}
NO_DRUG = ("9996", "9997")
START, REVIEW, EXIT, AFTER = range(4)
STAGES_WRITTEN = [["S", "Start"], ["R", "Review"], ["E", "Exit"], ["P", "Post-treatment exit"]]
OUTCOME_OF = {  # discharge reason to the outcome that forms depend on
    **dict.fromkeys(("80", "81"), "completed"),
    **dict.fromkeys(("82", "85", "86", "88"), "dropped_out"),
    **dict.fromkeys(("84", "87"), "prison"),
    "89": "died",
    **dict.fromkeys(("83", "95"), "transferred"),
}
OUTCOMES = ["completed", "dropped_out", "prison", "died", "transferred"]


@dataclass
class _Forms:
    """One value per form: row of its episode, number of the form in it, stage, day, review it is (-1: none)."""

    episode: np.ndarray
    number: np.ndarray
    stage: np.ndarray
    day: np.ndarray
    review: np.ndarray


def outcome_profile(seed: int, tables: Tables, day: int) -> pl.DataFrame:
    """The forms on file on `day` of the episodes in `tables`, in order of client, episode and date.

    `tables` has the community tables as they are on that day.
    """
    episodes = _episodes(tables)
    forms = _filled_in(seed, episodes, day)
    used = _days_of_use(seed, episodes, forms)
    return _as_sent(seed, episodes, forms, used)


def _episodes(tables: Tables) -> pl.DataFrame:
    """One row per consented episode: its keys, start and end as day numbers, outcome (-1 while open), drugs."""
    drugs = ["DRUG1", "DRUG2", "DRUG3"]
    rows = pl.concat(
        tables[name].select("AGNCY", "CLIENTID", "EPISODID", "CONSENT", "TRIAGED", "DISD", "DISRSN", *drugs)
        for name in COMMUNITY
    )
    day_numbers = (day_in(name).cast(pl.Int32).cast(pl.Int64).alias(name) for name in ("TRIAGED", "DISD"))
    outcome = (
        pl.col("DISRSN")
        .replace_strict(OUTCOME_OF, default=None)
        .replace_strict(OUTCOMES, list(range(len(OUTCOMES))), default=-1, return_dtype=pl.Int64)
    )
    return (
        rows.filter(CONSENT="Y")
        .with_columns(*day_numbers, outcome=outcome, key=pl.col("EPISODID").str.extract(r"(\d+)$").cast(pl.Int64))
        .drop_nulls(["TRIAGED", "key"])
        .with_columns(pl.col("DISD").fill_null(OPEN))
        .sort("EPISODID", "CLIENTID", "AGNCY", "DISD", "outcome", *drugs)  # rows of two addresses may name other drugs
        .unique("EPISODID", keep="first", maintain_order=True)
    )


def _filled_in(seed: int, episodes: pl.DataFrame, day: int) -> _Forms:
    rates = calibration()["outcome_forms"]
    start, end = episodes["TRIAGED"].to_numpy(), episodes["DISD"].to_numpy()
    outcome = episodes["outcome"].to_numpy()
    reviews = rates["review_days"]
    chance = uniform_by_key(seed, "forms that are filled in", episodes["key"].to_numpy(), 2 * len(reviews) + 10).T
    first = start + np.floor(chance[0] * 22).astype(np.int64) - 7
    late = chance[1] < rates["start_late"]
    first = np.where(late, start + 15 + np.floor(chance[0] * 30).astype(np.int64), first)
    begun = chance[2] < rates["start_form"]
    at_exit = np.append([rates["exit_form"][name] for name in OUTCOMES], 0.0)[outcome]
    columns = [
        (START, -1, first, begun),
        (START, -1, first + 20, begun & (chance[3] < rates["start_twice"])),
        (EXIT, -1, np.maximum(end - np.floor(chance[4] * 10).astype(np.int64), start), chance[5] < at_exit),
        (
            AFTER,
            -1,
            end + 60 + np.floor(chance[6] * 60).astype(np.int64),
            (outcome == 0) & (chance[7] < rates["post_exit"]),
        ),
    ]
    for number, after in enumerate(reviews):
        days = start + after + np.floor(chance[8 + 2 * number] * 41).astype(np.int64) - 20
        columns.append((REVIEW, number, days, chance[9 + 2 * number] < rates["review_form"]))
    parts = []
    for number, (stage, review, days, there) in enumerate(columns):
        rows = np.flatnonzero(there & (days <= day) & ((stage == AFTER) | (days <= end)))
        parts.append(
            (rows, *(np.full(len(rows), value) for value in (number, stage)), days[rows], np.full(len(rows), review))
        )
    return _Forms(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def _days_of_use(seed: int, episodes: pl.DataFrame, forms: _Forms) -> np.ndarray:
    """Days of use of each form (rows) by substance (columns)."""
    rates = calibration()["outcome_forms"]
    cited = _cited(episodes)
    keys, width = episodes["key"].to_numpy(), len(SUBSTANCES)
    whether, how_long, stops, keeps = (
        uniform_by_key(seed, f"days of use: {what}", keys, width)
        for what in ("whether", "how long", "when it stops", "what is kept")
    )
    level = [np.array([rates[name][kind] for kind in ("other", "also", "first")])[cited] for name in ("used", "days")]
    # Few days are commonest where the mean is low, all 28 where it is high.
    days = np.clip(np.ceil(28 * how_long ** (28 / level[1] - 1)), 1, 28) * (whether < level[0])
    stopped, kept = _change(episodes, forms)
    users = (days[forms.episode] > 0) & (stops[forms.episode] >= stopped[:, None])
    # Who goes on uses a share of the days around the mean share left.
    part = np.clip(kept[:, None] + 0.6 * (keeps[forms.episode] - 0.5), 0.05, 1.1)
    part = np.where((forms.stage == START)[:, None], 1.0, part)
    return (np.clip(np.ceil(days[forms.episode] * part), 0, 28) * users).astype(np.int64)


def _cited(episodes: pl.DataFrame) -> np.ndarray:
    """Per episode and substance: 2 when it is the main problem substance, 1 when it is cited besides, else 0."""
    cited = np.zeros((episodes.height, len(SUBSTANCES)), dtype=np.int64)
    for name, rank in (("DRUG3", 1), ("DRUG2", 1), ("DRUG1", 2)):
        drug = episodes[name]
        known = drug.is_not_null() & ~drug.is_in(list(NO_DRUG))
        column = drug.replace_strict(DRUG_COLUMNS, default="OTDRGUSE", return_dtype=pl.String)
        place = column.replace_strict(SUBSTANCES, list(range(len(SUBSTANCES))), return_dtype=pl.Int64)
        rows = np.flatnonzero(known.fill_null(False).to_numpy())
        cited[rows, place.to_numpy()[rows]] = rank
    return cited


def _change(episodes: pl.DataFrame, forms: _Forms) -> tuple[np.ndarray, np.ndarray]:
    """Per form: share of users who have stopped by then, and mean share of the days that the others keep."""
    rates = calibration()["outcome_forms"]
    outcome = episodes["outcome"].to_numpy()[forms.episode]
    by_review, by_exit = rates["stopped_by_review"], [rates["stopped_by_exit"][name] for name in OUTCOMES]
    review = np.clip(forms.review, 0, len(by_review) - 1)
    stopped = np.where(forms.stage == REVIEW, np.array(by_review)[review], np.append(by_exit, 0.0)[outcome])
    kept = np.where(outcome == 0, rates["days_kept"]["completed"], rates["days_kept"]["dropped_out"])
    kept = np.where(forms.stage == REVIEW, rates["days_kept"]["review"], kept)
    start = forms.stage == START
    return np.where(start, 0.0, stopped), np.where(start, 1.0, kept)


def _as_sent(seed: int, episodes: pl.DataFrame, forms: _Forms, used: np.ndarray) -> pl.DataFrame:
    """The forms as columns of the extract, with answers left out, written as NA or out of range."""
    rates = calibration()["outcome_forms"]
    of = episodes[forms.episode].select("AGNCY", "CLIENTID", "EPISODID", "key")
    faults = uniform_by_key(seed, "faults of forms", of["key"].to_numpy() * 32 + forms.number, len(SUBSTANCES) + 2)
    answers = {}
    for number, name in enumerate(SUBSTANCES):
        left, written = pl.Series(used[:, number]).cast(pl.String), faults[:, number]
        for share, instead in (("out_of_range", "30"), ("written_missing", "NA"), ("missing", None)):
            hit = pl.Series(written < rates[share])
            left = left.zip_with(~hit, pl.Series([instead], dtype=pl.String).new_from_index(0, len(left)))
            written = written - rates[share] + 10.0 * hit.to_numpy()
        answers[name] = left
    in_full = (episodes["key"].to_numpy()[forms.episode] % 7 == 3).astype(np.int64)
    stage = labelled([label for pair in STAGES_WRITTEN for label in pair], forms.stage * 2 + in_full)
    known = pl.Series(faults[:, -1] < rates["known_episode"])
    return (
        of.with_columns(
            EPISODID=of["EPISODID"].zip_with(known, "E9" + of["EPISODID"].str.slice(2)),
            TOPDATE=dates(forms.day),
            TRSTAGE=stage,
            day=pl.Series(forms.day),
            number=pl.Series(forms.number),
            **answers,
        )
        .with_columns(TOPDATE=as_sent(pl.col("AGNCY"), pl.col("TOPDATE")))
        .sort("CLIENTID", "EPISODID", "day", "number")
        .select(EXTRACT_BY_NAME["outcome_profile"].column_names)
    )
