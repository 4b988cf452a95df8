"""A review of justice links from the draw to the findings, on a small release made up here."""

import json
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from justice_assets.steps.identities.condense_persons import condense_persons, identities_of_forms
from justice_assets.steps.linking.score_justice_pairs import score_justice_pairs
from pathways.cli import app
from pathways.review.links.draw import draw_sample
from pathways.review.links.evaluate import evaluate, summary_lines
from pathways.review.links.folder import STAGE, LinksFolder
from pathways.review.links.simulate import simulate, true_links
from pathways.review.shared.folder import ReviewNotPossible
from pathways.review.shared.pairs_session import ReviewSession
from pathways.review.shared.signing import SignatureWrong, sign, signed_scores, verified_lines
from pathways.review.shared.simulated_pairs import Played
from pathways.review.shared.simulated_reviewers import SimulationRefused
from resources.extracts.synthetic_mark import MARK, write_mark
from resources.review.read_findings import findings_files, read_review_findings
from resources.settings.study_settings import load_study_settings
from tests.unit.justice_assets.stated_linkage import SCORING, person, persons

QUARTER = "2023Q1"
JUSTICE = load_study_settings().justice
SHORT = {"below_low": 10, "low_to_medium": 10, "medium_to_high": 10, "above_high": 15, "one_group": 10}
SETTINGS = JUSTICE.model_copy(
    update={"review": JUSTICE.review.model_copy(update={**SHORT, "bootstrap_replicates": 200})}
)
NO_MISTAKES, LETTERS = Played(2, 0.0, 0.0), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def a_name(number: int, letters: int) -> str:
    return "".join(LETTERS[(number // 26**place * 7 + place * 5) % 26] for place in range(letters))


@pytest.fixture(scope="module")
def made() -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Tables of the zone by name, and the truth: forty people with four records each, some like others."""
    rows, truth = [], []
    for number in range(40):
        forename, surname = a_name(number, 6), a_name(number + 3, 8)
        born, place = f"19{60 + number % 30}-0{number % 9 + 1}-1{number % 10}", f"LS{number % 20 + 1} 4AB"
        same = {"forename": forename, "surname": surname, "born": born, "postcode": place}
        records = [
            person(f"M{number:03d}", **same),
            person(f"C{number:03d}", **same, source="crown"),
            person(f"A{number:03d}", **same | {"postcode": "BD1 1AA"}, source="prison", pnc=f"20{number:02d}/0000001A"),
            person(f"X{number:03d}", **same | {"surname": surname[:-1] + "Q", "postcode": None}, source="probation"),
        ]
        # somebody else: a twin at the same address, or of the same name and date of birth elsewhere
        other = {"forename": a_name(number + 9, 5)} if number % 2 else {"postcode": "YO1 1AA"}
        records.append(person(f"N{number:03d}", **same | other))
        rows += records
        truth += [(row["source"], row["record_key"], number + 1000 * (row["record_key"][0] == "N")) for row in records]
    frame = persons(*rows).sort("source", "record_key")
    identities = condense_persons([frame]).identities
    scored, _ = score_justice_pairs(identities, SCORING, JUSTICE.linkage)
    tables = {
        "standardised_persons": frame,
        "justice_identities": identities,
        "justice_members": identities_of_forms([frame]),
        "justice_linkage_model": pl.DataFrame({"model_json": ["{}"]}),
        "scored_identities": scored,
    }
    return tables, pl.DataFrame(truth, schema=["source", "record_key", "person_id"], orient="row")


@pytest.fixture
def root(tmp_path, made, store_table: Callable):
    """Data folder with the zone's tables, the mark of synthetic extracts and their truth."""
    tables, truth = made
    for name, frame in tables.items():
        store_table(tmp_path, "justice", name, frame)
    for part in ("truth", "extracts"):
        (tmp_path / "justice_sources" / part / QUARTER).mkdir(parents=True)
    truth.write_parquet(tmp_path / "justice_sources" / "truth" / QUARTER / "justice_people.parquet")
    write_mark(tmp_path / "justice_sources" / "extracts" / QUARTER, {"scale": 0.001, "seed": 1})
    return tmp_path


def test_a_simulated_review_is_signed_judged_named_so_and_without_mistakes_says_what_the_truth_says(root):
    folder, findings = simulate(root, QUARTER, SETTINGS, NO_MISTAKES)
    assert findings["synthetic_extracts"] and findings["simulated_reviewers"] and findings["reviewers"] == 2
    assert findings["agreement"]["kappa"]["value"] == 1.0
    said = " ".join(summary_lines(findings))
    assert "SIMULATED reviewers of SYNTHETIC records" in said and "kappa 1.000" in said
    sample, truth = folder.sampled(STAGE, folder.sample_table), true_links(folder)
    assert findings["pairs_judged_match"] == sum(truth.values()) and 0 < sum(truth.values()) < len(truth)
    weights, match = sample["sampling_weight"].to_numpy(), np.array([truth[pair] for pair in sample["pair"]])
    for row in findings["thresholds"]:
        above = sample["match_weight"].to_numpy() >= row["bits"]
        assert row["precision"] == pytest.approx((weights * match)[above].sum() / weights[above].sum(), abs=1e-4)
    assert folder.path.stat().st_mode & 0o77 == 0


def test_findings_and_decisions_hold_counts_and_no_value_of_a_record(root, made):
    folder, _ = simulate(root, QUARTER, SETTINGS, Played(2, 0.1, 0.1))
    frame = made[0]["standardised_persons"]
    values = {value for name in ("record_key", "forename", "surname", "pnc") for value in frame[name].drop_nulls()}
    for path in (folder.findings, folder.sample(STAGE), *folder.path.glob("signed/*"), *folder.path.glob("rev*/*/*")):
        text = path.read_text(encoding="utf-8")
        assert not [value for value in values if value in text], path.name


def test_what_the_quality_page_reads_is_where_the_review_writes_and_only_of_synthetic_extracts_a_simulated_one(root):
    folder, findings = simulate(root, QUARTER, SETTINGS, NO_MISTAKES)
    places = [root / place.format(quarter=QUARTER) for place in findings_files("justice")]
    assert folder.findings == places[1] and LinksFolder(root, QUARTER).findings == places[0]
    assert read_review_findings(folder.zone, True) == {**json.loads(json.dumps(findings)), "simulated": True}
    assert read_review_findings(folder.zone, False) is None


@pytest.mark.parametrize("gone", [f"extracts/{QUARTER}/{MARK}", f"truth/{QUARTER}/justice_people.parquet"])
def test_simulated_reviewers_are_refused_on_extracts_that_are_not_synthetic(root, gone):
    (root / "justice_sources" / gone).unlink()
    with pytest.raises(SimulationRefused, match="synthetic extracts only"):
        simulate(root, QUARTER, SETTINGS, NO_MISTAKES)
    assert not LinksFolder(root, QUARTER, simulated=True).path.exists()


def test_pairs_of_tables_that_are_made_anew_are_not_drawn(root, made, store_table):
    stale = {"justice_identities": "0" * 64}
    store_table(root, "justice", "scored_identities", made[0]["scored_identities"], made_from=stale)
    with pytest.raises(ReviewNotPossible, match=r"scored_identities.*pathways refresh --study justice"):
        draw_sample(LinksFolder(root, QUARTER), SETTINGS)


def test_a_sample_is_drawn_once_and_none_is_judged_once_other_pairs_are_scored(root, made, store_table):
    folder = LinksFolder(root, QUARTER)
    receipt = draw_sample(folder, SETTINGS)
    assert draw_sample(folder, SETTINGS) == receipt
    assert sum(row["sampled"] for row in receipt["strata"]) == receipt["pairs"]
    assert receipt["thresholds_bits"] == {"high": 20.0, "medium": 12.0, "low": 6.0}
    store_table(root, "justice", "scored_identities", made[0]["scored_identities"].head(-1))
    with pytest.raises(ReviewNotPossible, match="other pairs than the quarter has now"):
        draw_sample(folder, SETTINGS)


def test_reviewers_see_two_records_and_no_weight_and_sign_what_anybody_can_verify(root):
    folder = LinksFolder(root, QUARTER)
    draw_sample(folder, SETTINGS)
    session = ReviewSession(folder, STAGE, "ann", SETTINGS.review.seed)
    state = session.state()
    assert state["sides"] == ["First record", "Second record"] and state["command"] == "pathways review links"
    assert set(state["pair"]) == {"number", "score", "lines"}
    labels = {line["label"] for line in state["pair"]["lines"]}
    assert {"Forename", "Surname", "Date of birth", "Sex", "Postcode", "Prison number"} <= labels
    assert not any(word in json.dumps(state) for word in ("weight", "band", "below_low", "one_group"))
    while (pair := session.current) is not None:
        session.save(pair, 1.0)
    session.close()
    file = sign(folder, STAGE, "ann")
    assert set(signed_scores(folder, STAGE, "ann").values()) == {1.0}
    assert "pairs of the first sample" in " ".join(verified_lines(file, folder.key("ann").with_suffix(".pub")))
    findings = evaluate(folder, SETTINGS)
    assert findings["agreement"] is None and not findings["simulated_reviewers"]
    file.write_text(file.read_text(encoding="utf-8").replace('"sig": "', '"sig": "AA'), encoding="utf-8")
    with pytest.raises(SignatureWrong):
        evaluate(folder, SETTINGS)


def test_thresholds_that_have_changed_since_the_draw_are_not_evaluated(root):
    folder, _ = simulate(root, QUARTER, SETTINGS, NO_MISTAKES)
    linkage = SETTINGS.linkage.model_copy(update={"threshold_low": 7.0})
    with pytest.raises(ReviewNotPossible, match="other thresholds"):
        evaluate(folder, SETTINGS.model_copy(update={"linkage": linkage}))


def test_the_commands_play_a_review_and_say_what_was_found_without_a_name(root, monkeypatch, made):
    monkeypatch.setenv("PATHWAYS_VAR", str(root))
    done = CliRunner().invoke(app, ["review", "links", "simulate", "--quarter", QUARTER])
    assert done.exit_code == 0 and "high threshold, 20 bits" in done.output and "SIMULATED" in done.output
    assert not [name for name in made[0]["standardised_persons"]["surname"] if name in done.output]
    done = CliRunner().invoke(app, ["review", "links", "sample", "--quarter", QUARTER])
    assert done.exit_code == 0 and "pathways review links serve" in done.output
    (root / "justice_sources" / "extracts" / QUARTER / MARK).unlink()
    done = CliRunner().invoke(app, ["review", "links", "simulate", "--quarter", QUARTER])
    assert done.exit_code == 1 and "synthetic extracts only" in done.output
