"""Decisions of people about records are a signed file, and one that was changed or is unclear is refused."""

from datetime import date

import polars as pl
import pytest

from justice_assets.steps.clusters.overrides import (
    COLUMNS,
    OverridesRefused,
    decided_rows,
    read_overrides,
    sign_overrides,
)
from resources.receipts.signed_statement import public_key

SEED = bytes(range(32))
DECIDED = pl.DataFrame(
    [("crown", "C1", "prison", "A1", True), ("crown", "C2", "crown", "C3", False)], schema=COLUMNS, orient="row"
)


def signed(path, decided=DECIDED, by="A. Reviewer", reason="case files"):
    path.write_text(sign_overrides(decided, by, reason, date(2026, 11, 30), SEED), encoding="utf-8")
    return path


def test_what_was_signed_is_read(tmp_path):
    assert read_overrides(signed(tmp_path / "overrides.json"), public_key(SEED)).equals(DECIDED)


def test_without_a_file_nothing_is_decided(tmp_path):
    assert read_overrides(tmp_path / "overrides.json", public_key(SEED)).is_empty()


def test_a_file_signed_with_another_key_is_refused(tmp_path):
    with pytest.raises(OverridesRefused, match="another key"):
        read_overrides(signed(tmp_path / "overrides.json"), public_key(bytes(32)))


def test_a_pair_that_is_said_to_be_one_and_two_is_refused(tmp_path):
    turned = pl.DataFrame([("prison", "A1", "crown", "C1", False)], schema=COLUMNS, orient="row")
    with pytest.raises(OverridesRefused, match="1 pair"):
        read_overrides(signed(tmp_path / "overrides.json", pl.concat([DECIDED, turned])), public_key(SEED))


def test_a_decision_of_nobody_is_refused(tmp_path):
    with pytest.raises(OverridesRefused, match="who decided"):
        read_overrides(signed(tmp_path / "overrides.json", by=" "), public_key(SEED))


def test_decisions_are_found_by_record_and_those_of_records_that_are_gone_are_left_out():
    records = pl.DataFrame({"source": ["prison", "crown"], "record_key": ["A1", "C1"]})
    assert decided_rows(DECIDED, records).rows() == [(1, 0, True)]
