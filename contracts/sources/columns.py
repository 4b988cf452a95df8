"""Short ways to declare a column of an extract: one function per kind.

Belongs here: the functions. Does not belong here: what a kind accepts (extract_declaration.py), any column.

Each takes name, meaning and the uses of the column (uses.py); `null=False` for a column that every row must fill.
"""

from collections.abc import Iterable

from resources.extracts.extract_declaration import Column, Use


def text(name: str, meaning: str, *uses: Use, null: bool = True, code_list: tuple[str, ...] = ()) -> Column:
    """Any text."""
    return Column(name, "text", meaning, null, code_list=code_list, uses=uses)


def identifier(name: str, meaning: str, *uses: Use, null: bool = True, pattern: str = "") -> Column:
    """A key or a number of a person or record."""
    return Column(name, "id", meaning, null, pattern=pattern, uses=uses)


def day(name: str, meaning: str, *uses: Use, null: bool = True, birth: bool = False) -> Column:
    """A date, not after the quarter."""
    return Column(name, "date", meaning, null, birth=birth, uses=uses)


def whole(name: str, meaning: str, low: float, high: float, *uses: Use) -> Column:
    """A whole number from `low` to `high`; may be empty."""
    return Column(name, "whole", meaning, low=low, high=high, uses=uses)


def decimal(name: str, meaning: str, low: float, high: float, *uses: Use) -> Column:
    """A number from `low` to `high`; may be empty."""
    return Column(name, "decimal", meaning, low=low, high=high, uses=uses)


def code(
    name: str, meaning: str, allowed: Iterable[str], *uses: Use, null: bool = True, spelt: dict[str, str] | None = None
) -> Column:
    """One of `allowed`; `spelt`: what the source system shows in place of a code."""
    return Column(name, "code", meaning, null, tuple(allowed), spelt=tuple((spelt or {}).items()), uses=uses)


def initial(name: str, meaning: str, *uses: Use) -> Column:
    """One letter; may be empty."""
    return Column(name, "initial", meaning, uses=uses)


def note(name: str, meaning: str, *uses: Use) -> Column:
    """Free text; may be empty."""
    return Column(name, "note", meaning, uses=uses)
