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
    """Core wording of each note by its type and label; -1 where it has no label."""
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
    size = len(label)
    has_core = core >= 0
    short = ~has_core & (rng.random(size) < 0.35)
    missed = short & (kind == CONTACT_KINDS.index("visit"))
    length = rng.choice([0.15, 0.6, 1.0, 1.6], size=size, p=[0.22, 0.28, 0.32, 0.18]) * context

    said = _Sentences(rng)
    opened = ~short & (rng.random(size) < 0.62 * np.minimum(length, 1) + 0.02 * context)
    for number, name in enumerate(CONTACT_KINDS):
        said.draw(opened & (kind == number), 0, f"opening.{name}")
    said.draw(missed, 3, "short.missed")
    said.draw(short & ~missed, 3, "short.admin")
    said.add(has_core, 3, core[has_core])
    for rank, share in ((1, 0.42), (2, 0.42), (4, 0.45), (5, 0.35), (6, 0.25)):
        said.draw(~short & (rng.random(size) < share * length), rank, "middle.lines")
    said.draw(~short & ~has_core, 3, "middle.lines")
    said.draw(~short & (rng.random(size) < 0.4 * np.minimum(length, 1)), 8, "closing.lines")

    second = has_core & (rng.random(size) < calibration()["attributes"]["second_core_sentence"] * context)
    for number in range(len(TYPES)):
        for value in (0, 1):
            mask = second & (type_number == number) & (label == value)
            meanings = MEANINGS_BESIDE_ENGAGED if value else ()
            said.add(mask, 2.5 if number else 4.5, _draw_wordings(rng, number, 0, False, int(mask.sum()), meanings))
    return said.in_order(size), missed


class _Sentences:
    """Sentences that were drawn so far: of which note, where in it by rank, and which of all_parts."""

    def __init__(self, rng: np.random.Generator):
        self._rng = rng
        self._notes: list[np.ndarray] = []
        self._ranks: list[np.ndarray] = []
        self._wordings: list[np.ndarray] = []

    def add(self, mask: np.ndarray, rank: float, wordings: np.ndarray) -> None:
        """One sentence to each note of `mask`."""
        rows = np.flatnonzero(mask)
        self._notes.append(rows)
        self._ranks.append(np.full(len(rows), rank))
        self._wordings.append(wordings)

    def draw(self, mask: np.ndarray, rank: float, group: str) -> None:
        """One sentence of a group of context wordings to each note of `mask`."""
        first, count = _context_starts()[group]
        self.add(mask, rank, first + self._rng.integers(0, count, int(mask.sum())))

    def in_order(self, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Note, position and wording of every sentence, sorted, where there are `size` notes."""
        note, rank, wording = (np.concatenate(part) for part in (self._notes, self._ranks, self._wordings))
        order = np.lexsort((rank, note))
        note, wording = note[order], wording[order]
        count = np.bincount(note, minlength=size)
        return note, np.arange(len(note)) - np.repeat(np.cumsum(count) - count, count), wording


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
