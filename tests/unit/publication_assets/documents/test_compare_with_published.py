"""The published study beside this run: every figure is mapped, compared as stated, and nothing withheld comes out."""

import csv
import re
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from contracts.crossings import QUALITY_SECTIONS
from contracts.vocabulary import ALL, LENGTH_BANDS, REGIONS, TIME_BANDS, TYPES
from linkage_assets.steps.quality.compare_choices import NOT_COMPARED as CHANGE_NO_FIGURE
from modelling_assets.steps.sensitivity.sensitivity_years import YEAR, YEAR_ADDED
from publication_assets.catalogue.measures_of_requirements import STATUS_WORDS
from publication_assets.catalogue.tables import TABLES, by_number
from publication_assets.catalogue.wording import wording
from publication_assets.schemas.comparison import PublishedComparison
from publication_assets.steps.comparison.against_2023 import PAIRS, turned_round
from publication_assets.steps.comparison.compare_with_published import (
    INCONSISTENT,
    NOT_COMPARED,
    OTHER_SIZE,
    OTHER_STUDY,
    OUTSIDE,
    WITHHELD,
    WITHIN,
    agreement_of,
    compare_with_published,
)
from publication_assets.steps.comparison.other_settings import DEFINITIONS
from publication_assets.steps.comparison.our_figures import NOT_AVAILABLE, OurFigures
from publication_assets.steps.comparison.published_study import published_rows
from publication_assets.steps.comparison.where_ours_is import PLACES, PlacesDoNotFit, parts, places
from publication_assets.steps.comparison.write_comparison import comparison_html, comparison_values
from publication_assets.steps.tables.make_tables import TableInputs, make_table
from publishing.tables.declared import as_key
from resources.settings.study_settings import Combining, load_study_settings
from resources.zone.schema_check import check_frame

LINKAGE_STEPS = Path(__file__).resolve().parents[4] / "linkage_assets"
QUALITY = {
    "section": pl.String,
    "row_group": pl.String,
    "row_label": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "status": pl.String,
}
COUNTS = {
    "order": pl.Int32,
    "stream": pl.String,
    "step": pl.String,
    "before": pl.Int64,
    "removed": pl.Int64,
    "after": pl.Int64,
}
CELL = {
    "table": pl.Int32,
    "row_order": pl.Int32,
    "row_group": pl.String,
    "row_label": pl.String,
    "measure_order": pl.Int32,
    "measure": pl.String,
    "unit": pl.String,
    "quantity": pl.String,
    "depends_on": pl.String,
    "value": pl.Float64,
    "shown": pl.String,
    "status": pl.String,
    "table_key": pl.String,
    "row_key": pl.String,
    "measure_key": pl.String,
}
REQUIREMENTS = (1, "", "ATRs and DRRs", "Requirements (count)", "count")
LINKED_SHARE = (1, "", "ATRs and DRRs", "Linked to structured treatment (% of requirements)", "percent")
LINKED_COUNT = (1, "", "ATRs and DRRs", "Linked to structured treatment (count)", "count")
MODELS = [table.model for table in TABLES.values() if table.model]
REGION = "DRRs reconvicted within 12 months (% of DRRs in the row)"


ROW_KEYS = {
    "ATRs and DRRs": "all",
    "ATRs": "atr",
    "DRRs": "drr",
    "In contact with CJIT": "not_linked/cjit",
    "Entered prison within 12 months of sentence": "not_linked/prison",
    "50 and over": "age_band/50_and_over",
}
WORDS = wording(load_study_settings().for_quarter(date(2023, 3, 31)))


def row_key(group: str, label: str) -> str:
    """The key of a row by its words."""
    if group == "Accommodation at sentence":
        return as_key(f"accommodation/{label}")
    if label == "Reconvicted within 12 months":
        return as_key(f"{group.removesuffix(' to structured treatment')}/reconvicted")
    return ROW_KEYS.get(label, as_key(label))


def measure_key(table: int, header: str) -> str:
    """The key of a column by its header."""
    for family in by_number(table).measures:
        members = [family, *(family.of(status, status=words) for status, words in STATUS_WORDS.items())]
        for member in (*members, *(member.of_type(kind) for member in members for kind in (ALL, *TYPES))):
            if WORDS(member) == header:
                return member.key
    raise KeyError(header)


