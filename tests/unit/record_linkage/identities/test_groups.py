"""Groups hold nobody whom some pair would keep apart, and are looked at once, by the best that they have."""

import numpy as np
import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from record_linkage.comparisons.levels import anything_else, exact, missing
from record_linkage.identities.certain_groups import Groups, certain_groups
from record_linkage.identities.coded_identities import CodedIdentities, coded_columns
from record_linkage.identities.condense import condense
from record_linkage.identities.group_candidates import (
    GROUP,
    best_forms,
    forms_of_groups,
    group_candidates,
    rows_with,
)
from record_linkage.identities.group_values import chosen_values, values_of_groups
from record_linkage.identities.least_weights import Keys
from record_linkage.identities.score_identities import Scoring, Shares, score_identities
from record_linkage.identities.value_codes import codes_of
from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.specification import PRIOR, Adjustment, Comparison, LinkageSpecification, TrainingPlan
from record_linkage.splink_backend import SplinkBackend
from resources.secrets.keyed_hash import key_digest

KEY = bytes(32)
COLUMNS = ["name", "born", "place", "area", "pnc"]
PLACE = (exact("same", "place"), exact("same area", "area"), anything_else())
COMPARED = (
    Comparison("name", missing("name"), (exact("same", "name", frequency=True), anything_else())).stating([0.9, 0.1]),
    Comparison("born", missing("born"), (exact("same", "born"), anything_else())).stating([0.95, 0.05]),
    Comparison("place", missing("place"), PLACE).stating([0.6, 0.3, 0.1]),
    Comparison("pnc", missing("pnc"), (exact("same", "pnc"), anything_else())).stating([0.97, 0.03]),
)
U = {"name": [0.05, 0.95], "born": [0.05, 0.95], "place": [0.01, 0.09, 0.9], "pnc": [0.001, 0.999]}
TWINS = Adjustment("twins", {"name": COMPARED[0].at("anything else"), "born": COMPARED[1].at("same")}, -2.0)
SPECIFICATION = LinkageSpecification("test", COMPARED, {"one": ("name",)}, TrainingPlan(1, 1, (), 1.0), -99.0, (TWINS,))
KEYS = Keys(
    {"number": ("born", "pnc"), "all": ("name", "born"), "home": ("name", "place")},
    complete=("area",),
    apart=("pnc",),
    doubtful=pl.col("name") == "ZO",
)


def model() -> TrainedModel:
    splink = SPECIFICATION.for_splink()
    splink[PRIOR] = 0.02
    for comparison in splink["comparisons"]:
        for level, u in zip(comparison["comparison_levels"][1:], U[comparison["output_column_name"]], strict=True):
            level["u_probability"] = u
    shares = dict(zip(hashed_values("name", pl.Series(["ANNE", "BEN"]), KEY), [0.3, 0.01], strict=True))
    return TrainedModel(splink, {"name": shares}, [], [], [], {}, {"synthetic": "test"}, key_digest(KEY))


SCORING = Scoring(model(), SPECIFICATION, KEY, SplinkBackend(memory_limit="200MB", threads=1))
record = st.tuples(
    st.sampled_from(["ANNE", "BEN", "ZO", None]),
    st.sampled_from(["1980", "1981", None]),
    st.sampled_from(["LS1 1", "LS1 2", "M1 1", None]),
    st.sampled_from(["1", "2", None]),
)


def identities_of(rows: list[tuple]) -> pl.DataFrame:
    given = [(name, born, place, place and place[:2], pnc) for name, born, place, pnc in rows]
    frame = pl.DataFrame(given, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    condensed = condense([frame], COLUMNS)
    return SCORING.with_shares(condensed.identities.with_columns(condensed.records))


def groups_of(identities: pl.DataFrame, threshold: float) -> Groups:
    codes, shares = coded_columns(identities.lazy(), COLUMNS, [], shares=Shares(SCORING))
    doubtful = identities.select(KEYS.doubtful.fill_null(False)).to_series().to_numpy()
    coded = CodedIdentities(codes, shares, (identities["records"] > 1).to_numpy(), doubtful)
    return certain_groups(coded, KEYS, SCORING.model, SPECIFICATION, threshold)


def coded(rows: pl.DataFrame) -> dict:
    return {GROUP: rows[GROUP].to_numpy()} | {
        name: codes_of(rows[name]) for name in rows.columns if name not in (GROUP, "tf_place")
    }


@settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(record, min_size=20, max_size=80))
def test_no_pair_that_shares_a_certain_key_weighs_less_than_the_group_says(rows):
    identities = identities_of(rows).with_row_index("row")
    threshold = 2.0
    at_least = groups_of(identities, threshold).at_least
    pairs = identities.select(l="row").join(identities.select(r="row"), how="cross").filter(pl.col("l") <= pl.col("r"))
    weights = pairs.with_columns(score_identities(identities, pairs, SCORING)["match_weight"])
    of_key = []
    for columns in (["born", "pnc"], ["name", "born"], ["name", "place"]):
        some = identities.drop_nulls(columns).filter((pl.col("name") != "ZO").fill_null(True))
        one_number = pl.col("pnc").drop_nulls().n_unique().over(columns) <= 1
        together = some.filter(one_number).select("row", pl.struct(columns).alias("key"))
        both = together.rename({"row": "l"}).join(together.rename({"row": "r"}), on="key").drop("key")
        lowest = weights.join(both, on=["l", "r"]).join(together.rename({"row": "l"}), on="l")
        of_key.append(lowest.group_by("key").agg(pl.col("match_weight").min(), pl.col("l", "r")))
    certain = {row for row, bits in enumerate(at_least) if bits >= threshold}
    reached = pl.concat([each.select("match_weight", rows=pl.concat_list("l", "r")) for each in of_key])
    best = reached.explode("rows").group_by("rows").agg(pl.col("match_weight").max())
    said = dict(best.iter_rows())
    assert all(said[row] >= at_least[row] - 0.001 for row in certain)


