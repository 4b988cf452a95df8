from typing import Any

import polars as pl
import pytest

from publication_assets.catalogue.measures_of_notes import MEAN_ENGAGED as MEAN
from publication_assets.catalogue.measures_of_notes import MEAN_ENGAGED_LIMITS
from publication_assets.catalogue.measures_of_notes import NOTED as NOTED_COUNT
from publication_assets.catalogue.rows import ALL_LINKED, LEFT_OUT, REACHED
from publication_assets.steps.documents.headline import headline
from publication_assets.steps.tables.check_tables_agree import TablesDisagree, check_tables_agree
from publication_assets.steps.tables.contents import tables_breakdowns as breakdowns
from publication_assets.steps.tables.contents.tables_identification import (
    contact_note_evidence,
    identification_in_any_treatment,
)
from publication_assets.steps.tables.contents.tables_outcomes import treatment_outcomes
from publication_assets.steps.tables.contents.tables_reconviction import (
    reconvictions_by_linkage,
    reconvictions_by_treatment_status,
)
from publication_assets.steps.tables.contents.tables_termination import (
    engagement_by_termination,
)
from publishing.disclosure.cell_tables import PublishedCells
from resources.zone.schema_check import check_frame

LEVEL = 0.95
MEAN_LOWER, MEAN_UPPER = MEAN_ENGAGED_LIMITS.values()
ESTIMATE = "Not linked, engaged according to contact notes, estimate (count)"
SAMPLE_BASE = "Sample of those not linked, notes read with a result (count)"


def value(table, label, measure, group=None):
    found = [c.value for c in table.cells if c.row[1] == label and c.measure == measure and group in (None, c.row[0])]
    assert len(found) == 1
    return found[0]


def test_the_share_engaged_in_the_sample_is_applied_to_all_that_are_not_link(build, link, sampled):
    frame = build((100, link("Completed")), (30, sampled(any_engaged=True)), (10, sampled(any_engaged=False)), (60, {}))
    table = identification_in_any_treatment(frame, LEVEL)
    assert value(table, "ATRs", ESTIMATE) == 75
    assert value(table, "ATRs", "Any treatment, estimate (% of requirements)") == pytest.approx(100 * 175 / 200)


def test_linked_decoys_are_not_in_the_sample(build, link, sampled):
    frame = build((50, sampled(**link("Completed", any_engaged=True))), (10, sampled(any_engaged=False)))
    assert value(identification_in_any_treatment(frame, LEVEL), "ATRs", ESTIMATE) == 0


def test_requirements_whose_notes_gave_no_result_leave_the_base_of_the_share(build, sampled):
    frame = build((10, sampled(any_engaged=True)), (5, sampled(any_engaged=None)))
    table = identification_in_any_treatment(frame, LEVEL)
    assert value(table, "ATRs", SAMPLE_BASE) == 10
    assert value(table, "ATRs", "Sample, engaged according to contact notes (% of sample)") == 100
    notes = contact_note_evidence(frame)
    assert value(notes, "Not determined: some keyword note has no label", "ATRs (count)") == 5


def test_a_requirement_without_keyword_notes_counts_as_not_engaged(build, sampled):
    frame = build((6, sampled(any_engaged=False, keyword_notes=0)), (6, sampled(any_engaged=True)))
    table = contact_note_evidence(frame)
    assert value(table, "No note with a treatment keyword", "ATRs (count)") == 6
    assert value(table, "{Enough_notes} {indicate} engagement", "ATRs (% of those with a result)") == 50


def test_without_a_sample_the_estimate_is_not_available(build, tabulate, pooled, link):
    cells = tabulate(build((50, link("Died")), (50, {})), pooled.clear())
    shown = cells.filter((pl.col("measure") == ESTIMATE) & (pl.col("row_label") == "ATRs"))["shown"].to_list()
    assert shown == ["[x]"]


def test_both_definitions_of_dropping_out_are_rows(build, link):
    table = treatment_outcomes(build((5, link("Dropped out")), (6, link("Prison")), (7, link("Died"))))
    assert value(table, "Dropped out of treatment (narrow definition)", "ATRs (count)") == 5
    assert value(table, "Dropped out, wide definition: dropout, prison or died", "ATRs (count)") == 18


