"""Servers that go away: PostgreSQL with Dagster's records, and the server that reads notes."""

import os
import random
import shutil
import sys
from pathlib import Path
from time import sleep

from benchmarks.faults.outcome import Outcome, ended_well
from benchmarks.faults.quarter_folder import QUARTER, QuarterFolder, differences

RESTARTS, MOST_RUNS = 3, 12
GONE_SECONDS = 60
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
    return _compared(outcome, undisturbed, folder, "linkage")


def _compared(outcome: Outcome, undisturbed: QuarterFolder, folder: QuarterFolder, zone: str) -> Outcome:
    one, other = (
        {name: content for name, content in each.content().items() if name.startswith(f"{zone}/")}
        for each in (undisturbed, folder)
    )
    outcome.facts["tables_compared"] = len(other)
    outcome.wrong += [f"{zone}: {name} differs" for name in differences(one, other)]
    return outcome


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
        wire.allow(1 << 40)
        before = undisturbed.run("whole", NOTES, **given | {"DAGSTER_HOME": str(undisturbed.root / "dagster")})
        outcome.note(ended_well(before))
        wire.allow(draw.randrange(50_000, 2_000_000))
        run = folder.run("gone", NOTES, **given)
        while not wire.spent.wait(0.2) and run.goes_on:
            pass
        wire.cut()
        sleep(GONE_SECONDS)
        wire.mend()
        wire.allow(1 << 40)
        outcome.note(ended_well(run))
        if run.wait() != 0:
            outcome.note(ended_well(folder.run("again", NOTES, **given)))
        outcome.facts |= {"gone_seconds": GONE_SECONDS, "went_on_by_itself": run.wait() == 0}
    finally:
        process.stop()
    return _compared(outcome, undisturbed, folder, "nlp")
