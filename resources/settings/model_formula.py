"""Reads model formulas such as "reconvicted ~ sex + age_band + (1 | region)".

Belongs here: the grammar. Does not belong here: whether the names exist.
"""

import re
from dataclasses import dataclass

_NAME = r"[A-Za-z.][A-Za-z0-9._]*"
_GROUP = re.compile(rf"\(\s*1\s*\|\s*({_NAME}|`[^`]+`)\s*\)")
_FACTOR = re.compile(rf"(?:as\.)?factor\(\s*({_NAME}|`[^`]+`)\s*\)")
_PLAIN = re.compile(rf"({_NAME}|`[^`]+`)")


class FormulaIsWrong(Exception):
    """A formula cannot be read; the message says what and what to do."""


@dataclass(frozen=True)
class Formula:
    """The names in a formula. `as_factor` are those written as factor(name)."""

    outcome: str
    terms: tuple[str, ...]
    group: str | None
    as_factor: frozenset[str] = frozenset[str]()


def read_formula(text: str) -> Formula:
    """The parts of "outcome ~ term + term + (1 | group)"; the random intercept may be left out.

    A term is a column name, in backticks where it has blanks, or factor(name). Raises FormulaIsWrong for anything else,
    such as interactions, transformations, random slopes or more than one random intercept.
    """
    sides = text.split("~")
    if len(sides) != 2 or not sides[0].strip() or not sides[1].strip():
        raise FormulaIsWrong('no formula. Write "outcome ~ term + term + (1 | group)"')
    outcome = sides[0].strip()
    if not _PLAIN.fullmatch(outcome):
        raise FormulaIsWrong(f"the outcome '{outcome}' is no column name. Transform the column in the data instead")
    groups = _GROUP.findall(sides[1])
    if len(groups) > 1:
        raise FormulaIsWrong(f"{len(groups)} random intercepts. Only one is fitted: keep one")
    rest = _GROUP.sub("(1|)", sides[1])
    if "|" in rest.replace("(1|)", ""):
        raise FormulaIsWrong("a random effect other than (1 | group). Slopes and nested groups are not fitted")
    terms, as_factor = _terms(rest)
    group = groups[0].strip("`") if groups else None
    name = outcome.strip("`")
    if name in terms or name == group:
        raise FormulaIsWrong(f"'{name}' is the outcome and cannot predict itself. Remove it from the right side")
    return Formula(name, tuple(terms), group, frozenset(as_factor))


def _terms(text: str) -> tuple[list[str], set[str]]:
    """Names of the terms, and of those that are declared as factors."""
    terms: list[str] = []
    as_factor: set[str] = set()
    # The random intercept is one term among the others, with a plus sign before or after it.
    for part in (part.strip() for part in text.split("+")):
        if part in {"(1|)", "1"}:
            continue
        factor = _FACTOR.fullmatch(part)
        if not factor and not _PLAIN.fullmatch(part):
            raise FormulaIsWrong(_why_not(part))
        name = (factor[1] if factor else part).strip("`")
        if name in terms:
            raise FormulaIsWrong(f"the term '{name}' stands twice. Remove one")
        terms.append(name)
        if factor:
            as_factor.add(name)
    return terms, as_factor


def _why_not(part: str) -> str:
    if not part:
        return "a plus sign has nothing beside it. Remove it"
    if part == "0" or re.search(r"-\s*[01]", part):
        return "a model without intercept is not fitted. Remove the 0 or -1"
    if re.search(r"[:*]", part):
        return f"'{part}' is an interaction, which is not fitted. Make it a column of the data, or leave it out"
    return f"'{part}' is no column name. Transform the column in the data instead"
