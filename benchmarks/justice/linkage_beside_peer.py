"""The linking of justice records beside plain Splink on the same records, in one run: pairs and processor time.

    python benchmarks/justice/linkage_beside_peer.py PERSONS_FOLDER

PERSONS_FOLDER as for justice_linkage.py, with a column `person`: SYNTHETIC records. Both have the records in memory
when the clock starts and end with people; neither writes a file. Processor seconds, as other work on the machine
changes those of the clock. Prints a JSON line of ours, that of benchmarks/peers/plain_splink_justice.py, and how many
times as much the peer needs.
"""

import itertools
import json
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

import polars as pl

from justice_assets.steps.clusters.cluster_persons import cluster_persons
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from justice_assets.steps.linking.train_justice_model import train_justice_model
from pathways.bench.justice.measure_clusters import measure_clusters
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import load_study_settings

KEY = bytes(32)
PEER = Path(__file__).resolve().parents[1] / "peers" / "plain_splink_justice.py"
TIMES = ("compared", "training_processor_seconds", "linking_processor_seconds")


def main(folder: Path) -> None:
    """Link, and have the peer link."""
    ours = link(folder)
    print(json.dumps(ours), flush=True)
    done = subprocess.run([sys.executable, PEER, folder], capture_output=True, text=True, check=True)
    peer = json.loads(done.stdout.strip().splitlines()[-1])
    print(json.dumps(peer), flush=True)
    more = {name: round(peer[name] / ours[name], 2) for name in TIMES}
    together = [sum(each[name] for name in TIMES[1:]) for each in (peer, ours)]
    print(json.dumps({"peer_needs_times": more | {"processor_seconds": round(together[0] / together[1], 2)}}))


def link(folder: Path) -> dict:
    """Ours: what it cost and how right it is at the middle threshold."""
    persons = [pl.read_parquet(file) for file in sorted(folder.glob("*.parquet"))]
    settings = load_study_settings().justice.linkage
    backend = SplinkBackend.from_settings(settings.backend)
    started, stages = perf_counter(), [process_time()]
    made = condense_persons(persons)
    stages.append(process_time())
    model = train_justice_model(made.identities, backend, settings, {"synthetic": "benchmark"}, KEY)
    stages.append(process_time())
    scored, candidates = score_justice_pairs(made.identities, justice_scoring(model, KEY, backend, settings), settings)
    stages.append(process_time())
    clusters = cluster_persons(made.identities, made.members, scored, settings).records
    stages.append(process_time())
    condensing, training, scoring, clustering = (round(end - start, 1) for start, end in itertools.pairwise(stages))
    return {
        "benchmark": "justice_linkage_beside_peer",
        "records": clusters.height,
        "identities": made.identities.height,
        "compared": candidates.pairs.height,
        "seconds": round(perf_counter() - started, 1),
        "training_processor_seconds": training,
        "linking_processor_seconds": round(condensing + scoring + clustering, 1),
        "by_stage": {"condense": condensing, "score": scoring, "cluster": clustering},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **measure_clusters(
            clusters["cluster_medium"], pl.concat(each.filter(name_form=0)["person"] for each in persons)
        ),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