def cells_of(*cells: tuple) -> pl.DataFrame:
    """Published cells from (table, group, label, measure, unit, number or shorthand)."""
    rows = []
    for table, group, label, measure, unit, content in cells:
        withheld = isinstance(content, str)
        text = content if withheld else f"{content:,}"
        number = None if withheld else float(content)
        rows.append(
            (
                table,
                1,
                group,
                label,
                1,
                measure,
                unit,
                None,
                None,
                number,
                text,
                text if text.startswith("[") else "shown",
                by_number(table).key,
                row_key(group, label),
                measure_key(table, measure),
            )
        )
    return pl.DataFrame(rows, schema=CELL, orient="row")


@pytest.fixture
def compare(settings):
    """Function: the row of one figure, given published cells, steps of the diagram and cells of linkage quality."""

    def make(figure: str, *cells: tuple, steps=(), quality=(), changed=None) -> dict:
        counts = pl.DataFrame([(n, *step) for n, step in enumerate(steps, 1)], schema=COUNTS, orient="row")
        linkage = pl.DataFrame(quality, schema=QUALITY, orient="row")
        found = compare_with_published(cells_of(*cells), counts, linkage, changed or settings)
        check_frame(found, PublishedComparison, "published_comparison")
        return found.row(by_predicate=pl.col("id") == figure, named=True)

    return make


@pytest.fixture(scope="module")
def declared_cells(build, link, pooled, estimate, use_of, settings):
    """Keys of every cell that the table functions declare, when all rows are there."""
    missing = {"accommodation": None, "age_band": None, "sex": None}
    frame = build((40, link("Completed")), (40, {}), (2, missing), (40, {"requirement_type": "DRR"}))
    levels = [
        (name, factor, level)
        for name in MODELS
        for factor in (*settings.modelling.models[name].factors, "region")
        for level in (REGIONS if factor == "region" else settings.modelling.factors[factor].levels)
    ]
    estimated = pooled.filter(model="linked_atr", level="Female").drop("model", "factor", "level")
    models = pl.DataFrame(levels, schema=["model", "factor", "level"], orient="row").join(estimated, how="cross")
    trends = [(name, YEAR_ADDED, *YEAR, 0.9, 0.8, 1.0, True, "ok") for name in MODELS]
    sensitivity = pl.DataFrame(
        trends,
        schema=[
            "model",
            "alternative",
            "factor",
            "level",
            "odds_ratio",
            "ci_low",
            "ci_high",
            "significant",
            "status",
        ],
        orient="row",
    )
    columns = [pl.lit("", pl.String).alias(name) for name in settings.modelling.factors if name not in frame.columns]
    thresholds = frame.with_columns(*columns, linked_up_to_threshold=pl.lit(0.99))
    inputs = TableInputs(thresholds, models, estimate(frame), sensitivity, substance_use=use_of(frame))
    tables = [table for declared in TABLES.values() if (table := make_table(declared, inputs, settings))]
    return {(table.key, cell.row.key, cell.measure.key) for table in tables for cell in table.cells}


