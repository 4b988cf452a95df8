"""A field of two sets of records: how it is compared, the columns that this needs, and keys to block on.

Belongs here: the containers. Does not belong here: fields of one kind (names.py, dates.py, places.py, texts.py), and
which keys are used (planning/choose_blocks.py).
"""

from dataclasses import dataclass

import polars as pl

from record_linkage.specification import Comparison


@dataclass(frozen=True)
class Key:
    """Something that two records of one person may share: a column of the left side equal to one of the right.

    `facts` are what sharing it says, so that a key that says more is known to be covered by one that says less;
    `about` are the fields it is made of, which no other key of the same rule may use.
    """

    name: str
    left: str
    right: str
    facts: frozenset[str]
    about: frozenset[str]


@dataclass(frozen=True)
class Field:
    """comparison: its levels. columns: made of the field's own columns, for them. keys: to block on.

    coarser: columns that say less of the same thing, finest first.
    """

    comparison: Comparison
    keys: tuple[Key, ...]
    columns: tuple[pl.Expr, ...] = ()
    coarser: tuple[str, ...] = ()


def key(name: str, facts: str, about: str, left: str = "", right: str = "") -> Key:
    """A blocking key; `facts` and `about` are words, either column is `name` unless given."""
    return Key(name, left or name, right or name, frozenset(facts.split()), frozenset(about.split()))
