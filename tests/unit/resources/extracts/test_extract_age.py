"""Last quarter's file under a new name, and a file with the new rows alone: noticed by dates and by bytes."""

import shutil
from datetime import date, timedelta

import dagster as dg
import polars as pl
import pytest

import linkage_assets.definitions
import nlp_assets.definitions
from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME
from contracts.references import EXTRACTS_CHECK
from pathways.check.check_together import judge_together
from resources.extracts.compare_age import ages_in, judge_age
from resources.extracts.extract_age import judge_dates, judge_same_file
from resources.extracts.extract_assets import ages_of, extract_asset
from resources.extracts.extract_folder import ExtractFolder
from resources.extracts.extract_reader import read_extract_file
from resources.settings.extract_settings import Extracts
from resources.settings.study_settings import load_study_settings
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_definitions import zone_store
from resources.zone.zone_store import ZoneStore
from resources.zone.zone_tables import Zone

RESULT, OFFENDER = EXTRACT_BY_NAME["result"], EXTRACT_BY_NAME["offender"]
START, END = date(2018, 8, 1), date(2023, 6, 30)
COLUMNS = ",".join(RESULT.column_names)


@pytest.fixture(scope="module")
def limits():
    return load_study_settings().extracts


def results(first, last, every):
    """Results of a court, one in so many days."""
    days = [first + timedelta(days=day) for day in range(0, (last - first).days + 1, every)]
    return pl.DataFrame({"appearance_date": days})


def found(frame, limits):
    return [(age.measure.value, age.problem) for age in judge_dates(RESULT, frame, "2023Q2", END, START, limits)]


def test_a_file_of_the_quarter_is_of_the_quarter(limits):
    assert found(results(START, END, 3), limits) == []
    assert found(results(START, END - timedelta(days=50), 3), limits) == []


def test_last_quarters_file_under_a_new_name_has_no_event_of_this_quarter(limits):
    assert found(results(START, date(2023, 3, 31), 3), limits) == [
        (93.0, "the newest appearance_date lies 93 days before the end of 2023Q2")
    ]


def test_neither_the_order_nor_the_format_of_a_file_hides_its_age(limits):
    old = results(START, date(2023, 3, 31), 3)
    assert found(old.sample(fraction=1, shuffle=True, seed=1), limits) == found(old, limits)


def test_a_file_with_the_new_rows_alone_has_none_of_the_first_years(limits):
    ((days, problem),) = found(pl.concat([results(date(2023, 4, 1), END, 1)] * 2), limits)
    assert days == 1704 and problem.startswith("the oldest appearance_date")


def test_a_file_of_few_events_may_have_none_for_long(limits):
    rare = pl.concat([results(START, START + timedelta(days=90), 1), results(START, date(2023, 3, 31), 90)])
    assert found(rare, limits) == []
    assert found(results(date(2020, 1, 1), date(2020, 1, 20), 1), limits) == []


@pytest.mark.parametrize(
    "frame",
    [results(START, END, 3).clear(), results(START, END, 3).select(pl.lit(None, pl.Date).alias("appearance_date"))],
)
def test_a_file_without_a_date_is_judged_by_others(limits, frame):
    assert found(frame, limits) == []
    assert judge_dates(OFFENDER, pl.DataFrame({"crn": ["X"]}), "2023Q2", END, START, limits) == []


def test_a_system_without_a_limit_is_not_judged():
    assert found(results(START, date(2022, 1, 1), 3), Extracts()) == []


def test_every_extract_with_rows_of_events_has_its_date_and_every_system_its_limits(limits):
    without = {extract.name for extract in ALL_EXTRACTS if not extract.event_date}
    assert without == {"offender", "defendant", "case"}
    assert all(extract.event_date in extract.column_names for extract in ALL_EXTRACTS if extract.event_date)
    systems = {extract.system for extract in ALL_EXTRACTS}
    assert set(limits.newest_event_days) == set(limits.oldest_event_days) == systems


