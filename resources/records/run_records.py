"""Dagster's own records of runs on one machine, with the database files kept open. deploy/dagster.local.yaml names it.

Belongs here: how the files are opened, and what is left out. Does not belong here: the form of what is recorded, which
is that of Dagster's own class.

Dagster opens a file anew for each of the thousands of events of a refresh: it works out every statement again, and
SQLite copies its journal into the file at every close. That was two thirds of what Dagster cost a refresh.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, NullPool, StaticPool, event

# Two for every table that a step reads, which say that it was read: the step's own events and lineage say it too.
NOT_RECORDED = (DagsterEventType.LOADED_INPUT, DagsterEventType.STEP_INPUT)
FILES_KEPT_OPEN = 8  # the index and the runs last looked at: a webserver that shows hundreds holds no file for each


class EventLogKeptOpen(SqliteEventLogStorage):
    """Dagster's event log in SQLite, one connection per file. Threads take turns, as they do in Dagster's class.

    A commit waits for no disk: after a power cut the last events may be gone, and what was made is told by receipts.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None):
        self._kept: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "EventLogKeptOpen":
        """The event log of the instance whose folder is `base_dir`, where Dagster's class would keep it."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Record an event, but those that say no more than others."""
        if event.dagster_event is None or event.dagster_event_type not in NOT_RECORDED:
            super().store_event(event)

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        with self._db_lock, self._opened(shard).connect() as connection, connection.begin():
            yield connection

    def _opened(self, shard: str) -> Engine:
        engine = self._kept.pop(shard, None) or self._open(shard)
        self._kept[shard] = engine  # as the last one looked at
        for unused in list(self._kept)[:-FILES_KEPT_OPEN]:
            self._kept.pop(unused).dispose()
        return engine

    def _open(self, shard: str) -> Engine:
        place, waits = self.conn_string_for_shard(shard), {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        self._initdb(create_engine(place, poolclass=NullPool, connect_args=waits))
        engine = create_engine(place, poolclass=StaticPool, connect_args={**waits, "check_same_thread": False})
        event.listen(engine, "connect", _without_waiting_for_the_disk)
        return engine

    def wipe(self) -> None:
        """Delete all events; files that are deleted are not held open."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        self._close()

    def _close(self) -> None:
        with self._db_lock:
            while self._kept:
                self._kept.popitem()[1].dispose()


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")  # in a write-ahead log no crash of a process loses anything