def test_every_published_figure_is_mapped_exactly_once():
    figures = published_rows()
    assert list(places(figures)) == [figure.id for figure in figures]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[:-1], "not mapped: F367"),
        (lambda rows: [*rows, rows[0]], "mapped twice: F001"),
        (lambda rows: [*rows, {**rows[0], "id": "F999"}], "not published: F999"),
        (lambda rows: [{**rows[0], "kind": "guess"}, *rows[1:]], "of an unknown kind: F001"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_the_ids(tmp_path, change, words):
    with PLACES.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with (tmp_path / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(PlacesDoNotFit, match=words):
        places(published_rows(), tmp_path / "places.csv")


def test_every_cell_that_the_mapping_names_is_in_the_declared_tables(declared_cells):
    named = set()
    for place in places(published_rows()).values():
        if place.kind == "table":
            named |= set(product(parts(place.table), parts(place.row_label), parts(place.measure)))
            if place.base_label:
                named |= set(product(parts(place.table), parts(place.base_label), parts(place.base_measure)))
    assert named - declared_cells == set()


def test_every_step_of_the_flow_diagram_that_the_mapping_names_is_made_by_the_linkage_zone():
    code = "".join(file.read_text(encoding="utf-8") for file in sorted(LINKAGE_STEPS.rglob("*.py")))
    steps = {place.row_label for place in places(published_rows()).values() if place.kind == "consort"} - {""}
    assert steps and {step for step in steps if f'"{step}"' not in code} == set()


def test_settings_lists_and_quality_sections_of_the_mapping_exist(settings):
    nothing = OurFigures(cells_of(), pl.DataFrame(schema=COUNTS), pl.DataFrame(schema=QUALITY), settings)
    mapped = places(published_rows()).values()
    ours = {place.id: nothing.at(place) for place in mapped if place.kind in ("setting", "list")}
    assert [name for name, figure in ours.items() if figure.status == NOT_AVAILABLE] == []
    assert {place.table for place in mapped if place.kind == "linkage quality"} <= set(QUALITY_SECTIONS)


def test_the_study_as_published_has_the_published_settings(compare):
    found = {name: compare(name) for name in ("F022", "F023", "F024", "F139", "F159", "F326", "F331", "F333")}
    assert {name: row["agreement"] for name, row in found.items()} == dict.fromkeys(found, WITHIN)


def test_another_end_of_the_cohort_is_outside(compare, settings):
    later = settings.model_copy(update={"study": settings.study.model_copy(update={"cohort_end": date(2023, 6, 30)})})
    row = compare("F024", changed=later)
    assert (row["ours"], row["agreement"]) == ("2023-06", OUTSIDE)


@pytest.mark.parametrize(("ours", "agreement"), [(47, WITHIN), (51, WITHIN), (46, OUTSIDE), (52, OUTSIDE)])
def test_a_share_agrees_within_two_points(compare, ours, agreement):
    row = compare("F005", (*REQUIREMENTS, 45943), (*LINKED_SHARE, ours))
    assert (row["agreement"], row["difference"]) == (agreement, ours - 49)


@pytest.mark.parametrize(
    ("figure", "measure", "ours", "agreement"),
    [
        ("F087", "ATRs (count)", 386, WITHIN),
        ("F087", "ATRs (count)", 385, OUTSIDE),  # 428, tenth 42.8
        ("F120", "DRRs (count)", 4448, WITHIN),
        ("F120", "DRRs (count)", 4447, OUTSIDE),  # 4,682, twentieth 234.1
    ],
)
def test_counts_agree_within_a_tenth_under_a_thousand_and_a_twentieth_above(compare, figure, measure, ours, agreement):
    label = {"F087": "In contact with CJIT", "F120": "Entered prison within 12 months of sentence"}[figure]
    cell = (2, "Not linked to structured treatment", label, measure, "count", ours)
    assert compare(figure, (*REQUIREMENTS, 45943), cell)["agreement"] == agreement


def test_counts_of_a_run_of_another_size_are_not_compared_and_shares_are(compare):
    cells = [(*REQUIREMENTS, 4594), (*LINKED_COUNT, 2264), (*LINKED_SHARE, 49)]
    count, share = compare("F002", *cells), compare("F005", *cells)
    assert (count["agreement"], count["difference"], count["explanation"]) == (NOT_COMPARED, None, OTHER_SIZE)
    assert (count["ours"], share["agreement"]) == ("2,264", WITHIN)


def test_a_withheld_cell_stays_withheld_in_every_figure_made_of_it(compare):
    row = (13, "", "South West", REGION, "percent", "[c]")
    others = [(13, "", name, REGION, "percent", 45) for name in ("North West", "Greater Manchester", "West Midlands")]
    found = compare("F278", (*REQUIREMENTS, 45943), *others, row)
    assert (found["agreement"], found["ours"], found["difference"]) == (WITHHELD, "[c]", None)


@pytest.mark.parametrize(("highest", "agreement"), [(38, WITHIN), (52, WITHIN), (53, OUTSIDE)])
def test_a_bound_is_kept_by_any_distance_and_missed_by_the_tolerance_at_most(compare, highest, agreement):
    shares = {"North West": 40, "Greater Manchester": 41, "West Midlands": 39, "South West": highest}
    if highest == 38:
        shares = dict.fromkeys(shares, 38)
    cells = [(13, "", name, REGION, "percent", share) for name, share in shares.items()]
    assert compare("F278", *cells)["agreement"] == agreement


def test_lowest_highest_and_range_are_taken_over_the_rows(compare):
    measure = "ATRs linked to structured treatment (% of ATRs in the row)"
    shares = dict(zip(LENGTH_BANDS, (54, 53, 56, 55, 54), strict=True))
    cells = [(7, "", band, measure, "percent", share) for band, share in shares.items()]
    assert [compare(figure, *cells)["ours"] for figure in ("F178", "F179")] == ["53", "56"]
    reconvicted = "ATRs reconvicted within 12 months (% of ATRs in the row)"
    regions = [(13, "", region, reconvicted, "percent", 29 + number % 6) for number, region in enumerate(REGIONS)]
    assert compare("F273", *regions)["ours"] == "5"


def test_an_order_is_judged_by_its_smallest_difference(compare):
    measures = [f"{kind}s linked to structured treatment (% of {kind}s in the row)" for kind in ("ATR", "DRR")]
    shares = {region: (40, 43) if region == "North East" else (50, 45) for region in REGIONS}
    cells = [
        (5, "", region, measure, "percent", share)
        for region, of in shares.items()
        for measure, share in zip(measures, of, strict=True)
    ]
    row = compare("F169", *cells)
    assert (row["ours"], row["agreement"]) == ("-3", OUTSIDE)


def test_the_band_that_completes_most_is_compared_by_name(compare):
    measure = "ATRs that completed structured treatment (% of linked ATRs in the row)"
    shares = dict(zip(TIME_BANDS, (43, 50, 57, 49, 41), strict=True))
    cells = [(11, "", band, measure, "percent", share) for band, share in shares.items()]
    inconsistent = compare("F012", *cells)
    assert (inconsistent["ours"], inconsistent["agreement"]) == ("3 to 6 weeks", INCONSISTENT)
    drr = [(*cell[:3], cell[3].replace("ATRs", "DRRs"), *cell[4:]) for cell in cells]
    assert compare("F013", *drr)["agreement"] == WITHIN


@pytest.mark.parametrize(
    ("directions", "agreement"),
    [
        (("Higher", "Higher"), WITHIN),
        (("Higher", "Lower"), OUTSIDE),
        (("No clear difference", "Higher"), OUTSIDE),
    ],
)
def test_a_direction_agrees_when_all_models_say_it(compare, directions, agreement):
    cells = [
        (table, "Age at sentence", "50 and over", "Direction of association", "text", said)
        for table, said in zip((16, 17), directions, strict=True)
    ]
    assert compare("F011", (*REQUIREMENTS, 45943), *cells)["agreement"] == agreement


def test_shares_can_be_put_together_from_counts(compare):
    rows = {"Requirements (count)": {"ATRs": 21000, "ATRs and DRRs": 42000}}
    cells = [(1, "", label, measure, "count", number) for measure, of in rows.items() for label, number in of.items()]
    assert compare("F053", *cells)["ours"] == "50"
    assert compare("F338", steps=[("clients", "refused to share", 1000, 20, 980)])["ours"] == "98"


def test_the_last_step_of_a_stream_is_the_analysed_requirements(compare):
    steps = [
        ("requirements", "of a type that is not studied", 60000, 5756, 54244),
        ("requirements", "without a length", 54244, 8301, 45943),
        ("people", "none left", 50000, 12206, 37794),
    ]
    ours = [compare(figure, (*REQUIREMENTS, 45943), steps=steps)["ours"] for figure in ("F312", "F319", "F320")]
    assert ours == ["54,244", "45,943", "37,794"]


def test_what_the_source_contradicts_is_shown_explained_and_not_counted(compare, settings):
    cell = (12, "Not linked to structured treatment", "Reconvicted within 12 months", "ATRs (count)", "count", 3590)
    row = compare("F252", (*REQUIREMENTS, 45943), cell)
    assert (row["agreement"], row["ours"], row["difference"]) == (INCONSISTENT, "3,590", -2521.0)
    assert "Labels look swapped" in row["explanation"]
    nothing = compare_with_published(cells_of(), pl.DataFrame(schema=COUNTS), pl.DataFrame(schema=QUALITY), settings)
    found = agreement_of(nothing)
    apart = nothing.filter(pl.col("agreement").is_in([INCONSISTENT, OTHER_STUDY]), document="report of 2026")
    assert found.rows - found.consistent == apart.height > 0


def test_figures_of_other_studies_are_shown_and_never_counted(compare):
    row = compare("F342", (*REQUIREMENTS, 45943), (*LINKED_SHARE, 49))
    assert (row["ours"], row["agreement"]) == ("49", OTHER_STUDY)
    assert compare("F300")["agreement"] == OTHER_STUDY


def test_every_choice_of_combining_is_a_definition_or_only_says_how_well_it_is_counted():
    how_well = {"court_match_by_details"}
    choices = {f"combining.{name}" for name in set(Combining.model_fields) - CHANGE_NO_FIGURE - how_well}
    assert choices - {each.setting for each in DEFINITIONS} == set()


def test_a_figure_without_counterpart_says_why(settings):
    lacking = [place for place in places(published_rows()).values() if not place.compared]
    assert lacking and all(place.remark for place in lacking)


@pytest.fixture
def comparison(settings):
    cells = cells_of((*REQUIREMENTS, 45943), (*LINKED_SHARE, 49), (*LINKED_COUNT, 12))
    return compare_with_published(cells, pl.DataFrame(schema=COUNTS), pl.DataFrame(schema=QUALITY), settings)


def test_the_page_has_every_figure_once_and_those_outside_twice(comparison, facts, settings):
    page = comparison_html(comparison, facts, settings)
    heads = re.findall(r'class="id">(F\d{3}[A-Z]?)<', page)
    outside = comparison.filter(agreement=OUTSIDE)["id"].to_list()
    assert outside and sorted(heads) == sorted(comparison["id"].to_list() + outside)


def test_every_value_that_the_page_is_given_stands_in_a_template(comparison, facts, settings, unused):
    assert unused("against_published", comparison_values(comparison, facts, settings)) == set()


def test_the_page_loads_nothing_and_runs_nothing(comparison, facts, settings):
    page = comparison_html(comparison, facts, settings)
    assert not re.search(r"<script|<link|src=|@import|url\(", page)
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_the_page_says_that_synthetic_extracts_were_calibrated_and_that_periods_differ(comparison, facts, settings):
    synthetic = comparison_html(comparison, replace(facts, synthetic=True), settings)
    assert "calibrated to the published figures" in synthetic and "[SYNTHETIC DATA]" in synthetic
    assert "calibrated" not in comparison_html(comparison, facts, settings) and "The periods differ" not in synthetic
    assert "The periods differ" in comparison_html(comparison, replace(facts, cohort_end=date(2023, 6, 30)), settings)


def directions(*said: tuple[str, str]) -> list[tuple]:
    """Cells of table 30 that say in which direction levels of accommodation go, and enough requirements to compare."""
    rows = [(30, "Accommodation at sentence", level, "Direction of association", "text", text) for level, text in said]
    return [(*REQUIREMENTS, 45943), *rows]


@pytest.mark.parametrize(
    ("rough", "bail", "agreement", "ours"),
    [
        ("Lower", "No clear difference", WITHIN, "Lower"),
        ("Lower", "Lower", WITHIN, "Lower"),
        ("Lower", "Higher", OUTSIDE, "Higher and Lower"),
        ("No clear difference", "No clear difference", OUTSIDE, "No clear difference"),
    ],
)
def test_words_on_several_levels_agree_when_those_that_differ_all_go_that_way(compare, rough, bail, agreement, ours):
    levels = {
        "Bail or probation accommodation": bail,
        "Other housed": "No clear difference",
        "No fixed address": rough,
        "Rough sleeping": rough,
    }
    row = compare("F374", *directions(*levels.items()))
    assert (row["agreement"], row["ours"]) == (agreement, ours)


def test_every_association_that_the_report_names_is_compared_and_those_of_2023_are_shown_beside():
    mapped, figures = places(published_rows()), {figure.id: figure for figure in published_rows()}
    named = [figure for figure in figures.values() if figure.measure.startswith("association with")]
    of_report = [figure for figure in named if figure.section in ("3.1", "4.2")]
    assert [sum(figure.section == section for figure in of_report) for section in ("3.1", "4.2")] == [10, 9]
    assert all(mapped[figure.id].compared for figure in of_report)
    of_2023 = [figure for figure in named if figure.section == "2023 study"]
    assert [sum(figure.population == kind for figure in of_2023) for kind in ("ATR", "DRR")] == [8, 9]
    without_ours = {figure.measure.split(": ")[1] for figure in of_2023 if not mapped[figure.id].compared}
    assert all("OGRS" in words or "sentence" in words for words in without_ours)


def test_the_page_names_what_has_turned_round_since_2023(settings):
    nothing = compare_with_published(cells_of(), pl.DataFrame(schema=COUNTS), pl.DataFrame(schema=QUALITY), settings)
    turned, same = turned_round(nothing)
    assert [sentence.split(",")[0].split(":")[0] for sentence in turned] == [
        "Women",
        "Older people",
        "People in other than settled accommodation",
        "People of ethnic minorities (in 2026 the Asian and Mixed groups)",
    ]
    assert "2023 says that they accessed treatment less often with ATRs and less often with DRRs; 2026" in turned[0]
    assert len(same) == len(PAIRS) - len(turned)