def test_a_requirement_not_linked_is_counted_once_in_cjit_before_prison(build):
    table = treatment_outcomes(
        build((9, {"linked_cjit": True, "prison_12m": True}), (6, {"prison_12m": True}), (5, {}))
    )
    rows = (
        "In contact with CJIT",
        "Entered prison{not_on_remand} {prison_within} of sentence",
        "Not identified in prison or CJIT contact",
    )
    counted = [value(table, label, "ATRs (count)") for label in rows]
    assert counted == [9, 6, 5]


def test_requirements_that_were_not_followed_in_full_stay_in_the_base_of_reconvictions(build):
    table = reconvictions_by_linkage(build((10, {"reconvicted": True}), (30, {"followed_in_full": False})), LEVEL)
    group = "Not linked to structured treatment"
    assert value(table, "Reconvicted {within_period}", "ATRs (% of ATRs in the linkage group)", group) == 25
    assert value(table, "Of those not identified: followed for less than {period}", "ATRs (count)", group) == 30


def test_dropout_in_table_15_holds_prison_and_death(build, link):
    table = reconvictions_by_treatment_status(
        build((10, link("Dropped out", reconvicted=True)), (10, link("Prison")), (20, link("Completed"))),
        LEVEL,
    )
    measure = "ATRs reconvicted {within_period} (% of ATRs in the row)"
    assert value(table, "Dropped out, wide definition: dropout, prison or died", measure) == 50
    assert value(table, "Of these: dropped out of treatment (narrow definition)", measure) == 100


def test_characteristics_that_are_not_recorded_are_a_row_of_their_own(build, link):
    table = breakdowns.linked_by_accommodation(build((6, {"accommodation": None}), (9, link("Died")), (5, {})), LEVEL)
    assert value(table, "Not recorded", "ATRs (count)") == 6
    assert value(table, "Settled", "ATRs linked to structured treatment (count)") == 9
    assert value(table, "All requirements", "ATRs (count)") == 20


def test_a_handful_without_an_age_is_counted_with_the_most_common_one_by_status_and_hides_no_age_band(build, link):
    frame = build(
        (700, link("Completed", age_band="40 to 49")),
        (600, link("Remained", age_band="50 and over")),
        (3, link("Remained", age_band=None)),
    )
    table = breakdowns.status_by_age(frame, LEVEL)
    assert "Not recorded" not in {cell.row[1] for cell in table.cells}
    assert value(table, "40 to 49", "ATRs that remained in structured treatment (count)") == 3
    assert value(table, "40 to 49", "ATRs linked to structured treatment (count)") == 703
    assert value(table, "All linked to structured treatment", "ATRs linked to structured treatment (count)") == 1303


def test_more_than_a_handful_without_an_age_are_a_row_of_their_own_by_status_too(build, link):
    frame = build((50, link("Completed", age_band="40 to 49")), (20, link("Completed", age_band=None)))
    table = breakdowns.status_by_age(frame, LEVEL)
    assert value(table, "Not recorded", "ATRs linked to structured treatment (count)") == 20


def test_time_to_treatment_is_cumulative_and_its_mean_leaves_out_those_already_in_treatment(build, link):
    frame = build(
        (8, link("Completed", time_band="Already in treatment", days_to_treatment=0)),
        (6, link("Completed", time_band="3 to 6 weeks", days_to_treatment=30)),
        (6, link("Completed", time_band="More than 12 weeks", days_to_treatment=130)),
    )
    table = breakdowns.time_to_treatment(frame, LEVEL)
    assert value(table, "Within 3 weeks or already in treatment", "ATRs (count, cumulative)") == 8
    assert value(table, "Within 6 weeks or already in treatment", "ATRs (% of linked ATRs, cumulative)") == 70
    mean = "ATRs not already in treatment, mean time to structured treatment (days)"
    assert value(table, "All linked to structured treatment", mean) == 80


def test_table_34_has_the_counts_of_table_8_as_shares_of_all_requirements_linked_or_not(build, link):
    frame = build(
        (8, link("Completed", time_band="Already in treatment", days_to_treatment=0)),
        (5, link("Completed", time_band="Within 3 weeks", days_to_treatment=21)),
        (7, link("Completed", time_band="More than 12 weeks", days_to_treatment=130)),
        (30, {}),
    )
    linked, everybody = breakdowns.time_to_treatment(frame, LEVEL), breakdowns.time_to_treatment_of_all(frame)
    check_tables_agree([linked, everybody])
    for label in [*REACHED.values(), ALL_LINKED[1]]:
        count = "ATRs (count, cumulative)"
        assert value(everybody, label, count) == value(linked, label, count)
    within = "Within 3 weeks or already in treatment"
    assert value(everybody, within, "ATRs (% of all ATRs, cumulative)") == 26
    assert value(everybody, within, "ATRs (% of linked ATRs, cumulative)") == 65
    assert value(everybody, "All requirements", "ATRs (count, cumulative)") == 50


