"""Puts a field of two records side by side for a reviewer: what it says in each, and where the two differ.

Belongs here: marking differences character by character, and the words for how two values compare. Does not belong
here: which fields there are (linkage_assets/steps/review, justice_assets/steps/review), the page (pathways/review).
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Line:
    """One field of both records. Texts are pieces (text, differs); verdict says in words how they compare.

    `long`: of words rather than of characters. `empty`: what stands where there is nothing.
    """

    label: str
    one: Pieces
    other: Pieces
    verdict: str
    differs: bool
    long: bool = False
    empty: str = "not recorded"


def shown_line(label: str, one: str, other: str, empty: str = "not recorded") -> Line:
    """A field that is shown and not compared."""
    return Line(label, _plain(one), _plain(other), "", False, long=True, empty=empty)


def compared_line(
    label: str,
    one: str,
    other: str,
    difference: Callable[[], str] = lambda: "differs",
    *,
    by_character: bool = False,
    fixed_width: bool = False,
    long: bool = False,
) -> Line:
    """A field that is compared; empty texts are values that are not recorded.

    `difference`: says how two values differ. `by_character`: marks the characters that do; `fixed_width`: as
    mark_differences has it.
    """
    if not one or not other:
        verdict = "not recorded in either" if one == other else "recorded in one only"
        return Line(label, _plain(one), _plain(other), verdict, False, long)
    if one == other:
        return Line(label, _plain(one), _plain(other), "same", False, long)
    left, right = [(one, True)], [(other, True)]
    if by_character:
        left, right = mark_differences(one, other, fixed_width)
    return Line(label, left, right, difference(), True, long)


def mark_differences(one: str, other: str, fixed_width: bool) -> tuple[Pieces, Pieces]:
    """Both texts cut into pieces (text, differs), character by character.

    `fixed_width`: the characters at the same place are compared, as in a date; otherwise the longest common runs.
    """
    if fixed_width and len(one) == len(other):
        marks = [a != b for a, b in zip(one, other, strict=True)]
        return _pieces(one, marks), _pieces(other, marks)
    left, right = [True] * len(one), [True] * len(other)
    for start, opposite, length in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        left[start : start + length] = [False] * length
        right[opposite : opposite + length] = [False] * length
    return _pieces(one, left), _pieces(other, right)


def date_in_words(iso: str | None) -> str:
    """A date as people write it: 07/03/1984."""
    return "/".join(reversed(iso.split("-"))) if iso else ""


def difference_of_dates(one: str, other: str) -> str:
    """How two dates (ISO) differ: swapped, years apart, or in how many characters."""
    (year, month, day), (other_year, other_month, other_day) = one.split("-"), other.split("-")
    if (year, month, day) == (other_year, other_day, other_month):
        return "differs: day and month swapped"
    if (month, day) == (other_month, other_day):
        return f"differs: {abs(int(year) - int(other_year))} year(s) apart"
    return f"differs: {sum(a != b for a, b in zip(one, other, strict=True))} character(s)"


def _pieces(text: str, marks: list[bool]) -> Pieces:
    pieces: Pieces = []
    for character, mark in zip(text, marks, strict=True):
        if pieces and pieces[-1][1] == mark:
            pieces[-1] = (pieces[-1][0] + character, mark)
        else:
            pieces.append((character, mark))
    return pieces


def _plain(text: str) -> Pieces:
    return [(text, False)] if text else []
