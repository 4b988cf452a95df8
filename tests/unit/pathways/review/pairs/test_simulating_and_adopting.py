"""A whole review played from synthetic truth, and the act of adopting its threshold."""

import json
import shutil
from datetime import date

import numpy as np
import pytest

from pathways.review.pairs.adopt import adopt
from pathways.review.pairs.evaluate import evaluate
from pathways.review.pairs.folder import PairsFolder
from pathways.review.pairs.simulate import simulate
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.simulated_pairs import simulated_scores
from pathways.review.shared.simulated_reviewers import SimulationRefused
from resources.receipts.signed_statement import KeyNotUsable
from resources.settings.study_settings import SETTINGS_FILE, StudySettingsError, load_study_settings

TODAY = date(2026, 11, 22)


@pytest.fixture
def settings_file(tmp_path):
    path = tmp_path / "study.toml"
    text = SETTINGS_FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("bootstrap_replicates = 1000", "bootstrap_replicates = 200"), encoding="utf-8")
    return path


@pytest.fixture
def played(root, settings_file):
    """A simulated review without mistakes, under the settings of `settings_file`."""
    return simulate(root, "2023Q1", load_study_settings(settings_file).linkage, 2, 0.0, 0.0)


def test_both_samples_are_signed_and_judged_and_named_simulated(played):
    folder, findings = played
    assert findings["synthetic_extracts"] and findings["simulated_reviewers"]
    page = folder.findings.with_suffix(".html").read_text(encoding="utf-8")
    assert "Synthetic records" in page and "Simulated reviewers" in page
    assert findings["pairs_judged"] == 240
    assert findings["agreement"]["kappa"]["value"] == 1.0
    assert findings["recommended_threshold"]["precision_low"] >= findings["target_precision"]


def test_a_second_sample_is_drawn_near_the_first_disagreement(root, linkage):
    folder, findings = simulate(root, "2023Q1", linkage, 2, 0.0, 0.0)
    assert findings["stages"] == ["first", "second"]
    assert {one["stage"] for one in findings["decisions"]} == {"first", "second"}
    assert findings["first_disagreement"]["bits"] < 4
    weights = folder.sampled("second", "review_sample")["match_weight"].to_numpy()
    assert (np.abs(weights - 4) < 4).mean() > 0.7


def test_the_same_simulation_gives_the_same_findings(root, linkage):
    one = simulate(root, "2023Q1", linkage, 2, 0.05, 0.05)[0].findings.read_bytes()
    assert simulate(root, "2023Q1", linkage, 2, 0.05, 0.05)[0].findings.read_bytes() == one


def test_mistakes_come_at_the_stated_rates():
    truth = {pair: pair % 2 == 0 for pair in range(20_000)}
    scores = simulated_scores(truth, 0.1, 0.02, np.random.default_rng(1), np.random.default_rng(2))
    missed = np.mean([scores[pair] < 0.5 for pair in truth if truth[pair]])
    false = np.mean([scores[pair] > 0.5 for pair in truth if not truth[pair]])
    assert missed == pytest.approx(0.1, abs=0.01)
    assert false == pytest.approx(0.02, abs=0.005)


@pytest.mark.parametrize("gone", ["extracts/2023Q1/SYNTHETIC.json", "truth/2023Q1/person_truth.parquet"])
def test_simulation_is_refused_on_extracts_that_are_not_synthetic(root, linkage, gone):
    (root / gone).unlink()
    with pytest.raises(SimulationRefused, match="synthetic"):
        simulate(root, "2023Q1", linkage, 2, 0.0, 0.0)
    assert not (root / "linkage" / "2023Q1" / "review_simulated").exists()


def test_a_reviewer_who_began_and_did_not_sign_is_waited_for(root, linkage):
    folder, _ = simulate(root, "2023Q1", linkage, 2, 0.0, 0.0)
    folder.signed("first", "simulated_two").unlink()
    with pytest.raises(ReviewNotPossible, match="simulated_two has not signed"):
        evaluate(folder, linkage)


def test_the_page_loads_nothing_and_has_text_and_data_for_its_charts(played):
    page = played[0].findings.with_suffix(".html").read_text(encoding="utf-8")
    links = page.replace('xmlns="http://www.w3.org/2000/svg"', "").replace(
        'xmlns:xlink="http://www.w3.org/1999/xlink"', ""
    )
    assert "http" not in links.replace("http-equiv", "")
    assert page.count('role="img" aria-label="') == 2
    assert page.count("<tr>") > 40


def test_adopting_records_who_when_and_why_and_keeps_comments(played, settings_file):
    folder, findings = played
    before = settings_file.read_text(encoding="utf-8")
    chosen = adopt(folder, settings_file, "Head of linkage", TODAY)
    after, linkage = settings_file.read_text(encoding="utf-8"), load_study_settings(settings_file).linkage
    assert chosen == linkage.threshold == findings["recommended_threshold"]["threshold"]
    decision = linkage.threshold_decision
    assert (decision.decided_on, decision.decided_by) == (TODAY, "Head of linkage")
    assert decision.basis == "simulated_review_of_synthetic_extracts"
    assert len(decision.evidence) == 64
    assert after.count("#") == before.count("#")
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(changed) == 6
    assert any("# match probability of a link" in line for line in changed)


def test_nothing_is_adopted_by_judging(played, settings_file):
    before = settings_file.read_bytes()
    evaluate(played[0], load_study_settings(settings_file).linkage)
    assert settings_file.read_bytes() == before


def test_findings_that_were_changed_are_not_adopted(played, settings_file):
    folder, _ = played
    findings = json.loads(folder.findings.read_text())
    findings["recommended_threshold"]["threshold"] = 0.5
    folder.findings.write_text(json.dumps(findings, indent=1))
    with pytest.raises(ReviewNotPossible, match="not what the signed decisions give"):
        adopt(folder, settings_file, "Head of linkage", TODAY)
    assert load_study_settings(settings_file).linkage.threshold == 0.985


def test_a_threshold_that_the_findings_do_not_have_is_not_adopted(played, settings_file):
    with pytest.raises(ReviewNotPossible, match="say nothing of that threshold"):
        adopt(played[0], settings_file, "Head of linkage", TODAY, 0.1234)
    assert adopt(played[0], settings_file, "Head of linkage", TODAY, 0.9) == 0.9


def test_without_a_recommendation_nothing_is_adopted(root, settings_file):
    linkage = load_study_settings(settings_file).linkage
    folder, findings = simulate(root, "2023Q1", linkage, 2, 0.2, 0.5)
    assert findings["recommended_threshold"] is None
    with pytest.raises(ReviewNotPossible, match="No threshold is recommended"):
        adopt(folder, settings_file, "Head of linkage", TODAY)


def test_a_simulation_moved_into_the_place_of_a_review_cannot_be_adopted_as_one(root, played, settings_file):
    people = PairsFolder(root, "2023Q1")
    shutil.copytree(played[0].path, people.path)
    with pytest.raises(KeyNotUsable, match=r"key simulated_one.pub is not here"):
        adopt(people, settings_file, "Head of linkage", TODAY)


def test_a_threshold_changed_by_hand_without_a_decision_is_refused(settings_file):
    text = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(text.replace("threshold = 0.985", "threshold = 0.9", 1), encoding="utf-8")
    with pytest.raises(StudySettingsError, match="threshold_decision"):
        load_study_settings(settings_file)


def test_one_reviewer_is_judged_without_agreement(root, linkage):
    _, findings = simulate(root, "2023Q1", linkage, 1, 0.0, 0.0)
    assert findings["reviewers"] == 1
    assert findings["agreement"] is None
