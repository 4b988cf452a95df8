"""Tables 28 and 29: what is missing of the factors of the models, and how imputed values compare with recorded ones.

Belongs here: counting missing values and their combinations, laying out the diagnostics. Does not belong here: the
diagnostics themselves (diagnose_imputation.py), titles, notes, disclosure control.
"""

import polars as pl

from contracts.vocabulary import TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_models import DIFFERENCE, IMPUTATION, IMPUTED, RECORDED
from publication_assets.catalogue.measures_of_requirements import REQUIREMENTS, SHARE_OF_ALL
from publication_assets.steps.tables.contents.tables_breakdowns import UNKNOWN
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from publishing.tables.declared import Measure, Row, Types
from resources.settings.modelling_settings import Factor, Modelling

FACTOR_GROUP, PATTERN_GROUP, OUTCOME_GROUP = "Missing values", "Combination of missing values", "Missing outcome"
NOTHING, OTHER = "Nothing missing", "Any other combination"
MOST_PATTERNS = 8
MISSING, IMPUTED_TABLE = "missing_values", "imputed_against_recorded"
OUTCOME_LABELS = {"linked_structured": "Linkage to structured treatment", "reconvicted": "Reconviction"}
MODEL_WORDS = {"linked_structured": "linkage model", "reconvicted": "reconviction model"}


def diagnostic_measure(model: str, what: str, modelling: Modelling) -> Measure:
    """Column of a model and RECORDED, IMPUTED or DIFFERENCE."""
    found = modelling.models[model]
    return IMPUTATION[what].of(model, model=f"{found.requirement_type}, {MODEL_WORDS[found.outcome]}")


def missing_values(frame: pl.DataFrame, modelling: Modelling, types: Types = TYPES) -> PublishedTable:
    """Table 28: requirements without a value per factor of any model, and which values are missing together.

    `frame` is the analysis frame, before records leave the models. A value that is no level of the factor counts as
    missing. The most common combinations are rows, the others one row.
    """
    table = PublishedTable("missing_values")
    used = {name for model in modelling.models_of_one_type().values() for name in model.factors}
    factors = {name: factor for name, factor in modelling.factors.items() if name in used}
    gaps = {name: _is_missing(name, factor) for name, factor in factors.items()}
    marked = frame.with_columns(**{f"missing {name}": gap for name, gap in gaps.items()})
    patterns = _common_patterns(marked, list(factors))
    outcomes = sorted({model.outcome for model in modelling.models.values()})
    for kind in types:
        group = of_type(marked, kind)
        table.counts[kind] = group.height
        for name, factor in factors.items():
            table.counts[f"{kind}/missing/{name}"] = count_where(group, pl.col(f"missing {name}"))
            _missing_row(table, Row(f"missing/{name}", factor.label, FACTOR_GROUP), kind, f"{kind}/missing/{name}")
        _pattern_rows(table, group, kind, patterns, factors)
        for outcome in outcomes:
            table.counts[f"{kind}/missing outcome/{outcome}"] = group[outcome].null_count()
            row = Row(f"outcome/{outcome}", OUTCOME_LABELS[outcome], OUTCOME_GROUP)
            _missing_row(table, row, kind, f"{kind}/missing outcome/{outcome}")
        for what in (*(f"missing/{name}" for name in factors), *(f"missing outcome/{name}" for name in outcomes)):
            recorded = f"{kind}/{what.replace('missing', 'recorded')}"
            table.counts[recorded] = group.height - table.counts[f"{kind}/{what}"]
            table.add_up(kind, f"{kind}/{what}", recorded)
    rows = list(dict.fromkeys(cell.row for cell in table.cells))
    table.cells.sort(key=lambda cell: rows.index(cell.row))
    return table


def _is_missing(name: str, factor: Factor) -> pl.Expr:
    return ~pl.col(name).is_in([*factor.levels, *factor.excluded]).fill_null(False)


def _common_patterns(marked: pl.DataFrame, factors: list[str]) -> list[tuple[str, ...]]:
    """Combinations of factors missing together, the most common first; the empty one (nothing missing) always."""
    columns = [f"missing {name}" for name in factors]
    counted = marked.group_by(columns).len().sort(["len", *columns], descending=[True, *[False] * len(columns)])
    found = [tuple(name for name in factors if row[f"missing {name}"]) for row in counted.iter_rows(named=True)]
    return [(), *[pattern for pattern in found if pattern][:MOST_PATTERNS]]


def _pattern_rows(
    table: PublishedTable, group: pl.DataFrame, kind: str, patterns: list[tuple[str, ...]], factors: dict[str, Factor]
) -> None:
    names = {}
    for pattern in patterns:
        here = [pl.col(f"missing {name}") == (name in pattern) for name in factors]
        names[pattern] = f"{kind}/missing together/{', '.join(pattern) or 'nothing'}"
        table.counts[names[pattern]] = group.filter(*here).height
        label = ", ".join(factors[name].label for name in pattern) or NOTHING
        row = Row(f"together/{' '.join(pattern) or 'nothing'}", label, PATTERN_GROUP)
        _missing_row(table, row, kind, names[pattern])
    other = f"{kind}/missing together/other"
    table.counts[other] = group.height - sum(table.counts[name] for name in names.values())
    _missing_row(table, Row("together/other", OTHER, PATTERN_GROUP), kind, other)
    table.add_up(kind, *names.values(), other)
    for factor in factors:
        with_factor = [name for pattern, name in names.items() if factor in pattern]
        rest = f"{kind}/missing together/other/{factor}"
        missing = f"{kind}/missing/{factor}"
        table.counts[rest] = table.counts[missing] - sum(table.counts[name] for name in with_factor)
        table.add_up(missing, *with_factor, rest)


