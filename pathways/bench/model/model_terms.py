"""Columns of a design from columns of text, as R makes them: types, levels, treatment contrasts, names of terms.

Belongs here: what a formula's names become. Does not belong here: reading files (read_files.py), fitting (model.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import polars as pl

from pathways.bench.linkage.mapping import BenchInputError

INTERCEPT = "(Intercept)"
LOGICAL = {"TRUE": True, "true": True, "T": True, "FALSE": False, "false": False, "F": False}
_NUMBER = r"^[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$"
LARGEST_DESIGN = 100_000_000  # numbers: under a gigabyte
ONE_VALUE = "has the same value in every record"


@dataclass
class Terms:
    """Names and columns of the design, reference levels by factor, and terms that have no column, with the reason."""

    names: list[str] = field(default_factory=list)
    columns: list[np.ndarray] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    without_column: dict[str, str] = field(default_factory=dict)

    @property
    def design(self) -> np.ndarray:
        """One row per record."""
        return np.column_stack(self.columns)


def terms_of(
    frame: pl.DataFrame, names: tuple[str, ...], as_factor: frozenset[str], references: Mapping[str, str]
) -> Terms:
    """The design of `frame`, whose columns are text without missing values; the intercept comes first.

    Numbers are covariates. TRUE and FALSE, other text, and whatever is written factor(name) are factors with treatment
    contrasts: levels sorted by code point (numbers by size), the first, or the one in `references`, the reference.
    Raises BenchInputError.
    """
    terms = Terms([INTERCEPT], [np.ones(frame.height)])
    for name in names:
        number = _numbers(frame[name])
        if number is not None and name not in as_factor:
            if name in references:
                raise BenchInputError(f"--reference names {name}, which is a number. Write factor({name}).")
            _add(terms, name, number)
        else:
            _add_factor(terms, frame[name], name, number, f"factor({name})" if name in as_factor else name, references)
    if unknown := sorted(set(references) - set(names)):
        raise BenchInputError(f"--reference names {', '.join(unknown)}, which --formula does not have.")
    return terms


def one_writing(column: pl.Series) -> pl.Series:
    """Values as they are compared: where all are numbers, 1, 1.0 and +1 are one. 01 is a code and stays as written."""
    levels = column.unique()
    if not levels.str.contains(_NUMBER).all():
        return column
    plain = {level: format(Decimal(level), "f") for level in levels}
    short = {level: text.rstrip("0").rstrip(".") if "." in text else text for level, text in plain.items()}
    return column.replace_strict(short | dict.fromkeys((level for level in short if short[level] == "-0"), "0"))


def _numbers(column: pl.Series) -> np.ndarray | None:
    """The column as numbers, or None when one of its values is none. Raises BenchInputError on infinite ones."""
    number = column.cast(pl.Float64, strict=False)
    if not column.len() or number.null_count():
        return None
    if not number.is_finite().all():
        raise BenchInputError(f"Column {column.name} has numbers that are infinite. Leave those rows out.")
    return number.to_numpy()


def _add(terms: Terms, name: str, column: np.ndarray) -> None:
    if len(column) and np.ptp(column) == 0:
        terms.without_column[name] = ONE_VALUE
        return
    if len(column) * (len(terms.columns) + 1) > LARGEST_DESIGN:
        raise BenchInputError(f"The formula has too many terms for this machine, from {name} on. Group its levels.")
    terms.names.append(name)
    terms.columns.append(column)


def _add_factor(
    terms: Terms, column: pl.Series, name: str, number: np.ndarray | None, prefix: str, references: Mapping[str, str]
) -> None:
    if number is not None:
        text = [format(value, ".15g") for value in number]
        levels = [format(value, ".15g") for value in np.unique(number)]
    else:
        logical = column.is_in(list(LOGICAL)).all()
        text = [str(LOGICAL[value]).upper() if logical else value for value in column]
        levels = sorted(set(text))
    reference = references.get(name, levels[0] if levels else "")
    if number is not None and reference not in levels:
        reference = one_writing(pl.Series([reference]))[0]
    if reference not in levels and levels:
        raise BenchInputError(f"--reference {name}=...: no record has that level. Write it as it stands in the file.")
    terms.references[name] = reference
    if len(levels) < 2:
        terms.without_column[prefix] = ONE_VALUE
    values = np.array(text, dtype=object)
    for level in levels:
        if level != reference:
            _add(terms, f"{prefix}{level}", (values == level).astype(float))
