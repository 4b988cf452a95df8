"""Tables of the research views: what adds up is said, small counts are withheld, and k-anonymity is counted."""

import polars as pl
import pytest

from justice_assets.catalogue.view_tables import VIEW_TABLES
from justice_assets.schemas.views import VIEWS
from justice_assets.steps.models.fit_custody import SCHEMA
from justice_assets.steps.release.anonymity import count_anonymity
from justice_assets.steps.view_tables.count_view_tables import count_view_table, count_view_tables
from publishing.disclosure.cell_tables import CountedCells, PublishedCells
from publishing.disclosure.show_cells import published_cells
from resources.settings.study_settings import load_study_settings
from resources.zone.schema_check import check_frame

PUBLICATION, SETTINGS = load_study_settings().publication, load_study_settings().justice_views
NO_ESTIMATES = pl.DataFrame(schema=SCHEMA)
SEXES, TYPES = ("Male", "Female", "Not recorded"), ("Fast", "Oral", "Standard")


def view_of(name: str, counts: list[int]) -> pl.DataFrame:
    """A view whose rows differ in all columns, as far as there are as many levels."""
    columns = [column for column in VIEWS[name].to_schema().columns if column != "records"]
    rows = [{**dict.fromkeys(columns, "A"), columns[-1]: f"Level {place}"} for place in range(len(counts))]
    return pl.DataFrame(rows).with_columns(records=pl.Series(counts, dtype=pl.Int64))


def concordance(counts: dict[tuple[str, str], int]) -> pl.DataFrame:
    columns = [column for column in VIEWS["report_view"].to_schema().columns if column != "records"]
    rows = [
        {
            **dict.fromkeys(columns, "A"),
            "delivered": delivered,
            "proposal": "Yes",
            "followed": followed,
            "records": number,
        }
        for (delivered, followed), number in counts.items()
    ]
    return pl.DataFrame(rows)


def test_every_table_counts_columns_that_its_view_has_under_a_number_of_its_own():
    for table in VIEW_TABLES.values():
        columns = {*VIEWS[table.view].to_schema().columns}
        assert {table.parts, *(column for column, _ in (*table.rows, *table.where))} <= columns
    assert [table.number for table in VIEW_TABLES.values()] == list(range(1, len(VIEW_TABLES) + 1))


def test_what_is_said_to_add_up_adds_up():
    counts = {("Fast", "Yes"): 60, ("Fast", "No"): 40, ("Oral", "Yes"): 30, ("Oral", "No"): 20}
    table = count_view_table(VIEW_TABLES["concordance"], concordance(counts))
    assert len(table.sums) > 5
    for total in table.sums:
        assert table.counts[total.total] == sum(table.counts[part] for part in total.parts)
    assert table.counts["report_view/delivered=Fast/followed=Yes/proposal=Yes"] == 60


def test_a_small_count_is_withheld_with_another_that_would_give_it_away():
    views = {name: view_of(name, [200, 300]) for name in VIEWS}
    small = {("Fast", "Yes"): 3, ("Fast", "No"): 97, ("Oral", "Yes"): 50, ("Oral", "No"): 60}
    small |= {("Standard", "Yes"): 40, ("Standard", "No"): 80}
    cells = count_view_tables(views | {"report_view": concordance(small)}, NO_ESTIMATES, PUBLICATION, SETTINGS)
    shown = cells.filter(pl.col("table_key") == "concordance", pl.col("measure_key") == "count/yes")
    by_row = dict(shown.select("row_key", "shown").iter_rows())
    assert by_row["delivered/fast"] == "[c]"
    assert sum(text == "[c]" for text in by_row.values()) >= 2
    check_frame(cells, CountedCells, "counted_views")
    published = check_frame(published_cells(cells), PublishedCells, "published_views")
    assert 3.0 not in published["value"].to_list()


def test_records_that_fewer_than_k_share_are_counted_by_view():
    counted = count_anonymity({"order_view": view_of("order_view", [1, 4, 5, 90])}, 5)
    assert counted.to_dicts() == [
        {
            "view": "order_view",
            "k": 5,
            "columns": 8,
            "combinations": 4,
            "combinations_under_k": 2,
            "records": 100,
            "records_under_k": 5,
            "smallest": 1,
        }
    ]


@pytest.mark.parametrize(
    ("days", "said"), [(365, "12 months"), (366, "12 months"), (183, "6 months"), (30, "1 month"), (200, "200 days")]
)
def test_headers_say_for_how_long_people_are_followed(days, said):
    settings = SETTINGS.model_copy(update={"recall_days": days, "reconviction_days": days})
    views = {name: view_of(name, [200, 300]) for name in VIEWS}
    views["release_view"] = views["release_view"].with_columns(recalled=pl.lit("Yes"))
    cells = count_view_tables(views, NO_ESTIMATES, PUBLICATION, settings)
    headers = {*cells["measure"]}
    assert f"Recalled within {said} (count)" in headers
    assert not [header for header in headers if "{" in header]
