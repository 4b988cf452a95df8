"""Gates: measures with the band each must lie in, judged with the decisions that people have recorded.

Belongs here: what a measure and a recorded decision are, and the judgement. Does not belong here: any measure of a
table, how a check shows it (zone_gate.py), and writing decisions (pathways/accept.py).

A gate refuses a quarter while a measure lies outside its band and nobody has accepted that very value. An acceptance
counts for one quarter, one check, one measure and one value: another value next time is refused again. Values of
measures are aggregate figures (shares, counts, indices), never data of a person.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from resources.secrets.private_files import NotPrivate, require_unchanged_by_others
from resources.zone.partitions import known_quarter

GATE = "gate"  # name of the metadata entry from which the record of a check is made


@dataclass(frozen=True)
class Measure:
    """One figure of a gate: its name in words, value, the band in words, whether it lies within, and what to do if not.

    `value` is None where there is nothing to measure. Names are unique within a check.
    """

    name: str
    value: float | None
    allowed: str
    within: bool
    what_to_do: str

    def in_words(self) -> str:
        """Name, value and band: all that a reader needs to see why it stops."""
        return f"{self.name}: {shown_value(self.value)}, allowed {self.allowed}"


class Acceptance(BaseModel):
    """A person's decision to go on although a measure lies outside its band: what, who, when and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quarter: str
    check: str
    measure: str
    value: float | None = None
    by: str
    on: date
    reason: str

    @field_validator("by", "reason")
    @classmethod
    def said(cls, text: str) -> str:
        """A name and a reason are given. Raises ValueError."""
        if not text.strip():
            raise ValueError("must not be empty")
        return text

    @property
    def digest(self) -> str:
        """SHA-256 of the decision, which an approver signs off."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    def is_about(self, check: str, measure: str, value: float | None) -> bool:
        """Whether this decision is about that measure with just that value."""
        return (self.check, self.measure) == (check, measure) and same_value(self.value, value)


class SignaturesNotUsable(Exception):
    """The list of roles, or a sign-off, cannot be used; says why and what to do."""


class DecisionsNotReadable(Exception):
    """A file of decisions cannot be used; names the file and what to do."""


@dataclass(frozen=True)
class Decisions:
    """The acceptances that people have recorded for one quarter."""

    quarter: str
    accepted: tuple[Acceptance, ...] = ()

    def of(self, check: str, measure: Measure) -> Acceptance | None:
        """The acceptance of a measure with just this value, or None."""
        return next((found for found in self.accepted if found.is_about(check, measure.name, measure.value)), None)


def decisions_file(quarter: str) -> str:
    """Path of a quarter's decisions below the data root."""
    return f"decisions/{quarter}.toml"


@dataclass(frozen=True)
class DecisionsFolder:
    """Gives checks the decisions of a quarter, from `root`/decisions/<quarter>.toml."""

    root: Path

    def of_quarter(self, quarter: str) -> Decisions:
        """Decisions of a quarter that count; none where there is no file. Where study.toml requires it and people were
        appointed, those that are signed off. Raises DecisionsNotReadable, NotAQuarter.
        """
        from resources.duties.acceptances import signed_off  # a refresh with nothing to do needs no signature

        recorded = self.recorded(quarter)
        try:
            return Decisions(quarter, signed_off(self.root, recorded) if recorded else ())
        except SignaturesNotUsable as refused:
            raise DecisionsNotReadable(str(refused)) from None

    def recorded(self, quarter: str) -> tuple[Acceptance, ...]:
        """All decisions recorded for a quarter, signed off or not. Raises DecisionsNotReadable, NotAQuarter."""
        path = self.root / decisions_file(known_quarter(quarter))
        if not path.exists() and not path.is_symlink():
            return ()
        try:
            require_unchanged_by_others(path)
            entries = tomllib.loads(path.read_text(encoding="utf-8")).get("accepted", [])
            accepted = tuple(Acceptance.model_validate(entry) for entry in entries)
        except NotPrivate as fault:
            raise DecisionsNotReadable(f"{fault} Decisions that somebody else could write are not counted.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, ValidationError, TypeError) as error:
            raise DecisionsNotReadable(_not_readable(path, error)) from None
        if any(acceptance.quarter != quarter for acceptance in accepted):
            raise DecisionsNotReadable(
                f"{path} holds decisions of another quarter. A decision counts for its own quarter only: remove them."
            )
        return accepted


def _not_readable(path: Path, error: Exception) -> str:
    where = "is not valid TOML"
    if isinstance(error, ValidationError):
        where = f"has an entry at fault ({', '.join(str(fault['loc'][0]) for fault in error.errors() if fault['loc'])})"
    elif isinstance(error, OSError):
        where = f"cannot be read ({error.strerror})"
    remedy = "It is written by `pathways accept`: correct it, or move it away and record the decisions again."
    return f"{path} {where}. {remedy}"


@dataclass(frozen=True)
class Judgement:
    """What became of the measures of a check: those refused, and those accepted by a recorded decision.

    `acceptable`: whether a person may accept what is refused. Drift and quality may be accepted; schema, privacy,
    integrity and counts that do not add up may not.
    """

    check: str
    measures: tuple[Measure, ...]
    refused: tuple[Measure, ...]
    accepted: tuple[tuple[Measure, Acceptance], ...]
    acceptable: bool = True

    @property
    def passed(self) -> bool:
        """Whether the run may go on."""
        return not self.refused


def judge(check: str, measures: Iterable[Measure], decisions: Decisions, acceptable: bool = True) -> Judgement:
    """Judge the measures of a check: one outside its band is refused, unless a decision accepts just that value.

    Raises ValueError when two measures have one name.
    """
    measures = tuple(measures)
    if len({measure.name for measure in measures}) < len(measures):
        raise ValueError(f"two measures of {check} have the same name")
    outside = [measure for measure in measures if not measure.within]
    found = {measure.name: decisions.of(check, measure) if acceptable else None for measure in outside}
    refused = tuple(measure for measure in outside if found[measure.name] is None)
    accepted = tuple((measure, decision) for measure in outside if (decision := found[measure.name]))
    return Judgement(check, measures, refused, accepted, acceptable)


def same_value(one: float | None, other: float | None) -> bool:
    """Whether two values of a measure are the same figure; nothing is the same as nothing."""
    return _exact(one) == _exact(other)


def shown_value(value: float | None) -> str:
    """A value in words, six digits at most."""
    if value is None:
        return "no value"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _exact(value: float | None) -> str:
    return "none" if value is None else repr(float(value))
