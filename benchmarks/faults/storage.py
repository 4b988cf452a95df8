"""Faults of the disk: full in the middle of a refresh, and tables and published files that are cut short or gone."""

import os
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.faults.outcome import Outcome, ended_well
from benchmarks.faults.quarter_folder import REFRESH, VERIFY, QuarterFolder

SHARES = (0.15, 0.4, 0.7)  # of what a whole refresh leaves
CUT = 6
SPARE = 3 << 20


def disk_full(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """Refresh on a disk that grows: three times it is full before the end. Where no disk can be mounted, no file may
    be larger than a limit that grows.
    """
    outcome, whole = Outcome(), sum(path.stat().st_size for path in undisturbed.root.rglob("*") if path.is_file())
    given = sum(path.stat().st_size for path in folder.root.rglob("*") if path.is_file())
    mounted = _mount(folder.root, given, whole)
    outcome.facts["how"] = "a disk of its own" if mounted else "largest size of a file"
    try:
        for share in SHARES:
            if mounted:
                _grow(folder.root, int(given + share * (whole - given)) + SPARE)
                run = folder.run("disk_full")
            else:
                run = folder.run("disk_full", _limited(int(draw.uniform(0.5, 1) * share * (1 << 20))))
            outcome.note(ended_well(run))
        if mounted:
            _grow(folder.root, 4 * whole)
        run = folder.run("room_again")
        outcome.note(ended_well(run))
        outcome.content = folder.content()
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder.root], check=True)
    return outcome


def _limited(most: int) -> tuple[str, ...]:
    code = (
        "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); "
        "os.execv(sys.argv[2], sys.argv[2:])"
    )
    return (sys.executable, "-c", code, str(most), *REFRESH)


def _mount(root: Path, given: int, whole: int) -> bool:
    """Mount a disk of memory at the folder and move what is in it there. Whether that could be done."""
    if os.geteuid() != 0:
        return False
    aside = root.with_name(f"{root.name}_aside")
    root.rename(aside)
    root.mkdir(mode=0o700)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={given + whole},mode=0700", "tmpfs", root],
        check=False,
        capture_output=True,
    )
    for path in aside.iterdir():
        subprocess.run(["mv", path, root], check=True)
    aside.rmdir()
    return done.returncode == 0


def _grow(root: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", root], check=True)


def truncated_tables(undisturbed: QuarterFolder, folder: QuarterFolder, draw: random.Random) -> Outcome:
    """Cut tables of a whole refresh short at a random byte, among them one of each zone; cut a file of the publication
    short and take another one away; and refresh.
    """
    outcome = Outcome()
    zones = [
        [path for path in folder.tables() if zone in path.parts]
        for zone in ("crossings", "linkage", "nlp", "modelling")
    ]
    tables = [draw.choice(paths) for paths in zones]
    tables += draw.sample([path for path in folder.tables() if path not in tables], CUT - len(tables))
    for path in tables:
        os.truncate(path, draw.randrange(path.stat().st_size))
    files = sorted(path for path in folder.publication.rglob("*") if path.is_file())
    published, lost = draw.sample(files, 2)
    os.truncate(published, draw.randrange(published.stat().st_size))
    lost.unlink()
    run = folder.run("truncated")
    outcome.note(ended_well(run))
    outcome.facts |= {"cut_short": len(tables) + 1, "gone": 1, "went_on": run.wait() == 0}
    if run.wait() != 0:
        outcome.wrong.append(f"the refresh did not make what was cut again: {run.log}")
    verified = folder.run("verify", VERIFY)
    outcome.note(ended_well(verified))
    if verified.wait() != 0:
        outcome.wrong.append(f"not everything is what its receipt says: {verified.log}")
    return outcome
