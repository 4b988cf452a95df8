"""Words that people and programs write where a value is missing, and placeholders for an identifier.

Belongs here: what says nothing, whatever column it stands in. Does not belong here: counting it, and the code lists in
which such a word has a meaning (resources/extracts/values/extract_values.py, contracts/sources).

Words are told by one pattern, as a table has tens of millions of values: any case, any spacing, any kind of dash, in
brackets or quotes, with a final stop, two in a row. A value of signs alone (".", "--", "?") says nothing either.
A single letter is never a word for missing: N is a sex, an answer and an initial. "Not completed" is an outcome.
"""

import re

import polars as pl

_SPACE = r"[\s_\-\u2010-\u2015]*"
_SAID = [
    "known",
    "recorded",
    "stated",
    "given",
    "available",
    "avail",
    "applicable",
    "provided",
    "entered",
    "specified",
    "supplied",
    "disclosed",
    "held",
    "collected",
    "set",
    "asked",
    "answered",
]
_THINGS = "(?:data|value|values|record|records|entry|information|info|details)"
_WORDS = [
    "null",
    "none",
    "nil",
    "nan",
    "nat",
    "void",
    "missing",
    "blank",
    "empty",
    "undefined",
    "unspecified",
    "unknown",
    "unk",
    "unrecorded",
    "un known",
    "unallocated",
    "nothing",
    "tba",
    "tbc",
    "tbd",
    r"t\.b\.[acd]\.?",
    "to be confirmed",
    "to be advised",
    "do not know",
    "don't know",
    "dn?k",
    r"[du]/k",
    r"n ?[/\\.]? ?a\.?",
    r"n ?[/\\.]? ?k\.?",
    r"n[/\\]s",
    r"n[/\\]r",
    r"-?1\.#(?:qnan|ind|inf)",
    "-nan",
    "empty string",
    f"no {_THINGS}",
    f"{_THINGS} (?:missing|unknown)",
    f"(?:missing|unknown) {_THINGS}",
    f"(?:{_THINGS} )?(?:not|none|nil|never) (?:yet )?(?:been )?(?:{'|'.join(_SAID)})",
]
_OF_A_SPREADSHEET = ["n/a", "value!", "ref!", "name?", "null!", "div/0!", "num!", "getting_data", "spill!", "calc!"]


def _spelled(word: str) -> str:
    return word.replace(" ", _SPACE).replace("'", "['\u2019]?")


_OPEN, _CLOSE = r"[\s(\[<{\"'`\u2018\u201c]*", r"[\s)\]>}\"'`\u2019\u201d.,;]*"
_ANY_WORD = "|".join(_spelled(word) for word in _WORDS)
_ANY_ERROR = "|".join(re.escape(word) for word in _OF_A_SPREADSHEET)
_ONE = rf"(?:{_ANY_WORD}|#(?:{_ANY_ERROR}))"
_AND_ANOTHER = rf"(?:(?:\s*[/\\|,;&+-]\s*|\s+(?:or\s+|and\s+)?|\s*\(){_ONE})?"  # "Unknown / not recorded"
_MISSING_WORD = rf"(?i)^(?:[^\p{{L}}\p{{N}}]+|\\n|{_OPEN}{_ONE}{_AND_ANOTHER}{_CLOSE})$"
_PLACEHOLDER_ID = r"^(?:0+|9{3,}|(?:X{2,})|N{3,}|(?:DUMMY|TEST|TEMP|UNALLOCATED|UNASSIGNED))$"


def says_nothing(text: pl.Series) -> pl.Series:
    """Whether each value is a word for missing, or signs alone: Boolean, null where `text` is null."""
    return text.str.contains(_MISSING_WORD)


def is_placeholder(ids: pl.Series) -> pl.Series:
    """Whether each identifier in capitals is one that is typed where there is none: 0, 9999, XXXX."""
    return ids.str.contains(_PLACEHOLDER_ID)
