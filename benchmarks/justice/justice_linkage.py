"""The linking of justice records at any size, stage by stage: seconds, processor seconds and memory of each.

    python benchmarks/justice/justice_linkage.py PERSONS_FOLDER OUT_FOLDER [--without SHARE] [--earlier OUT_FOLDER]

PERSONS_FOLDER has standardised_persons as Parquet files, a record's rows in one file; with a column `person`, who each
record is, what was found is held against it. SYNTHETIC records: `benchmarks/justice/persons_at_size.py` writes some.
Each stage runs in a process of its own and writes its tables to OUT_FOLDER: those that are there are not made again, so
a killed run goes on. --without: a share of the records, drawn at random, is left out, as if they came later. --earlier:
the OUT_FOLDER of the release before, whose model is used and of which is taken over what has not changed; ids are then
those that a full run gives too. Prints a JSON line for each stage, then one with the totals.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import polars as pl

from justice_assets.steps.clusters.cluster_persons import CONTRADICTING, cluster_persons
from justice_assets.steps.identities.code_identities import code_identities
from justice_assets.steps.identities.condense_persons import batches_of, condense_persons
from justice_assets.steps.journeys.match_crown_cases import match_crown_cases
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from justice_assets.steps.linking.score_parts import LastRelease
from justice_assets.steps.linking.train_justice_model import train_justice_model
from justice_assets.steps.quality.describe_records import FIRST, LAST
from justice_assets.steps.release.assign_person_ids import RECORD, assign_person_ids
from justice_assets.steps.release.compare_releases import compare_releases
from pathways.bench.justice.measure_clusters import measure_clusters
from pathways.bench.justice.measure_groups import recall_by_group
from record_linkage.model.trained_model import TrainedModel
from record_linkage.scoring.score_in_chunks import ChunkFolder
from record_linkage.splink_backend import SplinkBackend
from resources.settings.study_settings import load_study_settings

KEY = bytes(32)  # of the model's values and of ids: nothing is kept
STAGES = ("condense", "code", "train", "score", "cluster", "release", "journeys")
SEED = 20261130  # of the records that are left out
COURTS = ("crown", "magistrates")


@dataclass
class Run:
    """Where a run reads and writes."""

    persons: Path
    out: Path
    earlier: Path | None
    without: float = 0.0

    def batches(self) -> Iterator[pl.DataFrame]:
        """Standardised persons, a batch at a time, as the zone reads them."""
        for file in self.files:
            yield from batches_of(self.persons_of(file), settings().records_per_batch)

    def persons_of(self, file: Path) -> pl.LazyFrame:
        """Persons of a source, without those that come later."""
        persons = pl.scan_parquet(file)
        kept = pl.struct(RECORD).hash(SEED) % 10_000 >= int(self.without * 10_000)
        return persons.filter(kept) if self.without else persons

    @property
    def files(self) -> list[Path]:
        """A file for each source."""
        return sorted(self.persons.glob("*.parquet"))

    def records(self, *columns: str) -> pl.DataFrame:
        """Some columns of every record."""
        scans = (self.persons_of(file).filter(name_form=0).select(columns).collect() for file in self.files)
        return pl.concat(scans)

    def read(self, table: str) -> pl.DataFrame:
        """A table of an earlier stage."""
        return pl.read_parquet(self.out / f"{table}.parquet")

    def scan(self, table: str) -> pl.LazyFrame:
        """The same, read column by column."""
        return pl.scan_parquet(self.out / f"{table}.parquet")

    def taken_over(self, *tables: str) -> list[pl.LazyFrame] | None:
        """Tables of the release before."""
        return None if self.earlier is None else [pl.scan_parquet(self.earlier / f"{each}.parquet") for each in tables]


def condense(run: Run) -> dict:
    """Records to identities."""
    before = run.taken_over("identities")
    made = condense_persons(run.batches(), before=before[0] if before else None)
    made.identities.write_parquet(run.out / "identities.parquet")
    made.members.write_parquet(run.out / "members.parquet")
    return {"records": made.members["record"].n_unique(), "identities": made.identities.height}


def code(run: Run) -> dict:
    """Identities as numbers."""
    before = run.taken_over("identities", "codes")
    code_identities(run.scan("identities"), (before[0], before[1]) if before else None).write_parquet(
        run.out / "codes.parquet"
    )
    return {}


def train(run: Run) -> dict:
    """The model, from a sample; or that of the release before."""
    if run.earlier is not None:
        shutil.copy(run.earlier / "model.json", run.out / "model.json")
        return {"given": True}
    model = train_justice_model(run.scan("identities"), backend(), settings(), {"synthetic": "benchmark"}, KEY)
    (run.out / "model.json").write_text(model.to_json(), encoding="utf-8")
    return {"trained_on": model.trained_on["identities"], "usual_levels": len(model.usual_levels)}


def score(run: Run) -> dict:
    """Candidate pairs and their weights."""
    model = TrainedModel.from_json((run.out / "model.json").read_text(encoding="utf-8"))
    scoring = justice_scoring(model, KEY, backend(), settings())
    chunks = ChunkFolder(run.out / "chunks", settings().pairs_per_chunk, "benchmark")
    before = run.taken_over("identities", "codes", "scored")
    last = LastRelease(*before) if before else None
    scored, candidates = score_justice_pairs(
        run.scan("identities"), scoring, settings(), chunks, run.scan("codes"), last
    )
    scored.write_parquet(run.out / "scored.parquet")
    return {
        "pairs": candidates.pairs.height,
        "found_by": candidates.found,
        "passed_over": {name: records for name, records in candidates.passed_over.items() if records},
        "kept": scored.height,
    }


def cluster(run: Run) -> dict:
    """People at three thresholds."""
    identities = run.scan("identities").select("identity", *CONTRADICTING).collect()
    found = cluster_persons(identities, run.read("members"), run.read("scored"), settings())
    found.records.write_parquet(run.out / "clusters.parquet")
    people = {name: found.records[name].n_unique() for name in found.records.columns}
    return {"people": people, "refused": found.refused.height}


def release(run: Run) -> dict:
    """Random ids, those of the release before where people were left alone."""
    last = None if run.earlier is None else pl.read_parquet(run.earlier / "person_link.parquet")
    clusters = pl.concat([run.records(*RECORD), run.read("clusters")], how="horizontal")
    link = assign_person_ids(clusters, last, KEY, run.out.name)
    link.write_parquet(run.out / "person_link.parquet")
    return {"changes": compare_releases(link, last)[1].rows()}


def journeys(run: Run) -> dict:
    """The magistrates' case of each Crown Court case, where there are cases beside the persons."""
    crown, magistrates = (run.persons.parent / "cases" / f"{court}.parquet" for court in COURTS)
    if not crown.exists():
        return {}
    clusters = pl.concat([run.records(*RECORD), run.read("clusters")], how="horizontal")
    clusters = clusters.filter(pl.col("source").is_in(COURTS))
    committed = pl.scan_parquet(magistrates).filter(pl.col("committal_date").is_not_null()).collect()
    found = match_crown_cases(pl.read_parquet(crown), committed, clusters)
    found.write_parquet(run.out / "mags_crown_journey.parquet")
    return {"crown_cases": found.height, "with_a_magistrates_case": found["magistrates_case_id"].count()}


