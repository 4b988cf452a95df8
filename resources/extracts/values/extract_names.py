"""How the names of columns are compared, and which of the names that nobody declared may be shown.

Belongs here: names. Does not belong here: what is missing or sent besides (extract_header.py).

The first line of a file without a header is its first row: a name that nobody knows may be a person's. Shown is a name
that hardly differs from a declared one; of any other only its place.
"""

import difflib
import re
from collections.abc import Mapping, Sequence

# A short name, or one less alike, could be a surname: Crane is like crn, Coates like notes.
SHORTEST, LEAST_ALIKE = 6, 0.81
MOST_PLACES = 10
_DIGITS = re.compile(r"\d{3}")


def folded(name: str) -> str:
    """A column's name as it is compared: Event ID is event_id."""
    return re.sub(r"[\s_.-]+", "_", name.strip()).lower()


def shown_names(names: Mapping[int, str], declared: Sequence[str]) -> dict[str, str]:
    """Names of a header that are not `declared` (place from 0, to name), each with how it may be shown: as it is where
    it hardly differs from a declared one, else as its place."""
    return {
        name: name if _misspells(folded(name), declared) else f"column {place + 1}"
        for place, name in names.items()
        if name
    }


def names_to_show(names: Mapping[int, str], declared: Sequence[str]) -> list[str]:
    """The same as a list for a message: names first, then how many are not shown, and where they stand."""
    shown = shown_names(names, declared)
    near = [name for name, how in shown.items() if how == name]
    places = [str(place + 1) for place, name in names.items() if name and name not in near]
    where = f": column {', '.join(places)}" if len(places) <= MOST_PLACES else ""
    return near + ([f"({len(places)} name{'s' * (len(places) > 1)} not shown{where})"] if places else [])


def likely_names(missing: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Missing column -> the name among `names` that may be it under another spelling."""
    lower = {name.lower(): name for name in names}
    close = {name: difflib.get_close_matches(name.lower(), lower, 1, 0.5) for name in missing}
    return {name: lower[found[0]] for name, found in close.items() if found}


def _misspells(name: str, declared: Sequence[str]) -> bool:
    longer = [folded(each) for each in declared if len(each) >= SHORTEST]
    alike = difflib.get_close_matches(name, longer, 1, LEAST_ALIKE)
    return len(name) >= SHORTEST and bool(alike) and not _DIGITS.search(name)
