"""Links of synthetic justice records are set beside their truth; where there is none, nothing is said."""

import json

import polars as pl

from pathways.justice.compare_with_truth import compare_with_truth


def test_links_are_measured_at_each_threshold_and_written_beside_the_truth(tmp_path):
    truth = tmp_path / "justice_sources" / "truth" / "2023Q1"
    made = tmp_path / "justice" / "2023Q1"
    for folder in (truth, made):
        folder.mkdir(parents=True)
    assert compare_with_truth(tmp_path, "2023Q1") is None
    records = {"source": ["crown"] * 3, "record_key": ["C1", "C2", "C3"]}
    pl.DataFrame({**records, "person_id": [1, 1, 2]}).write_parquet(truth / "justice_people.parquet")
    ids = {"person_high": ["A", "B", "C"], "person_medium": ["A", "A", "C"], "person_low": ["A", "A", "A"]}
    pl.DataFrame({**records, **ids}).write_parquet(made / "person_link.parquet")
    compared = compare_with_truth(tmp_path, "2023Q1")
    assert compared is not None and json.loads((truth / "compared.json").read_text()) == compared
    assert (compared["high"]["pair_recall"], compared["medium"]["pair_recall"]) == (0.0, 1.0)
    assert compared["low"]["pair_precision"] == 0.33333
