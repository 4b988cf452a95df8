"""Which sentences each note has, in which order.

Belongs here: drawing wordings by meaning, and the sentences around them. Does not belong here: filling them
(subjects.py), and joining them (compose.py). numpy only, as compose.py.
"""

from functools import cache

import numpy as np

from synthetic_extracts.notes.calibration import CONTACT_KINDS, calibration
from synthetic_extracts.notes.wordings import TYPES, context_wordings, core_wordings

MEANINGS_BESIDE_ENGAGED = ("booked", "order_explained", "third_party")


def draw_cores(rng: np.random.Generator, type_number: np.ndarray, label: np.ndarray, held_out: bool) -> np.ndarray:
    core = np.full(len(label), -1)
    for number in range(len(TYPES)):
        for value in (0, 1):
            rows = np.flatnonzero((type_number == number) & (label == value))
            core[rows] = _draw_wordings(rng, number, value, held_out, len(rows))
    return core


def _draw_wordings(
    rng: np.random.Generator,
    type_number: int,
    label: int,
    held_out: bool,
    size: int,
    meanings: tuple[str, ...] = (),
) -> np.ndarray:
    numbers = [
        (number, wording)
        for number, wording in enumerate(core_wordings())
        if wording.label == label
        and wording.held_out == held_out
        and TYPES[type_number] in wording.types
        and (not meanings or wording.meaning in meanings)
    ]
    of_meaning: dict[str, int] = {}
    for _, wording in numbers:
        of_meaning[wording.meaning] = of_meaning.get(wording.meaning, 0) + 1
    shares = np.array([wording.weight / of_meaning[wording.meaning] for _, wording in numbers])
    return rng.choice(np.array([number for number, _ in numbers]), size=size, p=shares / shares.sum())


def draw_sentences(
    rng: np.random.Generator,
    type_number: np.ndarray,
    label: np.ndarray,
    kind: np.ndarray,
    core: np.ndarray,
    context: float,
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Sentences of all notes, sorted: (note, position, number in all_parts), and which notes say 'missed'."""
    start_of = _context_starts()
    size = len(label)
    has_core = core >= 0
    short = ~has_core & (rng.random(size) < 0.35)
    missed = short & (kind == CONTACT_KINDS.index("visit"))
    length = rng.choice([0.15, 0.6, 1.0, 1.6], size=size, p=[0.22, 0.28, 0.32, 0.18]) * context

    notes, ranks, wordings = [], [], []

    def add(mask: np.ndarray, rank: float, drawn) -> None:
        rows = np.flatnonzero(mask)
        notes.append(rows)
        ranks.append(np.full(len(rows), rank))
        wordings.append(drawn(rows))

    def group(name: str):
        first, count = start_of[name]
        return lambda rows: first + rng.integers(0, count, len(rows))

    opened = ~short & (rng.random(size) < 0.62 * np.minimum(length, 1) + 0.02 * context)
    for number, name in enumerate(CONTACT_KINDS):
        add(opened & (kind == number), 0, group(f"opening.{name}"))
    add(missed, 3, group("short.missed"))
    add(short & ~missed, 3, group("short.admin"))
    add(has_core, 3, lambda rows: core[rows])
    for rank, share in ((1, 0.42), (2, 0.42), (4, 0.45), (5, 0.35), (6, 0.25)):
        add(~short & (rng.random(size) < share * length), rank, group("middle.lines"))
    add(~short & ~has_core, 3, group("middle.lines"))
    add(~short & (rng.random(size) < 0.4 * np.minimum(length, 1)), 8, group("closing.lines"))

    second = has_core & (rng.random(size) < calibration()["attributes"]["second_core_sentence"] * context)
    for number in range(len(TYPES)):
        for value in (0, 1):
            mask = second & (type_number == number) & (label == value)
            meanings = MEANINGS_BESIDE_ENGAGED if value else ()
            drawn = _draw_wordings(rng, number, 0, False, int(mask.sum()), meanings)
            add(mask, 2.5 if number else 4.5, lambda _, drawn=drawn: drawn)

    note, rank, wording = np.concatenate(notes), np.concatenate(ranks), np.concatenate(wordings)
    order = np.lexsort((rank, note))
    note, wording = note[order], wording[order]
    count = np.bincount(note, minlength=size)
    position = np.arange(len(note)) - np.repeat(np.cumsum(count) - count, count)
    return (note, position, wording), missed


@cache
def all_parts() -> tuple[tuple, ...]:
    """Parts of every sentence: the core wordings first, then the context groups."""
    return tuple(wording.parts for wording in core_wordings()) + tuple(
        parts for group in context_wordings().values() for parts in group
    )


@cache
def _context_starts() -> dict[str, tuple[int, int]]:
    starts, first = {}, len(core_wordings())
    for name, group in context_wordings().items():
        starts[name] = (first, len(group))
        first += len(group)
    return starts
