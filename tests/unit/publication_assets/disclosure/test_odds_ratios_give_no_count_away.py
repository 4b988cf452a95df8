"""Attacks on odds ratios: a reader who works counts out of intervals, of words, and of odds ratios side by side.

The reader sees published cells only and knows the rules; how they work is computed here, with no code of disclosure
control.
"""

from math import exp, log, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from modelling_assets.steps.sensitivity.sensitivity_models import COMPLETE, link_threshold
from publication_assets.catalogue.measures_of_models import KIND_OF_ROW as KIND
from publication_assets.catalogue.measures_of_models import ODDS_RATIO, ODDS_RATIO_LIMITS, RECORDS
from publication_assets.catalogue.measures_of_models import alternative_measures as odds_ratio_measures
from publication_assets.catalogue.measures_of_requirements import LINKED
from publication_assets.steps.figures.of_report.figures_models import (
    associations,
    odds_ratio_figure,
    other_levels,
)
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_models import ESTIMATED, odds_ratio_table
from publication_assets.steps.tables.estimates.tables_sensitivity_models import alternative_odds_ratios
from publication_assets.steps.tables.tie_model_counts import tie_model_counts
from publishing.disclosure.show_cells import published_cells, show_cells
from publishing.tables.declared import Row
from resources.settings.study_settings import load_study_settings
from tests.seen_cells import SeenCells as ShownCells

STUDY = load_study_settings()
MINIMUM, THRESHOLD = STUDY.modelling.minimum_level_count, STUDY.publication.disclosure_threshold
MODEL, OUTCOME = "linked_atr", "Records linked to structured treatment (count)"
REACH = 1.959964
CI_LOW, CI_HIGH = ODDS_RATIO_LIMITS.values()
TABLE = "odds_ratios_linked_atr"
AGES = ("18 to 29", "30 to 39", "40 to 49", "50 and over")


def pooled_of(grid: dict[str, dict[str, tuple[int, int]]]) -> pl.DataFrame:
    """Crude odds ratios: per factor and level (the first is the reference) records with the outcome and without it."""
    rows = []
    for factor, levels in grid.items():
        (c, d) = next(iter(levels.values()))
        for place, (level, (a, b)) in enumerate(levels.items()):
            row = {
                "model": MODEL,
                "factor": factor,
                "level": level,
                "reference": place == 0,
                "records": a + b,
                "outcome_records": a,
                "odds_ratio": 1.0 if place == 0 else None,
                "status": "ok",
            }
            if place and min(a, b, c, d) >= MINIMUM:
                estimate, reach = log(a * d / b / c), REACH * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
                significant = abs(estimate) > reach
                row |= {
                    "odds_ratio": exp(estimate),
                    "ci_low": exp(estimate - reach),
                    "p_value": 0.01,
                    "ci_high": exp(estimate + reach),
                    "significant": significant,
                    "direction": "higher" if estimate > 0 else "lower",
                    "strength": "strong" if significant else "",
                }
            elif place:
                row |= {"status": "not estimable", "reason": f"fewer than {MINIMUM} records in one outcome"}
            rows.append(row)
    floats = ["ci_low", "ci_high", "p_value", "odds_ratio"]
    words = ["direction", "strength", "reason"]
    return pl.DataFrame(
        rows,
        infer_schema_length=None,
        schema_overrides={
            **dict.fromkeys(floats, pl.Float64),
            **dict.fromkeys(words, pl.String),
            "significant": pl.Boolean,
        },
    )


def published(grid: dict[str, dict[str, tuple[int, int]]]) -> tuple[PublishedTable, ShownCells]:
    table = odds_ratio_table(pooled_of(grid), MODEL, STUDY.modelling)
    tie_model_counts([table], STUDY.modelling)
    return table, ShownCells(published_cells(show_cells([table], STUDY.publication)))


def guess_from_interval(cells: ShownCells, group: str, level: str, reference: tuple[int, int]) -> float | None:
    """Records with the outcome, from the odds ratio, its limits and the records of the reference level."""
    odds_ratio, low, high = (cells.value(16, level, measure, group) for measure in (ODDS_RATIO, CI_LOW, CI_HIGH))
    if not odds_ratio or not low or not high:
        return None
    c, d = reference
    left = (log(high / low) / 2 / REACH) ** 2 - 1 / c - 1 / d
    odds = odds_ratio * c / d  # a / b, so 1/a + 1/b = (1 + odds) / a
    return (1 + odds) / left


