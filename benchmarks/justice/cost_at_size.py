"""What linking 27.1 and 65.7 million justice records would cost, from two sizes that justice_linkage.py has measured.

    python benchmarks/justice/cost_at_size.py SMALLER_OUT_FOLDER LARGER_OUT_FOLDER [--records 27.1e6 65.7e6]

The folders are those that justice_linkage.py wrote of SYNTHETIC records, the larger of more people of the same kind.
Processor seconds and memory of a stage grow in a line with the records, through what was measured at both sizes;
training, of a sample, costs what it did. Pairs of one person grow with the records, pairs of strangers with their
square: both follow from the pairs at the two sizes. Pairs beyond that line cost what a pair of the larger size does if
all of its scoring is for its pairs, which is too much. Nothing of this was run at the sizes that are costed. Prints a
JSON line.
"""

import argparse
import json
from pathlib import Path

STAGES = ("condense", "code", "train", "score", "cluster", "release", "journeys")
Stages = dict[str, dict]


def main() -> None:
    """Read both, and reckon."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("smaller", type=Path)
    parser.add_argument("larger", type=Path)
    parser.add_argument("--records", type=float, nargs="+", default=[27.1e6, 65.7e6])
    given = parser.parse_args()
    smaller, larger = stages_of(given.smaller), stages_of(given.larger)
    sizes = [round(records) for records in given.records]
    print(
        json.dumps(
            {
                "benchmark": "justice_cost_at_size",
                "records": "synthetic",
                "measured": [measured(smaller), measured(larger)],
                "pairs_a_processor_second": round(pairs_a_second(larger)),
                "memory_bytes_a_record": memory_a_record(smaller, larger),
                "costed": [cost(records, smaller, larger) for records in sizes],
            }
        )
    )


def stages_of(folder: Path) -> Stages:
    """What justice_linkage.py measured."""
    return {stage: json.loads((folder / f"{stage}.json").read_text(encoding="utf-8")) for stage in STAGES}


def measured(stages: Stages) -> dict:
    """The sums of a run."""
    return {
        "records": stages["condense"]["records"],
        "pairs": stages["score"]["pairs"],
        "processor_seconds": round(sum(stage["processor_seconds"] for stage in stages.values())),
        "peak_mb": max(stage["peak_mb"] for stage in stages.values()),
    }


def memory_a_record(smaller: Stages, larger: Stages) -> int:
    """Bytes that the stage with the most memory needs for one record more."""
    more = larger["condense"]["records"] - smaller["condense"]["records"]
    return max(round((larger[stage]["peak_mb"] - smaller[stage]["peak_mb"]) * 2**20 / more) for stage in STAGES)


def cost(records: int, smaller: Stages, larger: Stages) -> dict:
    """Processor seconds, memory and pairs at a size that was not run."""
    few, many = (stages["condense"]["records"] for stages in (smaller, larger))
    ours, strangers = pairs_by_kind(smaller, larger)
    seconds = {
        stage: larger[stage]["processor_seconds"]
        if stage == "train"
        else on_line(records, few, many, smaller[stage]["processor_seconds"], larger[stage]["processor_seconds"])
        for stage in STAGES
    }
    pairs = ours * records + strangers * records**2
    beyond = pairs - on_line(records, few, many, smaller["score"]["pairs"], larger["score"]["pairs"])
    seconds["score"] += beyond / pairs_a_second(larger)
    peaks = [on_line(records, few, many, smaller[stage]["peak_mb"], larger[stage]["peak_mb"]) for stage in STAGES]
    return {
        "records": records,
        "pairs": round(pairs),
        "processor_minutes": round(sum(seconds.values()) / 60, 1),
        "peak_gb": round(max(peaks) / 1024, 1),
    }


def pairs_by_kind(smaller: Stages, larger: Stages) -> tuple[float, float]:
    """Pairs that each record brings, and that each pair of records does."""
    few, many = (stages["condense"]["records"] for stages in (smaller, larger))
    at_few, at_many = (stages["score"]["pairs"] for stages in (smaller, larger))
    strangers = (at_many / many - at_few / few) / (many - few)
    return at_few / few - strangers * few, strangers


def pairs_a_second(stages: Stages) -> float:
    """Pairs for each processor second of scoring, with all that comes before."""
    return stages["score"]["pairs"] / stages["score"]["processor_seconds"]


def on_line(at: float, one: float, other: float, of_one: float, of_other: float) -> float:
    """What a line through two measurements says."""
    return of_one + (of_other - of_one) * (at - one) / (other - one)


if __name__ == "__main__":
    main()
