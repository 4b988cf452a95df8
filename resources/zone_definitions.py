"""Builds the definitions of a zone from its asset modules: the same way for all three zones.

Belongs here: code versions, schema checks and resources that every asset gets. Does not belong here: any asset.
"""

import os
import warnings
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import dagster as dg

from resources.dagster_resources import StudyResource
from resources.gates import DecisionsFolder
from resources.partitions import quarters
from resources.progress import progress_logger
from resources.schema_check import Table, TableDoesNotMatchSchema, check_frame
from resources.study_settings import load_study_settings
from resources.variable_sheet import VARIABLE_SHEET
from resources.zone_store import Zone, ZoneStore, is_current

# Partitions of checks are new in this version of Dagster, which warns once per check.
warnings.filterwarnings("ignore", message="Specifying a partitions_def on an AssetCheckSpec")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_CODE = ("resources", "contracts", "reference")


def data_root() -> Path:
    """Folder of everything a run makes: environment variable PATHWAYS_VAR, or `var` in the repository."""
    return Path(os.environ.get("PATHWAYS_VAR", REPOSITORY / "var")).resolve()


def code_fingerprint(*packages: str) -> str:
    """Hash of the source of packages and of what all zones share: the code version of every asset in them.

    Without the variable sheet, which is part of the settings: a new label must not link a quarter anew.
    """
    digest = sha256()
    for package in (*packages, *SHARED_CODE):
        for path in sorted((REPOSITORY / package).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".toml", ".csv", ".j2"} and path != VARIABLE_SHEET:
                digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def make_zone(name: str, package: str, settings_sections: Sequence[str], crossings: Mapping[str, type[Table]],
              engine: str = "", files: Mapping[str, Sequence[str]] | None = None) -> Zone:
    """The zone as it is on disk now. `engine` identifies what besides code and settings decides its tables; `files`
    as in Zone.
    """
    settings = load_study_settings().fingerprint(*settings_sections) + (f"+{engine}" if engine else "")
    return Zone(name, data_root(), code_fingerprint(package), settings, crossings, files or {})


def matches_schema(asset: str, table: type[Table], store: ZoneStore) -> dg.AssetChecksDefinition:
    """Blocking check that the stored table is what its class declares."""

    @dg.asset_check(asset=asset, name="matches_schema", blocking=True, partitions_def=quarters,
                    description=f"{asset} has the columns, types and values that {table.__name__} declares.")
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        try:
            check_frame(store.read(asset, context.partition_key), table, asset)
        except TableDoesNotMatchSchema as fault:
            store.reject(asset, context.partition_key)
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
    jobs: Sequence = (),
) -> dg.Definitions:
    """Definitions of a zone: assets of `modules` in the order the data flows, with code version and schema checks.

    `tables` maps every asset to its schema; `reads` are the crossing tables that other zones make.
    """
    store = ZoneStore(zone)
    assets = [
        asset.map_asset_specs(lambda spec: spec.replace_attributes(code_version=zone.code))
        for asset in dg.load_assets_from_modules(modules)
        if isinstance(asset, dg.AssetsDefinition)
    ]
    checks = dg.load_asset_checks_from_modules(modules)
    return dg.Definitions(
        assets=[*assets, *reads],
        asset_checks=[*checks, *(matches_schema(asset, table, store) for asset, table in tables.items())],
        resources={
            "io_manager": store, "zone_store": store, "study": StudyResource(), "decisions": DecisionsFolder(zone.root),
            **(resources or {}),
        },
        schedules=schedules,
        sensors=sensors,
        jobs=jobs,
        executor=dg.in_process_executor,
        loggers={"progress": progress_logger},
    )


# Group of tables that no refresh makes, only a job of their own.
ON_REQUEST = "on_request"


def zone_job(name: str):
    """Job that makes every table of the zone for one quarter, but those made on request."""
    selection = dg.AssetSelection.all() - dg.AssetSelection.groups(ON_REQUEST)
    return dg.define_asset_job(name, selection=selection, partitions_def=quarters)


def tables_to_make(definitions: dg.Definitions, quarter: str, requested: str | None = None) -> list[dg.AssetKey]:
    """Tables that are not current, or are made from one that is not, in the order the data flows.

    Of all tables that a refresh makes; or of the one `requested`, which is always made, and those before it.
    """
    store = (definitions.resources or {})["io_manager"]
    assert isinstance(store, ZoneStore)
    graph = definitions.resolve_asset_graph()
    specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
    if requested:
        wanted = dg.AssetSelection.assets(requested).upstream().resolve(graph)
    else:
        wanted = {key for key, spec in specs.items() if spec.group_name != ON_REQUEST}
    stale: list[dg.AssetKey] = []
    for key in graph.toposorted_asset_keys:
        if key not in graph.materializable_asset_keys or key not in wanted:
            continue
        parents = {dep.asset_key for dep in specs[key].deps}
        fresh = is_current(store.zone, quarter, specs[key]) and key.path[-1] != requested
        if parents & set(stale) or not fresh:
            stale.append(key)
    return stale