def test_engagement_before_the_end_is_a_mean_over_requirements_with_notes_that_are_all_labelled(build, sampled):
    ended = {"any_engaged": True, "termination_reason": "Completed", "notes_before_termination": 10}
    frame = build(
        (5, sampled(**ended, engaged_before_termination=2)),
        (5, sampled(**ended, engaged_before_termination=4)),
        (6, sampled(**ended | {"notes_before_termination": 0, "engaged_before_termination": 0})),
        (7, sampled(**ended | {"engaged_before_termination": 0, "labelled_notes": 2})),
        (5, sampled(any_engaged=True)),
    )
    table = engagement_by_termination(frame, LEVEL)
    assert value(table, "Completed", "Requirements (count)") == 23
    assert value(table, "Completed", NOTED_COUNT) == 10
    assert value(table, "Completed", MEAN) == pytest.approx(30)
    left_out = [value(table, label, "Requirements (count)") for label in LEFT_OUT.values()]
    assert left_out == [6, 7]


def test_the_mean_before_the_end_has_limits_that_shrink_with_the_share_that_was_drawn(build, sampled):
    ended = {"termination_reason": "Revoked", "any_engaged": True, "notes_before_termination": 10}
    drawn = [(20, sampled(**ended, engaged_before_termination=number)) for number in (1, 3)]
    few, many = (
        engagement_by_termination(build(*drawn, (rest, {"termination_reason": "Revoked"})), LEVEL)
        for rest in (40, 4000)
    )
    few_reach, many_reach = ((value(table, "Revoked", MEAN_UPPER) or 0) - 20 for table in (few, many))
    assert few_reach == pytest.approx(many_reach * (0.5 / (1 - 40 / 4040)) ** 0.5)
    assert value(few, "Revoked", MEAN_LOWER) == pytest.approx(20 - few_reach)


def test_a_small_count_without_notes_does_not_follow_from_the_counts_around_it(build, sampled, tabulate, pooled):
    def ended(reason, notes):
        return sampled(
            any_engaged=True, termination_reason=reason, notes_before_termination=notes, engaged_before_termination=0
        )

    frame = build(
        (100, ended("Completed", 9)),
        (60, ended("Revoked", 9)),
        (20, ended("Revoked", 0)),
        (50, ended("Died", 9)),
        (1, ended("Died", 0)),
        (40, ended("Other", 9)),
    )
    cells = tabulate(frame, pooled.clear()).filter(pl.col("table") == 4)
    shown = {(label, measure): text for label, measure, text in cells.select("row_label", "measure", "shown").rows()}
    for measure in ("Requirements (count)", NOTED_COUNT):
        assert shown["Completed", measure] == "100"
    assert "[c]" in (shown["Died", "Requirements (count)"], shown["Died", NOTED_COUNT])


def model_rows(pooled, model: str, factor: str, levels: dict[str, tuple[int, int]]) -> pl.DataFrame:
    rows = [
        (model, factor, level, not place, *counts, 1.0, None, None, None, None, None, None, "not estimable")
        for place, (level, counts) in enumerate(levels.items())
    ]
    return pl.DataFrame(rows, schema=pooled.schema, orient="row")


def test_a_model_count_equal_to_a_hidden_count_of_another_table_does_not_give_it_away(build, link, tabulate, pooled):
    long = {"length_band": "Over 12 months"}
    frame = build((40, link("Completed")), (3, link("Completed", **long)), (60, {}), (30, long))
    levels = {"4 to 6 months": (100, 40), "Over 12 months": (33, 3)}
    cells = tabulate(frame, model_rows(pooled, "linked_atr", "length_band", levels))
    shown = cells.filter(pl.col("table").is_in([7, 16])).select("table", "row_label", "measure", "shown").rows()
    by_length, in_model = (
        "ATRs linked to structured treatment (count)",
        "Records linked to structured treatment (count)",
    )
    for label in ("4 to 6 months", "Over 12 months"):
        assert (7, label, by_length, "[c]") in shown and (16, label, in_model, "[c]") in shown


