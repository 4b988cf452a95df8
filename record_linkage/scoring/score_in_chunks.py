"""Scores many records a chunk at a time, each chunk kept as a file, so that a killed run goes on with the next one.

Belongs here: cutting records into chunks, and which chunks are already there. Does not belong here: how a chunk is
scored (score_pairs.py), nor when the files are removed: that is when the table made from them has been written
(resources/zone/zone_store.py).
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl

from resources.records.progress import say


@dataclass(frozen=True)
class ChunkFolder:
    """Where the chunks of a table lie, inside the zone, until the table is written.

    records_per_chunk: bounds memory, as only one chunk's candidate pairs exist at a time. made_by: version of the code
    that scores, so that other code does not go on with its chunks.
    """

    folder: Path
    records_per_chunk: int
    made_by: str


def score_in_chunks(
    score: Callable[[pl.DataFrame], pl.DataFrame],
    records: pl.DataFrame,
    made_from: Sequence[str | pl.DataFrame],
    chunks: ChunkFolder,
) -> pl.LazyFrame:
    """What `score` makes of each chunk of `records`, one below the other in their order.

    `made_from` is all else that decides the result: the records of the other side, the model, the settings. Chunks made
    from exactly the same lie in one folder; those that are whole are not scored again. As a pair's score depends on
    its two records and the model alone, the pairs are those of scoring all at once. `records` should be the larger
    side: the smaller is compared with every chunk.

    Files: `<folder>/<fingerprint>/chunk_0001.parquet` and so on, readable by this user only. Records that are one chunk
    are scored at once, without a file.
    """
    if records.height <= chunks.records_per_chunk:
        return score(records).lazy()
    folder = chunks.folder / _fingerprint([chunks.made_by, str(chunks.records_per_chunk), *made_from, records])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    starts = range(0, records.height, chunks.records_per_chunk)
    paths = [folder / f"chunk_{number:04d}.parquet" for number in range(1, len(starts) + 1)]
    for number, (start, path) in enumerate(zip(starts, paths, strict=True), 1):
        pairs = _pairs_in(path)
        if pairs is not None:
            say(f"scoring: chunk {number} of {len(paths)}, {pairs:,} pairs, scored before")
            continue
        scored = score(records.slice(start, chunks.records_per_chunk))
        _write(scored, path)
        say(f"scoring: chunk {number} of {len(paths)}, {scored.height:,} pairs")
    return pl.scan_parquet(paths)


def _fingerprint(parts: Sequence[str | pl.DataFrame]) -> str:
    digest = sha256(f"polars {pl.__version__}".encode())
    for part in parts:
        if isinstance(part, str):
            digest.update(f"text {len(part.encode())} ".encode() + part.encode())
        else:
            digest.update(f"frame {part.height} {part.schema}".encode())
            # Hashes of rows are the same for the same version of polars and seed.
            digest.update(part.hash_rows(seed=0).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def _pairs_in(path: Path) -> int | None:
    """Rows of a chunk, or None when it is missing or cut short (Parquet keeps its index at the end)."""
    try:
        return pl.scan_parquet(path).select(pl.len()).collect().item()
    except (OSError, pl.exceptions.ComputeError):
        return None


def _write(frame: pl.DataFrame, path: Path) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        frame.write_parquet(file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
