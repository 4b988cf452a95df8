"""Scoring a chunk at a time: the same pairs as all at once, and which chunks are scored again.

That a killed run goes on is in tests/faults/test_scoring_resumes.py.
"""

from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from linkage_assets.steps.links.score_pairs import score_pairs
from record_linkage.scoring.score_in_chunks import ChunkFolder, score_in_chunks
from record_linkage.splink_backend import SplinkBackend

RECORDS = pl.DataFrame({"record_id": ["ndtms-7", "ndtms-8", "ndtms-9"], "dob": ["1990-12-31", "1991-01-01", None]})


@pytest.fixture
def chunks(tmp_path):
    return ChunkFolder(tmp_path / "scored_pairs.chunks", records_per_chunk=2, made_by="code 1")


class Scorer:
    """Gives records back with their length, and remembers how many it was given each time."""

    def __init__(self):
        self.given = []

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        self.given.append(records.height)
        return records.with_columns(letters=pl.col("record_id").str.len_chars())


def scored_in(chunks, records=RECORDS, made_from=("model 1",)) -> list[int]:
    """Sizes of the chunks that were scored."""
    scorer = Scorer()
    assert score_in_chunks(scorer, records, made_from, chunks).collect().height == records.height
    return scorer.given


def test_scoring_in_chunks_gives_every_pair_of_scoring_at_once(records, model, key, linkage, tmp_path):
    offenders, clients = records
    backend = SplinkBackend(memory_limit="500MB")
    at_once = score_pairs(offenders, clients, model, key, backend, linkage)
    parts = score_in_chunks(
        lambda part: score_pairs(offenders, part, model, key, backend, linkage),
        clients,
        [offenders, model.to_json(), linkage.model_dump_json()],
        ChunkFolder(tmp_path, 200, "code 1"),
    )
    assert len(list(tmp_path.rglob("chunk_*.parquet"))) == 3
    assert at_once.height > 1000
    assert_frame_equal(parts.sort("offender_record_id", "client_record_id").collect(), at_once, check_exact=True)


def test_chunks_keep_the_order_of_the_records(chunks):
    assert score_in_chunks(Scorer(), RECORDS, [], chunks).collect().drop("letters").equals(RECORDS)


def test_chunks_that_are_whole_are_not_scored_again(chunks):
    assert scored_in(chunks) == [2, 1]
    assert scored_in(chunks) == []


def test_a_chunk_that_was_cut_short_is_scored_again(chunks):
    scored_in(chunks)
    (last,) = chunks.folder.rglob("chunk_0002.parquet")
    last.write_bytes(last.read_bytes()[:-1])
    assert scored_in(chunks) == [1]


@pytest.mark.parametrize(
    "changed",
    [
        {"made_from": ("model 2",)},
        {"made_from": (RECORDS.head(1),)},
        {"records": RECORDS.with_columns(dob=pl.col("dob").fill_null("1991-01-02"))},
        {"records": RECORDS.rename({"dob": "birth"})},
    ],
    ids=["model", "other side", "a record", "a column"],
)
def test_chunks_made_from_anything_else_are_not_gone_on_with(chunks, changed):
    scored_in(chunks)
    assert scored_in(chunks, **changed) == [2, 1]


def test_chunks_of_other_code_or_size_are_not_gone_on_with(chunks):
    scored_in(chunks)
    assert scored_in(replace(chunks, made_by="code 2")) == [2, 1]
    assert scored_in(replace(chunks, records_per_chunk=1)) == [1, 1, 1]


def test_two_parts_of_one_scoring_keep_their_chunks_side_by_side(chunks):
    scored_in(chunks, made_from=("new offenders",))
    scored_in(chunks, made_from=("old offenders",))
    assert scored_in(chunks, made_from=("new offenders",)) == []


def test_records_that_are_one_chunk_are_scored_without_a_file(chunks):
    assert scored_in(replace(chunks, records_per_chunk=3)) == [3]
    assert not chunks.folder.exists()


def test_no_records_give_no_pairs(chunks):
    assert score_in_chunks(Scorer(), RECORDS.clear(), [], chunks).collect().columns == [*RECORDS.columns, "letters"]


def test_chunks_are_private_and_their_names_and_progress_hold_no_value(chunks, capsys):
    scored_in(chunks)
    scored_in(chunks)
    (folder,) = chunks.folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["chunk_0001.parquet", "chunk_0002.parquet"]
    assert capsys.readouterr().out.splitlines() == [
        "  scoring: chunk 1 of 2, 2 pairs",
        "  scoring: chunk 2 of 2, 1 pairs",
        "  scoring: chunk 1 of 2, 2 pairs, scored before",
        "  scoring: chunk 2 of 2, 1 pairs, scored before",
    ]
