"""Keeps the notes that hold a treatment keyword (methodology 2.7.1).

Belongs here: keyword matching. Does not belong here: whether a note says that somebody engaged.

Exact matching, deterministic, blind to misspellings, as published. Whether case and word boundaries count is not
published and decides thousands of notes ("NA" is in "NATIONAL", "aa" in "Aaron"): both are settings.
"""

import re
from hashlib import sha256
from pathlib import Path

import polars as pl

from resources.study_settings import Notes

KEYWORDS_FILE = Path(__file__).resolve().parent.parent.parent / "reference" / "code_lists" / "treatment_keywords.csv"
NOTES_PER_SLICE = 200_000
COLUMNS = ["requirement_key", "contact_id", "contact_date", "before_termination", "note_hash", "note_text", "keywords"]


def treatment_keywords() -> list[str]:
    """The 45 keywords in the order of methodology table 1."""
    return pl.read_csv(KEYWORDS_FILE)["keyword"].to_list()


def filter_notes(requested_notes: pl.DataFrame, keywords: list[str], settings: Notes) -> pl.DataFrame:
    """Requested notes that hold at least one of `keywords`, with the keywords found and a hash of the text.

    A keyword in capitals throughout matches capitals only when `case_sensitive_acronyms`; all others match in any case.
    Returns schemas.notes.FilteredNotes in the order of `requested_notes`. Works through slices, to bound memory.
    """
    slices = [_filter_slice(part, keywords, settings) for part in requested_notes.iter_slices(NOTES_PER_SLICE)]
    return pl.concat(slices) if slices else _filter_slice(requested_notes, keywords, settings)


def _filter_slice(notes: pl.DataFrame, keywords: list[str], settings: Notes) -> pl.DataFrame:
    capitals = [keyword for keyword in keywords if _matches_capitals_only(keyword, settings)]
    others = [keyword for keyword in keywords if keyword not in capitals]
    groups = [(group, any_case) for group, any_case in ((capitals, False), (others, True)) if group]
    text = pl.col("note_text")
    candidates = notes.filter(
        pl.any_horizontal(text.str.contains_any(group, ascii_case_insensitive=any_case) for group, any_case in groups)
    ).with_row_index("row")
    found = pl.concat([_occurrences(candidates, group, any_case) for group, any_case in groups]).unique()
    # One regular expression per keyword, tried only on the notes that hold its letters: one per keyword on every
    # note is three times slower.
    held = [
        part.filter(text.str.contains(_pattern(keyword, settings))).select("row", "keyword")
        for (keyword,), part in found.join(candidates.select("row", "note_text"), on="row")
        .partition_by("keyword", as_dict=True).items()
    ]
    keywords_of_note = (
        pl.concat([found.clear(), *held])
        .sort("row", pl.col("keyword").cast(pl.Enum(keywords)))
        .group_by("row", maintain_order=True)
        .agg(keywords=pl.col("keyword").str.join("|"))
    )
    return (
        candidates.join(keywords_of_note, on="row", maintain_order="left")
        .with_columns(note_hash=text.map_elements(_hash, return_dtype=pl.String))
        .select(COLUMNS)
    )


def _occurrences(notes: pl.DataFrame, keywords: list[str], any_case: bool) -> pl.DataFrame:
    """Columns row and keyword: which keyword's letters are in which note, inside a word or not."""
    letters = pl.col("note_text").str.extract_many(keywords, ascii_case_insensitive=any_case, overlapping=True)
    spelling = {keyword.lower(): keyword for keyword in keywords}
    return (
        notes.select("row", keyword=letters)
        .explode("keyword")
        .drop_nulls()
        .select("row", pl.col("keyword").str.to_lowercase().replace_strict(spelling, return_dtype=pl.String))
    )


def _pattern(keyword: str, settings: Notes) -> str:
    pattern = re.escape(keyword)
    if settings.whole_words:
        pattern = rf"\b{pattern}\b"
    return pattern if _matches_capitals_only(keyword, settings) else f"(?i){pattern}"


def _matches_capitals_only(keyword: str, settings: Notes) -> bool:
    return settings.case_sensitive_acronyms and keyword.isupper()


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
