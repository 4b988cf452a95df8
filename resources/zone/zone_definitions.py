"""Builds the definitions of a zone from its asset modules: the same way for all three zones.

Belongs here: code versions, schema checks and resources that every asset gets. Does not belong here: any asset.
"""

import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import dagster as dg
import polars as pl

from resources.deletion.deleted_quarters import TREATMENT
from resources.duties.asked import Duties
from resources.lineage.table_catalogue import AboutTable, catalogued
from resources.process.data_root import data_root
from resources.receipts.code_fingerprint import code_of
from resources.receipts.code_read import PACKAGES
from resources.records.progress_logger import progress_logger
from resources.settings.study_settings import StudySettings, load_study_settings
from resources.zone.at_launch import closed, made_with, one_process
from resources.zone.dagster_partitions import quarters
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import DecisionsFolder
from resources.zone.one_run import one_run_of_a_quarter
from resources.zone.schema_check import Table, TableDoesNotMatchSchema, check_scan
from resources.zone.zone_check import require_recorded, zone_check
from resources.zone.zone_store import ZoneStore, is_current
from resources.zone.zone_tables import Zone

# Partitions of checks are new in this version of Dagster, which warns once per check.
warnings.filterwarnings("ignore", message="Specifying a partitions_def on an AssetCheckSpec")


def make_zone(
    name: str,
    settings_sections: Sequence[str],
    crossings: Mapping[str, type[Table]],
    engine: str = "",
    files: Mapping[str, Sequence[str]] | None = None,
    quoted: Mapping[str, Sequence[str]] | None = None,
    made_by: Mapping[str, str] | None = None,
    lists: Mapping[str, str] | None = None,
    sources: str = "",
    study: str = TREATMENT,
) -> Zone:
    """The zone as it is on disk now. `engine` identifies what besides code and settings decides its tables; `files`,
    `made_by`, `lists`, `sources` and `study` as in Zone; `quoted` maps a table to sections of study.toml that it
    reads besides the zone's.
    """

    def settings(study: StudySettings) -> str:
        return study.fingerprint(*settings_sections) + (f"+{engine}" if engine else "")

    def hashes(study: StudySettings) -> dict[str, dict[str, str]]:
        return {table: {name: study.fingerprint(name) for name in names} for table, names in (quoted or {}).items()}

    def settings_now() -> str:
        study = load_study_settings()
        return settings(study) if hashes(study) == hashes(at_start) else "edited"

    at_start = load_study_settings()
    return Zone(
        name,
        data_root(),
        "",
        settings(at_start),
        crossings,
        files or {},
        settings_now,
        hashes(at_start),
        made_by=made_by or {},
        lists=lists or {},
        sources=sources,
        study=study,
    )


def matches_schema(asset: str, table: type[Table]) -> dg.AssetChecksDefinition:
    """Blocking check that the stored table is what its class declares."""

    @zone_check(
        asset,
        name="matches_schema",
        description=f"{asset} has the columns, types and values that {table.__name__} declares.",
    )
    def check(rows: pl.LazyFrame) -> dg.AssetCheckResult:
        try:
            check_scan(rows, table, asset)
        except TableDoesNotMatchSchema as fault:
            return dg.AssetCheckResult(passed=False, metadata={"fault": str(fault)})
        return dg.AssetCheckResult(passed=True)

    return check


