"""Where the linking of justice records spends its time: processor seconds of each function, in one run.

    python benchmarks/justice/linkage_profile.py PERSONS_FOLDER [--least 0.3]

PERSONS_FOLDER as for justice_linkage.py: SYNTHETIC records. Prints a JSON line: what linkage_beside_peer.py says of
ours, and the seconds of every function of record_linkage, justice_assets and Splink's training that took `least` or
more, with all that it called.
"""

import argparse
import cProfile
import json
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parent))
from linkage_beside_peer import link

ROOMS = ("record_linkage/", "justice_assets/", "splink/internals/linker_components/training")


def main() -> None:
    """Link under the profiler and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--least", type=float, default=0.3)
    given = parser.parse_args()
    profile = cProfile.Profile(process_time, builtins=False)
    costs = profile.runcall(link, given.folder)
    functions: dict[str, float] = {}
    for entry in profile.getstats():
        code, seconds = entry.code, entry.totaltime
        if not isinstance(code, str) and any(room in code.co_filename for room in ROOMS) and seconds >= given.least:
            functions[f"{Path(code.co_filename).stem}.{code.co_name}"] = round(seconds, 2)
    costs["processor_seconds_by_function"] = dict(sorted(functions.items(), key=lambda each: -each[1]))
    print(json.dumps(costs | {"benchmark": "justice_linkage_profile"}))


if __name__ == "__main__":
    main()
