"""Words that sentences on rows of published tables share.

Belongs here: lists, capitals, a row label within a sentence. Does not belong here: which rows differ
(clear_differences.py), any particular table.
"""

from publication_assets.steps.tables.shown_cells import joined


def listed(parts: list[str]) -> str:
    """Parts of a sentence; a single one stands alone."""
    return joined(parts) if len(parts) > 1 else "".join(parts)


def row_words(label: str) -> str:
    """A row label within a sentence: names keep their capitals, other words do not."""
    return label[0].lower() + label[1:] if label.split(maxsplit=1)[0] in LOWERED else label


def capital(sentence: str) -> str:
    """The sentence with a capital first."""
    return sentence[:1].upper() + sentence[1:]


LOWERED = {
    "Settled",
    "Bail",
    "Other",
    "No",
    "Rough",
    "Not",
    "Over",
    "Already",
    "Within",
    "More",
    "Male",
    "Female",
    "Dropped",
    "Remained",
    "Completed",
}
