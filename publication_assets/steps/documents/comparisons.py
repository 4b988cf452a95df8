"""Words that sentences on rows of published tables share.

Belongs here: lists, capitals, a row label within a sentence. Does not belong here: which rows differ
(clear_differences.py), any particular table.
"""

from contracts import vocabulary
from publication_assets.steps.tables.shown_cells import joined

LEVELS = (
    vocabulary.ACCOMMODATION,
    vocabulary.COURT_TYPES,
    vocabulary.DISPOSALS,
    vocabulary.LENGTH_BANDS,
    vocabulary.OGRS_BANDS,
    vocabulary.PSR_TYPES,
    vocabulary.RSR_BANDS,
    vocabulary.SEXES,
    vocabulary.STATUSES_AT_END,
    vocabulary.SUBSTANCE_GROUPS,
    vocabulary.TERMINATION_REASONS,
    vocabulary.TIME_BANDS,
    vocabulary.TREATMENT_STATUSES,
)
NAMES = {"Crown"}  # the Crown Court keeps its capital
# First words of levels that are no names, and of other rows that sentences name.
LOWERED = {label.split()[0] for labels in LEVELS for label in labels} - NAMES | {"No", "Not", "Rough"}


def listed(parts: list[str]) -> str:
    """Parts of a sentence; a single one stands alone."""
    return joined(parts) if len(parts) > 1 else "".join(parts)


def row_words(label: str) -> str:
    """A row label within a sentence: names keep their capitals, other words do not."""
    return label[0].lower() + label[1:] if label.split(maxsplit=1)[0] in LOWERED else label


def counted(number: int, none: str = "no") -> str:
    """A count within a sentence: "one", and numerals from 2. none: what stands for 0."""
    return {0: none, 1: "one"}.get(number, f"{number:,}")


def capital(sentence: str) -> str:
    """The sentence with a capital first."""
    return sentence[:1].upper() + sentence[1:]
