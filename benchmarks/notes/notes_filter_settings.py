"""How many notes the keyword filter keeps with each of its settings.

    python benchmarks/notes/notes_filter_settings.py [--notes 200000] [--file FILE]

Prints a JSON line per combination of whole_words, case_sensitive_acronyms and any_white_space: notes kept, how many
more or fewer than with the settings of study.toml, and the keywords that most of the further notes hold. Without a
file, notes are SYNTHETIC: they show which way a setting works, not how often real notes hold a word such as NATIONAL.
"""

import argparse
import json
from itertools import product
from pathlib import Path

import polars as pl
from notes_filter import compose_texts

from nlp_assets.steps.notes.filter_notes import find_keywords, treatment_keywords
from pathways.notes.read_notes import open_notes
from resources.settings.study_settings import KeywordFilter, load_study_settings

KEYWORDS_SHOWN = 5


def compare(found: pl.Series, usual: pl.Series) -> dict:
    """Notes kept, further and fewer than usual, and the commonest keywords of the further ones."""
    further = found.is_not_null() & usual.is_null()
    by_keyword = found.filter(further).str.split("|").explode(empty_as_null=False).value_counts(name="notes")
    most = by_keyword.sort(["notes", by_keyword.columns[0]], descending=[True, False]).head(KEYWORDS_SHOWN)
    return {
        "kept": found.count(),
        "further": int(further.sum()),
        "fewer": int((found.is_null() & usual.is_not_null()).sum()),
        "further_by_keyword": dict(most.iter_rows()),
    }


def main() -> None:
    """One line per combination."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path, help="CSV or Parquet file of notes, columns id and text")
    given = parser.parse_args()
    if given.file:
        texts = pl.concat([batch["text"] for batch in open_notes(given.file).batches()])
    else:
        texts = pl.Series(compose_texts(given.notes, given.seed))
    usual = find_keywords(texts, treatment_keywords(), load_study_settings().notes.filter)
    for choice in product([True, False], repeat=3):
        settings = KeywordFilter(**dict(zip(KeywordFilter.model_fields, choice, strict=True)))
        found = find_keywords(texts, treatment_keywords(), settings)
        print(
            json.dumps(
                {
                    "benchmark": "notes_filter_settings",
                    **settings.model_dump(),
                    "notes": texts.len(),
                    **compare(found, usual),
                    "synthetic": given.file is None,
                }
            )
        )


if __name__ == "__main__":
    main()
