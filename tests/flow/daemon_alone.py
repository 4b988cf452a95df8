"""Dagster's daemon running alone on a data folder, for tests: no webserver and no command."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import dagster as dg

from pathways.refresh.refresh import prepare_dagster_home
from resources.settings.study_settings import SETTINGS_COPIES, SETTINGS_FILE
from resources.settings.variable_sheet import VARIABLE_SHEET

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 1200  # on a machine that is busy
QUICK = {"minutes_untouched": "0", "seconds_between_looks": "5"}


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
    """The daemon on a data folder, with settings that let it look often and start at once."""
    home, settings = prepare_dagster_home(var), var / "settings"
    settings.mkdir(exist_ok=True)
    text = SETTINGS_FILE.read_text(encoding="utf-8")
    for name, value in QUICK.items():
        text, count = re.subn(rf"(?m)^{name} = \S+", f"{name} = {value}", text)
        assert count == 1
    (settings / SETTINGS_FILE.name).write_text(text, encoding="utf-8")
    (settings / VARIABLE_SHEET.name).write_bytes(VARIABLE_SHEET.read_bytes())
    given = {"PATHWAYS_VAR": str(var), "DAGSTER_HOME": str(home), SETTINGS_COPIES: str(settings), **environment}
    log = var / "daemon.log"
    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(home)
    with log.open("w") as file, dg.DagsterInstance.from_config(str(home)) as instance:
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster._daemon", "run", "-w", str(REPOSITORY / "workspace.yaml")],
            cwd=REPOSITORY,
            env={**os.environ, **given},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Daemon(instance, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            os.environ.pop("DAGSTER_HOME")
            if before is not None:
                os.environ["DAGSTER_HOME"] = before
