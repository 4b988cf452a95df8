"""Table 26: the headline shares if linkage missed people in treatment, or linked people who are not (ours).

Belongs here: counting groups and laying out the corrections. Does not belong here: the corrections
(sensitivity_missed_links.py), odds ratios (tables_sensitivity_models.py), titles, notes, disclosure control.
"""

from collections.abc import Iterator

import polars as pl

from contracts.vocabulary import ALL, KIND_LABELS, TYPES
from modelling_assets.steps.records.requirements_where import of_type
from modelling_assets.steps.sensitivity.sensitivity_missed_links import Corrected, Stratum, correct_strata
from publication_assets.steps.tables.contents.tables_reconviction import RECONVICTED, RECONVICTED_WITHIN
from publication_assets.steps.tables.declared_table import Cell, PublishedTable
from publication_assets.steps.tables.estimates.tables_sensitivity import (
    ENDINGS,
    add_up_by_reconviction,
    count_by_reconviction,
)
from resources.settings.modelling_settings import Modelling

AS_LINKED, NO_ERROR = "As linked", "No link missed, none wrong"
ALIKE = "Errors alike for all"
OF_RECONVICTED, OF_OTHERS = "those reconvicted", "those not reconvicted"
IN_GROUP, IN_OTHERS, IN_ALL = "requirements of the group", "all other requirements", "all requirements"


def correction_measures(noun: str) -> tuple[str, str, str]:
    """Column headers of table 26: in treatment, reconvicted of those in treatment, reconvicted of the others."""
    return (
        f"{noun} in structured treatment, estimate (% of {noun})",
        f"{noun} in structured treatment, {RECONVICTED_WITHIN}, estimate (% of those)",
        f"{noun} not in structured treatment, {RECONVICTED_WITHIN}, estimate (% of those)",
    )


def errors_label(sensitivity: float, specificity: float) -> str:
    """Row label of one pair of the grid in table 26."""
    return f"Sensitivity {100 * sensitivity:g}%, specificity {100 * specificity:g}%"


def uneven_label(sensitivity: float, lower: float, specificity: float, who: str) -> str:
    """Row label in table 26 where linkage finds fewer of some than of the rest."""
    errors = f"Sensitivity {100 * sensitivity:g}%, where lower {100 * lower:g}%, specificity {100 * specificity:g}%"
    return f"{errors}: {who}"


def lower_for(what: str) -> str:
    """Group label of rows in which linkage finds fewer of some than of the rest."""
    return f"Sensitivity lower for: {what}"


def corrected_for_wrong_links(frame: pl.DataFrame, settings: Modelling) -> PublishedTable:
    """Table 26: the headline shares if linkage had errors, alike for all or not. `frame` is the analysis frame.

    Groups differ at the highest specificity of the grid only, since missed links are the question.
    """
    table, grid = PublishedTable(26), settings.sensitivity
    best = grid.specificities[-1]
    for kind in (ALL, *TYPES):
        _count_side(table, of_type(frame, kind), kind)
    _types_add_up(table, "")
    _row(table, (AS_LINKED, NO_ERROR), {"": ((1.0, 1.0), (1.0, 1.0))})
    for specificity in grid.specificities:
        for sensitivity in grid.sensitivities:
            errors = (sensitivity, specificity)
            _row(table, (ALIKE, errors_label(*errors)), {"": (errors, errors)})
    for position, what in enumerate((OF_RECONVICTED, OF_OTHERS)):
        for sensitivity in grid.sensitivities:
            errors = [(sensitivity, best), (sensitivity, best)]
            errors[position] = (sensitivity - grid.lower_by, best)
            label = uneven_label(sensitivity, sensitivity - grid.lower_by, best, IN_ALL)
            _row(table, (lower_for(what), label), {"": (errors[0], errors[1])})
    for factor, level in groups_of(settings):
        _count_group(table, frame, factor, level)
        for sensitivity in grid.sensitivities:
            lower, rest = (sensitivity - grid.lower_by, best), (sensitivity, best)
            sides = {f"/{factor}/{level}": (lower, lower), f"/{factor}/other than {level}": (rest, rest)}
            group, others = sides
            for who, chosen in ((IN_GROUP, [group]), (IN_OTHERS, [others]), (IN_ALL, [group, others])):
                label = uneven_label(sensitivity, lower[0], best, who)
                _row(
                    table,
                    (lower_for(f"{factor_label(factor, settings)}, {level}"), label),
                    {side: sides[side] for side in chosen},
                )
    return table


