"""Table 26: the headline shares if linkage missed people in treatment, or linked people who are not (ours).

Belongs here: counting groups and laying out the corrections. Does not belong here: the corrections
(sensitivity_missed_links.py), odds ratios (tables_sensitivity_models.py), titles, notes, disclosure control.
"""

from collections.abc import Iterator
from itertools import product

import polars as pl

from contracts.vocabulary import ACCOMMODATION, ALL, NOT_RECORDED, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from modelling_assets.steps.sensitivity.estimated_missed_links import ACCOMMODATION as OF_ACCOMMODATION
from modelling_assets.steps.sensitivity.estimated_missed_links import (
    missed_by_level,
    missed_of_all,
    pair_review_was_simulated,
)
from modelling_assets.steps.sensitivity.sensitivity_missed_links import Corrected, Stratum, correct_strata
from publication_assets.catalogue.measures_of_models import CORRECTIONS
from publication_assets.catalogue.rows import RECONVICTED
from publication_assets.steps.tables.contents.tables_breakdowns import count_few_unknown_with_most
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_sensitivity import (
    ENDINGS,
    add_up_by_reconviction,
    count_by_reconviction,
)
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Row, Types, shown_kinds
from resources.settings.modelling_settings import Modelling

AS_LINKED, NO_ERROR = "As linked", "No link missed, none wrong"
ALIKE_KEY, ALIKE = "alike", "Errors alike for all"
ESTIMATED_KEY, ESTIMATED = "estimated", "Missed links as estimated, alike for all"
ESTIMATED_BY_GROUP, BY_GROUP = "Missed links as estimated, by accommodation", "As the linkage model expects"
BY_MODEL, BY_REVIEW, BY_SIMULATED_REVIEW = "by model", "by review", "by simulated review"
BY_ESTIMATE = {
    BY_MODEL: "As the linkage model expects",
    BY_REVIEW: "As clerical review found",
    BY_SIMULATED_REVIEW: "As a simulated review found (no person looked at a pair)",
}
OF_RECONVICTED, OF_OTHERS = "those reconvicted", "those not reconvicted"
UNEVEN = {"reconvicted": OF_RECONVICTED, "others": OF_OTHERS}
IN_GROUP, IN_OTHERS, IN_ALL = "requirements of the group", "all other requirements", "all requirements"
WHO = {IN_GROUP: "group", IN_OTHERS: "others", IN_ALL: "all"}


def _errors_row(sensitivity: float, specificity: float) -> Row:
    """One pair of the grid, alike for all."""
    label = f"Sensitivity {100 * sensitivity:g}%, specificity {100 * specificity:g}%"
    return Row(f"{ALIKE_KEY}/{sensitivity:g}/{specificity:g}", label, ALIKE)


def _estimated_rows(linkage_quality: pl.DataFrame) -> Iterator[tuple[Row, float]]:
    """A row for every estimate of the share of links that are found, in whole percent, and that share."""
    by_review = BY_SIMULATED_REVIEW if pair_review_was_simulated(linkage_quality) else BY_REVIEW
    for key, missed in zip((BY_MODEL, by_review), missed_of_all(linkage_quality), strict=True):
        if missed is not None:
            sensitivity = round(missed.sensitivity, 2)
            label = f"{BY_ESTIMATE[key]}: sensitivity {100 * sensitivity:.0f}%, specificity 100%"
            yield Row(f"{ESTIMATED_KEY}/{key}/{sensitivity:g}/1", label, ESTIMATED), sensitivity


def _as_estimated(table: PublishedTable, frame: pl.DataFrame, types: Types, linkage_quality: pl.DataFrame) -> None:
    for row, sensitivity in _estimated_rows(linkage_quality):
        _row(table, types, row, {"": ((sensitivity, 1.0), (sensitivity, 1.0))})
    _by_accommodation(table, frame, types, linkage_quality)


def _by_accommodation(table: PublishedTable, frame: pl.DataFrame, types: Types, linkage_quality: pl.DataFrame) -> None:
    """The row with as many missed links as are estimated for each accommodation; of levels without an estimate, and
    where accommodation is not recorded, as of all. No row without estimates."""
    everybody, _ = missed_of_all(linkage_quality)
    estimated = missed_by_level(linkage_quality, OF_ACCOMMODATION)
    if everybody is None or not estimated:
        return
    counted = count_few_unknown_with_most(frame, "accommodation")
    of_level = {each: pl.col("accommodation") == each for each in ACCOMMODATION}
    of_level[NOT_RECORDED] = pl.col("accommodation").is_null()
    sizes = {each: counted.filter(condition).height for each, condition in of_level.items()}
    found = {each: estimated.get(each, everybody).sensitivity for each, size in sizes.items() if size}
    label = f"{BY_GROUP}: sensitivity {100 * min(found.values()):.0f}% to {100 * max(found.values()):.0f}%, specificity"
    row = Row("estimated_by_group/accommodation", f"{label} 100%", ESTIMATED_BY_GROUP)
    in_treatment, *of_reconvictions = CORRECTIONS
    for kind in shown_kinds(types):
        strata, inputs = [], []
        for part, each in product(types if kind == ALL else (kind,), found):
            base, members = f"{part}/accommodation/{each}", of_type(counted, part).filter(of_level[each])
            linked = count_where(members, pl.col("linked_structured"))
            table.counts |= {base: members.height, f"{base}/linked": linked}
            # Whether they were reconvicted changes nothing of the share in treatment.
            strata.append(Stratum(members.height, linked, False, found[each], 1.0))
            inputs += [f"{base}/linked", base]
        share = correct_strata(strata).in_treatment
        value, measure = None if share is None else 100 * share, in_treatment.of_type(kind)
        table.cells.append(Cell(row, measure, "percent", value, depends_on=(*inputs, kind), text="[x]"))
        for other in of_reconvictions:
            table.words(row, other.of_type(kind), "[z]")


