"""Tables 25-27, what is said of them, and the corrections of shares: small frames with known answers."""

import polars as pl
import pytest

from modelling_assets.steps.sensitivity.estimated_missed_links import BY_REVIEW, BY_SIMULATED_REVIEW
from modelling_assets.steps.sensitivity.sensitivity_missed_links import IMPOSSIBLE, Stratum, correct_strata
from publication_assets.catalogue.measures_of_models import (
    CHANGES,
    CORRECTIONS,
    LINKED_AT_THRESHOLD,
    LINKED_AT_THRESHOLD_SHARE,
    RECONVICTED_OF_LINKED,
    RECONVICTED_OF_OTHERS,
    alternative_measures,
)
from publication_assets.steps.figures.of_quality.sensitivity_figures import sensitivity_figures
from publication_assets.steps.report.assumptions.sensitivity_text import sensitivity_sentences
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.contents.tables_reconviction import reconvictions_by_linkage
from publication_assets.steps.tables.estimates.tables_missed_links import (
    ALIKE,
    AS_LINKED,
    IN_ALL,
    IN_GROUP,
    IN_OTHERS,
    NO_ERROR,
    OF_RECONVICTED,
    corrected_for_wrong_links,
)
from publication_assets.steps.tables.estimates.tables_sensitivity import linked_by_threshold
from publication_assets.steps.tables.estimates.tables_sensitivity_models import (
    MAIN_MODEL,
    alternative_odds_ratios,
    alternatives_by_change,
    shown_alternatives,
)
from publishing.disclosure.show_cells import show_cells
from tests.seen_cells import SeenCells as ShownCells

BY_THRESHOLD = (LINKED_AT_THRESHOLD, LINKED_AT_THRESHOLD_SHARE, RECONVICTED_OF_LINKED, RECONVICTED_OF_OTHERS)
STUDYS = "0.985 or more (threshold of this publication)"
REFERENCE = ("sex", "Male", True, 500, 250, 1.0, None, None, False, "ok")


def of_atrs(measures) -> list[str]:
    """Columns of ATRs."""
    return [measure.of_type("ATR") for measure in measures]


def lower_for(what: str) -> str:
    return f"Sensitivity lower for: {what}"


def uneven(sensitivity: int, lower: int, who: str) -> str:
    return f"Sensitivity {sensitivity}%, where lower {lower}%, specificity 100%: {who}"


def requirements(*groups: tuple[int, dict]) -> pl.DataFrame:
    """An analysis frame: each group is a number of requirements and what they differ in."""
    usual = {
        "requirement_type": "ATR",
        "linked_structured": False,
        "linked_up_to_threshold": None,
        "reconvicted": False,
        "convicted_again": False,
        "followed_in_full": True,
        "sex": "Male",
        "accommodation": "Settled",
        "region": "North West",
    }
    rows = [usual | values for number, values in groups for _ in range(number)]
    return pl.DataFrame(rows, schema_overrides={"linked_up_to_threshold": pl.Float64}, infer_schema_length=None)


def linked_from(threshold: float, **values) -> dict:
    return {"linked_up_to_threshold": threshold, "linked_structured": threshold >= 0.985, **values}


@pytest.fixture
def frame() -> pl.DataFrame:
    """Of each type 1,000: 400 linked at .999, 100 more at .985, 100 more at .5 and 400 at none."""
    return requirements(
        *(
            (number, values | {"requirement_type": kind, "sex": sex})
            for kind in ("ATR", "DRR")
            for sex in ("Male", "Female")
            for number, values in (
                (150, linked_from(0.999)),
                (50, linked_from(0.999, reconvicted=True)),
                (50, linked_from(0.985)),
                (30, linked_from(0.5)),
                (20, linked_from(0.5, reconvicted=True)),
                (100, {}),
                (100, {"reconvicted": True}),
            )
        )
    )


def shown(table, settings) -> ShownCells:
    check_tables_agree([table])
    return ShownCells(show_cells([table], settings.publication))


def odds(significant: bool, odds_ratio: float | None, status: str = "ok") -> tuple:
    limits = (None, None) if odds_ratio is None else (odds_ratio * 0.9, odds_ratio * 1.1)
    return (odds_ratio, *limits, significant, status)


