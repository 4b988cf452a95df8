"""Comparing identities gives what comparing all records would: the same weights and the same people."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from splink import Linker, SettingsCreator

from record_linkage.comparisons.levels import alike, anything_else, exact, missing
from record_linkage.entities.clusters import smallest_connected
from record_linkage.entities.nested_clusters import nested_clusters
from record_linkage.identities.candidate_pairs import agrees_with_itself
from record_linkage.identities.condense import IDENTITY, condense
from record_linkage.identities.group_candidates import GROUP, Candidates, group_candidates
from record_linkage.identities.score_identities import Scoring, as_rows, own_weights, score_identities
from record_linkage.identities.value_codes import codes_of
from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.specification import PRIOR, Adjustment, Comparison, LinkageSpecification, TrainingPlan
from record_linkage.splink_backend import SplinkBackend, query_frame, register_frame
from resources.secrets.keyed_hash import key_digest

KEY = bytes(32)
NAME = Comparison(
    "name", missing("name"), (exact("same", "name", frequency=True), alike("alike", "name", 0.8), anything_else())
).stating([0.8, 0.1, 0.1])
BORN = Comparison("born", missing("born"), (exact("same", "born"), anything_else())).stating([0.95, 0.05])
PNC = Comparison("pnc", missing("pnc"), (exact("same", "pnc"), anything_else())).stating([0.9, 0.1])
U = {"name": [0.1, 0.1, 0.8], "born": [0.05, 0.95], "pnc": [0.001, 0.999]}
RULES = {
    "same name": ("name",),
    "same birth and number": ("born", "pnc"),
    "turned": (("name", "other"), ("other", "name")),
}
TWINS = Adjustment("twins", {"name": NAME.at("alike"), "born": BORN.at("same")}, -2.0)
SPECIFICATION = LinkageSpecification("test", (NAME, BORN, PNC), RULES, TrainingPlan(1, 1, (), 1.0), -3.0, (TWINS,))
COLUMNS = ["name", "other", "born", "pnc"]
THRESHOLDS = (0.0, 2.0, 6.0)


def trained(frequencies: dict[str, float]) -> TrainedModel:
    splink = SPECIFICATION.for_splink()
    splink[PRIOR] = 0.02
    for comparison in splink["comparisons"]:
        for level, u in zip(comparison["comparison_levels"][1:], U[comparison["output_column_name"]], strict=True):
            level["u_probability"] = u
    named = dict(zip(hashed_values("name", pl.Series(list(frequencies)), KEY), frequencies.values(), strict=True))
    return TrainedModel(splink, {"name": named}, [], [], [], {}, {"synthetic": "test"}, key_digest(KEY))


MODEL = trained({"ANNE": 0.2, "ANNA": 0.05, "BEN": 0.01})
SCORING = Scoring(MODEL, SPECIFICATION, KEY, SplinkBackend(memory_limit="200MB", threads=1))

record = st.tuples(
    st.sampled_from(["ANNE", "ANNA", "BEN", "ZO", None]),
    st.sampled_from(["ANNE", "BEN", None]),
    st.sampled_from(["1980", "1981", None]),
    st.sampled_from(["1", "2", None]),
)


def frame(rows: list[tuple]) -> pl.DataFrame:
    schema = dict.fromkeys(COLUMNS, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index("record")


def candidate_pairs(identities: pl.DataFrame, largest_block: int) -> Candidates:
    """Pairs of identities, each a group of its own."""
    codes = {name: codes_of(identities[name]) for name in COLUMNS}
    table = {GROUP: np.arange(identities.height, dtype=np.uint32), **codes}
    return group_candidates([table], RULES, largest_block)


def people_of_identities(records: pl.DataFrame, batches: int = 2) -> list[list[int]]:
    """For each threshold the smallest record of each record's person, comparing identities."""
    size = max(1, math.ceil(records.height / batches))
    condensed = condense((records[start : start + size] for start in range(0, records.height, size)), COLUMNS)
    identities = SCORING.with_shares(condensed.identities)
    pairs = candidate_pairs(identities, largest_block=1000).pairs
    scored = score_identities(identities, pairs, SCORING)
    clusters = nested_clusters(own_weights(identities, SCORING), as_rows(scored, identities), THRESHOLDS)
    row = condensed.members
    found = []
    for label, alone in zip(clusters.labels, clusters.falls_apart, strict=True):
        person = pl.DataFrame(
            {"record": records["record"], "person": label[row.to_numpy()], "alone": alone[row.to_numpy()]}
        ).with_columns(pl.when("alone").then(-1 - pl.col("record").cast(pl.Int64)).otherwise("person").alias("person"))
        found.append(person.select(pl.col("record").min().over("person"))["record"].to_list())
    return found


