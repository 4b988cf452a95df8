"""Composes note texts from wordings, for many notes at once (numpy arrays of strings, one element a note).

Belongs here: who the note is about, which sentences it has, filling and joining them. Does not belong here: how many
notes a requirement has, when, and the columns of the extract (make_notes.py). numpy only, so that the fixture model
is trained in the model's own environment.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from synthetic_extracts.notes.wordings import TYPES, Choice, Slot, context_wordings, core_wordings, slots

CONTACT_KINDS = ("visit", "phone", "admin", "home")
MEANINGS_BESIDE_ENGAGED = ("booked", "order_explained", "third_party")
NO_KEYWORD = "no_keyword"
PERSON_STYLES = ("POP", "PP", "SU", "PoP", "he", "name")
PERSON_STYLE_SHARES = (0.34, 0.14, 0.06, 0.06, 0.22, 0.18)


@cache
def calibration() -> dict:
    """The tables of calibration.toml, each figure with its source there."""
    return tomllib.loads((Path(__file__).resolve().parent / "calibration.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class NoteSubjects:
    """Who each note is about: arrays of one length. `type_number`: index in TYPES; `provider_family`: in slots.toml."""

    type_number: np.ndarray
    female: np.ndarray
    name: np.ndarray
    provider_family: np.ndarray
    worker: np.ndarray

    def of_notes(self, rows: np.ndarray) -> "NoteSubjects":
        """The subjects of notes, from the subjects of requirements."""
        return NoteSubjects(
            self.type_number[rows], self.female[rows], self.name[rows], self.provider_family[rows], self.worker[rows]
        )


@dataclass(frozen=True)
class NoteTexts:
    """Composed notes, arrays of one length.

    `text`: str; `core`: number of the core wording in core_wordings(), -1 without keyword; `missed`: the note says that
    supervision was missed.
    """

    text: np.ndarray
    core: np.ndarray
    missed: np.ndarray


def draw_subjects(rng: np.random.Generator, type_number: np.ndarray, female: np.ndarray) -> NoteSubjects:
    """Name, provider and worker for people of the given requirement types and sexes."""
    tables = slots()
    names = [np.array(tables["names"][sex], dtype=object) for sex in ("male", "female")]
    weights = np.array(tables["provider_family_weights"], dtype=float)
    workers = np.array([value[0] for value in tables["each_use"]["worker"]], dtype=object)
    size = len(type_number)
    return NoteSubjects(
        type_number=type_number,
        female=female,
        name=np.where(female, _draw(rng, names[1], size), _draw(rng, names[0], size)),
        provider_family=rng.choice(len(weights), size=size, p=weights / weights.sum()),
        worker=_draw(rng, workers, size),
    )


def compose_notes(
    rng: np.random.Generator, subjects: NoteSubjects, label: np.ndarray, kind: np.ndarray,
    held_out: bool = False, context: float = 1.0,
) -> NoteTexts:
    """Write one note per element. `label`: 1 engaged, 0 not engaged, -1 no keyword; `kind`: index in CONTACT_KINDS.

    `held_out` draws core sentences from the held-out wordings; `context` (0 to 1) scales the sentences around the core.
    """
    attributes = calibration()["attributes"]
    size = len(label)
    core = _draw_cores(rng, subjects.type_number, label, held_out)
    sentences, missed = _draw_sentences(rng, subjects.type_number, label, kind, core, context)
    note, position, wording = sentences
    filler = _Filler(rng, subjects)
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
                before[last] = filler.fill(_APPENDED, rows[last])
        text[rows] = text[rows] + before + filled[here]
    _mistype(rng, text, attributes["typo"])
    return NoteTexts(text, core, missed)


_APPENDED = ("\n\n--- Entry added ", Slot("ddmm", False), " by ", Slot("worker_any", False), " ---\n")


def _draw_cores(rng: np.random.Generator, type_number: np.ndarray, label: np.ndarray, held_out: bool) -> np.ndarray:
    core = np.full(len(label), -1)
    for number in range(len(TYPES)):
        for value in (0, 1):
            rows = np.flatnonzero((type_number == number) & (label == value))
            core[rows] = _draw_wordings(rng, number, value, held_out, len(rows))
    return core


def _draw_wordings(
    rng: np.random.Generator, type_number: int, label: int, held_out: bool, size: int, meanings: tuple[str, ...] = (),
) -> np.ndarray:
    numbers = [
        (number, wording) for number, wording in enumerate(core_wordings())
        if wording.label == label and wording.held_out == held_out and TYPES[type_number] in wording.types
        and (not meanings or wording.meaning in meanings)
    ]
    of_meaning: dict[str, int] = {}
    for _, wording in numbers:
        of_meaning[wording.meaning] = of_meaning.get(wording.meaning, 0) + 1
    shares = np.array([wording.weight / of_meaning[wording.meaning] for _, wording in numbers])
    return rng.choice(np.array([number for number, _ in numbers]), size=size, p=shares / shares.sum())


def _draw_sentences(rng, type_number, label, kind, core, context):
    """Sentences of all notes, sorted: (note, position, number in _all_parts), and which notes say 'missed'."""
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
def _all_parts() -> tuple[tuple, ...]:
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


class _Filler:
    """Fills parts for many notes: slots that belong to the note keep their value in all its sentences."""

    def __init__(self, rng: np.random.Generator, subjects: NoteSubjects):
        self._rng = rng
        tables = slots()
        self._each_use = dict(tables["each_use"])
        self._each_use["worker_any"] = self._each_use.pop("worker")
        size = len(subjects.female)
        female = subjects.female
        style = rng.choice(len(PERSON_STYLES), size=size, p=PERSON_STYLE_SHARES)
        he = np.where(female, "she", "he").astype(object)
        person = np.array(PERSON_STYLES, dtype=object)[style]
        person = np.where(style == PERSON_STYLES.index("name"), subjects.name, person)
        pronoun = style == PERSON_STYLES.index("he")
        him = np.where(female, "her", "him").astype(object)
        self._of_note = {
            "pop": np.where(pronoun, he, person), "pop_obj": np.where(pronoun, him, person),
            "he": he, "him": him, "worker": subjects.worker,
            "his": np.where(female, "her", "his").astype(object),
            "himself": np.where(female, "herself", "himself").astype(object),
            "provider": _draw_by(rng, subjects.provider_family, tables["provider_families"]),
        }
        for name in tables["by_requirement_type"][TYPES[0]]:
            values = [tables["by_requirement_type"][requirement_type][name] for requirement_type in TYPES]
            self._of_note[name] = _draw_by(rng, subjects.type_number, values)

    def fill_each(self, wording: np.ndarray, note: np.ndarray) -> np.ndarray:
        """Fill sentence `wording[i]` (number in _all_parts) of note `note[i]`."""
        filled = np.empty(len(wording), dtype=object)
        order = np.argsort(wording, kind="stable")
        numbers, firsts = np.unique(wording[order], return_index=True)
        parts = _all_parts()
        for number, places in zip(numbers, np.split(order, firsts[1:]), strict=True):
            filled[places] = self.fill(parts[number], note[places])
        return filled

    def fill(self, parts: tuple, note: np.ndarray) -> np.ndarray:
        """Fill one wording for the notes in `note`."""
        text = np.full(len(note), "", dtype=object)
        for part in parts:
            if isinstance(part, str):
                text = text + part
            elif isinstance(part, Choice):
                text = text + self._fill_one_of(part.options, note)
            else:
                text = text + self._fill_slot(part, note)
        return text

    def _fill_slot(self, slot: Slot, note: np.ndarray) -> np.ndarray:
        if slot.name in self._of_note:
            values = self._of_note[slot.name][note]
        else:
            values = self._fill_one_of(self._each_use[slot.name], note)
        if slot.capital:
            values = np.array([value[:1].upper() + value[1:] for value in values], dtype=object)
        return values

    def _fill_one_of(self, options: tuple[tuple, ...], note: np.ndarray) -> np.ndarray:
        drawn = self._rng.integers(0, len(options), len(note))
        if all(len(option) <= 1 and all(isinstance(part, str) for part in option) for option in options):
            return np.array(["".join(option) for option in options], dtype=object)[drawn]
        text = np.empty(len(note), dtype=object)
        for number, option in enumerate(options):
            here = drawn == number
            if here.any():
                text[here] = self.fill(option, note[here])
        return text


def _draw(rng: np.random.Generator, values: np.ndarray, size: int) -> np.ndarray:
    return values[rng.integers(0, len(values), size)]


def _draw_by(rng: np.random.Generator, group: np.ndarray, values: list[list[str]]) -> np.ndarray:
    drawn = np.empty(len(group), dtype=object)
    for number, options in enumerate(values):
        rows = np.flatnonzero(group == number)
        drawn[rows] = _draw(rng, np.array(options, dtype=object), len(rows))
    return drawn


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
