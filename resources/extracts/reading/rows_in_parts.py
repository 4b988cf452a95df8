"""Rows that were read, in parts: held in memory while they are few, else one file a part, so that memory does not grow
with the extract.

Belongs here: where rows lie, and finding among all of them those that are alike. Does not belong here: reading them.

Which rows are alike is known by hashes, eight bytes a row; only rows that share one are compared, some at a time.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

BYTES_HELD = 1 << 26  # of rows in memory before they are written
ROWS_COMPARED = 1_000_000  # rows that share hashes, compared at a time
ROW = "row_number"


class RowsInParts:
    """Frames of one schema with a column row_number, in order. `folder`: where they are written; None: never."""

    def __init__(self, schema: dict[str, type[pl.DataType]], key: Sequence[str], folder: Path | None):
        self.columns, self.key, self.folder = list(schema), list(key), folder
        self.parts: list[pl.DataFrame | Path] = []
        self._hashes: list[np.ndarray] = []
        self._keys: list[np.ndarray] = []
        self._held = 0
        if folder is not None:  # what a killed process left
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows behind those that are there."""
        self._hashes.append(frame.select(self.columns).hash_rows().to_numpy())
        if self.key:
            self._keys.append(frame.select(self.key).hash_rows().to_numpy())
        self.parts.append(frame)
        self._held += int(frame.estimated_size())
        if self.folder is not None and (self._held > BYTES_HELD or self.in_files):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for place, part in enumerate(self.parts):
                if isinstance(part, pl.DataFrame):
                    self._put(place, part)
            self._held = 0

    @property
    def in_files(self) -> bool:
        """Whether the rows lie in files."""
        return any(isinstance(part, Path) for part in self.parts)

    def table(self) -> pl.LazyFrame:
        """All rows, without row_number."""
        frames = [part.lazy() if isinstance(part, pl.DataFrame) else pl.scan_parquet(part) for part in self.parts]
        return pl.concat(frames).select(self.columns)

    def drop_identical(self) -> int:
        """Leave one of rows that are alike in every column, the first; returns how many were dropped."""
        dropped: list[pl.Series] = []
        for frame in self._suspects(self._hashes):
            kept = frame.unique(self.columns, keep="first", maintain_order=True)
            dropped.append(frame.filter(~pl.col(ROW).is_in(kept[ROW].implode()))[ROW])
        return self._drop(dropped)

    def drop_shared_keys(self) -> pl.Series:
        """Drop rows whose key other rows have; returns their numbers, in order. After drop_identical."""
        suspects = self._suspects(self._keys) if self.key else ()
        shared = [frame.filter(pl.struct(self.key).is_duplicated())[ROW] for frame in suspects]
        self._drop(shared)
        return pl.concat([pl.Series(ROW, [], dtype=pl.Int64), *shared]).sort()

    def _suspects(self, hashes: list[np.ndarray]) -> Iterator[pl.DataFrame]:
        """Rows that share a hash with others, so many at a time that all of one hash come together, in order."""
        ordered = np.sort(np.concatenate([*hashes, np.empty(0, np.uint64)]))
        twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if not twice.size:
            return
        shares = [np.isin(part, twice) for part in hashes]
        rounds = -(-sum(int(share.sum()) for share in shares) // ROWS_COMPARED)
        for number in range(rounds):
            found: list[pl.DataFrame] = []
            for part, share, hashed in zip(self.parts, shares, hashes, strict=True):
                now = share & (hashed % np.uint64(rounds) == number)
                if now.any():
                    found.append(_frame(part).filter(pl.Series(now)))
            if found:
                yield pl.concat(found)

    def _drop(self, numbers: Sequence[pl.Series]) -> int:
        """Drop rows by their numbers; returns how many."""
        rows = pl.concat([pl.Series(ROW, [], dtype=pl.Int64), *numbers])
        for place, part in enumerate(self.parts) if rows.len() else ():
            frame = _frame(part)
            stays = ~frame[ROW].is_in(rows.implode())
            if stays.all():
                continue
            self._hashes[place] = self._hashes[place][stays.to_numpy()]
            if self.key:
                self._keys[place] = self._keys[place][stays.to_numpy()]
            if isinstance(part, pl.DataFrame):
                self.parts[place] = frame.filter(stays)
            else:
                self._put(place, frame.filter(stays))
        return rows.len()

    def _put(self, place: int, frame: pl.DataFrame) -> None:
        assert self.folder is not None
        path = self.folder / f"part-{place:05d}.parquet"
        frame.write_parquet(path, compression="lz4")
        self.parts[place] = path


def _frame(part: pl.DataFrame | Path) -> pl.DataFrame:
    return part if isinstance(part, pl.DataFrame) else pl.read_parquet(part)
