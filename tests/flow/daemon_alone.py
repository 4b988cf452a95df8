"""Dagster's daemon and code servers running on a data folder, for tests: no webserver and no command."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from unittest.mock import patch

import dagster as dg

from pathways.refresh.refresh import prepare_dagster_home
from pathways.ui import code_servers_and_daemon
from resources.settings.study_settings import SETTINGS_COPIES, SETTINGS_FILE
from resources.settings.variable_sheet import VARIABLE_SHEET

PATIENCE_SECONDS = 1200  # on a machine that is busy
# Looks often, starts at once, and completes no more data sets than two: what they hold is judged elsewhere
QUICK = {
    "operation": {"minutes_untouched": "0", "seconds_between_looks": "5"},
    "modelling.imputation": {"imputations": "2", "iterations": "1", "traced_iterations": "2"},
    "modelling.sensitivity": {"imputations": "3"},
}


class Daemon:
    """A running daemon: its records, and waiting for them."""

    def __init__(self, instance: dg.DagsterInstance, log: Path):
        self.instance, self.log = instance, log

    def runs(self) -> list[tuple[str, str, str]]:
        """Job, quarter and status of every run, the oldest first."""
        runs = reversed(self.instance.get_runs())
        return [(run.job_name, run.tags.get("dagster/partition", ""), run.status.value) for run in runs]

    def said(self, sensor: str) -> str:
        """What a sensor said when it last looked and started nothing."""
        for state in self.instance.all_instigator_state():
            if state.instigator_name == sensor:
                ticks = self.instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
                return (ticks[0].skip_reason or "") if ticks else ""
        return ""

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until that is so. Fails where a run failed, or when it takes too long."""
        end = monotonic() + PATIENCE_SECONDS
        while not until():
            failed = [run for run in self.runs() if run[2] in ("FAILURE", "CANCELED")]
            assert not failed, f"{failed}\n{self.log.read_text()[-4000:]}"
            assert monotonic() < end, f"{self.runs()}\n{self.log.read_text()[-4000:]}"
            sleep(1)


@contextmanager
def daemon_on(var: Path, **environment: str) -> Iterator[Daemon]:
    """The daemon on a data folder, with settings that let it look often, start at once and end soon."""
    home, settings = prepare_dagster_home(var), var / "settings"
    settings.mkdir(exist_ok=True)
    text = SETTINGS_FILE.read_text(encoding="utf-8")
    for section, values in QUICK.items():
        for name, value in values.items():
            place = rf"(?m)(^\[{re.escape(section)}\](?:(?!^\[)[\s\S])*?^{name} = )\S+"
            text, count = re.subn(place, rf"\g<1>{value}", text)
            assert count == 1
    (settings / SETTINGS_FILE.name).write_text(text, encoding="utf-8")
    (settings / VARIABLE_SHEET.name).write_bytes(VARIABLE_SHEET.read_bytes())
    given = {"PATHWAYS_VAR": str(var), "DAGSTER_HOME": str(home), SETTINGS_COPIES: str(settings), **environment}
    log = var / "daemon.log"
    with (
        patch.dict(os.environ, given),
        log.open("w") as file,
        TemporaryDirectory() as sockets,
        dg.DagsterInstance.from_config(str(home)) as instance,
    ):
        with code_servers_and_daemon(instance, Path(sockets), file) as (_, parts):
            yield Daemon(instance, log)
        for part in parts:
            part.wait(PATIENCE_SECONDS)
