"""Sensors that say what is late, and since when. They start nothing; who is told is for pathways/alerts.

Belongs here: looking. Does not belong here: what is late (delivery.py), when zones start (starts.py).

Each location says what its own files tell: the zones of identifiers and of notes whose extracts are late, the one that
publishes which quarters are not published by their day. A freshness policy of Dagster is of an asset, not of a quarter:
running an old quarter again would turn it green.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import dagster as dg

from resources.deletion.deleted_quarters import deleted
from resources.extracts.extract_declaration import Extract
from resources.operation.delivery import day_after, in_words, late_extracts, quarters_expected
from resources.operation.sensor_words import NOTHING_LATE, PUBLICATION, WATCHES
from resources.operation.starts import came_to_its_end
from resources.process.shield import shielded
from resources.settings.study_settings import load_study_settings
from resources.zone.partitions import QUARTER_NAMES
from resources.zone.zone_definitions import zone_store
from resources.zone.zone_tables import TableNotUsable, Zone


def watches_delivery(
    zone: str, extracts: Sequence[Extract], root: Path, once_begun: bool = False
) -> dg.SensorDefinition:
    """Sensor that says which `extracts` of which quarters are late under the data root, and since when.

    `once_begun`: see late_extracts.
    """

    @_watching(f"{WATCHES}extracts_of_{zone}", "Says which extracts of a quarter are late, and since when.")
    def late() -> list[str]:
        return late_extracts(root, extracts, load_study_settings().operation, date.today(), once_begun)

    return late


def watches_publication(
    reads: Sequence[dg.AssetSpec], definitions: Callable[[], dg.Definitions]
) -> dg.SensorDefinition:
    """Sensor that says which quarters are not published by their day, and which tables that are read are not there."""
    tables = [spec.key.path[-1] for spec in reads]

    @_watching(f"{WATCHES}{PUBLICATION}", "Each quarter is published by its day: says which is not, and what it lacks.")
    def late() -> list[str]:
        return late_publications(definitions(), tables, date.today())

    return late


def late_publications(definitions: dg.Definitions, reads: Sequence[str], today: date) -> list[str]:
    """A line for each quarter that is not published by its day: since when, and which zones it waits for."""
    zone, days = zone_store(definitions).zone, load_study_settings().operation.published_due_days
    begun = [quarter for quarter in QUARTER_NAMES if any(zone.receipt_path(table, quarter).exists() for table in reads)]
    said: list[str] = []
    for quarter in quarters_expected(begun, today):
        due = day_after(quarter, days)
        if today <= due or deleted(zone.root, quarter, zone.study) or came_to_its_end(definitions, quarter):
            continue
        lacking = {zone.made_by.get(table, zone.name) for table in reads if not _has_passed(zone, table, quarter)}
        waits = f"it waits for tables of {', '.join(sorted(lacking))}" if lacking else "its run has not ended"
        said.append(f"{quarter}: was to be published by {in_words(due)}; {waits}.")
    return said


def _has_passed(zone: Zone, table: str, quarter: str) -> bool:
    try:
        zone.passed(table, quarter)
    except TableNotUsable:
        return False
    return True


def _watching(name: str, description: str) -> Callable[[Callable[[], list[str]]], dg.SensorDefinition]:
    def decorate(late: Callable[[], list[str]]) -> dg.SensorDefinition:
        @dg.sensor(  # pyright: ignore[reportUnknownMemberType]
            name=name,
            description=description,
            default_status=dg.DefaultSensorStatus.RUNNING,
            minimum_interval_seconds=load_study_settings().operation.seconds_between_looks,
        )
        @shielded
        def sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
            return dg.SkipReason("\n".join(late()) or NOTHING_LATE)

        return sensor

    return decorate