def splink_pairs(records: pl.DataFrame) -> pl.DataFrame:
    """Every pair of records as Splink itself blocks and scores it, adjusted: l, r, match_weight."""
    description = MODEL.splink | {"link_type": "dedupe_only", "unique_id_column_name": "record"}
    description |= {"additional_columns_to_retain": [], "source_dataset_column_name": None}
    with SCORING.backend.open("a test") as database:
        table = register_frame(database, records.with_columns(pl.col("record").cast(pl.Int64)), "people")
        linker = Linker(table, SettingsCreator.from_path_or_dict(description), log_level=None, validate_settings=False)
        lookup = MODEL.frequencies_of("name", records["name"], KEY)
        everything = records.select("name").drop_nulls().unique().join(lookup, on="name", how="left")
        lookup = everything.with_columns(pl.col("tf_name").fill_null(0.01))
        linker.table_management.register_term_frequency_lookup(register_frame(database, lookup, "tf"), "name")
        scored = linker.inference.predict(warning_mode="never").physical_name
        pairs = query_frame(
            database, f"SELECT record_l AS l, record_r AS r, match_weight, gamma_name, gamma_born FROM {scored}"
        )
    twins = (pl.col("gamma_name") == 1) & (pl.col("gamma_born") == 1)
    weight = (pl.col("match_weight") + pl.when(twins).then(-2.0).otherwise(0.0)).round(4)
    return pairs.select("l", "r", match_weight=weight).filter(pl.col("match_weight") >= SPECIFICATION.lowest_weight)


def people_of_records(records: pl.DataFrame) -> list[list[int]]:
    pairs = splink_pairs(records)
    ids = records["record"].cast(pl.Int64)
    thresholds = sorted(THRESHOLDS, reverse=True)
    return [smallest_connected(ids, pairs.filter(pl.col("match_weight") >= t)).to_list() for t in thresholds]


@settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(record, min_size=12, max_size=60))
def test_people_are_those_of_comparing_every_record(rows):
    records = frame(rows)
    assert people_of_identities(records) == people_of_records(records)


def test_weights_are_those_of_comparing_every_record():
    rows = [("ANNE", "BEN", "1980", "1"), ("ANNA", "ANNE", "1980", None), ("BEN", "ANNE", "1981", "1")] * 2
    rows += [("ANNE", None, "1980", None), ("ANNA", None, None, "2"), ("ZO", "BEN", "1980", "1")]
    records = frame(rows)
    condensed = condense([records], COLUMNS)
    identities = SCORING.with_shares(condensed.identities)
    pairs = candidate_pairs(identities, largest_block=1000).pairs
    scored = score_identities(identities, pairs, SCORING)
    by_identity = {frozenset(row[:2]): row[2] for row in scored.iter_rows()}
    own = dict(zip(identities[IDENTITY], own_weights(identities, SCORING), strict=True))
    expected = splink_pairs(records)
    ids = identities[IDENTITY][condensed.members]
    assert expected.height > 6
    for left, right, weight in expected.iter_rows():
        one, other = ids[left], ids[right]
        ours = own[one] if one == other else by_identity[frozenset((one, other))]
        assert ours == pytest.approx(weight, abs=1e-4)


def test_one_signature_says_too_little_to_be_one_person_and_stays_apart():
    records = frame([("ANNE", None, None, None)] * 50 + [("ZO", None, "1980", "1")] * 3)
    highest = people_of_identities(records)[0]
    assert len(set(highest[:50])) == 50
    assert len(set(highest[50:])) == 1


def test_identities_do_not_depend_on_the_order_or_batches_of_records():
    records = frame([("ANNE", None, "1980", None), ("BEN", None, "1980", None), ("ANNE", None, "1980", None)])
    one, other = condense([records], COLUMNS), condense([records[2:], records[:2]], COLUMNS)
    assert one.identities.equals(other.identities)
    assert one.records.to_list() == other.records.to_list()


def test_records_that_must_stay_alone_are_identities_of_their_own():
    records = frame([("ANNE", None, "1980", None)] * 3).with_columns(alone=pl.Series([None, "first", "second"]))
    assert condense([records], COLUMNS, apart="alone").identities.height == 3


def test_a_block_too_large_to_compare_is_counted_and_left_out():
    records = frame(
        [("ANNE", None, str(year), None) for year in range(20)] + [("BEN", None, str(y), None) for y in (1, 2)]
    )
    identities = condense([records], COLUMNS).identities
    candidates = candidate_pairs(identities, largest_block=10)
    assert candidates.pairs.height == 1
    assert candidates.passed_over["same name"] == 20


def test_a_record_without_what_any_rule_asks_for_is_not_brought_together_with_its_like():
    records = frame([(None, "ANNE", "1980", None), ("BEN", None, None, None)])
    assert agrees_with_itself(records, RULES).to_list() == [False, True]
