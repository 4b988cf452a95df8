"""What every engine that reads notes offers, and what identifies its readings.

Belongs here: the interface. Does not belong here: any engine (nlp_assets/engines) and what a reading means for a label
(label_notes.py).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal, Protocol, Self

ENGINE_NAMES = ("encoder", "fixture", "served_encoder", "folder", "server", "chat", "rules", "tfidf")
EngineKind = Literal["model", "fixture", "baseline"]
# Of weights that nobody states the hash of.
STATED_BY_NOBODY = "stated by nobody"
# Of models, taken out of a note before it stands in a prompt: part of what identifies a reading.
CONTROL_TOKENS = {"control_tokens": "of all families"}


class EngineCannotOpen(Exception):
    """No engine can be opened by that name or where it is looked for; the message says what to do."""


@dataclass(frozen=True)
class EngineIdentity:
    """What decides a reading besides the note. Equal identities give equal readings; stored with every label.

    `engine`: how notes are read, e.g. "vllm_prompt", "encoder"; `model`: name of the model; `weights`: SHA-256 of the
    weights, or who states it; `prompt_hash`: "" for engines without a prompt; `version`: software and precision;
    `settings`: JSON of the settings that change a reading; `kind`: a model, the fixture (showing and testing only) or a
    baseline (never published).
    """

    engine: str
    model: str
    weights: str
    prompt_hash: str
    version: str
    settings: str
    kind: EngineKind

    @property
    def run_id(self) -> str:
        """Hash of all of it."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Reading:
    """What an engine said of one note; the numbers are empty unless it is `scored`.

    `outcome`: too_long; rejected, by the server; off_choice, an answer that is neither 0 nor 1 and shows no probability
    of one. What was rejected or off_choice may be answered another time.

    `p1`: probability of 1 against 0, the highest of the note's windows; `off_choice`: probability of an answer that is
    neither, 0 for engines that cannot give one.
    """

    outcome: Literal["scored", "too_long", "rejected", "off_choice"]
    p1: float | None = None
    off_choice: float | None = None


class NoteEngine(Protocol):
    """Reads notes. Nothing is started before the first `read`. Use it in a `with` block."""

    @property
    def identity(self) -> EngineIdentity:
        """What decides a reading. A server that somebody else runs is asked what it serves; nothing is started.

        Raises ServerUnavailable, ServerRefuses when such a server does not say.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """A reading per note text, in order; no text is blank. Safe in several threads.

        Raises ServerUnavailable: call `recover`, then ask again; ServerRefuses, when asking again will not help.
        """
        ...

    def recover(self) -> None:
        """Bring back what went away. Not for several threads at once. Raises ServerUnavailable when it stays away."""
        ...


def reading_of_windows(windows: Sequence[Reading]) -> Reading:
    """The reading of a note from those of its windows: the highest of each number, since one window is enough.

    No window at all: the note was too long. One window without a score: none, since it could have said 1.
    """
    if not windows:
        return Reading("too_long")
    if unread := {window.outcome for window in windows} - {"scored"}:
        return Reading("off_choice" if unread == {"off_choice"} else "rejected")
    return Reading(
        "scored",
        p1=max(window.p1 for window in windows if window.p1 is not None),
        off_choice=max(window.off_choice or 0.0 for window in windows),
    )
