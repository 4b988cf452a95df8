"""A next release with 5 % new records beside a full run on the same records: processor seconds of each, and the ratio.

    python benchmarks/justice/next_release.py PERSONS_FOLDER [--new 0.05]

PERSONS_FOLDER as for justice_linkage.py: SYNTHETIC records. Some records, drawn at random, are held back: without them
the last release is made, with them the next, once in full with a model of its own training data and once with what the
last release has. Both must be equal row by row, and people of whom no record is new keep their ids, or it stops.
Processor seconds of this process, as other work on the machine changes those of the clock. Prints a JSON line.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl

from justice_assets.steps.clusters.cluster_persons import LEVELS, cluster_persons
from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import Identities, condense_persons
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.linking.train_justice_model import train_justice_model
from justice_assets.steps.release.assign_person_ids import RECORD, assign_person_ids
from record_linkage.identities.score_identities import Scoring
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import load_study_settings

KEY, SEED = bytes(32), 20261130


@dataclass(frozen=True)
class Release:
    """What a release is made of, and its lookup."""

    made: Identities
    codes: pl.DataFrame
    scored: pl.DataFrame
    link: pl.DataFrame
    compared: int


def main() -> None:
    """Both releases, in full and taken over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--new", type=float, default=0.05)
    given = parser.parse_args()
    now = [pl.read_parquet(file) for file in sorted(given.folder.glob("*.parquet"))]
    held_back = pl.struct(RECORD).hash(SEED) % 10_000 < int(given.new * 10_000)
    before = [some.filter(~held_back) for some in now]
    settings, clock = load_study_settings().justice.linkage, Clock()
    backend = SplinkBackend.from_settings(settings.backend)
    identities = condense_persons(now).identities
    model = clock.of(
        "train", lambda: train_justice_model(identities, backend, settings, {"synthetic": "benchmark"}, KEY)
    )
    training, scoring = clock.seconds["train"], justice_scoring(model, KEY, backend, settings)
    last = release_of(before, scoring, Clock(), "last", None, None)
    full, again = Clock(), Clock()
    whole = release_of(now, scoring, full, "next", last.link, None)
    part = release_of(now, scoring, again, "next", last.link, last)
    if not (part.scored.equals(whole.scored) and part.link.equals(whole.link)):
        raise SystemExit("what is taken over differs from what a full run gives")
    spent, needed = sum(again.seconds.values()), sum(full.seconds.values())
    print(
        json.dumps(
            {
                "benchmark": "justice_next_release",
                "records": part.link.height,
                "new": part.link.height - last.link.height,
                "compared_in_full": whole.compared,
                "compared": part.compared,
                "full_processor_seconds": {"train": round(training, 1), **full.rounded()},
                "next_processor_seconds": again.rounded(),
                "ratio": round(spent / (needed + training), 3),
                "ratio_without_training": round(spent / needed, 3),
                "equal_row_by_row": True,
                **{f"ids_changed_of_untouched_{level}": changed(part.link, last.link, level) for level in LEVELS},
            }
        )
    )


def release_of(
    persons: list[pl.DataFrame],
    scoring: Scoring,
    clock: "Clock",
    name: str,
    last_link: pl.DataFrame | None,
    last: Release | None,
) -> Release:
    """A release of persons; with `last` what it has is taken over."""
    settings = load_study_settings().justice.linkage
    before = last.made.identities.lazy() if last else None
    coded = (last.made.identities.lazy(), last.codes.lazy()) if last else None
    taken = LastRelease(last.made.identities.lazy(), last.codes.lazy(), last.scored.lazy()) if last else None
    made = clock.of("condense", lambda: condense_persons(persons, before=before))
    codes = clock.of("code", lambda: code_identities(made.identities.lazy(), coded))
    scored, looked_at = clock.of(
        "score", lambda: score_justice_pairs(made.identities, scoring, settings, None, codes, taken)
    )
    link = clock.of("cluster and ids", lambda: link_of(persons, made, scored, last_link, name))
    return Release(made, codes, scored, link, looked_at.pairs.height)


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
        self.spent = process_time()

    def rounded(self) -> dict[str, float]:
        """By stage."""
        return {name: round(each, 1) for name, each in self.seconds.items()}

    def of(self, stage: str, work: Callable[[], Any]) -> Any:
        """What `work` returns, its seconds kept."""
        self.start()
        found = work()
        self.seconds[stage] = process_time() - self.spent
        return found


if __name__ == "__main__":
    main()
