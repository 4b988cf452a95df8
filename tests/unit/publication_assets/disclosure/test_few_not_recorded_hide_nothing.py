"""A handful of requirements without a region, a length or another characteristic: no row of the study's tables is lost
to them, and how many they are does not follow from totals, from counts of missing values or from imputed records."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import LinearConstraint, milp

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.tables.check_tables_agree import check_tables_agree
from publication_assets.steps.tables.declared_table import PublishedTable
from publication_assets.steps.tables.estimates.tables_missing_values import tie_recorded_counts
from publication_assets.steps.tables.make_tables import TableInputs, make_table
from publication_assets.steps.tables.tie_model_counts import tie_model_counts
from publishing.disclosure.show_cells import published_cells, show_cells
from resources.settings.modelling_settings import Factor, Model

CHARACTERISTICS = {
    "region": ("Greater London", "North West"),
    "accommodation": ("Settled", "No fixed address"),
    "length_band": ("4 to 6 months", "7 to 9 months"),
    "age_band": ("30 to 39", "40 to 49"),
    "sex": ("Male", "Female"),
}
BY_CHARACTERISTIC = (5, 6, 7, 9, 10, 13, 14)
NUMBERS = {*BY_CHARACTERISTIC, 16, 17, 24, 26, 28}
FEW = {"ATR": 3, "DRR": 6}  # of 1,249: under the threshold of one type, over it of the other


@pytest.fixture(scope="module")
def requirements(build, link) -> pl.DataFrame:
    """620 ATRs and as many DRRs at two levels of everything, half of them linked, and FEW of which nothing is known."""
    groups = []
    for kind, few in FEW.items():
        for place in (0, 1):
            levels = {name: values[place] for name, values in CHARACTERISTICS.items()} | {"requirement_type": kind}
            for hit in (True, False):
                kept = levels | {"reconvicted": hit}
                statuses = ("Completed", "Remained", "Dropped out", "Prison", "Died")
                groups += [(15, link(status, **kept)) for status in statuses]
                groups += [(75 + 10 * (1 - place), kept)]
        nothing = dict.fromkeys(CHARACTERISTICS) | {"requirement_type": kind}
        groups += [(few - 2, nothing), (1, link("Died", **nothing)), (1, link("Remained", **nothing))]
    return build(*groups)


def imputed_records(requirements: pl.DataFrame, columns: dict) -> pl.DataFrame:
    """Odds ratios of a model of linkage of each type; of the records without accommodation one is imputed as settled,
    the others as of no fixed address."""
    rows = []
    for kind, few in FEW.items():
        of_kind = requirements.filter(requirement_type=kind)
        for place, level in enumerate(CHARACTERISTICS["accommodation"]):
            at_level = of_kind.filter(accommodation=level)
            records = at_level.height + (few - 1 if place else 1)
            linked = at_level.filter("linked_structured").height + 1
            odds = (1.5, 1.1, 2.0, 0.01, True, "higher", "weak", "ok") if place else (1.0, *[None] * 6, "ok")
            rows.append((f"linked_{kind.lower()}", "accommodation", level, not place, records, linked, *odds))
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.fixture(scope="module")
def study(settings):
    """The settings with two models of the characteristics."""
    factors = {name: Factor(label=name, levels=[*levels]) for name, levels in CHARACTERISTICS.items()}
    chosen = {"outcome": "linked_structured", "factors": [*factors]}
    models = {f"linked_{kind.lower()}": Model.model_validate({"requirement_type": kind, **chosen}) for kind in FEW}
    return settings.model_copy(
        update={"modelling": settings.modelling.model_copy(update={"factors": factors, "models": models})}
    )


@pytest.fixture(scope="module")
def tables(requirements, study, pooled, estimate) -> list[PublishedTable]:
    records = imputed_records(requirements, dict(pooled.schema))
    here = pl.DataFrame()  # tables 26 and 28 are made where sensitivity and imputation were analysed
    inputs = TableInputs(requirements, records, estimate(requirements), sensitivity=here, diagnostics=here)
    made = [make_table(table, inputs, study) for table in TABLES.values() if table.number in NUMBERS]
    found = [table for table in made if table is not None]
    assert {table.number for table in found} == NUMBERS
    tie_model_counts(found, study.modelling)
    tie_recorded_counts(found, study.modelling)
    return found


def what_is_possible(names: list[str], tables: list[PublishedTable], cells: pl.DataFrame) -> dict[str, range]:
    """Whole numbers from the least to the greatest that fit all that is shown and all that a reader knows."""
    counts = {name: number for table in tables for name, number in table.counts.items()}
    stands = cells.filter(pl.col("quantity").is_not_null())
    exact = dict(stands.filter(status="shown").select("quantity", pl.col("value").cast(pl.Int64)).iter_rows())
    exact |= {name: counts[name] for table in tables for name in table.known}
    withheld = set(stands.filter(pl.col("status") != "shown")["quantity"])
    sums = list(dict.fromkeys(total for table in tables for total in table.sums))
    place = {name: at for at, name in enumerate(sorted({n for total in sums for n in (total.total, *total.parts)}))}
    equations = np.zeros((len(sums), len(place)))
    for row, total in enumerate(sums):
        equations[row, place[total.total]] = 1
        equations[row, [place[part] for part in total.parts]] = -1
    lower = [exact.get(name, 1 if name in withheld else 0) for name in place]
    upper = [exact.get(name, 10_000) for name in place]
    found = {}
    for name in names:
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(place))
            goal[place[name]] = sign
            best = milp(goal, constraints=LinearConstraint(equations, 0, 0), bounds=(lower, upper), integrality=1)
            ends.append(round(sign * best.fun))
        found[name] = range(ends[0], ends[1] + 1)
    return found


def test_no_row_of_the_studys_tables_is_lost_to_fewer_than_1_in_100_that_are_not_recorded(tables, settings):
    check_tables_agree(tables)
    cells = published_cells(show_cells(tables, settings.publication)).filter(pl.col("table").is_in(BY_CHARACTERISTIC))
    assert cells.filter(status="[c]").height == 0
    assert "Not recorded" not in cells["row_label"].unique()


def test_how_many_are_not_recorded_follows_neither_from_totals_nor_from_imputed_records(tables, settings):
    cells = published_cells(show_cells(tables, settings.publication))
    counts = {name: number for table in tables for name, number in table.counts.items()}
    harmless = {name for table in tables for name in (*table.known, *table.differences)}
    small = [
        name
        for name, number in counts.items()
        if 0 < number < settings.publication.disclosure_threshold and name not in harmless
    ]
    assert {"ATR/region/Not recorded", "ATR/missing/accommodation"} <= set(small)
    for name, possible in what_is_possible(small, tables, cells).items():
        assert possible[-1] >= counts[name] + settings.publication.disclosure_threshold, name