@pytest.mark.parametrize("factor", ["treatment_status", "sex"])
def test_a_status_or_characteristic_hidden_among_the_linked_is_not_read_off_a_model(
    build, link, tabulate, pooled, factor
):
    female = {"sex": "Female"}
    frame = build(
        (40, link("Completed")), (3, link("Remained", **female)), (50, link("Dropped out")), (60, {}), (60, female)
    )
    by_factor = {
        "treatment_status": model_rows(
            pooled,
            "reconvicted_atr",
            factor,
            {"Not linked": (120, 0), "Completed": (40, 0), "Remained": (3, 0), "Dropped out": (50, 0)},
        ),
        "sex": model_rows(pooled, "linked_atr", factor, {"Male": (150, 90), "Female": (63, 3)}),
    }
    cells = tabulate(frame, by_factor[factor])
    withheld = set(cells.filter((pl.col("status") == "[c]") & pl.col("quantity").is_not_null())["quantity"])
    pairs = {
        "treatment_status": [
            (f"ATR/linked/{status}", f"reconvicted_atr/{factor}/{status}/records")
            for status in ("Completed", "Remained", "Dropped out")
        ],
        "sex": [(f"ATR/linked/sex/{sex}", f"linked_atr/sex/{sex}/outcome") for sex in ("Male", "Female")],
    }[factor]
    assert all((table in withheld) == (model in withheld) for table, model in pairs)
    assert sum(table in withheld for table, _ in pairs) >= 2


def test_a_model_count_that_differs_by_imputed_records_still_leaves_a_hidden_count_open(build, link, tabulate, pooled):
    rough, unknown = {"accommodation": "Rough sleeping"}, {"accommodation": None}
    frame = build(
        (40, link("Completed")),
        (3, link("Completed", **rough)),
        (12, link("Completed", **unknown)),
        (60, {}),
        (30, rough),
        (20, unknown),
    )
    levels = {"Settled": (128, 51), "Rough sleeping": (37, 4)}
    cells = tabulate(frame, model_rows(pooled, "linked_atr", "accommodation", levels))
    named = {quantity: shown for quantity, shown in cells.select("quantity", "shown").iter_rows() if quantity}
    assert named["ATR/accommodation/Rough sleeping/linked"] == "[c]"
    assert named["linked_atr/accommodation/Rough sleeping/outcome"] == "[c]"
    assert named["linked_atr/accommodation/Settled/outcome"] == "[c]"


def test_tables_that_share_a_count_agree_or_nothing_is_made(study_frame):
    outcomes, linkage = treatment_outcomes(study_frame), reconvictions_by_linkage(study_frame, LEVEL)
    check_tables_agree([outcomes, linkage])
    linkage.counts["ATR/linked"] += 1
    with pytest.raises(TablesDisagree, match="'ATR/linked' differs between tables 2 and 12"):
        check_tables_agree([outcomes, linkage])


def test_a_linked_requirement_without_a_treatment_status_is_found(build, tabulate, pooled, link):
    with pytest.raises(TablesDisagree, match="ATR/linked"):
        tabulate(build((5, link(None)), (50, link("Completed"))), pooled)


def test_a_count_hidden_in_one_table_is_hidden_in_every_table(build, tabulate, pooled, link):
    frame = build((40, link("Completed")), (3, link("Died")), (20, link("Prison")), (50, {}))
    cells = tabulate(frame, pooled.clear())
    died = cells.filter(pl.col("quantity") == "ATR/linked/Died")
    assert died["table"].to_list() == [2, 15, 23, 33] and died["shown"].unique().to_list() == ["[c]"]


def test_every_cell_of_the_tidy_form_is_traceable_and_complete(cells):
    check_frame(cells, PublishedCells, "published_tables")
    assert sorted(cells["table"].unique()) == [*range(1, 17), *range(19, 25), *range(32, 40), 41, 42]
    derived = cells.filter(pl.col("unit") == "percent")
    assert derived["depends_on"].null_count() == 0
    assert cells.filter(
        (pl.col("unit") == "count") & pl.col("quantity").is_null() & pl.col("depends_on").is_null()
    ).is_empty()


def test_reference_levels_and_levels_that_cannot_be_estimated_show_no_interval(cells):
    shown = {
        (label, measure): text
        for label, measure, text in cells.filter(pl.col("table") == 16)
        .select("row_label", "measure", "shown")
        .iter_rows()
    }
    low = "95% confidence interval, lower limit"
    assert [shown["Male", "Adjusted odds ratio"], shown["Male", low], shown["50 and over", low]] == [
        "1.00",
        "[z]",
        "[x]",
    ]
    assert shown["Female", "P value"] == "[low]" and shown["50 and over", "Kind of row"] == "Not estimable"