def _missing_row(table: PublishedTable, row: Row, kind: str, name: str) -> None:
    table.count(row, REQUIREMENTS.of_type(kind), name)
    table.percent(row, SHARE_OF_ALL.of_type(kind), name, kind)


def imputed_against_recorded(diagnostics: pl.DataFrame, modelling: Modelling, least_missing: int) -> PublishedTable:
    """Table 29: share of each level among recorded and among imputed values, by model.

    `diagnostics` is what diagnose_imputation returns. A factor with fewer than `least_missing` missing values in a
    model, or none, shows "[z]" there.
    """
    table = PublishedTable("imputed_against_recorded")
    # Beside the odds ratios, shares of recorded values would give away how few values are missing.
    few = {
        (row["model"], row["factor"]) for row in diagnostics.iter_rows(named=True) if 0 < row["missing"] < least_missing
    }
    found = {(row["model"], row["factor"], row["level"]): row for row in diagnostics.iter_rows(named=True)}
    models = [*modelling.models_of_one_type()]
    for factor, setting in modelling.factors.items():
        for level in setting.levels if (diagnostics["factor"] == factor).any() else []:
            for model in models:
                row = Row(f"{factor}/{level}", level, setting.label)
                known = None if (model, factor) in few else found.get((model, factor, level))
                columns = {what: diagnostic_measure(model, what, modelling) for what in IMPUTATION}
                _diagnostic_cells(table, row, model, columns, known)
    for model, factor in diagnostics.select("model", "factor").unique(maintain_order=True).iter_rows():
        if (model, factor) in few:
            continue
        levels = diagnostics.filter(pl.col("model") == model, pl.col("factor") == factor)["level"]
        names = _names(model, factor)
        table.add_up(names[0], *(f"{names[0]}/{level}" for level in levels))
        table.counts[f"{model}/records"] = table.counts[names[0]] + table.counts[names[1]]
        table.add_up(f"{model}/records", *names)
    return table


def _names(model: str, factor: str) -> tuple[str, str]:
    """Names of the recorded and of the missing values of a factor in a model."""
    return f"{model}/recorded/{factor}", f"{model}/missing/{factor}"


def _diagnostic_cells(
    table: PublishedTable, row: Row, model: str, columns: dict[str, Measure], found: dict | None
) -> None:
    if found is None:
        for measure in columns.values():
            table.words(row, measure, "[z]")
        return
    all_recorded, missing = _names(model, found["factor"])
    recorded = f"{all_recorded}/{found['level']}"
    table.counts |= {recorded: found["recorded"], all_recorded: found["all_recorded"], missing: found["missing"]}
    table.percent(row, columns[RECORDED], recorded, all_recorded)
    points = 100 * found["difference"]
    rounded = points if abs(points) >= 0.5 else 0.0
    # Imputed values are no people, but with the recorded ones they make up the records beside the odds ratios.
    between = (recorded, missing)
    share = 100 * found["imputed_share"]
    table.cells += [
        Cell(row, columns[IMPUTED], "percent", share, depends_on=between),
        Cell(row, columns[DIFFERENCE], "points", rounded, depends_on=between),
    ]


def tie_recorded_counts(tables: list[PublishedTable], settings: Modelling) -> None:
    """Declare what the counts of the tables of missing and imputed values have to do with those of the other tables.

    The missing values of a factor are the row "Not recorded" of its tables. What is recorded at a level and what was
    imputed, which a reader can work out from shares, are the records beside the odds ratio.
    """
    counted = {name: number for table in tables for name, number in table.counts.items()}
    for table in (table for table in tables if table.key in (MISSING, IMPUTED_TABLE)):
        for name in list(table.counts):
            parts = name.split("/")
            if table.key == MISSING and parts[1:2] == ["missing"] and len(parts) == 3:
                other = f"{parts[0]}/{parts[2]}/{UNKNOWN}"
                if counted.get(other) == table.counts[name]:
                    table.counts[other] = counted[other]
                    table.add_up(name, other)
            if (
                table.key == IMPUTED_TABLE
                and parts[1:2] == ["recorded"]
                and len(parts) == 4
                and parts[0] in settings.models
            ):
                kind, level = settings.models[parts[0]].requirement_type, f"{parts[2]}/{parts[3]}"
                _tie_recorded(table, counted, name, f"{parts[0]}/{level}/records", table.known)
                # Here the difference are records that left the model, of which nothing more is published.
                _tie_recorded(table, counted, name, f"{kind}/{level}", table.differences)


def _tie_recorded(table: PublishedTable, counted: dict[str, int], name: str, other: str, differences: set[str]) -> None:
    if other in counted and counted[other] >= table.counts[name]:
        beyond = f"{other} beyond {name}"
        table.counts |= {other: counted[other], beyond: counted[other] - table.counts[name]}
        differences.add(beyond)
        table.add_up(other, name, beyond)