def zone_definitions(
    zone: Zone,
    modules: Sequence[ModuleType],
    tables: Mapping[str, type[Table]],
    reads: Sequence[dg.AssetSpec] = (),
    resources: Mapping[str, object] | None = None,
    schedules: Sequence[dg.ScheduleDefinition] = (),
    sensors: Sequence[dg.SensorDefinition] = (),
    jobs: Sequence[Any] = (),
    about: Mapping[str, AboutTable] | None = None,
    duties: Duties | None = None,
) -> dg.Definitions:
    """Definitions of a zone: assets of `modules` in the order the data flows, with code version and schema checks.

    `tables` maps every asset to its schema; `reads` are the crossing tables that other zones make. `about`: what the
    catalogue says of every table; `duties`: which sign-offs a run waits for. Raises CheckNotRecorded for a blocking
    check that is not made by `zone_check`, and TableNotDescribed.
    """
    zone = with_code(zone, modules, tables)
    known = {**zone.crossings, **tables}

    def described(spec: dg.AssetSpec) -> dg.AssetSpec:
        return spec if about is None else catalogued(spec, about, known)

    assets = [
        asset.map_asset_specs(lambda spec: described(_versioned(spec, zone)))  # pyright: ignore[reportUnknownMemberType]
        for asset in dg.load_assets_from_modules(modules)  # pyright: ignore[reportUnknownMemberType]
        if isinstance(asset, dg.AssetsDefinition)
    ]
    checks = [*dg.load_asset_checks_from_modules(modules), *itertools.starmap(matches_schema, tables.items())]
    require_recorded(spec for definition in (*assets, *checks) for spec in definition.check_specs)
    store = ZoneStore(with_graph(zone, assets, checks))
    return dg.Definitions(
        assets=[*assets, *map(described, reads)],
        asset_checks=checks,
        resources={
            **_of_every_zone(store, duties or Duties(zone.root)),
            **{name: closed(resource) for name, resource in (resources or {}).items()},
        },
        schedules=schedules,
        sensors=sensors,
        jobs=jobs,
        executor=one_process,
        loggers={"progress": progress_logger},
    )


def _of_every_zone(store: ZoneStore, duties: Duties) -> dict[str, dg.ResourceDefinition]:
    return {
        "io_manager": closed(one_run_of_a_quarter(store, duties)),
        "duties": closed(duties, f"What is signed off before a run: {', '.join(duties.asks) or 'nothing'}."),
        "study": closed(StudyResource()),
        "zone_store": closed(
            store, f"Where the tables of the {store.zone.name} zone lie, each with its receipt, and those that cross."
        ),
        "decisions": closed(
            DecisionsFolder(store.zone.root),
            "Decisions to go on against a check (`pathways accept`), a file a quarter.",
        ),
    }


# Metadata of a table that tells of all others: it is made again when the code of any of them is another.
OF_ALL_CODE_KEY = "pathways/of_all_code"
OF_ALL_CODE = {OF_ALL_CODE_KEY: True}
# Group of tables that no refresh makes, only a job of their own.
ON_REQUEST = "on_request"


def _versioned(spec: dg.AssetSpec, zone: Zone) -> dg.AssetSpec:
    return spec.replace_attributes(code_version=zone.code_of(spec.key.path[-1]))  # pyright: ignore[reportUnknownMemberType]


def zone_job(name: str):
    """Job that makes every table of the location for one quarter, but those made on request."""
    selection = dg.AssetSelection.all() - dg.AssetSelection.groups(ON_REQUEST)  # pyright: ignore[reportUnknownMemberType]
    return dg.define_asset_job(name, selection=selection, partitions_def=quarters)  # pyright: ignore[reportUnknownMemberType]


def with_code(zone: Zone, modules: Sequence[ModuleType], tables: Mapping[str, type[Table]]) -> Zone:
    """The zone with the code of each table, and of its checks: what its module imports, and so on.

    Modules that are not of a package of ours, as in tests, say nothing: their tables have the zone's code.
    """
    ours = [module.__name__ for module in modules if module.__name__.split(".")[0] in PACKAGES]
    made_with: dict[str, str] = {}
    judging: dict[str, set[str]] = {table: {schema.__module__} for table, schema in tables.items()}
    for module in modules:
        if module.__name__.split(".")[0] in PACKAGES:
            for asset in dg.load_assets_from_modules([module]):  # pyright: ignore[reportUnknownMemberType]
                for spec in asset.specs if isinstance(asset, dg.AssetsDefinition) else ():
                    of_all = spec.metadata.get(OF_ALL_CODE_KEY, False)
                    made_with[spec.key.path[-1]] = code_of(*ours) if of_all else code_of(module.__name__)
            for check in dg.load_asset_checks_from_modules([module]):
                for key in check.check_keys:
                    judging.setdefault(key.asset_key.path[-1], set()).add(module.__name__)
    judged_with = {table: code_of(*sorted(names)) for table, names in judging.items() if table in made_with}
    return replace(zone, made_with=made_with, judged_with=judged_with)


