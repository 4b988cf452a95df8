"""What a refresh of all zones makes when something goes wrong in the middle of it, beside one that nothing disturbs.

    make bench-faults   or   python benchmarks/faults/run_faults.py [--kills 50] [--scale 0.02] [--only NAME ...]
        [--undisturbed FOLDER]

Prints a JSON line per fault and a summary, and ends with 1 when anything was wrong. `same`: every table, document and
reading of a note is what the undisturbed run made, to the byte: nothing is lost and nothing doubled. `ends`: how the
disturbed commands ended; "said why" is one message that says what to do. Logs of all commands stay in the folder that
the summary names. With FOLDER, a data folder that one whole refresh by the same code has made, that refresh is not
made once more. People and notes are SYNTHETIC; nothing is measured but whether it holds.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from time import time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run by its path, it uses the helpers of tests/faults

from benchmarks.faults.doors_and_clock import clock_set_back, two_doors
from benchmarks.faults.kills import SECONDS_TO_START, kills
from benchmarks.faults.machine_lost import machine_lost
from benchmarks.faults.outcome import Outcome, ended_well
from benchmarks.faults.quarter_folder import QuarterFolder, differences, seconds_since
from benchmarks.faults.servers import label_server_gone, postgres_restarted
from benchmarks.faults.storage import disk_full, truncated_tables
from resources.process.data_root import data_root

Fault = Callable[[QuarterFolder, QuarterFolder, random.Random], Outcome]
# Of those that begin with what a whole refresh has made, the folder is a copy of it; the last two compare one zone.
FROM_THE_START: dict[str, Fault] = {
    "disk_full": disk_full,
    "two_doors": two_doors,
    "clock_set_back": clock_set_back,
    "machine_lost": machine_lost,
}
ON_WHAT_IS_MADE: dict[str, Fault] = {"truncated_tables": truncated_tables}
OF_ONE_ZONE: dict[str, Fault] = {"postgres_restarted": postgres_restarted, "label_server_gone": label_server_gone}
NAMES = ("kills", *FROM_THE_START, *ON_WHAT_IS_MADE, *OF_ONE_ZONE)


def main() -> None:
    """Run the faults, each on a folder of its own, and print the lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--scale", default="0.02")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--undisturbed", type=Path, help="data folder that one refresh has made, by this code")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    given = parser.parse_args()
    place = data_root() / "bench" / "faults"
    place.mkdir(parents=True, exist_ok=True)
    undisturbed, began = whole_refresh(given, place)
    content, wrong = undisturbed.content(), {}
    for name in given.only:
        line = one_fault(name, undisturbed, content, place, given, began)
        wrong[name] = line["wrong"]
        print(json.dumps(line), flush=True)
    bad = sorted(name for name, found in wrong.items() if found)
    summary = {"faults": len(wrong), "held": len(wrong) - len(bad), "did_not_hold": bad, "logs": str(place / "logs")}
    print(json.dumps({"benchmark": "faults", "summary": summary}), flush=True)
    sys.exit(1 if bad else 0)


def whole_refresh(given: argparse.Namespace, place: Path) -> tuple[QuarterFolder, float]:
    """A folder that a refresh has made which nothing disturbed, and when that began."""
    if given.undisturbed:
        made = QuarterFolder(given.undisturbed, place / "logs" / "undisturbed")
        return made, made.moments_of_tables()[0] - SECONDS_TO_START
    undisturbed, began = (
        QuarterFolder.generated(place / "undisturbed", place / "logs" / "undisturbed", given.scale),
        time(),
    )
    whole = undisturbed.run("whole")
    assert whole.wait() == 0, f"The undisturbed refresh failed: {whole.log}"
    print(json.dumps({"benchmark": "faults", "fault": "none", "seconds": seconds_since(began)}), flush=True)
    return undisturbed, began


def one_fault(
    name: str, undisturbed: QuarterFolder, content: dict[str, str], place: Path, given: argparse.Namespace, began: float
) -> dict[str, object]:
    """The line of one fault."""
    started, draw, logs, root = time(), random.Random(f"{given.seed} {name}"), place / "logs" / name, place / name
    if name in ON_WHAT_IS_MADE or name == "label_server_gone":
        folder = undisturbed.copy(root, logs)
    else:
        folder = undisturbed.with_same_extracts(root, logs)
    if name == "kills":
        outcome = kills(undisturbed, folder, draw, began, given.kills)
        outcome.note(ended_well(folder.run("to_the_end")))
    elif name == "label_server_gone":
        outcome = label_server_gone(undisturbed.copy(place / f"{name}_undisturbed", logs), folder, draw)
    else:
        outcome = (FROM_THE_START | ON_WHAT_IS_MADE | OF_ONE_ZONE)[name](undisturbed, folder, draw)
    line: dict[str, object] = {"benchmark": "faults", "fault": name}
    if name not in OF_ONE_ZONE:
        differ = differences(content, outcome.content or folder.content())
        outcome.wrong += [f"{path} differs" for path in differ]
        line["compared"] = len(content)
    return line | {
        "same": not any(word.endswith("differs") for word in outcome.wrong),
        "ends": dict(outcome.ends),
        **outcome.facts,
        "wrong": outcome.wrong,
        "seconds": seconds_since(started),
    }


if __name__ == "__main__":
    main()