def factor_label(factor: str, settings: Modelling) -> str:
    """Name of a factor, or of the region, as it is shown."""
    return settings.factors[factor].label if factor in settings.factors else factor.capitalize()


def groups_of(settings: Modelling) -> Iterator[tuple[str, str]]:
    """Factor and level of every group whose sensitivity is lower in turn."""
    return ((factor, level) for factor, levels in settings.sensitivity.groups.items() for level in levels)


def _count_side(table: PublishedTable, group: pl.DataFrame, prefix: str) -> None:
    linked = pl.col("linked_structured")
    parts = {"linked": group.filter(linked), "not linked": group.filter(~linked)}
    table.counts |= count_by_reconviction(group, prefix)
    for name, rows in parts.items():
        table.counts |= count_by_reconviction(rows, f"{prefix}/{name}")
    sides = [f"{prefix}/{name}" for name in parts]
    add_up_by_reconviction(table, [prefix, *sides], [(prefix, *sides)])


def _count_group(table: PublishedTable, frame: pl.DataFrame, factor: str, level: str) -> None:
    """Count a group and all others; a requirement without a recorded value is one of the others."""
    member = (pl.col(factor) == level).fill_null(False)
    sides = {f"/{factor}/{level}": member, f"/{factor}/other than {level}": ~member}
    for kind in (ALL, *TYPES):
        for side, condition in sides.items():
            _count_side(table, of_type(frame, kind).filter(condition), f"{kind}{side}")
        for part in ("", "/linked", "/not linked"):
            add_up_by_reconviction(table, [], [(f"{kind}{part}", *(f"{kind}{side}{part}" for side in sides))])
    for side in sides:
        _types_add_up(table, side)


def _types_add_up(table: PublishedTable, side: str) -> None:
    for part in ("", "/linked", "/not linked"):
        add_up_by_reconviction(table, [], [(f"{ALL}{side}{part}", *(f"{kind}{side}{part}" for kind in TYPES))])


def _row(
    table: PublishedTable,
    row: tuple[str, str],
    errors: dict[str, tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    """errors: per side, sensitivity and specificity of linking the reconvicted and the others."""
    for kind, noun in KIND_LABELS.items():
        inputs = [
            f"{kind}{side}{part}{ending}"
            for side in errors
            for part in ("/linked", "")
            for ending in (f"/{RECONVICTED}", "")
        ]
        corrected = correct_strata(_strata(table, kind, errors))
        for measure, value in zip(correction_measures(noun), _shares(corrected), strict=True):
            percent = None if value is None else 100 * value
            table.cells.append(Cell(row, measure, "percent", percent, depends_on=tuple(inputs), text="[x]"))


def _shares(corrected: Corrected) -> tuple[float | None, ...]:
    return corrected.in_treatment, corrected.reconvicted_in_treatment, corrected.reconvicted_not_in_treatment


def _strata(table: PublishedTable, kind: str, errors: dict) -> Iterator[Stratum]:
    for side, by_reconviction in errors.items():
        for ending, hit, (sensitivity, specificity) in zip(ENDINGS[1:], (True, False), by_reconviction, strict=True):
            yield Stratum(
                table.counts[f"{kind}{side}{ending}"],
                table.counts[f"{kind}{side}/linked{ending}"],
                hit,
                sensitivity,
                specificity,
            )
