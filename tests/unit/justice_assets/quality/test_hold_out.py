"""Links made without identity numbers are held against them."""

import polars as pl

from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.quality.describe_records import describe_records
from justice_assets.steps.quality.hold_out_numbers import hold_out_numbers
from tests.unit.justice_assets.stated_linkage import BACKEND, KEY, SETTINGS, person, persons, stated_model

ROWS = [
    person("M1", "JOHN", "PRICE", pnc="1"),
    person("M2", "JOHN", "PRICE", pnc="1"),
    person("C1", "JOHN", "PRICE", pnc="2", source="crown"),
    person("M3", "ANN", "HALL", "1970-02-01", sex="F", pnc="3"),
    person("C2", "LISE", "ROY", "1991-09-09", sex="F", pnc="3", source="crown", postcode="B1 1AA"),
    person("M4", "ZOE", "KERR", "1960-09-09", sex="F"),
]


def test_recall_and_precision_are_those_of_pairs_with_a_number():
    frame = persons(*ROWS)
    given = describe_records(frame.with_columns(ethnicity=pl.lit(None, pl.String)).lazy())
    found = hold_out_numbers(condense_persons([frame]), given, stated_model(), KEY, BACKEND, SETTINGS)
    by_group = {row["group"]: row for row in found.filter(number="pnc").to_dicts()}
    within, between = by_group["magistrates"], by_group["crown and magistrates"]
    assert (within["true_pairs"], within["found_pairs"], within["recall"], within["precision"]) == (1, 1, 1.0, 1.0)
    assert (between["true_pairs"], between["found_pairs"], between["linked_pairs"]) == (1, 0, 2)
    assert (by_group["F"]["recall"], by_group["M"]["recall"]) == (0.0, 1.0)
    assert found.filter(number="cro")["true_pairs"].sum() == 0
