"""Servers that go away: PostgreSQL with Dagster's records, and the server that reads notes."""

import os
import random
import shutil
import sys
from pathlib import Path
from time import sleep

from benchmarks.faults.outcome import Outcome, ended_well
from benchmarks.faults.quarter_folder import QUARTER, QuarterFolder, differences
from contracts.zones import MADE_BY
from linkage_assets.models.train_first import TRAINED_TABLE

RESTARTS, MOST_RUNS = 3, 12
GONE_SECONDS = 60
ANY_NUMBER = 1 << 40  # of bytes
MIDDLE = (0.2, 0.7)  # shares of what a whole run says to the server and hears from it
LINKAGE = (sys.executable, "-m", "pathways.refresh.run_zone", "linkage_assets", QUARTER)
NOTES = (sys.executable, "-m", "pathways.refresh.run_zone", "nlp_assets", QUARTER)


def postgres_restarted(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """The linkage zone with Dagster's records in a PostgreSQL that is restarted at once, three times."""
    from tests.boundaries.deployment.postgres_server import OWNER, programs, running_server, storage_settings

    outcome, place = Outcome(), programs()
    if place is None:
        outcome.facts["left_out"] = "PostgreSQL's server is not here: make postgres-server"
        return outcome
    shutil.copytree(undisturbed.root / "linkage" / "models", folder.root / "linkage" / "models")
    with running_server(place) as server:
        home = folder.root / "dagster"
        home.mkdir(mode=0o700)
        (home / "dagster.yaml").write_text(storage_settings(server, OWNER, server.password), encoding="utf-8")
        given = {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1"}
        last = len([path for path in undisturbed.tables() if "linkage" in path.parts])
        moments = sorted(draw.randrange(1, last) for _ in range(RESTARTS))
        run, runs = folder.run("zone", LINKAGE, **given), 1
        while runs < MOST_RUNS:
            if moments and len(folder.tables()) >= moments[0]:
                moments.pop(0)
                sleep(draw.uniform(0, 2))
                server.restart()
            if not run.goes_on:
                outcome.note(ended_well(run))
                if run.wait() == 0:
                    break
                run, runs = folder.run("zone", LINKAGE, **given), runs + 1
            sleep(0.1)
        outcome.facts |= {"restarts": RESTARTS - len(moments), "runs": runs, "ended": run.wait() == 0}
        if moments or run.wait() != 0:
            outcome.wrong.append("the zone did not end, or fewer restarts came than were planned")
    return _compared(outcome, undisturbed, folder, "linkage")


def _compared(outcome: Outcome, undisturbed: QuarterFolder, folder: QuarterFolder, zone: str) -> Outcome:
    one, other = (_of_zone(each.content(), zone) for each in (undisturbed, folder))
    outcome.facts["compared"] = len(one)
    outcome.wrong += [f"{name} differs" for name in differences(one, other)]
    return outcome


def _of_zone(content: dict[str, str], zone: str) -> dict[str, str]:
    """Of a whole quarter, what a run of a zone makes: its tables, those of it that cross, and readings of notes."""
    crossing = tuple(f"crossings/{table}/" for table, maker in MADE_BY.items() if maker == zone)
    places = (f"{zone}/", *crossing, *(["labels.sqlite"] if zone == "nlp" else []))
    return {name: told for name, told in content.items() if name.startswith(places) and TRAINED_TABLE not in name}


def label_server_gone(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """The notes zone reads through a vLLM of this machine with the fixture model, which is gone for a minute."""
    from nlp_assets.engines.open_engine import FIXTURE_WEIGHTS
    from nlp_assets.serving.vllm.vllm_process import VllmProcess, llm_python
    from tests.faults.fragile_wire import FragileWire

    outcome, python = Outcome(), llm_python(os.environ)
    if not Path(python).exists():
        outcome.facts["left_out"] = "vLLM is not here: make install-llm"
        return outcome
    for each in (undisturbed, folder):
        (each.root / "nlp" / "labels.sqlite").unlink(missing_ok=True)
    process = VllmProcess(python, FIXTURE_WEIGHTS, "fixture", folder.logs / "vllm.log")
    process.start(lambda _: None)
    try:
        wire = FragileWire(process.endpoint.socket)
        given = {
            "DAGSTER_HOME": str(folder.root / "dagster"),
            "VLLM_BASE_URL": f"http://127.0.0.1:{wire.port}/v1",
            "VLLM_API_KEY": process.endpoint.api_key,
            "VLLM_MODEL": "fixture",
        }
        wire.allow(ANY_NUMBER)
        before = undisturbed.run("whole", NOTES, **given | {"DAGSTER_HOME": str(undisturbed.root / "dagster")})
        outcome.note(ended_well(before))
        wire.allow(int(draw.uniform(*MIDDLE) * wire.passed))
        run = folder.run("gone", NOTES, **given)
        while not wire.spent.wait(0.2) and run.goes_on:
            pass
        if not run.goes_on:
            outcome.wrong.append(f"it ended before the server was gone: {run.log}")
        wire.cut()
        sleep(GONE_SECONDS)
        wire.mend()
        wire.allow(ANY_NUMBER)
        outcome.note(ended_well(run))
        if run.wait() != 0:
            outcome.note(ended_well(folder.run("again", NOTES, **given)))
        went_on = run.wait() == 0
        outcome.facts |= {"gone_seconds": GONE_SECONDS, "bytes": wire.passed, "went_on_by_itself": went_on}
    finally:
        process.stop()
    return _compared(outcome, undisturbed, folder, "nlp")
