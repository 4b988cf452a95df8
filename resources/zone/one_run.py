"""The IO manager of a zone, which a run has only while no other runs its quarter, and when what it waits for is signed.

Every run asks for it, whoever started it: so both are looked at here. Does not belong here: the lock (quarter_lock.py),
and what the IO manager does (zone_store.py).
"""

from collections.abc import Generator

import dagster as dg

from resources.deletion.deleted_quarters import QuarterDeleted, deleted
from resources.duties.asked import Duties
from resources.operation.quarter_lock import alone_in_turn, is_under_lock, lock_of
from resources.process.shield import shielded
from resources.zone.dagster_resources import PARTITION_TAG
from resources.zone.partitions import QUARTER_NAMES
from resources.zone.zone_store import ZoneStore


def one_run_of_a_quarter(store: ZoneStore, duties: Duties) -> dg.IOManagerDefinition:
    """The store as an IO manager: a run of a quarter holds the zone's lock of it from here to its end, and does not
    begin before all that `duties` asks for is signed off.
    """

    @shielded
    def begin(context: dg.InitResourceContext) -> Generator[ZoneStore]:
        run, zone = context.run, store.zone
        quarter = run.tags.get(PARTITION_TAG, "") if run else ""
        if run is None or quarter not in QUARTER_NAMES:  # a step says that it is none
            yield store
            return

        if said := deleted(zone.root, quarter, zone.study):
            raise QuarterDeleted(f"{said} Nothing is made of it again.")
        # A command has asked before it started its zones; one that trains makes what is to be signed off.
        if run.job_name not in duties.free and not is_under_lock(lock_of(zone.root, zone.name, quarter)):
            duties.require(quarter)

        def waits(other: str) -> None:
            if context.log:
                context.log.info("%s is being run by %s. This run goes on when that has ended.", quarter, other)

        with alone_in_turn(zone.root, zone.name, quarter, f"run {run.run_id} of Dagster", waits):
            yield store

    return dg.IOManagerDefinition(resource_fn=begin, config_schema={})
