"""Both linkages train on a sample, score and cluster on a cluster of two workers, and it says what DuckDB says.

Spark starts a master and two workers on this machine (local-cluster), each with a core and memory of its own.
Estimates are compared after few rounds: each is a query, which takes a cluster a second.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from justice_assets.steps.clusters.cluster_persons import cluster_persons
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking import train_justice_model as of_justice
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from linkage_assets.steps.links.score_pairs import score_pairs
from linkage_assets.steps.model import train_linkage_model as of_study
from linkage_assets.steps.people.find_duplicates import cluster_offenders
from record_linkage.model.trained_model import TrainedModel, model_parameters
from record_linkage.specification import LinkageSpecification
from record_linkage.splink_backend import SplinkBackend
from tests.open_backend import AlreadyOpen
from tests.unit.justice_assets.stated_linkage import SETTINGS, person, persons

CLUSTER = "local-cluster[2,1,1024]"  # workers, cores and memory (MB) of each
ROUNDS = 2
# What is written for a cluster, here that nothing leaves this machine; and that of few rows no query is compiled, which
# is most of what they take.
CONFIGURED = """
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.authenticate true
spark.authenticate.secret of-this-test-alone
spark.sql.shuffle.partitions 2
spark.default.parallelism 2
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""
FORENAMES, SURNAMES = ("JOHN", "JON", "ANN", "SIOBHAN", "DARREN", "MOHAMMED"), ("PRICE", "PRYCE", "ONEILL", "KHAN")
ABOUT: dict[str, Any] = {"synthetic": "test"}


@dataclass
class Linked:
    """What one engine gave: the model, the scored pairs, and who is one person."""

    model: TrainedModel
    scored: pl.DataFrame
    people: pl.DataFrame


def few_rounds(specification: LinkageSpecification) -> LinkageSpecification:
    """The specification, trained by all of its rules in few rounds; nobody looks at the model."""
    plan = replace(specification.training, most_iterations=ROUNDS, unattended=True)
    return replace(specification, training=plan)


def linked_study(records, backend: Any, linkage, key: bytes) -> Linked:
    """The study's linkage of people on probation and in treatment."""
    with pytest.MonkeyPatch.context() as patch:
        made = of_study.linkage_specification
        patch.setattr(of_study, "linkage_specification", lambda settings: few_rounds(made(settings)))
        model = of_study.train_linkage_model(*records, backend, linkage, ABOUT, key)
    scored = score_pairs(*records, model, key, backend, linkage)
    return Linked(model, scored, cluster_offenders(records[0], backend, linkage))


def justice_records() -> Any:
    """Identities of 150 people with two records each, which differ in one thing, and their members."""
    draw = np.random.default_rng(11)
    rows: list[dict[str, Any]] = []
    for number in range(150):
        born = date(1960, 1, 1) + timedelta(days=int(draw.integers(0, 15_000)))
        names = str(draw.choice(FORENAMES)), str(draw.choice(SURNAMES))
        more = {"sex": "FM"[number % 3 > 0], "postcode": f"LS{number % 9 + 1} 4AB", "middle_names": "LEE"}
        more |= {"pnc": f"2004/{number:07d}A"} if number % 4 else {"cro": f"{number:06d}/04B"}
        rows.append(person(f"M{number}", *names, born.isoformat(), **more))
        slip = {0: {"postcode": "M1 1AA"}, 1: {"middle_names": None}, 2: {"sex": None}}[number % 3]
        rows.append(person(f"N{number}", *names, born.isoformat(), **more | slip))
    return condense_persons([persons(*rows)])


def linked_justice(backend: Any, key: bytes) -> Linked:
    """The linkage of justice records, from training to people."""
    made = justice_records()
    with pytest.MonkeyPatch.context() as patch:
        specified = of_justice.justice_specification
        patch.setattr(of_justice, "justice_specification", lambda settings: few_rounds(specified(settings)))
        model = of_justice.train_justice_model(made.identities, backend, SETTINGS, ABOUT, key)
    scored, _ = score_justice_pairs(made.identities, justice_scoring(model, key, backend, SETTINGS), SETTINGS)
    return Linked(model, scored, cluster_persons(made.identities, made.members, scored, SETTINGS).records)


@pytest.fixture(scope="module")
def on_cluster(records, key, linkage, tmp_path_factory):
    """How many executors worked, and what both linkages gave there."""
    configured = tmp_path_factory.mktemp("configured")
    (configured / "spark-defaults.conf").write_text(CONFIGURED, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(configured))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # as in test_splink_backend_spark
        spill = tmp_path_factory.mktemp("spill")
        backend = SplinkBackend(engine="spark", memory_limit="1GB", spark_master=CLUSTER, spill_parent=spill)
        with backend.open("linking on a cluster") as database:
            opened = AlreadyOpen(database)
            study, justice = linked_study(records, opened, linkage, key), linked_justice(opened, key)
            # The driver is counted too
            executors = database.spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    return executors, study, justice


def same_to_four_decimals(there: Linked, here: Linked) -> None:
    """Estimates, weights and probabilities, and exactly the same pairs, levels and people."""
    assert_frame_equal(model_parameters(there.model), model_parameters(here.model), check_exact=False, abs_tol=5e-5)
    assert_frame_equal(there.scored, here.scored, check_exact=False, abs_tol=1e-4, rel_tol=0)
    assert_frame_equal(there.people, here.people)


def test_two_workers_worked(on_cluster):
    assert on_cluster[0] == 2


def test_the_linkage_of_the_study_is_the_same_there_from_training_to_people(on_cluster, records, key, linkage):
    here = linked_study(records, SplinkBackend(memory_limit="500MB"), linkage, key)
    assert here.scored.height > 100
    same_to_four_decimals(on_cluster[1], here)


def test_the_linkage_of_justice_records_is_the_same_there_from_training_to_people(on_cluster, key):
    here = linked_justice(SplinkBackend(memory_limit="500MB"), key)
    people = here.people["cluster_medium"]
    assert here.scored["match_weight"].n_unique() > 10 and people.n_unique() < people.len()
    same_to_four_decimals(on_cluster[2], here)
