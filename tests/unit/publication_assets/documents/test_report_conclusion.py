"""The conclusion says what the figures of the run say: with the figures turned round it says the contrary."""

import re

import polars as pl
import pytest

from publication_assets.steps.report.report_conclusion import conclusion_values
from publishing.tables.declared import and_limits
from tests.seen_cells import SeenCells as ShownCells
from tests.unit.publication_assets.tried_alternatives import with_alternatives

STATUSES = (
    "Completed structured treatment",
    "Remained in structured treatment at end of observation",
    "Dropped out, wide definition: dropout, prison or died",
    "All not linked to structured treatment",
)
# Of 20 to 160 requirements each: differences that the limits of such shares leave, and one that they do not.
FAVOURABLE, UNFAVOURABLE, MIXED = (9, 3, 61, 57), (91, 87, 39, 43), (19, 40, 61, 57)


def shown_as(cells: pl.DataFrame, table: int, measure: str, values: dict[str, float | str]) -> pl.DataFrame:
    """The cells with other numbers, or shorthand, in the rows of a column."""
    for label, value in values.items():
        here = (pl.col("table") == table) & (pl.col("row_label") == label) & (pl.col("measure") == measure)
        assert cells.filter(here).height == 1
        withheld = isinstance(value, str)
        cells = cells.with_columns(
            shown=pl.when(here).then(pl.lit(str(value))).otherwise("shown"),
            value=pl.when(here).then(None if withheld else pl.lit(float(value))).otherwise("value"),
            status=pl.when(here).then(pl.lit(value if withheld else "shown")).otherwise("status"),
        )
    return cells


def by_status(cells: pl.DataFrame, **shares: tuple) -> pl.DataFrame:
    for kind, values in shares.items():
        measure = f"{kind}s reconvicted within 12 months (% of {kind}s in the row)"
        cells = shown_as(cells, 15, measure, dict(zip(STATUSES, values, strict=True)))
    return cells


@pytest.fixture(scope="module")
def said(facts):
    """Function: the words of section 5."""

    def say(cells: pl.DataFrame) -> str:
        said = conclusion_values(ShownCells(cells, facts.wording), facts.level, facts.experimental)
        return facts.wording(" ".join(str(words) for name, words in said.items() if name.startswith("concluded")))

    return say


@pytest.mark.parametrize(
    ("atr", "drr", "says", "not_says"),
    [
        (FAVOURABLE, FAVOURABLE, "more favourable where people completed", "less favourable"),
        (UNFAVOURABLE, UNFAVOURABLE, "less favourable where people completed", "more favourable"),
        (FAVOURABLE, UNFAVOURABLE, "do not show consistently", "favourable"),
        (MIXED, FAVOURABLE, "do not show consistently", "favourable"),
    ],
)
def test_what_is_said_of_sustained_engagement_follows_the_reconvictions(cells, said, atr, drr, says, not_says):
    text = said(by_status(cells, ATR=atr, DRR=drr))
    assert says in text and not_says not in text


def test_where_one_type_is_withheld_the_conclusion_is_of_the_other_alone(cells, said):
    withheld = ("[c]", 3, 61, 57)
    assert "For DRRs reconviction outcomes are more favourable" in said(by_status(cells, ATR=withheld, DRR=FAVOURABLE))
    assert "sustained engagement" not in said(by_status(cells, ATR=withheld, DRR=MIXED))


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        (
            FAVOURABLE,
            "were less common among those that completed structured treatment (9%) or remained in it (3%) than",
        ),
        (
            UNFAVOURABLE,
            "were more common among those that completed structured treatment (91%) or remained in it (87%)",
        ),
        (
            MIXED,
            "show no clear order between those that completed structured treatment (19%) or remained in it (40%) and",
        ),
    ],
)
def test_reconvictions_by_status_are_told_in_the_order_that_they_have(cells, said, shares, says):
    assert says in said(by_status(cells, ATR=shares))


def cell_as(cells: pl.DataFrame, row: str, measure: str, value: float | str) -> pl.DataFrame:
    """The cells with another number, or shorthand, in the cell of a key."""
    here = (pl.col("row_key") == row) & (pl.col("measure_key") == measure)
    assert cells.filter(here).height == 1
    number = None if isinstance(value, str) else float(value)
    return cells.with_columns(
        shown=pl.when(here).then(pl.lit(str(value))).otherwise("shown"),
        value=pl.when(here).then(pl.lit(number)).otherwise("value"),
        status=pl.when(here).then(pl.lit(value if number is None else "shown")).otherwise("status"),
    )


def followed(cells: pl.DataFrame, **sides: tuple) -> pl.DataFrame:
    """The cells with other shares, lower and upper limits of those followed in full."""
    for side, values in sides.items():
        for measure, value in zip(and_limits("followed_reconvicted_share/all"), values, strict=True):
            cells = cell_as(cells, side, measure, value)
    return cells


