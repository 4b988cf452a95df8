"""Forms of the Treatment Outcomes Profile: which there are, what they say, and that a later quarter keeps them."""

from datetime import date

import polars as pl
import pytest

from contracts.extracts import OUTCOME_PROFILE
from contracts.sources.ndtms import USE_COLUMNS
from resources.extracts.extract_reader import read_extract
from synthetic_extracts.draws import day_number, uniform_by_key
from synthetic_extracts.recording import Tables
from synthetic_extracts.treatment.outcome_forms import outcome_profile

LAST_DAY = date(2023, 3, 31)
EPISODES = 4000


def community(discharged: str | None, reason: str | None, drug: str = "7000") -> Tables:
    """Episodes triaged on 1 January 2022, with one row each; a hundredth refuses consent."""
    table = pl.select(
        AGNCY=pl.lit("N0101"),
        CLIENTID=pl.format("C{}", pl.int_range(EPISODES)),
        EPISODID=pl.format("E{}", 10_000_000 + pl.int_range(EPISODES)),
        CONSENT=pl.when(pl.int_range(EPISODES) % 100 == 0).then(pl.lit("N")).otherwise(pl.lit("Y")),
        TRIAGED=pl.lit("01/01/2022"),
        DISD=pl.lit(discharged, pl.String),
        DISRSN=pl.lit(reason, pl.String),
        DRUG1=pl.lit(drug),
        DRUG2=pl.lit("9996"),
        DRUG3=pl.lit("9997"),
    )
    return {"adult_community": table, "yp_community": table.clear()}


def forms(tables: Tables, day: date = LAST_DAY) -> pl.DataFrame:
    return outcome_profile(1, tables, day_number(day))


def read(tmp_path, table: pl.DataFrame):
    (tmp_path / "ndtms").mkdir()
    table.write_csv(tmp_path / "ndtms" / "outcome_profile.csv")
    return read_extract(tmp_path, OUTCOME_PROFILE, LAST_DAY)


def test_most_episodes_have_a_start_form_and_nobody_who_refused_has_any(tmp_path):
    frame = read(tmp_path, forms(community("30/09/2022", "80"))).frame
    starts = frame.filter(TRSTAGE="S")["CLIENTID"].n_unique()
    assert 0.80 < starts / (0.99 * EPISODES) < 0.90
    assert not frame["CLIENTID"].is_in([f"C{number}" for number in range(0, EPISODES, 100)]).any()


@pytest.mark.parametrize(("reason", "least", "most"), [("80", 0.80, 0.90), ("85", 0.25, 0.35), ("89", 0.0, 0.0)])
def test_who_leaves_early_seldom_has_an_exit_form(reason, least, most, tmp_path):
    frame = read(tmp_path, forms(community("30/09/2022", reason))).frame
    assert least <= frame.filter(TRSTAGE="E").height / EPISODES <= most


def test_use_falls_and_falls_most_among_those_who_complete(tmp_path):
    days = {}
    for reason in ("80", "85"):
        (tmp_path / reason).mkdir()
        frame = read(tmp_path / reason, forms(community("30/09/2022", reason))).frame
        days[reason] = dict(frame.group_by("TRSTAGE").agg(pl.col("ALCUSE").mean()).rows())
    assert days["80"]["S"] == pytest.approx(days["85"]["S"]) and 14 < days["80"]["S"] < 20
    assert days["80"]["E"] < 0.4 * days["80"]["S"]
    assert days["80"]["E"] < 0.6 * days["85"]["E"] < days["85"]["R"]


def test_the_forms_are_dirty_as_other_tables_are(tmp_path):
    done = read(tmp_path, forms(community("30/09/2022", "80")))
    assert {rule for counts in done.normalised.values() for rule in counts} >= {
        "NA, NULL, Not known, - or another word for missing read as missing",
        "date rewritten as YYYY-MM-DD",
        "code rewritten as in its list",
    }
    assert set(done.voided["rule"]) == {"number out of range"}
    assert done.frame.select(pl.any_horizontal(pl.col(list(USE_COLUMNS)).is_null()).mean()).item() < 0.25


def test_a_later_day_has_the_same_forms_and_new_ones_though_the_end_has_become_known():
    before, now = forms(community(None, None)), forms(community("30/04/2023", "80"), date(2023, 6, 30))
    assert before.join(now, on=before.columns, how="anti", nulls_equal=True).height == 0
    assert now.filter(TRSTAGE="E").height > 0 == before.filter(TRSTAGE="E").height
    assert now.height > before.height


def test_rows_of_one_episode_in_another_order_give_the_same_forms():
    tables = community("30/09/2022", "80")
    table = tables["adult_community"]
    twice = pl.concat([table, table.with_columns(DRUG1=pl.lit("1011"))])
    assert forms(tables | {"adult_community": twice}).equals(forms(tables | {"adult_community": twice[::-1]}))


def test_a_number_of_a_key_depends_on_the_key_the_seed_and_the_name_alone():
    keys = pl.Series([5, 9, 12]).to_numpy()
    drawn = uniform_by_key(1, "a", keys, 4)
    assert (uniform_by_key(1, "a", keys[1:], 4) == drawn[1:]).all()
    assert not (uniform_by_key(2, "a", keys, 4) == drawn).any() and not (uniform_by_key(1, "b", keys, 4) == drawn).any()
    many = uniform_by_key(1, "a", pl.int_range(20_000, eager=True).to_numpy(), 3)
    assert many.min() >= 0 and many.max() < 1
    assert abs(many.mean(axis=0) - 0.5).max() < 0.01
    assert abs(pl.DataFrame(many).corr().to_numpy() - pl.DataFrame(many).corr().to_numpy().round()).max() < 0.03
