"""Raking: adjusting probabilities until their averages in every group are the published shares.

Belongs here: the two adjustments (yes/no and several classes). Does not belong here: which groups or shares.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Margin:
    """Wanted shares by group: `group[i]` is the group of row i, `target[g]` its share (nan: left free).

    `counted`: weight of each row in this share; when left out, the weights given to rake_yes_no.
    """

    group: np.ndarray
    target: np.ndarray
    counted: np.ndarray | None = None


def rake_yes_no(
    start: np.ndarray,
    margins: list[Margin],
    exposure: np.ndarray | None = None,
    counted: np.ndarray | None = None,
    fixed: np.ndarray | None = None,
    sweeps: int = 25,
) -> np.ndarray:
    """Probabilities near `start` whose mean of p x exposure over counted rows is each margin's target.

    exposure: chance that a yes is seen at all (1 when left out). counted: rows that make up the published share.
    fixed: rows whose probability stays as it is.
    """
    p = np.clip(start.astype(float), 1e-4, 1 - 1e-4)
    seen = np.ones(len(p)) if exposure is None else exposure
    usual = np.ones(len(p)) if counted is None else counted.astype(float)
    free = np.ones(len(p), dtype=bool) if fixed is None else ~fixed
    p = np.where(free, p, start)
    for _ in range(sweeps):
        for margin in margins:
            size = len(margin.target)
            counts = usual if margin.counted is None else margin.counted.astype(float)
            rows = np.bincount(margin.group, weights=counts, minlength=size)
            freely = np.bincount(margin.group, weights=counts * p * seen * free, minlength=size)
            held = np.bincount(margin.group, weights=counts * p * seen * ~free, minlength=size)
            wanted = margin.target * rows - held
            room = np.bincount(margin.group, weights=counts * seen * free, minlength=size)
            wanted = np.clip(wanted, 0.002 * room, 0.995 * room)
            with np.errstate(divide="ignore", invalid="ignore"):
                odds = (wanted / (room - wanted)) / (freely / (room - freely))
            odds = np.where(np.isfinite(odds) & np.isfinite(margin.target), odds, 1.0)[margin.group]
            p = np.where(free, p * odds / (1 - p + p * odds), p)
    return p


@dataclass(frozen=True)
class ClassMargin:
    """Wanted shares of classes by group: target[g, c]; `class_of[k]` says to which class c category k belongs."""

    group: np.ndarray
    class_of: np.ndarray
    target: np.ndarray


def rake_classes(
    start: np.ndarray,
    margins: list[ClassMargin],
    counted: np.ndarray | None = None,
    tie: np.ndarray | None = None,
    sweeps: int = 30,
) -> np.ndarray:
    """Row-wise probabilities of several categories near `start` that average to each margin's targets.

    tie: rows with the same number share one set of probabilities (several sentences answered by one journey).
    """
    p = start / start.sum(axis=1, keepdims=True)
    counts = np.ones(len(p)) if counted is None else counted.astype(float)
    for _ in range(sweeps):
        for margin in margins:
            groups, classes = margin.target.shape
            factor = np.ones((groups, p.shape[1]))
            rows = np.bincount(margin.group, weights=counts, minlength=groups)
            for number in range(classes):
                columns = np.flatnonzero(margin.class_of == number)
                now = np.bincount(margin.group, weights=counts * p[:, columns].sum(axis=1), minlength=groups)
                with np.errstate(divide="ignore", invalid="ignore"):
                    ratio = margin.target[:, number] * rows / now
                factor[:, columns] = np.where(np.isfinite(ratio), np.clip(ratio, 0.05, 20), 1.0)[:, None]
            p = p * factor[margin.group]
            p /= p.sum(axis=1, keepdims=True)
        if tie is not None:
            sums = np.stack([np.bincount(tie, weights=p[:, k]) for k in range(p.shape[1])], axis=1)
            p = sums[tie] / sums[tie].sum(axis=1, keepdims=True)
    return p