@pytest.mark.parametrize(
    ("linked", "others", "says"),
    [
        (
            (36, 34, 38),
            (44, 42, 46),
            "were reconvicted less often than those not linked: 36% (34% to 38%), compared with 44%",
        ),
        (
            (44, 42, 46),
            (36, 34, 38),
            "were reconvicted more often than those not linked: 44% (42% to 46%), compared with 36%",
        ),
        ((32, 25, 39), (47, 38, 55), "were reconvicted less often than those not linked: 32% (25% to 39%)"),
        ((39, 36, 42), (41, 38, 44), "there is no clear difference in reconvictions between those linked to"),
        (("[c]", "[c]", "[c]"), (41, 38, 44), None),
    ],
)
def test_the_linked_are_said_to_differ_only_where_the_interval_of_the_difference_leaves_out_0(
    cells, said, linked, others, says
):
    text = said(followed(cells, linked=linked, not_linked=others))
    assert (
        says in text if says else "reconvicted less" not in text and "no clear difference in reconvictions" not in text
    )


def estimated(cells: pl.DataFrame, kind: str, measure: str, *values: float | str) -> pl.DataFrame:
    """The cells with another corrected estimate of engagement and, if given, other limits."""
    for key, value in zip(and_limits(measure), values, strict=False):
        cells = cell_as(cells, f"{kind}/corrected_for_label_error", key, value)
    return cells


@pytest.mark.parametrize(
    ("atr", "drr", "clear"),
    [
        ((93, 91, 95), (88, 86, 90), True),
        ((86, 84, 88), (91, 89, 93), True),
        ((91, 89, 93), (90, 88, 92), False),
    ],
)
def test_a_difference_between_types_is_clear_only_where_its_interval_leaves_out_0(cells, said, atr, drr, clear):
    measure = "estimated_any_treatment"
    text = said(estimated(estimated(cells, "atr", measure, *atr), "drr", measure, *drr))
    assert f"{atr[0]}% ({atr[1]}% to {atr[2]}%) for ATRs and {drr[0]}%" in text
    assert (f"{drr[2]}%) for DRRs. There is no clear difference." in text) is not clear


def test_a_withheld_type_is_not_compared(cells, said):
    assert "The estimate is" not in said(estimated(cells, "atr", "estimated_any_treatment", "[c]", "[c]", "[c]"))


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ((10, 3, 3), "Higher levels of engagement recorded in the last 12 weeks"),
        ((2, 6, 7), "Lower levels of engagement recorded in the last 12 weeks"),
        ((3, 2, 4), "Engagement recorded in the last 12 weeks of a requirement shows no clear order by how it ended"),
        ((5, 4, 4), "Engagement recorded in the last 12 weeks of a requirement shows no clear order by how it ended"),
        ((3, "[c]", 4), None),
    ],
)
def test_engagement_before_the_end_is_told_in_the_order_that_it_has(cells, said, shares, says):
    for reason, share in zip(("completed", "revoked", "suspended_sentence_activated"), shares, strict=True):
        limits = (share, share - 1, share + 1) if isinstance(share, int) else (share,) * 3
        for measure, value in zip(and_limits("mean_engaged"), limits, strict=True):
            cells = cell_as(cells, reason, measure, value)
    text = said(cells)
    assert says in text if says else "last 12 weeks" not in text


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (41, "estimated at 41% (57% to 74%) of requirements not linked"),
        (0, "identified no engagement beyond what linkage found"),
    ],
)
def test_what_reading_notes_adds_is_said_as_it_is(cells, said, share, says):
    assert says in said(estimated(cells, "all", "estimated_share", share))


def test_associations_are_claimed_for_outcomes_with_a_level_that_holds_under_every_assumption_only(cells, said):
    assert "No characteristic is shown to be associated" in said(cells)
    cells = with_alternatives(cells)
    assert "Linkage to structured treatment and reconviction are associated with characteristics" in said(cells)
    significance = (pl.col("measure") == "Significance") & (pl.col("shown") == "Significant")

    def without(*tables: int) -> str:
        lost = significance & pl.col("table").is_in(tables)
        return said(cells.with_columns(shown=pl.when(lost).then(pl.lit("Not significant")).otherwise("shown")))

    assert "Linkage to structured treatment is associated with characteristics" in without(19)
    assert "0 of 1 for reconviction differ from it under every assumption tried" in without(19)
    assert "No characteristic is shown to be associated" in without(16, 19)


def test_withheld_figures_leave_no_number_and_no_order_in_the_conclusion(cells, said, facts):
    hidden = cells.with_columns(shown=pl.lit("[c]"), status=pl.lit("[c]"))
    text = said(hidden)
    assert "cannot be said" in text and not re.search(r"\d%|common|favourable|[Hh]igher|[Ll]ower", text)
    assert (
        conclusion_values(ShownCells(hidden, facts.wording), facts.level, facts.experimental)["conclusion_in_short"]
        == ""
    )
