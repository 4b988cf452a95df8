"""Section 8 of the report: its terms, from reference/glossary.csv, the one home of the study's definitions.

Belongs here: reading the file and laying it out. Does not belong here: a definition; terms of the pipeline, which only
developers meet (GLOSSARY.md).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from publication_assets.steps.documents.run_facts import RunFacts, words
from publishing.documents.document import Terms
from publishing.documents.fill_template import Value

GLOSSARY = Path(__file__).resolve().parents[3] / "reference" / "glossary.csv"
OF_THE_REPORT, OURS = "report", "ours"


@dataclass(frozen=True)
class Term:
    """A term: what it means, with phrases in braces; whose it is, the published report's or ours."""

    term: str
    meaning: str
    source: str


def glossary_terms(file: Path = GLOSSARY) -> list[Term]:
    """Every term of the file, in order."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [Term(**row) for row in csv.DictReader(rows)]


def glossary_values(facts: RunFacts) -> Mapping[str, Value]:
    """Section 8: the terms of the published report, and those that this release adds."""
    terms = glossary_terms()
    return {
        "terms_of_the_study": Terms(_pairs(terms, OF_THE_REPORT, facts)),
        "terms_of_this_release": Terms(_pairs(terms, OURS, facts)),
    }


def _pairs(terms: list[Term], source: str, facts: RunFacts) -> list[tuple[str, str]]:
    ends = words(facts.observation_end)
    return [(each.term, each.meaning.replace("{observation_end}", ends)) for each in terms if each.source == source]
