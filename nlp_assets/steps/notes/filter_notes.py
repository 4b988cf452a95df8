"""Keeps the notes that hold a treatment keyword (methodology 2.7.1).

Belongs here: keyword matching. Does not belong here: whether a note says that somebody engaged.

Exact matching, deterministic, blind to misspellings, as published. Whether case and word boundaries count is not
published and decides thousands of notes ("NA" is in "NATIONAL", "aa" in "Aaron"): they are settings, and
docs/quality/assumptions.md argues their defaults.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from nlp_assets.steps.notes.note_hash import note_hash
from resources.settings.study_settings import KeywordFilter

KEYWORDS_FILE = Path(__file__).resolve().parents[3] / "reference" / "code_lists" / "treatment_keywords.csv"
NOTES_PER_BATCH = 100_000
COLUMNS = ["requirement_key", "contact_id", "contact_date", "before_termination", "note_hash", "note_text", "keywords"]


def treatment_keywords() -> list[str]:
    """The 45 keywords in the order of methodology table 1."""
    return pl.read_csv(KEYWORDS_FILE)["keyword"].to_list()


def filter_notes(
    requested_notes: pl.DataFrame | pl.LazyFrame, keywords: list[str], settings: KeywordFilter, key: bytes
) -> pl.DataFrame:
    """Requested notes that hold at least one of `keywords`, with the keywords found and a hash of the text by `key`.

    Returns schemas.notes.FilteredNotes in the order of `requested_notes`. Reads them batch by batch: of a lazy frame
    only the notes that are kept are ever in memory.
    """
    batches = [_filter_batch(batch, keywords, settings, key) for batch in _batches(requested_notes, keywords, settings)]
    none = _filter_batch(requested_notes.lazy().head(0).collect(), keywords, settings, key)
    return pl.concat([none, *batches])


def find_keywords(texts: pl.Series, keywords: list[str], settings: KeywordFilter) -> pl.Series:
    """The keywords that each text holds, in the order of `keywords`, joined by |; null where there is none.

    A keyword within a longer one counts too: "AA meeting" holds AA and AA meeting. A keyword in capitals throughout
    matches capitals only when `settings.case_sensitive_acronyms`; every other one matches in any case of the letters
    A to Z. Nothing is normalised first but, when `settings.any_white_space`, white space.
    """
    notes = pl.DataFrame({"text": texts.cast(pl.String)}).with_row_index("row")
    candidates = notes.filter(may_hold_keyword("text", keywords, settings)).with_columns(_searched("text", settings))
    groups = [group for group in _by_case(keywords, settings) if group[0]]
    found = pl.concat([_occurrences(candidates, *group) for group in groups]).unique()
    # One regular expression per keyword, tried only on the notes that hold its letters: one per keyword on every
    # note is three times slower.
    held = [
        part.filter(pl.col("text").str.contains(keyword_pattern(keyword, settings))).select("row", "keyword")
        for (keyword,), part in found.join(candidates, on="row").partition_by("keyword", as_dict=True).items()
    ]
    joined = (
        pl.concat([found.clear(), *held])
        .sort("row", pl.col("keyword").cast(pl.Enum(keywords)))
        .group_by("row", maintain_order=True)
        .agg(keywords=pl.col("keyword").str.join("|"))
    )
    return notes.select("row").join(joined, on="row", how="left", maintain_order="left")["keywords"]


def keyword_pattern(keyword: str, settings: KeywordFilter) -> str:
    r"""Regular expression of a keyword, for polars and for `re`.

    A word ends where a letter, digit, underscore or accent meets anything else (`\b`). Letters of either case are
    spelt out as [Aa]: "any case" would also take the Kelvin sign for a k.
    """
    capitals_only = _matches_capitals_only(keyword, settings)
    pattern = "".join(_one_of(letter, capitals_only, settings) for letter in keyword)
    return rf"\b{pattern}\b" if settings.whole_words else pattern


def may_hold_keyword(column: str, keywords: list[str], settings: KeywordFilter) -> pl.Expr:
    """Whether a text holds a keyword between ASCII word boundaries: true of all that do, and of few others.

    Regular expressions with Unicode boundaries are many times slower on a note with a curly quote in it, so those are
    tried only on notes found by this one.
    """
    groups = zip(_by_case(keywords, settings), ("", "i"), strict=True)
    either = "|".join(f"(?{flag}-u:{re.escape(keyword)})" for (group, _), flag in groups for keyword in group)
    pattern = rf"(?-u:\b)(?:{either})(?-u:\b)" if settings.whole_words else either
    return _searched(column, settings).str.contains(pattern)


def _batches(
    notes: pl.DataFrame | pl.LazyFrame, keywords: list[str], settings: KeywordFilter
) -> Iterator[pl.DataFrame]:
    """The notes that may hold a keyword, in order, some at a time."""
    candidates = notes.lazy().filter(may_hold_keyword("note_text", keywords, settings))
    yield from candidates.collect_batches(chunk_size=NOTES_PER_BATCH, maintain_order=True)


def _filter_batch(notes: pl.DataFrame, keywords: list[str], settings: KeywordFilter, key: bytes) -> pl.DataFrame:
    found = find_keywords(notes["note_text"], keywords, settings).alias("keywords")
    kept = notes.with_columns(found).filter(pl.col("keywords").is_not_null())
    return kept.with_columns(note_hash(kept["note_text"], key)).select(COLUMNS)


def _by_case(keywords: list[str], settings: KeywordFilter) -> list[tuple[list[str], bool]]:
    """Keywords of which only capitals match, and those that match in any case."""
    capitals = [keyword for keyword in keywords if _matches_capitals_only(keyword, settings)]
    return [(capitals, False), ([keyword for keyword in keywords if keyword not in capitals], True)]


def _occurrences(notes: pl.DataFrame, keywords: list[str], any_case: bool) -> pl.DataFrame:
    """Columns row and keyword: which keyword's letters are in which note, inside a word or not."""
    letters = pl.col("text").str.extract_many(keywords, ascii_case_insensitive=any_case, overlapping=True)
    spelling = {keyword.lower(): keyword for keyword in keywords}
    return (
        notes.select("row", keyword=letters)
        .explode("keyword")
        .drop_nulls()
        .select("row", pl.col("keyword").str.to_lowercase().replace_strict(spelling, return_dtype=pl.String))
    )


def _searched(column: str, settings: KeywordFilter) -> pl.Expr:
    text = pl.col(column)
    return text.str.replace_all(r"\s+", " ") if settings.any_white_space else text


def _one_of(letter: str, capitals_only: bool, settings: KeywordFilter) -> str:
    if letter == " " and settings.any_white_space:
        return r"\s+"
    if letter.isalpha() and not capitals_only:
        return f"[{letter.upper()}{letter.lower()}]"
    return re.escape(letter)


def _matches_capitals_only(keyword: str, settings: KeywordFilter) -> bool:
    return settings.case_sensitive_acronyms and keyword.isupper()
