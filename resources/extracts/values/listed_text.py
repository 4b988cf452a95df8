"""How a text is compared with the entries of a code list: one way for every list.

Belongs here: what two spellings of one entry may differ in. Does not belong here: any list (reference/code_lists,
contracts/sources), nor what an entry means.

Suppliers' systems write one entry in many ways: in capitals, with a full stop, with another dash, with a non-breaking
space pasted from a web page. None of these differences ever tells two entries of a list apart.
"""

from collections.abc import Iterable, Mapping

import polars as pl

_DASHES = r"[\u00AD\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]"
_INVISIBLE = r"[\u200B-\u200D\u2060\uFEFF]"
_QUOTES = r"[\"'`\u00B4\u02BC\u2018-\u201F\u2032\u2033]"


def listed_form(text: pl.Expr) -> pl.Expr:
    """The text in the form in which it is compared with a code list; null stays null.

    Lower case; without quotes, apostrophes, commas, invisible characters and a final full stop, colon or semicolon; one
    kind of dash, without spaces around it or around a slash; "&" is "and"; runs of spaces, underscores and line breaks
    are one space.
    """
    return (
        text.str.normalize("NFKC")
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(_DASHES, "-")
        .str.replace_all(_QUOTES, "")
        .str.replace_all("&", " and ", literal=True)
        .str.replace_all(r"[\s,_]+", " ")
        .str.replace_all(r" ?([-/]) ?", "$1")
        .str.replace(r"[ .:;]+$", "")
        .str.strip_chars(" ")
        .str.to_lowercase()
    )


def listed_forms(entries: Iterable[str]) -> list[str]:
    """`listed_form` of each entry of a code list, in its order."""
    return pl.select(listed_form(pl.lit(pl.Series(list(entries), dtype=pl.String)))).to_series().to_list()


def by_listed_form(meanings: Mapping[str, str]) -> dict[str, str]:
    """`meanings` with its keys in the form in which texts are compared with them."""
    return dict(zip(listed_forms(meanings), meanings.values(), strict=True))


def meaning_of(text: pl.Expr, meanings: Mapping[str, str]) -> pl.Expr:
    """What a text means by a code list (entry -> meaning), however it is spelt; null when the list does not hold it."""
    return listed_form(text).replace_strict(by_listed_form(meanings), default=None, return_dtype=pl.String)