@pytest.fixture
def two_models() -> pl.DataFrame:
    columns = [
        "model",
        "factor",
        "level",
        "reference",
        "records",
        "outcome_records",
        "odds_ratio",
        "ci_low",
        "ci_high",
        "significant",
        "status",
    ]
    rows = [
        ("linked_atr", *REFERENCE),
        ("linked_atr", "sex", "Female", False, 500, 250, *odds(True, 1.5)),
        ("reconvicted_atr", *REFERENCE),
        ("reconvicted_atr", "sex", "Female", False, 500, 200, *odds(True, 0.7)),
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def estimates(settings, **found: tuple) -> pl.DataFrame:
    """Alternatives of the level Female: as in the main model but for those named by their place."""
    rows = []
    for model, published in (("linked_atr", odds(True, 1.5)), ("reconvicted_atr", odds(True, 0.7))):
        for place, each in enumerate(shown_alternatives(settings.modelling)):
            if each.outcome in ("", settings.modelling.models[model].outcome):
                result = found.get(f"place_{place}", published) if model == "linked_atr" else published
                rows.append((model, each.name, "sex", "Female", *result))
    columns = ["model", "alternative", "factor", "level", "odds_ratio", "ci_low", "ci_high", "significant", "status"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_shares_of_two_strata_are_those_worked_out_by_hand():
    # 100 of 400 reconvicted linked and 380 of 600 others, sensitivity .8 and specificity 1: 125 and 475 in treatment.
    found = correct_strata([Stratum(400, 100, True, 0.8, 1.0), Stratum(600, 380, False, 0.8, 1.0)])

    assert found.in_treatment == pytest.approx(0.6)
    assert found.reconvicted_in_treatment == pytest.approx(125 / 600)
    assert found.reconvicted_not_in_treatment == pytest.approx(275 / 400)


def test_the_truth_comes_back_from_links_with_known_errors_that_differ():
    # 1,000 requirements, 500 in treatment of which 200 reconvicted, 500 not of which 300 reconvicted.
    reconvicted = Stratum(500, round(200 * 0.7 + 300 * 0.02), True, 0.7, 0.98)
    others = Stratum(500, round(300 * 0.9 + 200 * 0.02), False, 0.9, 0.98)

    found = correct_strata([reconvicted, others])

    assert found.in_treatment == pytest.approx(0.5)
    assert found.reconvicted_in_treatment == pytest.approx(0.4)
    assert found.reconvicted_not_in_treatment == pytest.approx(0.6)


def test_fewer_links_than_wrong_ones_alone_would_give_are_impossible():
    assert correct_strata([Stratum(1000, 10, True, 0.9, 0.98), Stratum(1000, 500, False, 0.9, 0.98)]) == IMPOSSIBLE
    assert correct_strata([Stratum(1000, 950, True, 0.9, 1.0)]) == IMPOSSIBLE


def test_the_linked_share_falls_with_the_threshold_and_is_the_published_one_at_the_studys(frame, settings):
    cells = shown(linked_by_threshold(frame, settings), settings)
    count, share, of_linked, of_others = of_atrs(BY_THRESHOLD)
    labels = [label for _, label in cells.rows(25)]
    study = STUDYS

    counts = [cells.value(25, label, count) for label in labels]
    assert counts == sorted((number or 0 for number in counts), reverse=True)
    assert (counts[0], cells.value(25, study, count), counts[-1]) == (600, 500, 400)
    assert [cells.value(25, study, measure) for measure in (share, of_linked, of_others)] == [50, 20, 48]
    assert [cells.value(25, labels[0], measure) for measure in (share, of_linked, of_others)] == [60, 23, 50]


def test_the_studys_threshold_counts_as_the_reconviction_table_does(frame, settings):
    check_tables_agree([linked_by_threshold(frame, settings), reconvictions_by_linkage(frame, 0.95)])


@pytest.mark.parametrize(("added", "withheld"), [(2, True), (40, False)])
def test_what_one_threshold_adds_to_another_cannot_be_read_off_when_it_is_small(added, withheld, settings):
    frame = requirements(
        *(
            (number, values | {"requirement_type": kind})
            for kind in ("ATR", "DRR")
            for number, values in (
                (60, linked_from(0.999)),
                (50, linked_from(0.999, reconvicted=True)),
                (added if kind == "ATR" else 40, linked_from(0.5)),
                (40, linked_from(0.5, reconvicted=True)),
                (90, {}),
                (80, {"reconvicted": True}),
            )
        )
    )
    table = linked_by_threshold(frame, settings)
    cells = ShownCells(show_cells([table], settings.publication))
    lowest, next_one = (label for _, label in cells.rows(25)[:2])
    around = {cells.text(25, label, measure) for label in (lowest, next_one) for measure in of_atrs(BY_THRESHOLD)}

    assert table.counts["ATR/linked from 0.5 but not 0.75/not reconvicted"] == added
    assert ("[c]" in around) == withheld
    study = STUDYS
    assert all(cells.text(25, study, measure) != "[c]" for measure in of_atrs(BY_THRESHOLD))


def test_without_errors_the_corrected_shares_are_the_published_ones(frame, settings):
    cells = shown(corrected_for_wrong_links(frame, settings.modelling), settings)

    found = [
        cells.value(26, NO_ERROR, measure, AS_LINKED) for measure in [measure.of_type("DRR") for measure in CORRECTIONS]
    ]

    assert found == [50, 20, 48]


def test_missed_links_raise_the_share_in_treatment_as_worked_out_by_hand(frame, settings):
    cells = shown(corrected_for_wrong_links(frame, settings.modelling), settings)
    share, treated, others = of_atrs(CORRECTIONS)

    # 100 + 400 linked of 1,000 at sensitivity .8: 125 + 500 in treatment; of the rest 340 - 125 of 375 reconvicted.
    label = "Sensitivity 80%, specificity 100%"
    assert [cells.value(26, label, measure, ALIKE) for measure in (share, treated, others)] == [63, 20, 57]
    # Only .7 of the reconvicted found: 143 + 500.
    label = uneven(80, 70, IN_ALL)
    group = lower_for(OF_RECONVICTED)
    assert [cells.value(26, label, measure, group) for measure in (share, treated, others)] == [64, 22, 55]


def test_a_group_found_less_often_is_corrected_apart_and_added_to_the_rest(frame, settings):
    cells = shown(corrected_for_wrong_links(frame, settings.modelling), settings)
    share, group = of_atrs(CORRECTIONS)[0], lower_for("Sex, Female")

    found = [cells.value(26, uneven(80, 70, who), share, group) for who in (IN_GROUP, IN_OTHERS, IN_ALL)]

    assert found == [71, 63, 67]  # 250/.7 and 250/.8 of 500 each


def test_a_correction_of_a_small_group_is_withheld(frame, settings):
    few = pl.concat(
        [
            frame,
            requirements(
                (3, linked_from(0.999, accommodation="Rough sleeping")), (60, {"accommodation": "Rough sleeping"})
            ),
        ]
    )
    cells = shown(corrected_for_wrong_links(few, settings.modelling), settings)

    label = uneven(90, 80, IN_GROUP)
    text = cells.text(26, label, of_atrs(CORRECTIONS)[0], lower_for("Accommodation at sentence, Rough sleeping"))
    assert text == "[c]"


def test_what_alternatives_change_is_said_and_can_be_taken_apart_again(frame, two_models, settings):
    words = [each.words for each in shown_alternatives(settings.modelling)]
    not_estimable = odds(False, None, "not estimable")
    # An association that crosses 1 by chance has no direction.
    found = estimates(
        settings, place_1=odds(False, 1.5), place_5=odds(True, 0.8), place_6=odds(False, 0.9), place_8=not_estimable
    )
    cells = shown(alternative_odds_ratios(frame, two_models, found, settings), settings)

    said = [cells.text(27, label, CHANGES, group) for group, label in cells.rows(27)]

    assert alternatives_by_change(said[0]) == {
        "no longer significant": [words[1], words[6]],
        "other direction": [words[5]],
        "not estimable": [words[8]],
    }
    assert said[1] == "Nothing"
    measure = alternative_measures(words[8])[0]
    assert [cells.text(27, label, measure, group) for group, label in cells.rows(27)] == ["[x]", "[z]"]
    assert cells.value(27, cells.rows(27)[0][1], alternative_measures(MAIN_MODEL)[0], cells.rows(27)[0][0]) == 1.5


@pytest.fixture
def all_cells(frame, two_models, settings) -> ShownCells:
    found = estimates(settings, place_1=odds(False, 1.5))
    tables = [
        linked_by_threshold(frame, settings),
        corrected_for_wrong_links(frame, settings.modelling),
        alternative_odds_ratios(frame, two_models, found, settings),
    ]
    check_tables_agree(tables)
    return ShownCells(show_cells(tables, settings.publication))


def test_the_sentences_say_what_the_tables_show(all_cells):
    said = sensitivity_sentences(all_cells)

    assert set(said) == {"identification", "linkage", "reconvictions", "models"}
    assert "between link thresholds 0.5 and 0.999" in said["linkage"][0].lower()
    assert "from 60% to 40% for ATRs" in said["linkage"][0]
    assert said["identification"][0].startswith("If linkage finds 90% of those in structured treatment and links ")
    assert "56% of {types} are in it, compared with 50% linked" in said["identification"][0]
    assert "if it finds only 80% of those reconvicted" in said["reconvictions"][1]
    assert "one with errors clustered by person" in said["models"][0]
    assert "No significant association changes direction" in said["models"][1]
    assert said["models"][2] == "No other becomes significant under any of them."


def test_what_takes_the_other_direction_is_named(frame, two_models, settings):
    found = estimates(settings, place_5=odds(True, 0.8))
    tables = [
        linked_by_threshold(frame, settings),
        corrected_for_wrong_links(frame, settings.modelling),
        alternative_odds_ratios(frame, two_models, found, settings),
    ]
    said = sensitivity_sentences(ShownCells(show_cells(tables, settings.publication)))["models"]

    assert (
        said[0]
        == "Of 2 odds ratios (one of linkage to structured treatment and one of reconviction {within_period}), none "
        "loses its significance under at least one other assumption that was tried."
    )
    assert said[1] == "These associations change direction with link threshold 0.5: Female (ATRs). (Table 27)"


def test_there_are_no_sentences_and_no_figures_without_the_tables(cells, facts):
    without = ShownCells(cells.filter(pl.col("table") < 25))

    assert sensitivity_sentences(without) == {"identification": [], "linkage": [], "reconvictions": [], "models": []}
    assert sensitivity_figures(without, facts) == {}


def test_the_figures_draw_and_list_what_the_tables_show(all_cells, facts):
    figures = sensitivity_figures(all_cells, facts)

    assert list(figures) == ["S1", "S2"]
    assert figures["S1"].rows[0] == ["0.5 or more", "60%", "60%"]
    assert ["Linked, other link thresholds", "50 (40 to 60)", "50 (40 to 60)"] in figures["S2"].rows
    assert all("<svg" in figure.svg and "DRRs" in figure.alt for figure in figures.values())


def test_every_row_and_column_of_the_tables_has_its_words(all_cells):
    assert len(all_cells.measures(27)) == 3 * (1 + 19) + 1


def test_the_range_of_a_share_holds_every_row_of_all_requirements_that_the_text_tells(
    frame, settings, facts, quality_of
):
    reviewed = [
        ("groups", "All people", "All people", "Expected missed (% of expected true)", "percent", 16.0),
        ("review", "Results", "Recall among scored pairs", "Estimate (%)", "percent", 65.0),
        ("review", "Design", "Reviewers are", "Value", "words", "simulated from synthetic truth: no person looked"),
    ]
    errors = corrected_for_wrong_links(frame, settings.modelling, linkage_quality=quality_of(reviewed))
    shown_cells = ShownCells(show_cells([linked_by_threshold(frame, settings), errors], settings.publication))

    row = next(row for row in sensitivity_figures(shown_cells, facts)["S2"].rows if row[0].startswith("In treatment, "))

    # 50% linked; only 65% of links found: 77%, more than any assumed error gives.
    assert row[1:] == ["50 (50 to 77)", "50 (50 to 77)"]
    labels = [label for group, label in shown_cells.rows(26) if group.startswith("Missed links as estimated, alike")]
    assert labels[1] == "As a simulated review found (no person looked at a pair): sensitivity 65%, specificity 100%"


def test_an_alternative_of_a_simulated_review_is_headed_as_one(frame, two_models, settings):
    found = estimates(settings).with_columns(pl.col("alternative").replace(BY_REVIEW, BY_SIMULATED_REVIEW))
    measures = shown(alternative_odds_ratios(frame, two_models, found, settings), settings).measures(27)

    assert sum(BY_SIMULATED_REVIEW in str(measure) for measure in measures) == 3
    assert not any("clerical" in str(measure) for measure in measures)
