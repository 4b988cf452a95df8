"""Decisions of people about records are a signed file, and one that was changed or is unclear is refused."""

import base64
import json
from datetime import date

import polars as pl
import pytest

from justice_assets.steps.clusters.cluster_persons import not_followed
from justice_assets.steps.clusters.overrides import (
    COLUMNS,
    Entry,
    OverridesRefused,
    decided_rows,
    entry_of,
    read_entries,
    read_overrides,
    sign_overrides,
    withdrawn,
)
from resources.receipts.signed_statement import public_key

SEED = bytes(range(32))
DECIDED = pl.DataFrame(
    [("crown", "C1", "prison", "A1", True), ("crown", "C2", "crown", "C3", False)], schema=COLUMNS, orient="row"
)


KEYS, ON = {"asha": public_key(SEED)}, date(2026, 11, 30)


def signed(path, *decided, by="A. Reviewer", reason="case files", signer="asha"):
    entries = [entry_of(each, by, reason, ON) for each in decided or (DECIDED,)]
    path.write_text(sign_overrides(entries, signer, SEED), encoding="utf-8")
    return path


def test_what_was_signed_is_read_with_who_and_why(tmp_path):
    file = signed(tmp_path / "overrides.json")
    assert read_overrides(file, KEYS).equals(DECIDED)
    assert read_entries(file, KEYS) == [Entry("A. Reviewer", "case files", "2026-11-30", tuple(DECIDED.rows()))]


def test_without_a_file_nothing_is_decided(tmp_path):
    assert read_overrides(tmp_path / "overrides.json", KEYS).is_empty()


def test_what_was_taken_back_stays_in_the_file_and_is_not_followed(tmp_path):
    entries = [entry_of(DECIDED[:1], "asha", "files", ON), entry_of(DECIDED[1:], "asha", "files", ON)]
    entries[0] = withdrawn(entries[0], "ben", "a clerk's error", ON)
    file = tmp_path / "overrides.json"
    file.write_text(sign_overrides(entries, "asha", SEED), encoding="utf-8")
    assert read_overrides(file, KEYS).equals(DECIDED[1:])
    assert read_entries(file, KEYS)[0].withdrawn == ("ben", "a clerk's error", "2026-11-30")


@pytest.mark.parametrize("keys", [{}, {"asha": public_key(bytes(32))}, {"ben": public_key(SEED)}])
def test_a_file_that_none_of_those_who_may_decide_has_signed_is_refused_with_what_to_do(tmp_path, keys):
    with pytest.raises(OverridesRefused, match="pathways overrides sign"):
        read_overrides(signed(tmp_path / "overrides.json"), keys)


def test_a_file_that_was_changed_or_is_not_signed_is_refused(tmp_path):
    file = signed(tmp_path / "overrides.json")
    content = json.loads(file.read_text(encoding="utf-8"))
    payload = base64.b64decode(content["payload"]).replace(b"C1", b"C9")
    for changed in (content | {"payload": base64.b64encode(payload).decode()}, {"entries": []}):
        file.write_text(json.dumps(changed), encoding="utf-8")
        with pytest.raises(OverridesRefused, match=r"changed after it was signed|no signed statement"):
            read_overrides(file, KEYS)


def test_a_pair_that_is_said_to_be_one_and_two_is_refused(tmp_path):
    turned = pl.DataFrame([("prison", "A1", "crown", "C1", False)], schema=COLUMNS, orient="row")
    with pytest.raises(OverridesRefused, match="1 pair"):
        read_overrides(signed(tmp_path / "overrides.json", DECIDED, turned), KEYS)


def test_pairs_that_are_said_to_be_two_and_through_others_one_are_refused(tmp_path):
    first = [("crown", "C1", "crown", "C2", True), ("crown", "C2", "crown", "C3", True)]
    chain, apart = (
        pl.DataFrame(rows, COLUMNS, orient="row") for rows in (first, [("crown", "C3", "crown", "C1", False)])
    )
    with pytest.raises(OverridesRefused, match=r"1 pair.*through other pairs.*withdraw"):
        read_overrides(signed(tmp_path / "overrides.json", chain, apart), KEYS)
    other = pl.DataFrame([("crown", "C3", "crown", "C9", False)], COLUMNS, orient="row")
    assert read_overrides(signed(tmp_path / "overrides.json", chain, other), KEYS).height == 3


def test_decisions_that_people_of_a_release_are_not_as_said_are_counted():
    records = {"source": ["crown"] * 3, "record_key": ["C1", "C2", "C3"]}
    clusters = pl.DataFrame(
        records | {"cluster_high": [1, 1, 3], "cluster_medium": [1, 1, 3], "cluster_low": [1, 1, 1]}
    )
    said = [("C1", "C2", True), ("C1", "C3", False), ("C2", "C3", False), ("C1", "C9", True)]
    decided = pl.DataFrame([("crown", one, "crown", other, same) for one, other, same in said], COLUMNS, orient="row")
    assert not_followed(clusters, decided) == 2
    assert not_followed(clusters, decided[:1]) == not_followed(clusters, decided.clear()) == 0


def test_a_decision_of_nobody_is_refused(tmp_path):
    with pytest.raises(OverridesRefused, match="who decided"):
        read_overrides(signed(tmp_path / "overrides.json", by=" "), KEYS)


def test_decisions_are_found_by_record_and_those_of_records_that_are_gone_are_left_out():
    records = pl.DataFrame({"source": ["prison", "crown"], "record_key": ["A1", "C1"]})
    assert decided_rows(DECIDED, records).rows() == [(1, 0, True)]
