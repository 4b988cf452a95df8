"""Names as typed to names as they are compared: capitals A-Z, one blank between words.

Belongs here: letters, titles and words for "unknown". Does not belong here: which names are alike (the linking).

Accents are folded as in the machine-readable zone of a passport, so that who has a name does not depend on the keyboard
of whoever typed it. A name in another script is not readable here, and is missing.
"""

import polars as pl

from resources.settings.justice_settings import Justice

_OWN_LETTERS = {
    "ß": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "Ø": "O",
    "Ł": "L",
    "Đ": "D",
    "Ð": "D",
    "Þ": "TH",
    "Ħ": "H",
    "Ŋ": "N",
    "Ŧ": "T",
    "ı": "I",
    "Ə": "E",
}
_APOSTROPHES = r"['’‘`´ʼʻ′]"


def clean_name(typed: pl.Expr, settings: Justice) -> pl.Expr:
    """A name in capitals A-Z with one blank between words; null where none is known.

    Apostrophes go (O'Neill is ONEILL), hyphens part words, titles are dropped beside a name.
    """
    letters = (
        typed.str.to_uppercase()
        .str.replace_many(list(_OWN_LETTERS), list(_OWN_LETTERS.values()))
        .str.normalize("NFKD")
        .str.replace_all(rf"\p{{M}}|{_APOSTROPHES}", "")
        .str.replace_all(r"[^A-Z]+", " ")
        .str.strip_chars()
    )
    titles = "|".join(settings.titles)
    without_titles = letters.str.replace_all(rf"\b(?:{titles})\b", "").str.replace_all(r" +", " ").str.strip_chars()
    known = (without_titles != "") & letters.is_in(settings.unknown_names).not_()
    return pl.when(known).then(without_titles)


def clean_names(frame: pl.DataFrame, settings: Justice) -> pl.DataFrame:
    """`frame` with forename, middle_names and surname cleaned. The one name that somebody has is the surname."""
    for column in ("forename", "middle_names", "surname"):
        frame = per_distinct(frame, column, clean_name(pl.col(column), settings))
    single = pl.col("surname").is_null()
    return frame.with_columns(
        forename=pl.when(~single).then("forename"), surname=pl.coalesce("surname", pl.when(single).then("forename"))
    )


def per_distinct(frame: pl.DataFrame, column: str, read: pl.Expr) -> pl.DataFrame:
    """`frame` with `column` replaced by `read` of it, which is worked out once for each distinct value."""
    values = frame.select(column).drop_nulls().unique().with_columns(read.alias("read"))
    return frame.join(values, on=column, how="left", maintain_order="left").drop(column).rename({"read": column})
