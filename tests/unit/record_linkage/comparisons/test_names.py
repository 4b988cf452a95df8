"""Levels of whole names: alike, transliterated, in each other's place, an initial; as the database sees them."""

import polars as pl
import pytest

from record_linkage.comparisons.names import FORENAME, SURNAME, full_name, initials, name_fields
from record_linkage.comparisons.transliterate import latin, sounding
from record_linkage.specification import ELSE
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from record_linkage.training.count_agreement import level_of

ONE_NAME = [
    ("MOHAMMED", "MUHAMMAD"),
    ("YUSUF", "YOUSSEF"),
    ("ALEKSANDR", "ALEXANDER"),
    ("HUSSAIN", "HOSSEIN"),
    ("QASIM", "KASSEM"),
    ("KATHRYN", "CATHERINE"),
    ("MUELLER", "MÜLLER"),
    ("ЮСУФ", "YUSUF"),
    ("ПЁТР", "PYOTR"),
    ("ΓΙΑΝΝΗΣ", "GIANNIS"),
    ("STEPHEN", "STEVEN"),
]


def sounds(*names):
    letters = latin(pl.Series("name", names).str.normalize("NFD").str.replace_all(r"\p{M}", ""))
    return letters.to_frame("name").select(sounding("name")).to_series().to_list()


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_one_name_in_two_spellings_sounds_alike(one, other):
    assert len({*sounds(one, other)}) == 1 and None not in sounds(one, other)


def test_other_names_do_not_sound_alike_and_a_short_name_says_nothing():
    assert len({*sounds("MOHAMMED", "KHALID", "HUSSAIN", "ROBERT", "PATRICIA", "IVAN")}) == 6
    assert sounds("JANE", "LEE", None) == [None, None, None]


def levels_of(part, *pairs):
    """Words of the level of each pair of (forename, surname) on the left and on the right."""
    columns = [
        column for field in name_fields([FORENAME, SURNAME], True, transliterated=True) for column in field.columns
    ]
    sides = [
        pl.DataFrame([pair[side] for pair in pairs], schema=[FORENAME, SURNAME], orient="row").with_columns(columns)
        for side in (0, 1)
    ]
    both = pl.concat(
        [frame.rename(lambda name, end=end: f"{name}_{end}") for frame, end in zip(sides, "lr", strict=True)],
        how="horizontal",
    )
    comparison = full_name(part, both=True, transliterated=True)
    with SplinkBackend(memory_limit="500MB").open("comparing names") as database:
        table = register_frame(database, both.with_row_index("place"), "pairs").physical_name
        sql = f"SELECT {level_of(comparison.for_splink())} AS level FROM {table} ORDER BY place"
        found = query_frame(database, sql)["level"].to_list()
    words = ["missing", *(level.label for level in reversed(comparison.levels))]
    return [words[level + 1] for level in found]


def test_levels_of_a_forename_are_from_the_same_to_anything_else():
    other = "SMITH"
    pairs = [
        ("JANE", "JANE", "same"),
        ("MARGARET", "MARGARETH", "alike"),
        ("YUSUF", "YOUSSEF", "transliterated"),
        ("JANE", "J", "the initial of the other"),
        ("JANE", "ROBERT", ELSE),
        ("JANE", None, "missing"),
    ]
    given = [((one, other), (two, other)) for one, two, _ in pairs]
    assert levels_of(FORENAME, *given) == [words for *_, words in pairs]


def test_names_in_each_others_place_are_told_by_the_forename_and_the_surname_says_nothing_more():
    swapped = (("JANE", "SMITH"), ("SMITH", "JANE"))
    assert levels_of(FORENAME, swapped) == ["in the other's place"]
    assert levels_of(SURNAME, swapped) == ["missing"]


def test_initials_have_a_swapped_level_only_where_a_column_for_it_is_given():
    of_study = initials("initials", "initials", "forename_initial", "surname_initial", rare=True)
    of_files = initials("names", "initials", FORENAME, SURNAME, rare=True, swapped="initials_swapped")
    assert [level.label for level in of_study.levels] == [
        "both initials",
        "forename initial only",
        "surname initial only",
        ELSE,
    ]
    assert [level.label for level in of_files.levels][1] == "initials swapped"
