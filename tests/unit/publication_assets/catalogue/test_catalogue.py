"""The catalogue says what the tables hold: keys, columns and headlines, and numbers of figures."""

import pytest

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.worst_known_result import AT_WORST
from publication_assets.catalogue.places import HEADLINES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.report.report_figures import report_figures
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.tables.declared import Measure, and_limits, as_key

WORST_KNOWN = as_key(AT_WORST)  # rows of runs whose classifier has a worst known result


def test_no_two_tables_share_a_key_or_a_number_and_no_two_columns_a_key():
    assert len({table.number for table in TABLES.values()}) == len(TABLES)
    measures = {measure for table in TABLES.values() for measure in table.measures}
    assert len({measure.key for measure in measures}) == len(measures)


def test_every_published_column_is_declared_in_its_table_and_every_declared_one_published(cells):
    for (table,), own in cells.partition_by("table_key", as_dict=True).items():
        published = {key.split("/")[0] for key in own["measure_key"]}
        assert published == {measure.key for measure in TABLES[str(table)].measures}, table
        assert own["table"].unique().to_list() == [TABLES[str(table)].number]


def test_a_key_of_a_row_or_column_stands_for_the_same_words_in_its_whole_table(cells):
    for key, words in (("row_key", ["row_group", "row_label"]), ("measure_key", ["measure"])):
        assert cells.select("table_key", key).unique().height == cells.select("table_key", *words).unique().height


def test_every_mark_of_a_table_is_of_one_of_its_rows_or_columns(cells):
    for (table,), own in cells.partition_by("table_key", as_dict=True).items():
        declared = TABLES[str(table)]
        keys = {*own["row_key"], *own["measure_key"], *(measure.key for measure in declared.measures)}
        assert {key for key in declared.marks if key.split("/")[-1] != WORST_KNOWN} - keys == set(), table


@pytest.mark.parametrize("headline", HEADLINES, ids=lambda headline: headline.value)
def test_a_headline_of_the_report_is_the_cell_that_the_catalogue_names(cells, values_of_release, headline):
    shown = ShownCells(cells)
    shown_as = values_of_release[headline.value]
    if as_key(headline.row) in shown.rows(headline.table):
        assert shown.text(*_cell(headline)) in str(shown_as)
    else:
        assert headline.value == "worst_known", "only a run of a classifier whose worst result is known has its row"


def _cell(headline) -> tuple[str, str, str]:
    return headline.table, headline.row, headline.measure


def test_a_figure_shows_the_table_that_declares_its_number(cells, facts):
    figures = report_figures(ShownCells(cells), facts)
    declared = {number: table.name for table in TABLES.values() for number in table.figures}
    # "6 and 7" is one figure with two numbers.
    shown = {part: figure.source for number, figure in figures.items() for part in number.split(" and ")}
    assert shown == {part: declared[part] for part in shown}


NOT_COMPARED = {
    "treatment_outcomes": "outcomes from which a tree is drawn, parts of one whole",
    "contact_note_evidence": "parts of one whole; the share engaged has its limits in table 1",
    "linked_by_threshold": "one set of requirements under other settings",
    "corrected_for_wrong_links": "one set of requirements under assumed errors",
    "imputed_against_recorded": "imputed values beside recorded ones",
}


def test_a_table_whose_figure_compares_groups_has_limits_beside_its_shares():
    drawn = [table for table in TABLES.values() if table.figures and not table.model]
    without = {table.key for table in drawn if not any("_lower" in measure.key for measure in table.measures)}
    assert without == NOT_COMPARED.keys()


def test_a_key_is_written_in_one_way_and_stays_as_it_is():
    assert as_key("linked/Dropped out") == as_key("linked/dropped_out") == "linked/dropped_out"
    assert as_key("Kent, Surrey and Sussex") == "kent_surrey_and_sussex" and as_key("0.985") == "0.985"
    assert and_limits("alternative/complete cases") == (
        "alternative/complete cases",
        "alternative_lower/complete cases",
        "alternative_upper/complete cases",
    )


def test_a_member_of_a_family_of_columns_has_its_key_and_its_words():
    family = Measure("share", "percent", "{noun} that {status} (% of {noun})")
    assert [family.of("Died", status="died").of_type(kind) for kind in (ALL, *TYPES)] == [
        "{types} that died (% of {types})",
        "ATRs that died (% of ATRs)",
        "DRRs that died (% of DRRs)",
    ]
    assert family.of("Died", status="died").of_type("ATR").key == "share/died/atr"


def test_a_cell_that_is_not_there_is_an_error_and_not_a_blank(cells):
    with pytest.raises(KeyError):
        ShownCells(cells).text("linked_by_region", "all", "linked_shares/ATR")
