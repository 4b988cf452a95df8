"""How nDelius words the end of an order or requirement, and the category of the report that each wording means.

Belongs here: reading the words. Does not belong here: which categories there are (vocabulary.py), what is counted.
"""

import re
from functools import cache

import polars as pl

from contracts.code_lists import CODE_LISTS
from resources.extracts.values.listed_text import listed_form, listed_forms

TERMINATION_REASONS = "termination_reasons.csv"
OTHER = "Other"
OTHER_TERMINATIONS = ("transferred", "withdrawn", "order quashed", "other")


@cache
def termination_prefixes() -> list[tuple[str, str]]:
    """Beginning of a termination reason in listed form, and the report category it means (report 2.6, table 1).

    From the examples of the list without what stands in brackets: "Revoked (various: ...)" gives "revoked".
    """
    prefixes: list[tuple[str, str]] = []
    reasons = pl.read_csv(CODE_LISTS / TERMINATION_REASONS, infer_schema=False)
    for category, examples in reasons.select("report_category", "ndelius_description_examples").rows():
        if category == OTHER or category.startswith("("):
            continue
        texts = [category, *re.sub(r"\(.*?\)", "", examples).split("/")]
        prefixes += [(prefix, category) for prefix in dict.fromkeys(listed_forms(texts))]
    return prefixes


def termination_category(column: str = "termination_reason") -> pl.Expr:
    """Report category by how the nDelius text begins in listed form: "Revoked - breach" is Revoked; else, and without
    any text, Other."""
    text = listed_form(pl.col(column))
    category = pl.when(pl.lit(False)).then(pl.lit(""))
    for prefix, name in termination_prefixes():
        category = category.when(text.str.starts_with(prefix)).then(pl.lit(name))
    return category.otherwise(pl.lit(OTHER))


def known_termination(text: pl.Expr) -> pl.Expr:
    """Whether a termination reason begins as one that the list has, or as one that is known to be Other."""
    beginnings = [*(prefix for prefix, _ in termination_prefixes()), *OTHER_TERMINATIONS]
    return pl.any_horizontal(listed_form(text).str.starts_with(beginning) for beginning in beginnings)