def test_identities_with_a_key_are_a_group_unless_two_numbers_or_a_doubt_are_in_it():
    rows = [("ANNE", "1980", "LS1 1", "1"), ("ANNE", "1980", "M1 1", "1"), ("BEN", "1980", "M1 1", "1")]
    identities = identities_of(
        [*rows, ("ANNE", "1981", "M1 1", "2"), ("ANNE", "1981", "M1 1", "1"), ("ZO", "1981", "M1 1", "1")]
    )
    groups = groups_of(identities, 0.0)
    named = dict(zip(identities.select("name", "born", "place", "pnc").rows(), groups.group.tolist(), strict=True))
    assert named[rows[0]] == named[rows[1]]
    assert named["ANNE", "1981", "M1 1", "2"] != named["ANNE", "1981", "M1 1", "1"]
    assert len({named[row] for row in named if row[0] == "ZO"} & {named[row] for row in named if row[0] != "ZO"}) == 0
    assert groups.edges.height == identities.height - groups.number


def test_groups_are_compared_once_however_many_rules_and_identities_bring_them_together():
    identities = pl.DataFrame(
        {GROUP: [0, 0, 1, 1, 2], "name": ["A", "B", "A", "B", "C"], "born": ["1", "1", "1", "2", "9"]},
        schema_overrides={GROUP: pl.UInt32},
    )
    rules = {"name": ("name",), "born": ("born",), "both": ("born", "name")}
    tables = [coded(identities.select(GROUP, "name")), coded(identities)]
    found = group_candidates(tables, rules, largest_block=10)
    assert found.pairs.rows() == [(0, 1)]
    assert found.found == {"name": 1, "born": 1, "both": 1}


def test_the_two_forms_that_agree_best_stand_for_two_groups_and_each_has_its_places():
    identities = pl.DataFrame(
        {
            GROUP: [0, 0, 0, 1, 1],
            "name": ["ANNE", "BEN", "BEN", "BEN", "ZO"],
            "born": ["1980", "1981", "1981", "1981", None],
            "place": ["M1", "M1", "M2", None, "M2"],
        },
        schema_overrides={GROUP: pl.UInt32},
    )
    codes = coded(identities)
    forms = forms_of_groups(codes[GROUP], [codes["name"], codes["born"]])
    assert list(zip(forms.group, identities["name"][forms.rows], forms.rows, strict=True)) == [
        (0, "ANNE", 0),
        (0, "BEN", 1),
        (1, "BEN", 3),
        (1, "ZO", 4),
    ]
    table = {column: values[forms.rows] for column, values in codes.items()}
    pairs = pl.DataFrame({"l": [0], "r": [1]}, schema={"l": pl.UInt32, "r": pl.UInt32})
    assert best_forms(pairs, forms, table, {("name",): 3.0, ("born",): 2.0}).rows() == [(1, 2)]
    rows = rows_with(forms.of_row, codes["place"])
    assert sorted(rows.tolist()) == [0, 1, 2, 4]
    assert sorted(codes[GROUP][rows].tolist()) == [0, 0, 0, 1]


def test_of_the_values_of_two_groups_the_rarest_in_common_is_compared_or_one_alike_in_part():
    identities = pl.DataFrame(
        {
            GROUP: [0, 0, 1, 1, 2, 3],
            "place": ["LS1 1", "M1 1", "M1 1", "LS1 1", "LS1 9", None],
            "tf_place": [0.2, 0.1, 0.1, 0.2, 0.1, None],
        },
        schema_overrides={GROUP: pl.UInt32},
    )
    codes = coded(identities.with_columns(area=pl.col("place").str.head(3)))
    share = identities["tf_place"].to_numpy().astype(np.float32)
    values = values_of_groups(codes[GROUP], np.ones(4, dtype=np.bool_), codes, ["place", "area"], share)
    pairs = pl.DataFrame({"l": [0, 1, 0], "r": [1, 2, 3]}, schema={"l": pl.UInt32, "r": pl.UInt32})
    chosen = [identities["place"][rows].to_list() for rows in chosen_values(pairs, values)]
    assert chosen == [["M1 1", "LS1 1", "LS1 1"], ["M1 1", "LS1 9", None]]