def with_graph(zone: Zone, assets: Sequence[dg.AssetsDefinition], checks: Sequence[dg.AssetChecksDefinition]) -> Zone:
    """The zone with what its assets and checks say: blocking checks by table, and the tables made from each table."""
    blocking: dict[str, list[str]] = {}
    for spec in (spec for check in checks for spec in check.check_specs if spec.blocking):
        blocking.setdefault(spec.asset_key.path[-1], []).append(spec.name)
    made_of = {
        spec.key.path[-1]: {dep.asset_key.path[-1] for dep in spec.deps} for asset in assets for spec in asset.specs
    }
    after = {table: _following(table, made_of) for table in made_of}
    return replace(zone, checks={table: sorted(names) for table, names in blocking.items()}, after=after)


def _following(table: str, made_of: Mapping[str, set[str]]) -> list[str]:
    found: set[str] = set()
    new = {table}
    while new:
        new = {name for name, parents in made_of.items() if parents & new} - found
        found |= new
    return sorted(found)


@dataclass(frozen=True)
class ToDo:
    """What a run has to do: tables to make in the order the data flows, and checks to judge, of those and of others."""

    tables: list[dg.AssetKey]
    checks: set[dg.AssetCheckKey]

    @property
    def is_nothing(self) -> bool:
        """Whether all is made and judged."""
        return not (self.tables or self.checks)


def zone_store(definitions: dg.Definitions) -> ZoneStore:
    """The store of a zone's definitions."""
    store = made_with((definitions.resources or {})["zone_store"])
    assert isinstance(store, ZoneStore)
    return store


def duties_of(definitions: dg.Definitions) -> Duties:
    """What a location waits for."""
    duties = made_with((definitions.resources or {})["duties"])
    assert isinstance(duties, Duties)
    return duties


def made_by_refresh(definitions: dg.Definitions) -> list[dg.AssetSpec]:
    """The tables of a location that a refresh makes, in the order the data flows."""
    graph = definitions.resolve_asset_graph()
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
    makes = [key for key in graph.toposorted_asset_keys if key in graph.materializable_asset_keys]
    return [specs[key] for key in makes if specs[key].group_name != ON_REQUEST]


def to_do(definitions: dg.Definitions, quarter: str, requested: str | None = None) -> ToDo:
    """Tables that are not current, or are made from one that is not, and checks that have not passed on what is there.

    Of all tables that a refresh makes; or of the one `requested`, which is always made, and those before it. A table
    that is current and only not judged, or refused, has its checks run and is not made again.
    Raises DecisionsNotReadable.
    """
    zone, graph = zone_store(definitions).zone, definitions.resolve_asset_graph()
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
    if requested:
        wanted = dg.AssetSelection.assets(requested).upstream().resolve(graph)  # pyright: ignore[reportUnknownMemberType]
    else:
        wanted = {spec.key for spec in made_by_refresh(definitions)}
    tables: list[dg.AssetKey] = []
    checks: set[dg.AssetCheckKey] = set()
    for key in graph.toposorted_asset_keys:
        if key not in graph.materializable_asset_keys or key not in wanted:
            continue
        parents, table = {dep.asset_key for dep in specs[key].deps}, key.path[-1]
        names = zone.unjudged(table, quarter)
        if parents & set(tables) or not is_current(zone, quarter, specs[key]) or table == requested:
            tables.append(key)
            names = zone.checks.get(table, ())
        checks |= {dg.AssetCheckKey(key, name) for name in names}
    return ToDo(tables, checks)
