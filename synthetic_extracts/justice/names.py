"""The vocabulary of names: by tradition, with a rare tail, and how else each may be spelt.

Belongs here: names as whole numbers into one list, and drawing them. Does not belong here: whose they are (people.py),
slips of typing (mistakes.py).
"""

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from synthetic_extracts.draws import pick

HERE = Path(__file__).parent
TRADITIONS = ("british", "irish", "welsh", "muslim", "south_asian", "east_european", "african", "chinese")
KINDS = ("male", "female", "surname")
NO_NAME = -1
# Parts of English surnames and of newer forenames: composed, they give thousands of names that few people have.
_SURNAME_STARTS = """Ack Ald Ark Ash Ather Bald Barn Bex Birken Black Bol Brad Bram Brind Brock Bul Can Car Chad Char
Clay Clif Cock Col Cop Cran Crom Dal Den Dray Dud Dun Eccle Edge Elling Ever Fair Far Fen Fern Fox
Gar Gates God Gold Grim Had Hald Ham Hard Har Haw Hazel Hep High Hol Horn Hud Ing Kel Ken Kirk Lang
Led Lin Long Lud Mar Mel Mid Mor Mos Nor Oak Old Os Ot Pen Pick Pol Pres Rad Raw Red Ring Rom Rother
Rush San Sax Shel Shir Sil Skel Slad Spur Stan Stock Sut Swin Tat Thorn Thur Tow Tref Twin Up Wad
Wal War Wash Wel Wether Whit Wick Wil Win Wood Wor Wy Yar"""
_SURNAME_MIDDLES = ("", "ing", "er", "le", "en", "a", "y", "s")
_SURNAME_ENDS = """acre bank beck berry bolt borne borough bourn bridge brook bury by cliffe combe cote croft dale den
dine don ell field fold ford garth gate grave ham hurst ington kin land ler ley low man mere more
ney nock pole ridge rod sall sett shaw son stead stone ston stow thorpe thwaite ton tree ville wall
ward way well wick win wood worth yard"""
_FORENAME_STARTS = "Bra Bray Cay Dar Dei Har Jai Jax Jay Kai Kay Ka Ky Lay Ley Ma May Ray Rei Ri Ry Sha Tay Ty Ze"
_FORENAME_ENDS = "den dan don lan len lon lah leigh ley lin lyn mar mari nell ra ron sha son ston von wyn ya zon"


@dataclass(frozen=True)
class Names:
    """All names as one list. `members` and `weights` by (tradition, kind); `spellings` of name n are those from
    `first_spelling[n]` on, `spelling_count[n]` of them."""

    text: pl.Series
    members: dict[tuple[str, str], np.ndarray]
    weights: dict[tuple[str, str], np.ndarray]
    rare_surnames: np.ndarray
    rare_forenames: np.ndarray
    spellings: np.ndarray
    first_spelling: np.ndarray
    spelling_count: np.ndarray

    def draw(self, rng: np.random.Generator, tradition: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """A name for each person: `tradition` and `kind` are places in TRADITIONS and KINDS."""
        found = np.empty(len(tradition), dtype=np.int32)
        for number, name in enumerate(TRADITIONS):
            for place, wanted in enumerate(KINDS):
                rows = np.flatnonzero((tradition == number) & (kind == place))
                if len(rows):
                    found[rows] = self.members[name, wanted][pick(rng, self.weights[name, wanted], len(rows))]
        return found

    def respelt(self, rng: np.random.Generator, name: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """`name` in another spelling where it is `wanted` and there is one."""
        count = np.where(name >= 0, self.spelling_count[name], 0)
        rows = np.flatnonzero(wanted & (count > 0))
        chosen = self.first_spelling[name[rows]] + (rng.random(len(rows)) * count[rows]).astype(np.int64)
        result = name.copy()
        result[rows] = self.spellings[chosen]
        return result

    def written(self, name: np.ndarray) -> pl.Series:
        """Text of names; NO_NAME is null."""
        with_none = pl.concat([self.text, pl.Series([None], dtype=pl.String)])
        return with_none.gather(np.where(name < 0, len(self.text), name).astype(np.uint32))


@cache
def all_names() -> Names:
    """Read the lists and compose the rare tail, once."""
    listed = pl.read_csv(HERE / "names.csv", schema_overrides={"weight": pl.Float64})
    groups = [line.split("|") for line in (HERE / "variants.csv").read_text(encoding="utf-8").splitlines()[1:]]
    rare_surnames = _composed(_SURNAME_STARTS, _SURNAME_MIDDLES, _SURNAME_ENDS)
    rare_forenames = _composed(_FORENAME_STARTS, ("",), _FORENAME_ENDS)
    spelt = [name for group in groups for name in group]
    text = list(dict.fromkeys([*listed["name"], *spelt, *rare_surnames, *rare_forenames]))
    place = {name: number for number, name in enumerate(text)}
    members: dict[tuple[str, str], np.ndarray] = {}
    weights: dict[tuple[str, str], np.ndarray] = {}
    for (tradition, kind), rows in listed.group_by("tradition", "kind", maintain_order=True):
        key = (str(tradition), str(kind))
        members[key] = np.array([place[name] for name in rows["name"]], dtype=np.int32)
        weights[key] = _weights(rows, in_order=tradition in {"british", "welsh", "muslim", "chinese"})
    others: dict[int, list[int]] = {}
    for group in groups:
        for name in group:
            others.setdefault(place[name], []).extend(place[other] for other in group if other != name)
    count = np.array([len(others.get(number, ())) for number in range(len(text))], dtype=np.int64)
    return Names(
        pl.Series(text),
        members,
        weights,
        np.array([place[name] for name in rare_surnames], dtype=np.int32),
        np.array([place[name] for name in rare_forenames], dtype=np.int32),
        np.array([other for number in range(len(text)) for other in others.get(number, ())], dtype=np.int32),
        np.concatenate([[0], np.cumsum(count)[:-1]]),
        count,
    )


def _composed(starts: str, middles: tuple[str, ...], ends: str) -> list[str]:
    """Every start with every middle and end, in an order that says nothing."""
    names = {f"{start}{middle}{end}" for start in starts.split() for middle in middles for end in ends.split()}
    return sorted(names, key=lambda name: (zlib.crc32(name.encode()), name))


def _weights(rows: pl.DataFrame, in_order: bool) -> np.ndarray:
    """As listed where known; else falling with the place in the list, or in an order that says nothing (a checksum)."""
    if rows["weight"].null_count() == 0:
        return rows["weight"].to_numpy()
    places = np.arange(rows.height)
    if not in_order:
        order = np.argsort([zlib.crc32(name.encode()) for name in rows["name"]])
        places = np.argsort(order)
    return 1.0 / (places + 12.0)


def draw_rare(rng: np.random.Generator, members: np.ndarray, size: int) -> np.ndarray:
    """Names of the rare tail: some are borne by a hundred times as many people as others."""
    return members[(len(members) * rng.random(size) ** 2.2).astype(np.int64)]
