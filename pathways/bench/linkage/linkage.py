"""One benchmark of linkage, from two files to JSON lines.

Belongs here: the order of the work. Does not belong here: any of the work, and the command's options (command.py).
"""

import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from pathways.bench.linkage.mapping import BenchInputError, File, both_columns, map_fields
from pathways.bench.linkage.measure import DIGITS, measure_score
from pathways.bench.linkage.prepare_fields import prepare_fields
from pathways.bench.linkage.read_files import read_file, read_whole_file, with_ids
from pathways.bench.linkage.truth import entities_in_ids, pairs_from_entities, pairs_from_file
from record_linkage.link_files import Linked, link_files
from record_linkage.planning.choose_blocks import blocked_pairs_among
from record_linkage.planning.plan_linkage import Plan, plan_linkage
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import Linkage


@dataclass(frozen=True)
class Asked:
    """What is to be linked and how truth is known; `truth`, `truth_column` or `truth_pattern` is given."""

    left: Path
    right: Path
    mapping: Sequence[str] = ()
    ids: str | None = None
    truth: Path | None = None
    truth_ids: str | None = None
    truth_column: str | None = None
    truth_pattern: str | None = None
    full_names: bool = False
    name: str = "linkage"


def bench_linkage(asked: Asked, settings: Linkage) -> Iterator[dict[str, Any]]:
    """Four findings: the data, pairs and cost; then precision and recall of each of three scores.

    Raises BenchInputError, which names file, column and what to do.
    """
    started = perf_counter()
    left, right = read_file(asked.left), read_file(asked.right)
    mapped = map_fields(asked.mapping, left, right)
    ids = _ids(asked, left, right)
    true_pairs = _true_pairs(asked, left, right, ids)
    read = perf_counter()
    prepared = prepare_fields(left, right, ids, mapped, asked.full_names)
    plan = plan_linkage(prepared.left, prepared.right, prepared.fields, "bench", settings.seed)
    if not plan.blocked.rules:
        raise BenchInputError("no set of fields gives few enough pairs to look at. Map more fields with --map.")
    planned = perf_counter()
    linked = link_files(plan, SplinkBackend.from_settings(settings.backend))
    done = perf_counter()
    yield {
        "benchmark": asked.name,
        "left_records": left.frame.height,
        "right_records": right.frame.height,
        "fields": {one.name: one.left if one.left == one.right else f"{one.left}:{one.right}" for one in mapped},
        "names": "full" if asked.full_names else "initials",
        **_findings(plan, linked, true_pairs),
        "seconds": round(done - started, 2),
        "seconds_reading": round(read - started, 2),
        "seconds_standardising_and_blocking": round(planned - read, 2),
        "seconds_training_and_scoring": round(done - planned, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "warnings": [file.left_out for file in (left, right) if file.left_out]
        + prepared.warnings
        + plan.warnings
        + linked.warnings,
    }
    judged = linked.pairs.join(
        true_pairs.with_columns(right=pl.lit(True)), on=["left_id", "right_id"], how="left", maintain_order="left"
    ).with_columns(pl.col("right").fill_null(False))
    for score, column in (("raw", "weight"), ("normalised", "one_sided"), ("normalised_two_sided", "two_sided")):
        measured = measure_score(judged[column], judged["right"], true_pairs.height, settings.threshold)
        yield {"benchmark": asked.name, "score": score} | measured


def _findings(plan: Plan, linked: Linked, true_pairs: pl.DataFrame) -> dict[str, Any]:
    """What was compared and looked at, and how many of the true pairs are among it."""
    found = blocked_pairs_among(true_pairs, plan.blocked)
    return {
        "compared": [comparison.name for comparison in plan.specification.comparisons],
        "true_pairs": true_pairs.height,
        "duplicate_pairs_expected": {"left": round(linked.left.expected), "right": round(linked.right.expected)},
        "blocking_rules": {rule.name: rule.pairs for rule in plan.blocked.rules},
        "candidate_pairs": linked.candidates,
        "blocking_recall": round(found / true_pairs.height, DIGITS),
    }


def _ids(asked: Asked, left: File, right: File) -> tuple[pl.Series, pl.Series]:
    if asked.ids:
        names = both_columns(asked.ids, left, right, "--id")
    elif asked.truth_column:
        return with_ids(left, None), with_ids(right, None)
    else:
        names = left.frame.columns[0], right.frame.columns[0]
    return with_ids(left, names[0]), with_ids(right, names[1])


def _true_pairs(asked: Asked, left: File, right: File, ids: tuple[pl.Series, pl.Series]) -> pl.DataFrame:
    ways = [way for way in (asked.truth, asked.truth_column, asked.truth_pattern) if way is not None]
    if len(ways) != 1:
        raise BenchInputError(
            f"truth is given in {len(ways)} ways, and one is needed: --truth FILE of true id pairs, --truth-column "
            r"NAME of an entity in both files, or --truth-pattern REGEX of one inside the ids, such as rec-(\d+)-."
        )
    if asked.truth is not None:
        return pairs_from_file(read_whole_file(asked.truth), asked.truth_ids, *ids)
    if asked.truth_pattern is not None:
        entities = [entities_in_ids(side, asked.truth_pattern) for side in ids]
        return pairs_from_entities(*entities, said="--truth-pattern")
    names = both_columns(str(asked.truth_column), left, right, "--truth-column")
    entities = [
        pl.DataFrame({"id": side, "entity": file.frame[name]})
        for side, file, name in zip(ids, (left, right), names, strict=True)
    ]
    return pairs_from_entities(*entities, said=f"--truth-column {asked.truth_column}")
