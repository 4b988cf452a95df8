"""Words that sentences on rows of published tables share.

Belongs here: lists, capitals, a row label within a sentence. Does not belong here: which rows differ
(clear_differences.py), any particular table.
"""

from functools import cache

from contracts import vocabulary
from publication_assets.steps.tables.shown_cells import joined
from resources.settings.variable_sheet import read_variable_sheet

OF_NAMES = {"requirement_type", "ethnic_group"}  # factors whose levels keep their capital
NAMES = {"Crown"}  # the Crown Court keeps its capital
LEVELS = (
    vocabulary.ACCOMMODATION,
    vocabulary.DISPOSALS,
    vocabulary.LENGTH_BANDS,
    vocabulary.STATUSES_AT_END,
    vocabulary.SUBSTANCE_GROUPS,
    vocabulary.TERMINATION_REASONS,
    vocabulary.TIME_BANDS,
    vocabulary.TREATMENT_STATUSES,
)

# What a group of requirements is called behind "for" and "than", where the level alone does not say it
GROUPS = {
    **{band: f"people aged {band}" for band in vocabulary.AGE_BANDS},
    **{band: f"{band} in length" for band in vocabulary.LENGTH_BANDS if band[0].isdigit()},
    "Over 12 months": "over 12 months in length",
    "Male": "men",
    "Female": "women",
    "Settled": "settled accommodation",
    "Bail or probation accommodation": "bail or probation accommodation",
    "Other housed": "other housing",
    "Magistrates": "magistrates' courts",
    "Crown": "the Crown Court",
    "Already in treatment": "people already in treatment",
    "Within 3 weeks": "treatment that started within 3 weeks",
    "3 to 6 weeks": "treatment that started after 3 to 6 weeks",
    "6 to 12 weeks": "treatment that started after 6 to 12 weeks",
    "More than 12 weeks": "treatment that started after more than 12 weeks",
}


@cache
def lowered() -> frozenset[str]:
    """First words of levels that are no names, and of other rows that sentences name."""
    factors, _ = read_variable_sheet()
    levels = (*LEVELS, *(factor.levels for name, factor in factors.items() if name not in OF_NAMES))
    return frozenset({label.split()[0] for labels in levels for label in labels} - NAMES | {"No", "Not", "Rough"})


def listed(parts: list[str]) -> str:
    """Parts of a sentence; a single one stands alone."""
    return joined(parts) if len(parts) > 1 else "".join(parts)


def row_words(label: str) -> str:
    """A row label within a sentence: names keep their capitals, other words do not."""
    return label[0].lower() + label[1:] if label.split(maxsplit=1)[0] in lowered() else label


def group_words(label: str) -> str:
    """A level within a sentence as the group of requirements that it stands for."""
    return GROUPS.get(label) or row_words(label)


def counted(number: int, none: str = "no") -> str:
    """A count within a sentence: "one", and numerals from 2. none: what stands for 0."""
    return {0: none, 1: "one"}.get(number, f"{number:,}")


def capital(sentence: str) -> str:
    """The sentence with a capital first."""
    return sentence[:1].upper() + sentence[1:]