def _uneven_row(key: str, what: str, sensitivity: float, lower: float, specificity: float, who: str) -> Row:
    """Errors where linkage finds fewer of some (`what`, with its key) than of the rest, as seen by `who`."""
    errors = f"Sensitivity {100 * sensitivity:g}%, where lower {100 * lower:g}%, specificity {100 * specificity:g}%"
    in_key = f"lower_for/{key}/{sensitivity:g}/{lower:g}/{specificity:g}/{WHO[who]}"
    return Row(in_key, f"{errors}: {who}", f"Sensitivity lower for: {what}")


def corrected_for_wrong_links(
    frame: pl.DataFrame, modelling: Modelling, types: Types = TYPES, linkage_quality: pl.DataFrame | None = None
) -> PublishedTable:
    """Table 26: the headline shares if linkage had errors, alike for all or not. `frame` is the analysis frame.

    It begins with the share of missed links that the crossing table `linkage_quality` estimates, where it is given.
    Groups differ at the highest specificity of the grid only, since missed links are the question.
    """
    table, grid = PublishedTable("corrected_for_wrong_links"), modelling.sensitivity
    best = grid.specificities[-1]
    for kind in (ALL, *types):
        _count_side(table, of_type(frame, kind), kind)
    _types_add_up(table, types, "")
    _row(table, types, Row("as_linked", NO_ERROR, AS_LINKED), {"": ((1.0, 1.0), (1.0, 1.0))})
    if linkage_quality is not None:
        _as_estimated(table, frame, types, linkage_quality)
    for specificity in grid.specificities:
        for sensitivity in grid.sensitivities:
            errors = (sensitivity, specificity)
            _row(table, types, _errors_row(*errors), {"": (errors, errors)})
    for position, (key, what) in enumerate(UNEVEN.items()):
        for sensitivity in grid.sensitivities:
            errors = [(sensitivity, best), (sensitivity, best)]
            errors[position] = (sensitivity - grid.lower_by, best)
            row = _uneven_row(key, what, sensitivity, sensitivity - grid.lower_by, best, IN_ALL)
            _row(table, types, row, {"": (errors[0], errors[1])})
    for factor, level in groups_of(modelling):
        _count_group(table, frame, types, factor, level)
        for sensitivity in grid.sensitivities:
            lower, rest = (sensitivity - grid.lower_by, best), (sensitivity, best)
            sides = {f"/{factor}/{level}": (lower, lower), f"/{factor}/other than {level}": (rest, rest)}
            group, others = sides
            for who, chosen in ((IN_GROUP, [group]), (IN_OTHERS, [others]), (IN_ALL, [group, others])):
                what = f"{factor_label(factor, modelling)}, {level}"
                row = _uneven_row(f"{factor}/{level}", what, sensitivity, lower[0], best, who)
                _row(table, types, row, {side: sides[side] for side in chosen})
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


def _count_group(table: PublishedTable, frame: pl.DataFrame, types: Types, factor: str, level: str) -> None:
    """Count a group and all others; a requirement without a recorded value is one of the others, unless they are few
    and tables by the factor count them with the group."""
    frame = count_few_unknown_with_most(frame, factor)
    member = (pl.col(factor) == level).fill_null(False)
    sides = {f"/{factor}/{level}": member, f"/{factor}/other than {level}": ~member}
    for kind in (ALL, *types):
        for side, condition in sides.items():
            _count_side(table, of_type(frame, kind).filter(condition), f"{kind}{side}")
        for part in ("", "/linked", "/not linked"):
            add_up_by_reconviction(table, [], [(f"{kind}{part}", *(f"{kind}{side}{part}" for side in sides))])
    for side in sides:
        _types_add_up(table, types, side)


def _types_add_up(table: PublishedTable, types: Types, side: str) -> None:
    for part in ("", "/linked", "/not linked"):
        add_up_by_reconviction(table, [], [(f"{ALL}{side}{part}", *(f"{kind}{side}{part}" for kind in types))])


def _row(
    table: PublishedTable,
    types: Types,
    row: Row,
    errors: dict[str, tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    """errors: per side, sensitivity and specificity of linking the reconvicted and the others."""
    for kind in shown_kinds(types):
        inputs = [
            f"{kind}{side}{part}{ending}"
            for side in errors
            for part in ("/linked", "")
            for ending in (f"/{RECONVICTED}", "")
        ]
        corrected = correct_strata(_strata(table, kind, errors))
        for measure, value in zip(CORRECTIONS, _shares(corrected), strict=True):
            percent = None if value is None else 100 * value
            table.cells.append(
                Cell(row, measure.of_type(kind), "percent", percent, depends_on=tuple(inputs), text="[x]")
            )


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
