"""Who each note is about, and wordings filled with their names, providers and workers.

Belongs here: subjects, and filling the slots and choices of a wording. Does not belong here: which wordings a note has
(sentences.py), and joining them (compose.py). numpy only, as compose.py.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_extracts.notes.sentences import all_parts
from synthetic_extracts.notes.wordings import TYPES, Choice, Slot, slots

PERSON_STYLES = ("POP", "PP", "SU", "PoP", "he", "name")
PERSON_STYLE_SHARES = (0.34, 0.14, 0.06, 0.06, 0.22, 0.18)


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


class Filler:
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
            "pop": np.where(pronoun, he, person),
            "pop_obj": np.where(pronoun, him, person),
            "he": he,
            "him": him,
            "worker": subjects.worker,
            "his": np.where(female, "her", "his").astype(object),
            "himself": np.where(female, "herself", "himself").astype(object),
            "provider": _draw_by(rng, subjects.provider_family, tables["provider_families"]),
        }
        for name in tables["by_requirement_type"][TYPES[0]]:
            values = [tables["by_requirement_type"][requirement_type][name] for requirement_type in TYPES]
            self._of_note[name] = _draw_by(rng, subjects.type_number, values)

    def fill_each(self, wording: np.ndarray, note: np.ndarray) -> np.ndarray:
        """Fill sentence `wording[i]` (number in all_parts) of note `note[i]`."""
        filled = np.empty(len(wording), dtype=object)
        order = np.argsort(wording, kind="stable")
        numbers, firsts = np.unique(wording[order], return_index=True)
        parts = all_parts()
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