def test_the_same_file_stops_where_no_date_can_tell_and_is_a_warning_elsewhere():
    assert not judge_same_file(OFFENDER, "2023Q1", 891).measure.within
    assert judge_same_file(OFFENDER, "2023Q1", 20).measure.within
    assert judge_same_file(RESULT, "2023Q1", 891).measure.within
    assert judge_same_file(EXTRACT_BY_NAME["yp_secure"], "2023Q1", 0).measure.within


class Report:
    def __init__(self, table):
        self.table, self.problem, self.remedy, self.warnings, self.refused = table, "", "", [], []


def test_an_old_file_is_rejected_with_what_to_do_and_how_to_accept_it(limits, tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    ages = judge_dates(RESULT, results(START, date(2023, 3, 31), 3), "2023Q2", END, START, limits)
    report = Report("result")
    assert judge_together({"result": report}, {}, "2023Q2", ages) == {"result"}
    assert "93 days before the end of 2023Q2" in report.problem
    assert EXTRACTS_CHECK in report.remedy and "pathways accept" in report.remedy
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "2023Q2.toml").write_text(
        f'[[accepted]]\nquarter = "2023Q2"\ncheck = "{EXTRACTS_CHECK}"\nmeasure = "{ages[0].name}"\nvalue = 93.0\n'
        'by = "asha"\non = 2023-07-14\nreason = "the court sat on no day"\n',
        encoding="utf-8",
    )
    accepted = Report("result")
    assert judge_together({"result": accepted}, {}, "2023Q2", ages) == set() and not accepted.problem
    assert "accepted by asha" in accepted.warnings[0]


def test_the_same_bytes_in_an_earlier_quarter_are_found_and_not_in_a_later_one(limits, tmp_path):
    for quarter in ("2022Q4", "2023Q1", "2023Q2"):
        (tmp_path / quarter / "courts").mkdir(parents=True)
    text = f"{COLUMNS}\n" + "".join(f"R{n},O{n},2023-03-0{n},FINE\n" for n in range(1, 5))
    old, new = (tmp_path / quarter / "courts" / "result.csv" for quarter in ("2023Q1", "2023Q2"))
    old.write_text(text, encoding="utf-8")
    shutil.copyfile(old, new)
    for path, quarter, seen in ((new, "2023Q2", ["as in 2023Q1"]), (old, "2023Q1", [])):
        read = read_extract_file(path, RESULT, END, limits)
        ages = judge_age(RESULT, path, read, quarter, START, Extracts())
        assert [age.problem.split(", ")[-1].split(" (")[0] for age in ages] == seen
    assert judge_age(RESULT, new, read, None, START, limits) == []


def test_the_zone_that_reads_a_file_judges_its_age_as_the_dry_run_does_also_when_only_some_rows_are_kept(
    limits, tmp_path, monkeypatch
):
    file = tmp_path / "extracts" / "2023Q2" / "courts" / "result.csv"
    file.parent.mkdir(parents=True)
    days = results(START, date(2023, 3, 31), 3)["appearance_date"]
    rows = (f"R{number},O{number},{day},FINE" for number, day in enumerate(days))
    file.write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    (dry_run,) = judge_age(RESULT, file, read_extract_file(file, RESULT, END, limits), "2023Q2", START, limits)

    @zone_asset(deps=["result"])
    def ages(context: dg.AssetExecutionContext, extracts: ExtractFolder) -> pl.DataFrame:
        return ages_of(extracts, [RESULT], context.partition_key)

    kept = extract_asset(RESULT, "linkage", keep=lambda rows: rows.head(1))
    store = ZoneStore(Zone("linkage", tmp_path, "code", "settings", {}))
    given = {"extracts": ExtractFolder(root=str(tmp_path)), "zone_store": store, "io_manager": store}
    for assets in ([kept, ages], [ages]):  # of the run that read the file, and of one that did not
        dg.materialize(assets, selection=[ages] if len(assets) == 1 else None, partition_key="2023Q2", resources=given)
        assert ages_in(store.read("ages", "2023Q2")) == [dry_run.measure]


def test_both_zones_that_read_extracts_have_the_check_that_accepts_them():
    for zone, table in ((linkage_assets.definitions, "extract_fit"), (nlp_assets.definitions, "note_extract_age")):
        checks = zone_store(zone.defs()).zone.checks
        assert EXTRACTS_CHECK in checks[table]
