"""A next release with 5 % new records beside a full run on the same records: processor seconds of each, and the ratio.

    python benchmarks/justice/next_release.py PERSONS_FOLDER [--new 0.05]

PERSONS_FOLDER as for justice_linkage.py: SYNTHETIC records. Some records, drawn at random, are held back: without them
the last release is made, with them the next, once in full with a model of its own training data and once with what the
last release has. Both must be equal row by row, and people of whom no record is new keep their ids, or it stops.
Processor seconds of this process, as other work on the machine changes those of the clock. Prints a JSON line.
"""

import argparse
import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from justice_assets.steps.clusters.cluster_persons import LEVELS, cluster_persons
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.linking.train_justice_model import train_justice_model
from justice_assets.steps.release.assign_person_ids import RECORD, assign_person_ids
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import load_study_settings

KEY, SEED = bytes(32), 20261130


def main() -> None:
    """Both releases, in full and taken over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--new", type=float, default=0.05)
    given = parser.parse_args()
    files = sorted(given.folder.glob("*.parquet"))
    now = [pl.read_parquet(file) for file in files]
    held_back = pl.struct(RECORD).hash(SEED) % 10_000 < int(given.new * 10_000)
    before = [some.filter(~held_back) for some in now]
    settings = load_study_settings().justice.linkage
    backend = SplinkBackend.from_settings(settings.backend)
    clock = Clock()
    last = made_of(before)
    clock.seconds = {}
    made = clock.of("condense", lambda: condense_persons(now))
    model = clock.of(
        "train", lambda: train_justice_model(made.identities, backend, settings, {"synthetic": "benchmark"}, KEY)
    )
    scoring = justice_scoring(model, KEY, backend, settings)
    last_scored, _ = score_justice_pairs(last.identities, scoring, settings)
    last_link = link_of(before, last, last_scored, None, "last")
    clock.start()
    scored, compared = clock.of("score", lambda: score_justice_pairs(made.identities, scoring, settings))
    link = clock.of("cluster and ids", lambda: link_of(now, made, scored, last_link, "next"))
    full, clock.seconds = clock.seconds, {}
    made = clock.of("condense", lambda: condense_persons(now))
    taken = LastRelease(last.identities, last_scored)
    again, few = clock.of("score", lambda: score_justice_pairs(made.identities, scoring, settings, last=taken))
    link_again = clock.of("cluster and ids", lambda: link_of(now, made, again, last_link, "next"))
    if not (again.equals(scored) and link_again.equals(link)):
        raise SystemExit("what is taken over differs from what a full run gives")
    part, whole = (sum(each.values()) for each in (clock.seconds, full))
    print(
        json.dumps(
            {
                "benchmark": "justice_next_release",
                "records": link.height,
                "new": link.height - last_link.height,
                "compared_in_full": compared.pairs.height,
                "compared": few.pairs.height,
                "full_processor_seconds": {name: round(each, 1) for name, each in full.items()},
                "next_processor_seconds": {name: round(each, 1) for name, each in clock.seconds.items()},
                "ratio": round(part / whole, 3),
                "ratio_without_training": round(part / (whole - full["train"]), 3),
                "equal_row_by_row": True,
                **{f"ids_changed_of_untouched_{level}": changed(link, last_link, level) for level in LEVELS},
            }
        )
    )


def made_of(persons: list[pl.DataFrame]) -> Any:
    """Identities and members."""
    return condense_persons(persons)


def link_of(persons: list[pl.DataFrame], made: Any, scored: pl.DataFrame, last: Any, release: str) -> pl.DataFrame:
    """The lookup of a release."""
    settings = load_study_settings().justice.linkage
    found = cluster_persons(made.identities, made.members, scored, settings).records
    keys = pl.concat(each.filter(name_form=0).select(RECORD) for each in persons)
    return assign_person_ids(pl.concat([keys, found], how="horizontal"), last, KEY, release)


def changed(link: pl.DataFrame, last: pl.DataFrame, level: str) -> int:
    """People with the very same records in both releases whose id is another."""
    name = f"person_{level}"
    sets = [
        each.with_columns(record=pl.struct(RECORD).hash(SEED))
        .group_by(name)
        .agg(records=pl.len(), key=pl.col("record").sum())
        for each in (last, link)
    ]
    both = sets[0].join(sets[1], on=["records", "key"])
    return both.filter(pl.col(name) != pl.col(f"{name}_right")).height


class Clock:
    """Processor seconds of this process by stage."""

    def __init__(self):
        self.seconds: dict[str, float] = {}
        self.start()

    def start(self) -> None:
        """Forget what was spent since the last stage."""
        self.spent = processor_seconds()

    def of(self, stage: str, work: Callable[[], Any]) -> Any:
        """What `work` returns, its seconds kept."""
        self.start()
        found = work()
        self.seconds[stage] = processor_seconds() - self.spent
        return found


def processor_seconds() -> float:
    """So far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