def test_the_headline_equals_the_tables(cells):
    figures: dict[str, Any] = headline(cells)
    assert figures["requirements"] == {"all": 480, "ATR": 240, "DRR": 240}
    assert figures["linked_percent"]["ATR"] == 50.0
    assert figures["engaged_percent"]["all"] == pytest.approx(66.7)
    assert figures["any_treatment_percent"]["DRR"] == pytest.approx(83.3)
    assert figures["reconvicted_percent"]["ATR"] == {"linked": 41.7, "unlinked": 33.3}
    corrected = {
        row["measure"]: row["shown"]
        for row in cells.filter(
            (pl.col("table") == 20)
            & (pl.col("row_group") == "DRRs")
            & (pl.col("row_label") == "Corrected for label error")
        ).to_dicts()
    }
    lower = corrected["Any treatment, estimate, lower limit (% of requirements)"]
    drrs = figures["any_treatment_corrected_percent"]["DRR"]
    assert isinstance(drrs, dict) and drrs["lower"] == float(lower)
    of_all, of_atrs = (figures["decoys_engaged_percent"][kind] for kind in ("all", "ATR"))
    assert isinstance(of_all, dict) and isinstance(of_atrs, dict)
    assert of_all["estimate"] == 100.0 and of_atrs["estimate"] is None  # 40 decoys, and 20


def test_the_headline_has_nothing_that_the_tables_withhold(build, link, tabulate, pooled):
    frame = build((97, {}), (3, link("Completed")), (60, link("Completed", requirement_type="DRR", reconvicted=True)))
    figures: dict[str, Any] = headline(tabulate(frame, pooled.clear()))
    assert figures["requirements"]["ATR"] == 100
    assert figures["linked_percent"]["ATR"] is None and figures["any_treatment_percent"]["ATR"] is None
    assert figures["reconvicted_percent"]["DRR"] == {"linked": 100.0, "unlinked": None}


def test_the_headline_has_no_corrected_figure_when_nothing_was_reviewed(study_frame, tabulate, pooled):
    nothing = {"estimate": None, "lower": None, "upper": None}
    assert headline(tabulate(study_frame, pooled))["engaged_corrected_percent"]["all"] == nothing


def test_the_headline_of_nobody_is_empty_not_an_error(build, tabulate, pooled):
    assert headline(tabulate(build(), pooled.clear()))["linked_percent"] == {"all": None, "ATR": None, "DRR": None}


def test_requirements_in_no_treatment_setting_are_those_without_structured_treatment_and_cjit(build, link):
    drr = {"requirement_type": "DRR"}
    table = treatment_outcomes(
        build(
            (20, link("Completed")),
            (9, {"linked_cjit": True, "linked_any": True}),
            (6, {"prison_12m": True}),
            (5, {}),
            (8, drr),
            (7, drr | {"linked_any": True, "prison_12m": True}),
        )
    )
    none = "In no NDTMS treatment setting"
    nouns = ("{types}", "ATRs", "DRRs")
    assert [value(table, none, f"{noun} (count)") for noun in nouns] == [26, 11, 15]
    shares = [value(table, none, f"{noun} (% of all {noun})") for noun in nouns]
    assert shares == pytest.approx([100 * 26 / 55, 100 * 11 / 40, 100])
    within = value(table, none, "ATRs (% of linked or not linked ATRs)")
    assert within == pytest.approx(100 * 11 / 20)
    found = "Of these: person linked to NDTMS records of another time or kind"
    assert value(table, found, "{types} (count)") == 7
    assert value(table, "Of these: person linked to no NDTMS record", "{types} (count)") == 19
    check_tables_agree([table])


def test_outcomes_of_both_types_add_up_to_those_of_all(study_frame):
    table = treatment_outcomes(study_frame)
    check_tables_agree([table])
    for row in {cell.row for cell in table.cells}:
        both, atr, drr = (value(table, row[1], f"{noun} (count)", row[0]) for noun in ("{types}", "ATRs", "DRRs"))
        assert both == (atr or 0) + (drr or 0)
    table.counts["All/not linked/no setting"] += 1
    with pytest.raises(TablesDisagree, match="no setting"):
        check_tables_agree([table])
