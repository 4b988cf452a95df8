"""What of the linkage's quality may cross: rounded counts, shares of enough people, and nothing that identifies."""

import polars as pl
import pytest

from contracts.crossings import LinkageQuality
from linkage_assets.steps.quality.linkage_error_sections import (
    add_choices,
    add_drift,
    add_groups,
    add_profile,
    add_review,
)
from linkage_assets.steps.quality.linkage_quality_sections import (
    OTHER_PATTERNS,
    add_contradictions,
    add_patterns,
    add_people,
)
from linkage_assets.steps.quality.quality_cells import QualityCells
from linkage_assets.steps.requirements.count_consort import NOT_IN_PERIOD
from resources.drift.judge_drift import drift_frame
from resources.review.read_findings import read_review_findings
from resources.zone.schema_check import check_frame


@pytest.fixture
def cells():
    return QualityCells(base=5, minimum_base=30)


def shown(cells, **where):
    """Measures of a row: value, or status where there is none."""
    rows = cells.frame(synthetic=True).filter(**where)
    return {
        row["measure"]: row["words"] or (row["status"] if row["value"] is None else row["value"])
        for row in rows.to_dicts()
    }


@pytest.mark.parametrize(("number", "rounded"), [(0, 0), (1, 0), (2, 0), (3, 5), (4, 5), (5, 5), (7, 5), (8, 10)])
def test_counts_are_rounded_so_that_small_ones_are_never_shown(cells, number, rounded):
    assert cells.rounded(number) == rounded


@pytest.mark.parametrize("base", [1, 2, 5, 6])
def test_no_count_under_the_disclosure_threshold_is_left_for_any_threshold(base):
    cells = QualityCells(base, 30)
    assert not [number for number in range(200) if 0 < cells.rounded(number) < base]


def test_shares_are_of_rounded_counts_so_that_exact_ones_cannot_be_worked_out(cells):
    cells.row("groups", "a").percent("share", 33, 62)
    assert shown(cells) == {"share": round(100 * 35 / 60, 4)}


def test_a_share_of_too_few_is_withheld_and_one_of_none_is_not_available(cells):
    cells.row("groups", "a").percent("few", 3, 26).percent("none", 0, 0)
    assert shown(cells) == {"few": "[u]", "none": "[x]"}


def test_patterns_of_fewer_than_the_threshold_stand_in_one_row(cells):
    pairs = pl.DataFrame({"pattern": ["all five the same"] * 20 + ["sex: different"] * 4 + ["initials: missing"] * 3})
    add_patterns(cells, "comparator patterns", "Both", pairs)
    assert cells.frame(True).select("row_label", "value").rows() == [("All five the same", 20), (OTHER_PATTERNS, 5)]


def test_a_small_group_shows_no_rate_and_its_profile_no_difference(cells):
    groups = pl.DataFrame(
        {
            "grouping": ["Sex"],
            "level": ["Female"],
            "people": [20],
            "linkable": [20],
            "linked": [4],
            "expected_false": [0.1],
            "expected_missed": [2.0],
            "false_variance": [0.1],
            "missed_variance": [1.5],
        }
    )
    add_groups(cells, groups, 0.95)
    assert shown(cells, section="groups") == {
        "People": 20,
        "Enough identifiers (%)": "[u]",
        "Linked (% of those)": "[u]",
        "Expected false (% of linked)": "[u]",
        "Expected missed (% of expected true)": "[u]",
    }
    add_profile(
        cells,
        pl.DataFrame(
            {
                "grouping": ["Sex"] * 2,
                "level": ["Female", "Male"],
                "linked": [4, 100],
                "not_linked": [16, 80],
                "standardised_difference": [0.4, -0.4],
            }
        ),
    )
    assert shown(cells, row_label="Female", section="profile")["Standardised difference"] == "[u]"
    assert shown(cells, row_label="Male", section="profile")["Standardised difference"] == -0.4


def test_links_of_one_person_to_several_are_counted_on_both_sides(cells):
    links = pl.DataFrame(
        {
            "cluster_id": [f"X{i}" for i in range(40) for _ in range(2)],
            "client_cluster_id": [f"C{i}" for i in range(80)],
        }
    )
    consort = pl.DataFrame({"step": [NOT_IN_PERIOD], "after": [33]})
    add_contradictions(cells, links, pl.DataFrame({"person_pseudonym": [f"MP{i}" for i in range(40)]}), consort)
    numbers = dict(cells.frame(True).select("row_label", "value").rows())
    assert numbers["Probation people with links to several NDTMS people"] == 40
    assert numbers["NDTMS people with links to several probation people"] == 0
    assert numbers["Of these, with a treatment record in the period of sentences"] == 35


def test_clusters_are_reported_by_size_only(cells):
    records = pl.DataFrame({"person_id": ["D1", "D2", "D3"]})
    clusters = pl.DataFrame({"crn": ["D1", "D2", "D3"], "cluster_id": ["D1", "D1", "D1"]})
    clients = pl.DataFrame({"client_id": ["C1"], "client_cluster_id": ["C1"]})
    add_people(cells, records, pl.DataFrame({"person_id": ["C1"]}), clusters, clients)
    assert shown(cells, row_label="Probation (nDelius)")["Identifiers of the largest"] == 3
    text = cells.frame(True).select(pl.concat_str("row_group", "row_label", "measure")).to_series().str.join(" ").item()
    assert not any(identifier in text for identifier in ("D1", "D2", "C1"))


