"""What each choice does to the headline figures."""

from datetime import date, timedelta

import polars as pl
import pytest

from linkage_assets.schemas.combining import (
    CourtAppearances,
    PreSentenceReports,
    PrisonReceptions,
    ProbationAttributes,
    TreatmentEpisodes,
)
from linkage_assets.schemas.pseudonyms import CompletePeople, PersonKey
from linkage_assets.schemas.release import ChoiceEffects
from linkage_assets.steps.quality.compare_choices import NOT_COMPARED, choices, compare_choices, values_of
from resources.settings.study_settings import Combining, load_study_settings
from resources.zone.schema_check import check_frame

DAY = date(2021, 6, 1)
LATER = timedelta(days=60)


def _frame(table, rows: list[dict]) -> pl.DataFrame:
    schema = {name: column.dtype.type for name, column in table.to_schema().columns.items()}
    return check_frame(pl.DataFrame(rows, schema=schema), table, table.__name__)


def made_up() -> dict[str, pl.DataFrame]:
    """Five people with one requirement each: 1 in adult treatment, 2 in young people's, 3 in custody, 4 in none. Person
    5's order has a mental health requirement; 1 is reconvicted, and 2 by a listed outcome that is no conviction; 3 had
    a case pending at sentence, and 4's further offence is heard after two years."""
    requirement = {
        "linkable": True,
        "copy_number": 1,
        "disposal_date": DAY,
        "start_date": DAY,
        "disposal_type": "Community order",
        "sentence_year": 2021,
        "length_months": 6.0,
        "length_band": "4 to 6 months",
        "region": "North West",
    }
    appearance = {
        "matched_by": "crn",
        "source_system": "libra",
        "offence_date": DAY + LATER,
        "appearance_date": DAY + LATER,
        "listed_outcome": True,
        "conviction_outcome": True,
    }
    return {
        "probation_attributes": _frame(
            ProbationAttributes,
            [
                {
                    **requirement,
                    "requirement_pseudonym": f"MR{n}",
                    "person_pseudonym": f"MP{n}",
                    "order_pseudonym": f"MO{n}",
                    "requirement_type": "ATR" if n < 3 else "DRR",
                    "mental_health_order": n == 5,
                }
                for n in range(1, 6)
            ],
        ),
        "pre_sentence_reports": _frame(PreSentenceReports, []),
        "prison_receptions": _frame(
            PrisonReceptions,
            [{"person_pseudonym": f"MP{n}", "reception_date": DAY + LATER, "spell_type": "remand"} for n in (3, 4)],
        ),
        "court_appearances": _frame(
            CourtAppearances,
            [
                {**appearance, "person_pseudonym": "MP1", "case_pseudonym": "MC1"},
                {**appearance, "person_pseudonym": "MP2", "case_pseudonym": "MC2", "conviction_outcome": False},
                {**appearance, "person_pseudonym": "MP3", "case_pseudonym": "MC3", "offence_date": DAY - LATER},
                {**appearance, "person_pseudonym": "MP4", "case_pseudonym": "MC4", "appearance_date": DAY + 12 * LATER},
            ],
        ),
        "treatment_episodes": _frame(
            TreatmentEpisodes,
            [
                {"client_pseudonym": f"DP{n}", "data_set": name, "start_date": DAY + LATER}
                for n, name in enumerate(
                    ["adult_community", "yp_community", "adult_secure", "adult_community"], start=1
                )
            ],
        ),
        "person_key": _frame(
            PersonKey,
            [
                {"person_pseudonym": f"MP{n}", "client_pseudonym": f"DP{n}", "match_probability": 0.99, "run_id": "r"}
                for n in (1, 2, 3)
            ],
        ),
        "complete_people": _frame(CompletePeople, [{"person_pseudonym": f"MP{n}"} for n in range(1, 6)]),
        "complete_key": _frame(
            PersonKey,
            [
                {"person_pseudonym": f"MP{n}", "client_pseudonym": f"DP{n}", "match_probability": 0.99, "run_id": "r"}
                for n in (1, 2, 3)
            ],
        ),
    }


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    return made_up()


@pytest.fixture(scope="module")
def effects() -> pl.DataFrame:
    settings = load_study_settings().for_quarter(date(2023, 3, 31))
    return check_frame(compare_choices(**made_up(), settings=settings), ChoiceEffects, "choice_effects")


def _amount(effects, setting, value, figure, kind="All") -> tuple:
    row = effects.filter(setting=f"combining.{setting}", value=value, figure=figure, requirement_type=kind)
    return row.select("amount", "difference").row(0)