SEX = {"Male": (300, 200), "Female": (80, 70)}


def with_ages(*counts: tuple[int, int]) -> dict:
    rest = tuple(sum(pair[side] for pair in SEX.values()) - sum(pair[side] for pair in counts) for side in (0, 1))
    return {"sex": SEX, "age_band": dict(zip(AGES, (rest, *counts), strict=True))}


def test_the_attack_works_where_counts_are_shown_and_these_keep_their_odds_ratios():
    _, cells = published(with_ages((60, 40), (50, 60), (30, 45)))
    assert guess_from_interval(cells, "Age at sentence", "30 to 39", (240, 125)) == pytest.approx(60, abs=3)
    assert all(cells.value(16, level, ODDS_RATIO) for _, level in cells.rows(16))


def test_a_withheld_count_has_no_odds_ratio_interval_or_word_to_guess_it_from():
    # 3 are withheld, and 12 for their sake: the second has an odds ratio, which would give them away.
    grid = with_ages((60, 40), (12, 60), (3, 45))
    table, cells = published(grid)
    withheld = [level for level in AGES if cells.text(16, level, OUTCOME) == "[c]"]
    assert "50 and over" in withheld and "40 to 49" in withheld
    for level in withheld:
        assert guess_from_interval(cells, "Age at sentence", level, grid["age_band"][AGES[0]]) is None
        said = {cells.text(16, level, measure) for measure in cells.measures(16) if measure not in (OUTCOME, RECORDS)}
        assert said == {"[c]"}
    assert cells.value(16, "30 to 39", ODDS_RATIO) and cells.value(16, "Female", ODDS_RATIO)
    assert table.counts["linked_atr/age_band/40 to 49/outcome"] == 12


def test_no_odds_ratio_of_a_factor_is_shown_where_the_count_of_its_reference_level_is_not():
    _, cells = published(
        {
            "sex": {"Male": (3, 500), "Female": (420, 30)},
            "age_band": dict(zip(AGES, ((200, 230), (123, 200), (50, 50), (50, 50)), strict=True)),
        }
    )
    assert cells.text(16, "Male", OUTCOME) == "[c]"
    assert cells.text(16, "Female", ODDS_RATIO) == cells.text(16, "Female", KIND) == "[c]"
    assert cells.value(16, "30 to 39", ODDS_RATIO)


def test_the_plot_draws_nothing_and_says_nothing_of_a_withheld_odds_ratio(facts):
    _, cells = published(with_ages((60, 40), (12, 60), (3, 45)))
    figure = odds_ratio_figure(cells, TABLE, facts)
    rows = {row[1]: row[2:] for row in figure.rows}
    assert set(rows["40 to 49"]) == set(rows["50 and over"]) == {"[c]"}
    assert "not estimable" not in figure.svg
    assert not [said for said in associations(cells, TABLE) if "40 to 49" in said]


def test_that_nothing_is_significant_is_said_of_the_levels_that_are_shown_only():
    alike: dict[str, dict[str, tuple[int, int]]] = {"sex": {"Male": (300, 300), "Female": (110, 110)}}
    _, cells = published(alike)
    assert other_levels(cells, TABLE) == "No level shows a clear difference from its reference level."
    ages: dict[str, tuple[int, int]] = dict(zip(AGES, ((340, 339), (55, 55), (12, 12), (3, 4)), strict=True))
    _, cells = published(alike | {"age_band": ages})
    assert cells.text(16, "50 and over", "Significance") == "[c]"
    assert other_levels(cells, TABLE).startswith("Of the levels that are shown, none")


numbers = st.one_of(st.integers(0, 12), st.integers(0, 60))
pairs = st.tuples(numbers, numbers)


@settings(max_examples=40, deadline=None)
@example([(60, 40), (12, 60), (3, 45)])
@given(st.lists(pairs, min_size=3, max_size=3))
def test_what_words_say_of_a_level_narrows_no_small_count_of_another(counts):
    table, cells = published(with_ages(*counts))
    known = {name: table.counts[name] for name in table.known}
    least: dict[str, int] = {}
    for group, factor in (("Sex", "sex"), ("Age at sentence", "age_band")):
        for level in [level for each, level in cells.rows(16) if each == group]:
            prefix = f"{MODEL}/{factor}/{level}"
            for measure, ending in ((RECORDS, "records"), (OUTCOME, "outcome")):
                value = cells.value(16, level, measure, group)
                known |= {} if value is None else {f"{prefix}/{ending}": int(value)}
                least[f"{prefix}/{ending}"] = 1
            if cells.text(16, level, KIND, group) == ESTIMATED:
                least |= {f"{prefix}/outcome": MINIMUM, f"{prefix}/no outcome": MINIMUM}
    for name, number in table.counts.items():
        if 0 < number < THRESHOLD and name not in table.known:
            assert name not in known
            assert greatest_possible(name, table, known, least) >= number + THRESHOLD


