"""Levels that any field may have. Does not belong here: levels of one kind of field (names.py, dates.py, places.py)."""

from record_linkage.specification import ELSE, Level


def exact(label: str, column: str, frequency: bool = False) -> Level:
    """Both sides have the same value; with `frequency`, a rare one weighs more."""
    return Level(label, f"{column}_l = {column}_r", frequency_of=column if frequency else "")


def anything_else() -> Level:
    """The last level of every comparison."""
    return Level(ELSE, "ELSE")


def missing(*columns: str) -> str:
    """Condition that either side has none of `columns`."""
    sides = (" AND ".join(f"{column}_{side} IS NULL" for column in columns) for side in "lr")
    return " OR ".join(f"({side})" if len(columns) > 1 else side for side in sides)


def one_edit(column: str, shortest: int) -> Level:
    """One character differs, is missing or swapped with its neighbour, in values of `shortest` characters or more."""
    # Damerau costs eight times Levenshtein and more: it is asked only where it could say something else.
    left, right = f"{column}_l", f"{column}_r"
    one = f"CASE levenshtein({left}, {right}) WHEN 1 THEN TRUE WHEN 2 THEN damerau_levenshtein({left}, {right}) = 1 END"
    return Level("one edit", f"length({left}) >= {shortest} AND {one}")


def alike(label: str, column: str, least: float) -> Level:
    """Jaro-Winkler similarity of at least `least`."""
    return Level(label, f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}")
