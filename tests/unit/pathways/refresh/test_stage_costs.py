"""What a refresh cost is written down by its processes, and outlives refreshes that had nothing to do."""

from pathways.refresh.stage_costs import (
    CHECK,
    RUN,
    WHOLE,
    StageCost,
    last_that_made_something,
    measured,
    whole_refresh_measured,
    within,
    write_down,
)

QUARTER, ZONE = "2023Q1", "linkage_assets"


def refresh(root, *zones):
    with whole_refresh_measured(root, QUARTER):
        with measured(root, QUARTER, CHECK):
            pass
        for zone in zones:
            with measured(root, QUARTER, zone):
                write_down(root, QUARTER, within(zone, RUN), 1.5)


def stages(root):
    return [cost.stage for cost in last_that_made_something(root, QUARTER)]


def test_every_stage_of_a_refresh_is_there_in_the_order_in_which_it_ended(tmp_path):
    refresh(tmp_path, ZONE, ZONE)
    assert stages(tmp_path)[1:] == [CHECK, f"{ZONE}: run", ZONE, f"{ZONE}: run", ZONE, WHOLE]
    assert StageCost(f"{ZONE}: run", 1.5, None) in last_that_made_something(tmp_path, QUARTER)


def test_a_refresh_with_nothing_to_do_or_that_was_stopped_replaces_none(tmp_path):
    refresh(tmp_path, ZONE)
    made = last_that_made_something(tmp_path, QUARTER)
    refresh(tmp_path)
    try:
        with whole_refresh_measured(tmp_path, QUARTER):
            write_down(tmp_path, QUARTER, ZONE, 3)
            raise InterruptedError
    except InterruptedError:
        pass
    assert last_that_made_something(tmp_path, QUARTER) == made


def test_the_next_one_that_makes_something_takes_its_place(tmp_path):
    refresh(tmp_path, ZONE)
    refresh(tmp_path, ZONE, "nlp_assets")
    assert "nlp_assets" in stages(tmp_path) and stages(tmp_path).count(ZONE) == 1


def test_a_line_cut_short_by_a_kill_stops_nothing(tmp_path):
    refresh(tmp_path, ZONE)
    with (tmp_path / "dagster" / f"stages_{QUARTER}.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"stage": "che')
    before = stages(tmp_path)
    refresh(tmp_path)
    assert stages(tmp_path) == before and before


def test_before_any_refresh_there_is_nothing(tmp_path):
    assert last_that_made_something(tmp_path, QUARTER) == []