def greatest_possible(name: str, table: PublishedTable, known: dict[str, int], least: dict[str, int]) -> int:
    """The greatest whole number that fits what is known; a withheld count is at least 1."""
    names = sorted({member for total in table.sums for member in (total.total, *total.parts)})
    place = {member: column for column, member in enumerate(names)}
    equations = np.zeros((len(table.sums), len(names)))
    for row, total in enumerate(table.sums):
        equations[row, place[total.total]] = 1
        equations[row, [place[part] for part in total.parts]] = -1
    lower = [known.get(member, least.get(member, 0)) for member in names]
    upper = [known.get(member, 10_000) for member in names]
    goal = np.zeros(len(names))
    goal[place[name]] = -1
    found = milp(goal, constraints=LinearConstraint(equations, 0, 0), bounds=(lower, upper), integrality=1)
    return round(-found.fun)


@pytest.mark.parametrize(("moved", "shown"), [(3, False), (0, True), (40, True)])
def test_two_odds_ratios_side_by_side_do_not_tell_how_few_a_link_threshold_moves(moved, shown):
    # Under the threshold .5 a few more of one level are linked: both odds ratios together would say how many.
    levels = {"Male": (300, 200), "Female": (80, 120)}
    rows = [(sex, True, 0.999) for sex, (hit, _) in levels.items() for _ in range(hit)]
    rows += [("Female", False, 0.6)] * moved + [("Female", False, None)] * (120 - moved) + [("Male", False, None)] * 200
    frame = pl.DataFrame(rows, schema=["sex", "linked_structured", "linked_up_to_threshold"], orient="row")
    frame = frame.with_columns(requirement_type=pl.lit("ATR"))
    pooled = pooled_of({"sex": levels})
    lowest = STUDY.modelling.sensitivity.link_thresholds[0]
    other = pooled.filter(~pl.col("reference")).with_columns(alternative=pl.lit(link_threshold(lowest)))
    tables = [odds_ratio_table(pooled, MODEL, STUDY.modelling), alternative_odds_ratios(frame, pooled, other, STUDY)]
    cells = ShownCells(published_cells(show_cells(tables, STUDY.publication)))
    (group, row), *_ = cells.rows(27)
    assert cells.value(27, row, odds_ratio_measures("main model")[0], group)
    measures = odds_ratio_measures(f"link threshold {lowest:g}")
    assert [cells.value(27, row, measure, group) is not None for measure in measures] == [shown] * 3


@pytest.mark.parametrize(("recorded", "shown"), [(3, False), (40, True)])
def test_complete_cases_do_not_tell_a_count_that_another_table_withholds(recorded, shown):
    # The model has imputed records, so its own count says little of the recorded one; complete cases have none.
    pooled = pooled_of({"sex": {"Male": (300, 200), "Female": (60, 120)}})
    another = PublishedTable("linked_by_region", {"ATR/sex/Female/linked": recorded, "ATR": 900})
    another.count(Row("Female", "Female"), LINKED.of_type("ATR"), "ATR/sex/Female/linked")
    frame = pl.DataFrame(
        {"sex": ["Male"], "linked_structured": [True], "linked_up_to_threshold": [0.999], "requirement_type": ["ATR"]}
    )
    other = pooled.filter(~pl.col("reference")).with_columns(alternative=pl.lit(COMPLETE))
    tables = [
        another,
        odds_ratio_table(pooled, MODEL, STUDY.modelling),
        alternative_odds_ratios(frame, pooled, other, STUDY),
    ]
    tie_model_counts(tables, STUDY.modelling)
    cells = ShownCells(published_cells(show_cells(tables, STUDY.publication)))
    (group, row), *_ = cells.rows(27)
    assert cells.value(16, "Female", ODDS_RATIO)
    found = [cells.value(27, row, measure, group) is not None for measure in odds_ratio_measures(COMPLETE)]
    assert found == [shown] * 3
