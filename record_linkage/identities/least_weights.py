"""What any two of a group of identities weigh at least, without looking at a pair.

Belongs here: the bound, of a model. Does not belong here: which groups there are (certain_groups.py).

All of a group agree at the highest level of some comparisons, its key. A comparison in which they do not all agree
takes from a pair no more than its worst level does; where they do agree, or some have nothing, it takes nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from record_linkage.identities.value_codes import Rows, differ
from record_linkage.model.trained_model import TrainedModel
from record_linkage.specification import PRIOR, LinkageSpecification

LOOKED_AT = -1.0  # bits: a comparison that takes no more at worst is taken to be at its worst
Bits = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Keys:
    """What identities may share to be one person beyond doubt.

    keys: comparisons, by name, at their highest level. complete: columns that are empty for nobody who has the column
    that is compared, though coarser: who agrees in one is at no level below it. apart: comparisons of numbers of which
    a person has one: where two are in a group it is no group. doubtful: records that are left to pairs.
    """

    keys: Mapping[str, tuple[str, ...]]
    complete: Sequence[str]
    apart: Sequence[str]
    doubtful: pl.Expr


class LeastWeights:
    """What a pair weighs at least, of a model: by comparison at its highest level, at its worst, and in between."""

    def __init__(self, model: TrainedModel, specification: LinkageSpecification, keys: Keys):
        prior = model.splink[PRIOR]
        self.prior = math.log2(prior / (1 - prior))
        self.exact: dict[str, str] = {}
        self.best: dict[str, float] = {}  # without what a rare value adds
        self.rarity: dict[str, tuple[str, float]] = {}  # column, and bits to which its rarity is added
        self.agreeing: dict[str, str] = {}  # column in which agreement takes nothing
        self.worst: dict[str, float] = {}
        self.adjustments = [each for each in specification.adjustments if each.bits < 0]
        self.apart = set(keys.apart)
        top: dict[str, int] = {}
        for comparison in model.splink["comparisons"]:
            levels: list[dict[str, Any]] = comparison["comparison_levels"][1:]
            name, bits = comparison["output_column_name"], [_bits(level) for level in levels]
            column = _column(levels[0])
            top[name] = len(levels) - 1
            self.exact[name], self.best[name], self.worst[name] = column, bits[0], min(0.0, *bits)
            common = 0.0
            if levels[0].get("tf_adjustment_column"):
                known = model.term_frequencies[column].values()
                self.rarity[name] = column, bits[0] + math.log2(levels[0]["u_probability"])
                common = min(0.0, self.rarity[name][1] - math.log2(max(known, default=1.0)))
            coarser = [
                each
                for place, level in enumerate(levels)
                if (each := _column(level)) in (column, *keys.complete) and min(common, *bits[: place + 1]) >= 0
            ]
            if coarser:
                self.agreeing[name] = coarser[-1]
        self.spared = {
            each.name: [
                name
                for name, levels in each.levels.items()
                if name in top
                and top[name] not in levels
                and self.agreeing.get(name, self.exact[name]) == self.exact[name]
            ]
            for each in self.adjustments
        }

    @property
    def columns(self) -> list[str]:
        """Columns that are looked at, sorted."""
        return sorted({*self.exact.values(), *self.agreeing.values()})

    def of_groups(
        self,
        key: Sequence[str],
        shares: Mapping[str, Bits],
        codes: Mapping[str, Rows],
        rows: Rows,
        starts: npt.NDArray[np.int64],
        threshold: float,
    ) -> Bits:
        """What any two of each group weigh at least; minus infinity where that is below `threshold`, or a number of one
        person is there twice.
        """
        weight = np.full(starts.size, self.prior, dtype=np.float32)
        differing: list[str] = []
        for name in self.exact:
            if name in key:
                weight += self._at_best(name, shares, rows[starts])
            elif self.worst[name] < LOOKED_AT or name in self.apart:
                differing.append(name)
            else:
                weight += self.worst[name]
        # What they differ in takes more away: most groups need no look at it.
        sure = weight >= threshold
        sizes = np.diff(np.append(starts, rows.size))
        left = self._differing(key, codes, rows[np.repeat(sure, sizes)], sizes[sure], differing)
        weight[sure] += left
        weight[weight < threshold] = -np.inf
        return weight

    def _differing(
        self,
        key: Sequence[str],
        codes: Mapping[str, Rows],
        rows: Rows,
        sizes: npt.NDArray[np.int64],
        differing: Sequence[str],
    ) -> Bits:
        """What groups lose by not being the same in all else, and by adjustments."""
        weight = np.zeros(sizes.size, dtype=np.float32)
        starts = np.cumsum(sizes) - sizes
        unlike: dict[str, npt.NDArray[np.bool_]] = {}
        for name in differing:
            agreeing = self.agreeing.get(name)
            unlike[name] = differ(codes[agreeing][rows], starts) if agreeing else np.ones(sizes.size, dtype=np.bool_)
            weight[unlike[name]] += -np.inf if name in self.apart else self.worst[name]
        for each in self.adjustments:
            if not any(name in key for name in self.spared[each.name]):
                seen = [unlike[name] for name in self.spared[each.name] if name in unlike]
                weight[np.logical_and.reduce(seen) if seen else slice(None)] += each.bits
        return weight

    def _at_best(self, name: str, shares: Mapping[str, Bits], heads: Rows) -> float | Bits:
        if name not in self.rarity:
            return self.best[name]
        column, bits = self.rarity[name]
        return (bits - np.log2(shares[column][heads])).astype(np.float32)


def _bits(level: dict[str, Any]) -> float:
    return math.log2(level["m_probability"] / level["u_probability"])


def _column(level: dict[str, Any]) -> str:
    """The column that is the same on both sides at a level; nothing where the level is another."""
    left, _, right = level["sql_condition"].partition("_l = ")
    return left if left.isidentifier() and right == f"{left}_r" else ""