def test_a_review_stands_beside_the_estimates_and_says_when_it_is_of_an_earlier_run(cells):
    at = {
        "precision": 0.991,
        "precision_low": 0.98,
        "precision_high": 0.997,
        "recall": 0.9,
        "recall_low": None,
        "recall_high": None,
    }
    findings = {
        "current_threshold": at,
        "pairs_judged": 400,
        "reviewers": 2,
        "pairs_of_people": 900,
        "agreement": {"kappa": {"value": 0.975, "low": 0.95, "high": 0.99}},
        "simulated": False,
    }
    add_review(cells, findings, person_pairs=901)
    assert shown(cells, row_label="Precision of links") == {
        "Estimate (%)": pytest.approx(99.1),
        "Lower limit (%)": 98,
        "Upper limit (%)": 99.7,
    }
    assert shown(cells, row_label="Cohen's kappa of both") == {"Value": 0.97}
    assert shown(cells, row_label="Pairs are of") == {"Value": "an earlier run"}
    assert shown(cells, row_label="Reviewers are") == {"Value": "people"}


def test_without_a_review_its_part_is_empty(cells, tmp_path):
    assert read_review_findings(tmp_path, synthetic=True) is None
    add_review(cells, None, 10)
    assert cells.rows == []


def test_a_simulated_review_counts_on_synthetic_extracts_only_and_only_without_a_real_one(tmp_path):
    for folder in ("review_simulated", "review"):
        assert read_review_findings(tmp_path, synthetic=False) is None
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "review_findings.json").write_text('{"reviewers": 2}', encoding="utf-8")
        found = {"reviewers": 2, "simulated": folder == "review_simulated"}
        assert read_review_findings(tmp_path, synthetic=True) == found
    assert read_review_findings(tmp_path, synthetic=False) == {"reviewers": 2, "simulated": False}


def drift(measure, kind, value, base, training=None, last=None, low=None, high=None, within=True):
    """A table of drift with one measure of the courts."""
    row = ("courts", measure, kind, value, base, training, last, low, high, within, "training")
    return drift_frame([row])


def test_drift_crosses_as_shares_of_rounded_counts_so_that_no_small_count_follows(cells):
    table = drift("results with an outcome", "share", 0.98765, 20_000, 0.98, None, 0.93, 1.0, False)
    add_drift(cells, table.clear(), table)
    assert cells.frame(True)["row_label"].to_list()[-1] == "Results with an outcome"
    assert cells.frame(True)["row_group"].to_list()[-1] == "Courts, shares"
    assert shown(cells) == {
        "Compared with": "training",
        "This quarter": 98.775,
        "Training": 98.0,
        "Last quarter": "[x]",
        "Allowed": "from 93 to 100 per cent",
        "Within": "no",
    }


@pytest.mark.parametrize(("kind", "value"), [("share", 0.02), ("recent", 0.6)])
def test_a_measure_of_few_records_is_withheld_with_its_band(cells, kind, value):
    table = drift("newest quarter", kind, value, 20, value, value, 0.0123, 0.4567)
    add_drift(cells, table.clear(), table)
    written = shown(cells)
    assert {written[name] for name in ("This quarter", "Training", "Last quarter", "Allowed")} == {"[u]"}


def test_a_band_is_shown_no_finer_than_the_disclosure_threshold(cells):
    table = drift("reported", "share", 0.012, 1000, 0.01, None, 0.00123, 0.0187)
    add_drift(cells, table.clear(), table)
    assert shown(cells)["Allowed"] == "from 0 to 2 per cent" and shown(cells)["This quarter"] == 1.0


def effects(*rows):
    """Effects given as (setting, value, is default, figure, unit, amount, difference), of all requirements."""
    columns = ["setting", "value", "is_default", "figure", "unit", "amount", "difference"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(requirement_type=pl.lit("All"))


def test_a_figure_that_a_choice_changes_is_shown_under_each_value_of_the_setting(cells):
    add_choices(
        cells,
        effects(
            ("combining.prison_months", "12", True, "requirements analysed", "count", 1203.0, 0.0),
            ("combining.prison_months", "12", True, "reconvicted", "per cent", 40.0, 0.0),
            ("combining.prison_months", "24", False, "requirements analysed", "count", 1201.0, -2.0),
            ("combining.prison_months", "24", False, "reconvicted", "per cent", 40.02, 0.02),
        ),
    )
    assert shown(cells) == {"12 (this release)": 1205, "24": 1200}
    assert set(cells.frame(True)["row_label"]) == {"Requirements analysed"}


def test_a_choice_that_changes_no_figure_says_so(cells):
    add_choices(
        cells,
        effects(
            ("combining.exclude_both_types", "true", True, "reconvicted", "per cent", 40.0, 0.0),
            ("combining.exclude_both_types", "false", False, "reconvicted", "per cent", 40.0, 0.0),
        ),
    )
    assert shown(cells) == {"true (this release)": "no change", "false": "no change"}


def test_the_figures_are_a_crossing_table(cells):
    cells.row("groups", "a").count("people", 3).percent("share", 1, 4).words("note", "yes")
    check_frame(cells.frame(synthetic=True), LinkageQuality, "linkage_quality")
