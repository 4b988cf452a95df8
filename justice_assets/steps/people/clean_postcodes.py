"""Postcodes as typed to postcodes in one form.

Belongs here: the form of a whole postcode. Does not belong here: where it lies.
"""

from collections.abc import Sequence

import polars as pl

_WHOLE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}$"  # letters of the inward code as Royal Mail gives them


def clean_postcode(typed: pl.Expr, not_a_place: Sequence[str]) -> pl.Expr:
    """A whole postcode such as LS1 4AB, with O and 0, I and 1 put right by position; null for others and for those of
    `not_a_place`.
    """
    compact = typed.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    outward = compact.str.head(-3)
    digit = compact.str.tail(3).str.head(1).str.replace_many(["O", "I", "L", "S"], ["0", "1", "1", "5"])
    letters = compact.str.tail(2).str.replace_many(["0", "1"], ["O", "I"])
    first = outward.str.head(1).str.replace_many(["0", "1"], ["O", "I"])
    form = pl.concat_str(first, outward.str.slice(1), pl.lit(" "), digit, letters)
    return pl.when(form.str.contains(_WHOLE) & form.is_in(list(not_a_place)).not_()).then(form)


def no_fixed_abode(typed: pl.Expr, not_a_place: Sequence[str]) -> pl.Expr:
    """Whether a postcode as typed is one of `not_a_place` or says so in words; false where there is none."""
    compact = typed.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    dummies = ["".join(code.split()) for code in not_a_place]
    return (compact.is_in([*dummies, "NFA"]) | compact.str.contains("NOFIXED|HOMELESS", literal=False)).fill_null(False)