def right(run: Run) -> dict:
    """What was found beside the truth, where persons have it; of the middle threshold, recall by group as well."""
    if not all("person" in pl.read_parquet_schema(file) for file in run.files):
        return {}
    clusters, person = run.read("clusters"), run.records("person")["person"]
    found: dict = {name: measure_clusters(clusters[name], person) for name in clusters.columns}
    if (people := true_people(run)) is not None:
        source = run.records("source")["source"].cast(pl.Categorical)
        records = pl.DataFrame({"cluster": clusters["cluster_medium"], "person": person, "source": source})
        found["recall_by"] = recall_by_group(records, people)
    return found


def true_people(run: Run) -> pl.DataFrame | None:
    """What groups every person is of, from the truth beside the persons; None where there is none."""
    truth = sorted((run.persons.parent / "justice_sources" / "truth").glob("*/justice_people.parquet/*.parquet"))
    kinds = {
        "sex": pl.col("sex").cast(pl.Categorical),
        "ethnicity": pl.col("ethnicity").str.head(1).cast(pl.Categorical),
        "birth_decade": (pl.col("birth_year") // 10 * 10).clip(FIRST, LAST).cast(pl.Int16),
        "name_tradition": pl.col("name_tradition").cast(pl.Categorical),
    }
    # A part holds all records of its people.
    parts = [
        pl.scan_parquet(part).select(person="person_id", **kinds).unique("person").collect()  # pyright: ignore[reportArgumentType]
        for part in truth
    ]
    return pl.concat(parts) if parts else None


def settings():
    """Settings of study.toml."""
    return load_study_settings().justice.linkage


def backend() -> SplinkBackend:
    """The database under Splink, with the memory and threads of study.toml."""
    return SplinkBackend.from_settings(settings().backend)


def main() -> None:
    """Run every stage in a process of its own and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("persons", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--earlier", type=Path)
    parser.add_argument("--without", type=float, default=0.0)
    parser.add_argument("--stage", choices=[*STAGES, "right"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    run = Run(given.persons, given.out, given.earlier, given.without)
    if given.stage:
        started = perf_counter()
        found = globals()[given.stage](run)
        used = resource.getrusage(resource.RUSAGE_SELF)
        costs = {
            "stage": given.stage,
            "seconds": round(perf_counter() - started, 1),
            "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
            "peak_mb": used.ru_maxrss // 1024,
        }
        line = json.dumps(costs | found)
        (run.out / f"{given.stage}.json").write_text(line, encoding="utf-8")
        return
    run.out.mkdir(parents=True, exist_ok=True)
    lines: list[dict] = []
    for stage in (*STAGES, "right"):
        file = run.out / f"{stage}.json"
        if not file.exists():
            command = [sys.executable, __file__, *sys.argv[1:], "--stage", stage]
            done = subprocess.run(command, check=False)
            if done.returncode:
                sys.exit(f"stage {stage} stopped: run the same command again to go on")
        lines.append(json.loads(file.read_text(encoding="utf-8")))
        print(json.dumps(lines[-1]), flush=True)
    costs = lines[: len(STAGES)]
    print(
        json.dumps(
            {
                "benchmark": "justice_linkage",
                "records": "synthetic",
                "seconds": round(sum(line["seconds"] for line in costs), 1),
                "processor_seconds": round(sum(line["processor_seconds"] for line in costs), 1),
                "peak_mb": max(line["peak_mb"] for line in costs),
            }
        )
    )


if __name__ == "__main__":
    main()