@pytest.mark.parametrize(
    ("setting", "value", "figure", "expected"),
    [
        ("structured_data_sets", "adult_community, yp_community", "linked to structured treatment", (50, 0)),
        ("structured_data_sets", "adult_community", "linked to structured treatment", (25, -25)),
        (
            "structured_data_sets",
            "adult_community, yp_community, adult_secure, yp_secure",
            "linked to structured treatment",
            (75, 25),
        ),
        ("journey_within_months", "3", "linked to structured treatment", (50, 0)),
        ("prison_legal_status", "sentenced_or_recalled", "received into prison, of those not linked", (0, -100)),
        ("reconviction_outcome_set", "convictions_only", "reconvicted", (25, -25)),
        ("reconviction_months", "6", "reconvicted", (50, 0)),
        ("reconviction_date_basis", "both", "reconvicted", (50, 0)),
        ("reconviction_date_basis", "appearance_date", "reconvicted", (75, 25)),
        ("reconviction_date_basis", "offence_date", "reconvicted", (75, 25)),
        ("exclude_mental_health_orders", "true", "requirements analysed", (4, 0)),
        ("exclude_mental_health_orders", "false", "requirements analysed", (5, 1)),
    ],
)
def test_a_figure_is_made_anew_with_one_setting_changed(setting, value, figure, expected, effects):
    assert _amount(effects, setting, value, figure) == expected


def test_figures_are_given_for_each_requirement_type(effects):
    figure = "linked to structured treatment"
    assert _amount(effects, "structured_data_sets", "adult_community", figure, "ATR") == (50, -50)
    assert _amount(effects, "structured_data_sets", "adult_community", figure, "DRR") == (0, 0)


def test_a_share_of_nobody_is_empty(tables, settings):
    tables["probation_attributes"] = tables["probation_attributes"].filter(requirement_type="ATR")
    effects = check_frame(compare_choices(**tables, settings=settings), ChoiceEffects, "choice_effects")
    assert _amount(effects, "prison_months", "12", "reconvicted", "DRR") == (None, None)
    assert _amount(effects, "prison_months", "12", "requirements analysed", "DRR") == (0, 0)


def test_each_setting_has_one_value_that_the_release_is_made_with(effects):
    defaults = effects.filter("is_default").select("setting", "value").unique()
    assert defaults["setting"].is_unique().all()
    assert set(defaults["setting"]) == set(effects["setting"])
    assert effects.filter("is_default")["difference"].drop_nulls().unique().to_list() == [0]


def test_people_without_a_complete_record_leave_where_all_three_identifiers_are_needed(tables, settings):
    tables["complete_people"] = tables["complete_people"].filter(pl.col("person_pseudonym") != "MP4")
    tables["complete_key"] = tables["complete_key"].filter(pl.col("person_pseudonym") != "MP1")
    effects = check_frame(compare_choices(**tables, settings=settings), ChoiceEffects, "choice_effects")
    found = effects.filter(setting="linkage.minimum_identifiers", requirement_type="All")
    assert found.select("value", "is_default").unique(maintain_order=True).rows() == [
        ("2", True),
        ("3 of probation", False),
    ]
    amounts = dict(found.filter(~pl.col("is_default")).select("figure", "amount").iter_rows())
    assert amounts["requirements analysed"] == 3 and amounts["people analysed"] == 3
    assert amounts["linked to structured treatment"] == pytest.approx(100 / 3)
    before = dict(found.filter("is_default").select("figure", "amount").iter_rows())
    assert (before["requirements analysed"], before["linked to structured treatment"]) == (4, 50)


def test_where_all_three_identifiers_are_needed_anyway_nothing_else_is_compared(tables, settings):
    linkage = settings.linkage.model_copy(update={"minimum_identifiers": 3})
    effects = compare_choices(**tables, settings=settings.model_copy(update={"linkage": linkage}))
    assert effects.filter(setting="linkage.minimum_identifiers")["value"].unique().to_list() == ["3"]


def test_every_setting_of_combining_is_compared_or_changes_no_figure(settings):
    compared = {name.removeprefix("combining.") for name, _, _ in choices(settings)}
    assert compared == set(Combining.model_fields) - NOT_COMPARED | {"study.exclude_regions"}


def test_every_other_value_is_one_that_the_settings_would_accept(settings):
    for name, value, changed in choices(settings):
        again = Combining.model_validate(changed.combining.model_dump())
        assert again == changed.combining, (name, value)


def test_values_are_those_of_the_declared_set_or_are_named(settings):
    assert values_of("transferred_counts_as", Combining.model_fields["transferred_counts_as"].annotation) == [
        "dropped_out",
        "completed",
    ]
    with pytest.raises(KeyError, match="unheard_of"):
        values_of("unheard_of", int)


def test_a_value_that_is_set_but_not_among_those_tried_is_compared_as_the_default(tables, settings):
    unusual = settings.model_copy(update={"combining": settings.combining.model_copy(update={"prison_months": 9})})
    found = compare_choices(**tables, settings=unusual).filter(setting="combining.prison_months")
    assert found.filter("is_default")["value"].unique().to_list() == ["9"]
    assert set(found["value"]) == {"6", "9", "12", "24"}
