"""Outlines of the probation regions of England, in squares of five kilometres of the National Grid.

Belongs here: which square is in which region, and the line around its squares. Does not belong here: colours, numbers
(write_regional_page.py). The squares are made from postcode sectors (reference/geography, Open Government Licence
v3.0): a square is in the region of the sector that is nearest to its middle. The outlines show where regions lie, not
where they end.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from scipy.ndimage import binary_closing, binary_fill_holes
from scipy.spatial import KDTree

from contracts.vocabulary import REGIONS

SECTORS = Path(__file__).resolve().parents[3] / "reference" / "geography" / "postcode_sectors.csv"
SQUARE, NEAR = 5_000, 4_500  # metres: side of a square; how far from its middle a sector makes it land
Square = tuple[int, int]


@lru_cache(maxsize=1)
def region_outlines() -> tuple[dict[str, str], dict[str, tuple[float, float]], Square]:
    """Of each region its outline as an SVG path and a point within it; and width and height of the map, in squares."""
    sectors = pl.read_csv(SECTORS, columns=["easting", "northing", "probation_region", "kind"])
    sectors = sectors.filter(pl.col("kind") == "street")
    places = sectors.select("easting", "northing").to_numpy()
    low, high = places.min(axis=0) - 2 * SQUARE, places.max(axis=0) + 2 * SQUARE
    across, up = (np.arange(low[side], high[side], SQUARE) + SQUARE / 2 for side in (0, 1))
    middles = np.stack(np.meshgrid(across, up[::-1]), axis=-1)  # north is at the top
    distance, nearest = KDTree(places).query(middles)
    land = np.asarray(binary_fill_holes(binary_closing(distance < NEAR, iterations=2)), dtype=bool)
    region = np.where(land, sectors["probation_region"].to_numpy()[nearest], "")
    masks = {name: region == name for name in REGIONS}
    points = {name: _inner_point(mask) for name, mask in masks.items()}
    return {name: _outline(mask) for name, mask in masks.items()}, points, (len(across), len(up))


def _inner_point(mask: np.ndarray) -> tuple[float, float]:
    """The middle of the square that lies nearest to the middle of all, so that it is within the region."""
    squares = np.argwhere(mask)
    row, column = squares[np.abs(squares - np.median(squares, axis=0)).sum(axis=1).argmin()]
    return float(column) + 0.5, float(row) + 0.5


def _outline(mask: np.ndarray) -> str:
    """The lines around all squares of a region: sides that no two of them share, joined end to end."""
    follows = _sides(mask)
    path = []
    while follows:
        start = place = min(follows)
        corners = [start]
        while True:
            ahead = follows[place].pop()
            if not follows[place]:
                del follows[place]
            if len(corners) > 1 and _in_line(corners[-2], corners[-1], ahead):
                corners.pop()
            corners.append(ahead)
            place = ahead
            if place == start:
                break
        path.append("M" + "L".join(f"{x} {y}" for x, y in corners[:-1]) + "Z")
    return "".join(path)


def _sides(mask: np.ndarray) -> dict[Square, list[Square]]:
    """From each corner to the next, clockwise around the squares."""
    follows: dict[Square, list[Square]] = {}
    padded = np.pad(mask, 1)
    for row, column in np.argwhere(mask).tolist():
        corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        beside = [(row, column + 1), (row + 1, column + 2), (row + 2, column + 1), (row + 1, column)]
        for number, other in enumerate(beside):
            if not padded[other]:
                follows.setdefault(corners[number], []).append(corners[(number + 1) % 4])
    return follows


def _in_line(first: Square, second: Square, third: Square) -> bool:
    return first[0] == second[0] == third[0] or first[1] == second[1] == third[1]
