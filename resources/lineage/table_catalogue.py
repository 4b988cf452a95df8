"""What Dagster's catalogue says of a table: whose it is, what it holds, on which basis, how long, and its columns.

Belongs here: putting declarations into the form that the UI shows. Does not belong here: what is declared of a table
(contracts/holdings.py, the schemas). Nothing here is read from data.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg
from pandera.api.polars.components import Column

from resources.zone.schema_check import Table
from resources.zone.zone_store import EXTRACT

KIND = "parquet"  # as which the store keeps every table
# Endings of names of columns that hold a key. A key means the same in every table, in whatever words it is described.
KEYS = ("_pseudonym", "_key", "_id", "crn")


class TableNotDescribed(Exception):
    """A table is in no list of contracts/holdings.py, so nobody answers for it."""


@dataclass(frozen=True)
class AboutTable:
    """zone and owner: who answers for the table. content: its kind in a word, words: in words. legal_basis, retention:
    sentences.
    """

    zone: str
    owner: str
    content: str
    words: str
    legal_basis: str
    retention: str


def catalogued(spec: dg.AssetSpec, about: Mapping[str, AboutTable], tables: Mapping[str, type[Table]]) -> dg.AssetSpec:
    """The specification with all that is declared of its table. `tables`: classes of it and of what it is made from.

    Raises TableNotDescribed.
    """
    table = spec.key.path[-1]
    if table not in about:
        raise TableNotDescribed(f"Nothing says what table {table} holds and who answers for it: contracts/holdings.py.")
    said = about[table]
    metadata: dict[str, object] = {
        **spec.metadata,
        "holds": said.words,
        "legal basis": said.legal_basis,
        "retention": said.retention,
    }
    if table in tables:
        metadata["dagster/column_schema"] = column_schema(tables[table])
        made_from = {dep.asset_key: tables.get(dep.asset_key.path[-1]) for dep in spec.deps}
        # Tables of one class, as two lists of files, are alike in their columns and not made of each other's rows.
        sources = {key: source for key, source in made_from.items() if source and source is not tables[table]}
        # An extract's rows are those of its file: tables beside it only say which of them the zone keeps.
        if EXTRACT not in spec.metadata and (lineage := column_lineage(tables[table], sources)):
            metadata["dagster/column_lineage"] = dg.TableColumnLineage(lineage)
    return spec.replace_attributes(  # pyright: ignore[reportUnknownMemberType]
        owners=[f"team:{said.owner}"],
        tags={**spec.tags, "zone": said.zone, "sensitivity": said.content},
        kinds={*spec.kinds, KIND},
        metadata=metadata,
    )


def column_schema(table: type[Table]) -> dg.TableSchema:
    """Columns of a table with type, meaning, and what is required of every value; no value."""
    return dg.TableSchema([_column(name, column) for name, column in table.to_schema().columns.items()])


def column_lineage(
    table: type[Table], sources: Mapping[dg.AssetKey, type[Table]]
) -> dict[str, list[dg.TableColumnDep]]:
    """Columns that are carried over: to each the columns of the same name and meaning in tables that it is made from.

    A key counts as the same by its name. A column that is computed is not here: its table's code says how.
    """
    found: dict[str, list[dg.TableColumnDep]] = {}
    columns = {key: source.to_schema().columns for key, source in sources.items()}
    for name, column in table.to_schema().columns.items():
        same = [key for key, others in columns.items() if name in others and _same(name, column, others[name])]
        if same:
            found[name] = [dg.TableColumnDep(key, name) for key in sorted(same)]
    return found


def _same(name: str, column: Column, other: Column) -> bool:
    return str(column.dtype) == str(other.dtype) and (name.endswith(KEYS) or column.description == other.description)


def _column(name: str, column: Column) -> dg.TableColumn:
    listed: list[int] = [len(check.statistics.get("allowed_values", ())) for check in column.checks]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    constraints = dg.TableColumnConstraints(
        nullable=column.nullable, unique=column.unique, other=[f"one of {number}" for number in listed if number]
    )
    return dg.TableColumn(name, str(column.dtype), column.description, constraints)
