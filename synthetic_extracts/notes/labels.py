"""Which notes of a requirement say that the person engages with treatment.

Belongs here: labels, drawn to the published shares before termination. Does not belong here: how many notes there are
(make_notes.py), and who is truly engaged (given by the caller).
"""

import numpy as np
import polars as pl

from synthetic_extracts.draws import day_numbers
from synthetic_extracts.notes.calibration import calibration

DAYS_A_WEEK = 7


def draw_labels(
    rng: np.random.Generator, requirements: pl.DataFrame, of: np.ndarray, keyword: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """1 where the note says engaged: published share in the last weeks, ours earlier, at least one if truly engaged."""
    size = requirements.height
    engaged = requirements["truly_engaged"].to_numpy()
    earlier = calibration()["engaged_share_earlier"]
    late = _is_late(requirements, of, day)
    share_earlier = rng.beta(earlier["alpha"], earlier["beta"], size) * engaged
    late_notes = np.bincount(of[late], minlength=size)
    late_keyword_notes = np.bincount(of[late & keyword], minlength=size)
    earlier_keyword_notes = np.bincount(of[~late & keyword], minlength=size)
    share_late = _late_shares(requirements, late_notes, late_keyword_notes, earlier_keyword_notes)
    of_keyword_notes = share_late * late_notes / np.maximum(late_keyword_notes, 1)
    label = keyword & (rng.random(len(of)) < np.where(late, of_keyword_notes[of], share_earlier[of]))

    none_yet = engaged & (np.bincount(of[label], minlength=size) == 0)
    candidates = np.flatnonzero(keyword & none_yet[of])
    preference = rng.random(len(candidates)) + late[candidates]
    candidates = candidates[np.lexsort((preference, of[candidates]))]
    label[candidates[np.unique(of[candidates], return_index=True)[1]]] = True
    return label.astype(np.int64)


def _is_late(requirements: pl.DataFrame, of: np.ndarray, day: np.ndarray) -> np.ndarray:
    weeks = calibration()["engaged_share_before_termination"]["weeks"]
    from_day = day_numbers(requirements["window_end"]) - weeks * DAYS_A_WEEK
    return requirements["terminated"].to_numpy()[of] & (day >= from_day[of])


def _late_shares(
    requirements: pl.DataFrame,
    late_notes: np.ndarray,
    late_keyword_notes: np.ndarray,
    earlier_keyword_notes: np.ndarray,
) -> np.ndarray:
    """Share of late notes to be labelled 1, per requirement: as late_engagement, capped by its keyword notes.

    An engaged requirement whose keyword notes are all late gets one labelled 1 in any case: the scale allows for that.
    """
    targets = calibration()["engaged_share_before_termination"]
    level = requirements["late_engagement"].fill_null(0).to_numpy() * requirements["truly_engaged"].to_numpy()
    only_late = requirements["truly_engaged"].to_numpy() & (earlier_keyword_notes == 0)
    cap = 0.9 * late_keyword_notes / np.maximum(late_notes, 1)
    reason = requirements["termination_reason"].fill_null("Other").to_numpy()
    calibrated = late_notes > 0
    if "calibrate_on" in requirements.columns:
        calibrated &= requirements["calibrate_on"].to_numpy()
    share = np.zeros(requirements.height)
    for name in [name for name in targets if name != "weeks"]:
        rows = reason == name
        base = rows & calibrated
        if not level[base].any():
            continue
        scale = targets[name] / level[base].mean()
        for _ in range(20):
            drawn = np.minimum(scale * level[base], cap[base])
            of_keyword_notes = drawn * late_notes[base] / np.maximum(late_keyword_notes[base], 1)
            none = (1 - of_keyword_notes) ** late_keyword_notes[base]
            reached = (drawn + only_late[base] * none / late_notes[base]).mean()
            if reached <= 0:  # few requirements, none of which has a keyword note in those weeks
                break
            scale *= targets[name] / reached
        share[rows] = np.minimum(scale * level[rows], cap[rows])
    return share
