"""Associations are named because they hold, in the order of the table, never for being large."""

import polars as pl
import pytest

from publication_assets.steps.figures.of_report.figures_models import associations, factors_finding, other_levels
from publication_assets.steps.report.write_report import report
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.document import Finding
from tests.unit.publication_assets.tried_alternatives import with_alternatives

TABLE, MODEL = "odds_ratios_linked_atr", "linked_atr"


def cell(table: str, row: str, measure: str, text: str, **words: str) -> dict:
    number = float(text) if text.replace(".", "").isdigit() else None
    return {
        "table_key": table,
        "row_key": row,
        "measure_key": measure,
        "shown": text,
        "value": number,
        "status": "shown" if not text.startswith("[") else text,
        "unit": "text" if number is None else "odds ratio",
        "row_group": words.get("group", ""),
        "row_label": words.get("label", ""),
        "measure": measure,
    }


def level(factor: str, name: str, odds_ratio: str, significance: str, kind: str = "Estimated") -> list[dict]:
    row, words = f"{factor}/{name.lower()}", {"group": factor.capitalize(), "label": name}
    texts = {
        "odds_ratio": odds_ratio,
        "odds_ratio_lower": "1.10",
        "odds_ratio_upper": "4.00",
        "records": "90",
        "significance": significance,
        "kind_of_row": kind,
    }
    return [cell(TABLE, row, measure, text, **words) for measure, text in texts.items()]


def changes(row: str, said: str) -> dict:
    return cell("alternative_odds_ratios", f"{MODEL}/{row}", "changes", said)


def in_words(cells: ShownCells, table: str, but: str = "") -> str:
    return " ".join([*associations(cells, table, but), other_levels(cells, table, but)])


@pytest.fixture(scope="module")
def model():
    """A weak association that holds before a strong one that does not, and one of treatment status."""
    return [
        *level("sex", "Male", "1.00", "[z]", "Reference level"),
        *level("sex", "Female", "1.20", "Significant"),
        *level("drug", "None", "1.00", "[z]", "Reference level"),
        *level("drug", "Crack", "9.00", "Significant"),
        *level("drug", "Other", "1.10", "Not significant"),
        *level("treatment_status", "Remained", "0.40", "Significant"),
    ]


@pytest.fixture(scope="module")
def tried(model):
    found = [
        changes("sex/female", "Nothing"),
        changes("drug/crack", "No longer significant: complete cases"),
        changes("treatment_status/remained", "Becomes significant: x"),
    ]
    return ShownCells(pl.DataFrame([*model, *found], infer_schema_length=None))


def test_only_what_holds_under_every_other_assumption_is_named_with_interval_and_count(tried):
    said = in_words(tried, TABLE)
    assert said.startswith(
        "Female (sex): linked more often than men, odds ratio 1.20 (1.10 to 4.00), 90 records. Remained"
    )
    assert "Crack" not in said and "One more is significant, but not under every other assumption." in said


def test_what_is_not_significant_shows_no_clear_difference(tried):
    assert "For one other level there is no clear difference from the reference level." in in_words(tried, TABLE)


def test_a_factor_can_be_left_out(tried):
    assert "Remained" not in in_words(tried, TABLE, but="treatment_status")


def test_the_title_of_a_plot_names_no_treatment_status_among_the_characteristics(tried):
    said = factors_finding(tried, TABLE)
    assert said.endswith("is associated with sex under every assumption tried, others being equal")


def test_where_nothing_else_was_tried_that_is_said(model):
    said = in_words(ShownCells(pl.DataFrame(model, infer_schema_length=None)), TABLE)
    assert "Crack" not in said
    assert "3 are significant. Whether that holds under every other assumption was not tried or is withheld." in said


@pytest.mark.parametrize(
    ("low", "high", "named"), [("1.05", "3.00", True), ("0.99", "3.00", False), ("[c]", "[c]", False)]
)
def test_where_the_verdict_is_withheld_an_association_holds_only_by_every_alternative_that_is_shown(
    model, low, high, named
):
    row = f"{MODEL}/sex/female"
    of_sex = [
        changes("sex/female", "[c]"),
        cell("alternative_odds_ratios", row, "alternative/main_model", "[c]"),
        cell("alternative_odds_ratios", row, "alternative/complete_cases", "1.50"),
        cell("alternative_odds_ratios", row, "alternative_lower/complete_cases", low),
        cell("alternative_odds_ratios", row, "alternative_upper/complete_cases", high),
        cell("alternative_odds_ratios", row, "alternative/followed_in_full", "[z]"),
    ]
    others = [changes("drug/crack", "Nothing"), changes("treatment_status/remained", "Nothing")]
    said = in_words(ShownCells(pl.DataFrame([*model, *of_sex, *others], infer_schema_length=None)), TABLE)
    assert ("Female (sex): linked" in said) is named
    unknown = "One more is significant. Whether that holds under every other assumption was not tried or is withheld."
    assert (unknown in said) is (low == "[c]")


def test_the_finding_on_reconviction_says_nothing_of_treatment_status(cells, consort, facts):
    tried = with_alternatives(cells)
    findings = [block for block in report(tried, consort, facts).blocks() if isinstance(block, Finding)]
    (finding,) = (each for each in findings if "reconviction within 12 months is associated with" in each.heading)
    assert "The models include treatment status" in finding.caveat
    assert "structured treatment at end" not in " ".join([finding.heading, *finding.sentences, *finding.points])
