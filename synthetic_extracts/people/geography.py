"""Where people live: postcode sectors, moves between them, and postcodes of single streets.

Belongs here: drawing sectors and writing a postcode for a home. Does not belong here: how badly a postcode is typed
(recording_errors.py). Only sectors of kind "street" are used (reference/geography/README.md).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from synthetic_extracts.draws import pick

GEOGRAPHY = Path(__file__).resolve().parents[2] / "reference" / "geography"
UNIT_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))


@dataclass(frozen=True)
class Sectors:
    """Street sectors of England and Wales, one row each, ordered by authority so that an authority is one stretch."""

    table: pl.DataFrame
    regions: list[str]
    region: np.ndarray
    authority: np.ndarray
    authorities: list[str]
    authority_start: np.ndarray
    authority_size: np.ndarray
    weight: np.ndarray

    def draw_in_regions(self, rng: np.random.Generator, shares: dict[str, float], size: int) -> np.ndarray:
        """Sector of `size` people; regions with the given shares, sectors within a region by weight."""
        share = np.array([shares.get(name, 0.0) for name in self.regions])
        total = np.bincount(self.region, weights=self.weight, minlength=len(self.regions))
        return pick(rng, self.weight / total[self.region] * share[self.region], size)

    def move(
        self, rng: np.random.Generator, sector: np.ndarray, within_authority: float, within_region: float
    ) -> np.ndarray:
        """Next sector of people who move: mostly in the same authority, then the same region, else in England."""
        kind = rng.random(len(sector))
        near = self.authority[sector]
        new = self.authority_start[near] + (rng.random(len(sector)) * self.authority_size[near]).astype(np.int64)
        regional = (kind >= within_authority) & (kind < within_authority + within_region)
        for number in range(len(self.regions)):
            rows = np.flatnonzero(regional & (self.region[sector] == number))
            if len(rows):
                new[rows] = pick(rng, self.weight * (self.region == number), len(rows))
        far = np.flatnonzero(
            (kind >= within_authority + within_region) & (self.region[sector] != self.regions.index("Wales"))
        )
        if len(far):
            new[far] = pick(rng, self.weight * (self.region != self.regions.index("Wales")), len(far))
        return new

    def column(self, name: str, sector: np.ndarray) -> pl.Series:
        """A column of the reference table at the given sectors."""
        return self.table[name].gather(sector.astype(np.uint32))


@cache
def street_sectors() -> Sectors:
    """Read the reference geography once."""
    table = (
        pl.read_csv(GEOGRAPHY / "postcode_sectors.csv").filter(pl.col("kind") == "street").sort("utla_code", "sector")
    )
    regions = sorted(table["probation_region"].unique().to_list())
    authorities = sorted(table["utla_code"].unique().to_list())
    authority = np.searchsorted(np.array(authorities), table["utla_code"].to_numpy().astype(str))
    sizes = np.bincount(authority)
    # People on probation and in treatment live in few places: a fixed lognormal weight per sector makes them cluster.
    uneven = np.random.default_rng(20180801).lognormal(0.0, 0.9, table.height)
    return Sectors(
        table=table,
        regions=regions,
        region=np.searchsorted(np.array(regions), table["probation_region"].to_numpy().astype(str)),
        authority=authority,
        authorities=authorities,
        authority_start=np.concatenate([[0], np.cumsum(sizes)[:-1]]),
        authority_size=sizes,
        weight=table["postcodes"].to_numpy() * uneven,
    )


def postcodes(sector: np.ndarray, home: np.ndarray) -> pl.Series:
    """Whole postcode of a home; `home` is any number that tells one home from another in the same sector."""
    mixed = (home.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    first, second = UNIT_LETTERS[mixed % 20], UNIT_LETTERS[(mixed // 20) % 20]
    return street_sectors().column("sector", sector) + pl.Series(first) + pl.Series(second)
