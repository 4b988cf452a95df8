"""Composes note texts from wordings, for many notes at once (numpy arrays of strings, one element a note).

Belongs here: joining the sentences of a note. Does not belong here: which they are (sentences.py), who a note is about
(subjects.py), how many notes a requirement has, when, and the columns of the extract (make_notes.py). numpy only, so
that the fixture model is trained in the model's own environment.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.notes.calibration import CONTACT_KINDS, calibration
from synthetic_extracts.notes.sentences import draw_cores, draw_sentences
from synthetic_extracts.notes.subjects import Filler, NoteSubjects, draw_subjects
from synthetic_extracts.notes.wordings import TYPES, Slot, slots

APPENDED = ("\n\n--- Entry added ", Slot("ddmm", False), " by ", Slot("worker_any", False), " ---\n")


@dataclass(frozen=True)
class NoteTexts:
    """Composed notes, arrays of one length.

    `text`: str; `core`: number of the core wording in core_wordings(), -1 without keyword; `missed`: the note says that
    supervision was missed.
    """

    text: np.ndarray
    core: np.ndarray
    missed: np.ndarray


def compose_notes(
    rng: np.random.Generator,
    subjects: NoteSubjects,
    label: np.ndarray,
    kind: np.ndarray,
    held_out: bool = False,
    context: float = 1.0,
) -> NoteTexts:
    """Write one note per element. `label`: 1 engaged, 0 not engaged, -1 no keyword; `kind`: index in CONTACT_KINDS.

    `held_out` draws core sentences from the held-out wordings; `context` (0 to 1) scales the sentences around the core.
    """
    attributes = calibration()["attributes"]
    size = len(label)
    core = draw_cores(rng, subjects.type_number, label, held_out)
    sentences, missed = draw_sentences(rng, subjects.type_number, label, kind, core, context)
    note, position, wording = sentences
    filler = Filler(rng, subjects)
    filled = filler.fill_each(wording, note)

    text = np.full(size, "", dtype=object)
    count = np.bincount(note, minlength=size)
    new_line = np.where(rng.random(size) < attributes["several_lines"], "\n", " ").astype(object)
    appended = (rng.random(size) < attributes["appended_entry"] * context) & (count > 1)
    for step in range(int(position.max(initial=-1)) + 1):
        here = position == step
        rows = note[here]
        before = np.full(len(rows), "", dtype=object)
        if step:
            before = new_line[rows]
            last = appended[rows] & (count[rows] == step + 1)
            if last.any():
                before[last] = filler.fill(APPENDED, rows[last])
        text[rows] = text[rows] + before + filled[here]
    _mistype(rng, text, attributes["typo"])
    return NoteTexts(text, core, missed)


def _mistype(rng: np.random.Generator, text: np.ndarray, share: float) -> None:
    pairs = slots()["typos"]["pairs"]
    rows = np.flatnonzero(rng.random(len(text)) < share)
    for row, number in zip(rows, rng.integers(0, len(pairs), len(rows)), strict=True):
        text[row] = text[row].replace(*pairs[number], 1)


def evaluation_texts(
    seed: int, n: int, held_out: bool, engaged_share: float = 0.35, context: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """`n` keyword notes about as many people: texts and the numbers of their core wordings in core_wordings()."""
    rng = np.random.default_rng(seed)
    attributes, shares = calibration()["attributes"], calibration()["contact_kind"]
    subjects = draw_subjects(rng, rng.integers(0, len(TYPES), n), rng.random(n) < attributes["female"])
    label = (rng.random(n) < engaged_share).astype(int)
    kind = rng.choice(len(CONTACT_KINDS), size=n, p=[shares[name] for name in CONTACT_KINDS])
    notes = compose_notes(rng, subjects, label, kind, held_out, context)
    return notes.text, notes.core
