"""One benchmark of linkage, from two files, or one with itself, to JSON lines.

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
from pathways.bench.linkage.truth import entities_in_ids, pairs_from_entities, pairs_from_file, pairs_within
from record_linkage.link_files import link_file_with_itself, link_files
from record_linkage.planning.choose_blocks import blocked_pairs_among
from record_linkage.planning.plan_linkage import Plan, plan_linkage
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import Linkage

SCORES = {"raw": "weight", "normalised": "one_sided", "normalised_two_sided": "two_sided"}


@dataclass(frozen=True)
class Asked:
    """What is to be linked and how truth is known; `truth`, `truth_column` or `truth_pattern` is given.

    right: None, or the left file again, where the records of one file are linked with each other.
    """

    left: Path
    right: Path | None
    mapping: Sequence[str] = ()
    ids: str | None = None
    truth: Path | None = None
    truth_ids: str | None = None
    truth_column: str | None = None
    truth_pattern: str | None = None
    full_names: bool = False
    name: str = "linkage"

    @property
    def one_file(self) -> bool:
        """Whether the records of one file are linked with each other."""
        return self.right is None or self.right.resolve() == self.left.resolve()


def bench_linkage(asked: Asked, settings: Linkage) -> Iterator[dict[str, Any]]:
    """Four findings: the data, pairs and cost; then precision and recall of each of three scores.

    Of one file two: there the raw score alone has a meaning, as a record may have many others.

    Raises BenchInputError, which names file, column and what to do.
    """
    started = perf_counter()
    left = read_file(asked.left)
    right = left if asked.one_file or asked.right is None else read_file(asked.right)
    mapped = map_fields(asked.mapping, left, right)
    ids = _ids(asked, left, right)
    true_pairs = _true_pairs(asked, left, right, ids)
    read = perf_counter()
    prepared = prepare_fields(left, right, ids, mapped, asked.full_names)
    plan = plan_linkage(prepared.left, prepared.right, prepared.fields, "bench", settings.seed)
    if not plan.blocked.rules:
        raise BenchInputError("no set of fields gives few enough pairs to look at. Map more fields with --map.")
    planned = perf_counter()
    found = _linked(plan, asked, SplinkBackend.from_settings(settings.backend))
    done = perf_counter()
    yield {
        "benchmark": asked.name,
        "left_records": left.frame.height,
        "right_records": right.frame.height,
        "one_file": asked.one_file,
        "fields": {one.name: one.left if one.left == one.right else f"{one.left}:{one.right}" for one in mapped},
        "names": "full" if asked.full_names else "initials",
        **_findings(plan, found, true_pairs),
        "seconds": round(done - started, 2),
        "seconds_reading": round(read - started, 2),
        "seconds_standardising_and_blocking": round(planned - read, 2),
        "seconds_training_and_scoring": round(done - planned, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "warnings": [
            *dict.fromkeys(file.left_out for file in (left, right) if file.left_out),
            *prepared.warnings,
            *plan.warnings,
            *found.warnings,
        ],
    }
    for score, measured in _measured(found, true_pairs, settings.threshold):
        yield {"benchmark": asked.name, "score": score} | measured


@dataclass(frozen=True)
class _Found:
    """pairs: left_id, right_id and those columns of SCORES that there are. candidates: pairs looked at. duplicates: how
    many are expected within either file."""

    pairs: pl.DataFrame
    candidates: int
    warnings: list[str]
    duplicates: dict[str, int]


def _measured(found: _Found, true_pairs: pl.DataFrame, threshold: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each score that there is, with how right it is."""
    judged = found.pairs.join(
        true_pairs.with_columns(right=pl.lit(True)), on=["left_id", "right_id"], how="left", maintain_order="left"
    ).with_columns(pl.col("right").fill_null(False))
    for score, column in SCORES.items():
        if column in judged.columns:
            yield score, measure_score(judged[column], judged["right"], true_pairs.height, threshold)


def _linked(plan: Plan, asked: Asked, backend: SplinkBackend) -> _Found:
    if asked.one_file:
        return _Found(*link_file_with_itself(plan, backend), {})
    linked = link_files(plan, backend)
    duplicates = {"left": round(linked.left.expected), "right": round(linked.right.expected)}
    return _Found(linked.pairs, linked.candidates, linked.warnings, duplicates)


def _findings(plan: Plan, linked: _Found, true_pairs: pl.DataFrame) -> dict[str, Any]:
    """What was compared and looked at, and how many of the true pairs are among it."""
    found = blocked_pairs_among(true_pairs, plan.blocked)
    return {
        "compared": [comparison.name for comparison in plan.specification.comparisons],
        "true_pairs": true_pairs.height,
        "duplicate_pairs_expected": linked.duplicates,
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
    """left_id and right_id of all true pairs, once each."""
    pairs = _stated_pairs(asked, left, right, ids)
    return pairs_within(pairs, left) if asked.one_file else pairs


def _stated_pairs(asked: Asked, left: File, right: File, ids: tuple[pl.Series, pl.Series]) -> pl.DataFrame:
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
