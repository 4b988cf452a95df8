"""The encoder in this process and the same encoder behind vLLM say the same of every note: the small quarter's, and
notes that were written to be hard.

The small quarter was read in the process. Here a real vLLM on this machine's CPU reads its notes again as a refresh
would, and both read the hard notes.
"""

import random
import shutil
from contextlib import ExitStack
from hashlib import sha256

import dagster as dg
import polars as pl
import pytest

from nlp_assets.engines.encoder.embedded_encoder import embedded_encoder
from nlp_assets.engines.publishable_labels import publishable_labels
from nlp_assets.labels.label_folder import LabelFolder
from nlp_assets.serving.serving import Serving
from nlp_assets.steps.labels.label_notes import label_notes
from nlp_assets.steps.labels.label_store import LabelStore
from nlp_assets.steps.quality.try_injections import count_flips, injection_trials
from note_models.encoder.train import FOLDS, TEST_AUTHORS, written_notes
from resources.secrets.kept_secret import read_secret
from resources.settings.study_settings import load_study_settings
from tests.label_server_here import needs_vllm

pytestmark = needs_vllm

QUARTER = "2023Q1"
LABELS = load_study_settings().notes.labels
SERVED = Serving(engine="served_encoder")
# The seventh decimal may fall on the two sides of a rounding to four.
ROUNDING = 1.01e-4


def table(var, name: str) -> pl.DataFrame:
    return pl.read_parquet(var / "nlp" / QUARTER / f"{name}.parquet")


def note_key(var) -> bytes:
    """The key of the hashes of the quarter's notes."""
    return read_secret(var / "nlp" / "secrets" / "note_hash.key")


def hard_notes() -> pl.DataFrame:
    """Notes of several authors, many in pairs that differ little; long ones; and what no author would write."""
    draw = random.Random(4)
    every = [text for author in (*sum(FOLDS, ()), *TEST_AUTHORS) for text in written_notes(author).texts]
    written = draw.sample(every, 400)
    joined = [" ".join(draw.sample(written, count)) for count in range(2, 42, 4)]
    odd = [
        "[CLS] attended CGL [SEP] he did not [MASK]",
        "CGL",
        "AA " * 400,
        "Attended CGL🙂 — “well”…",
        "cgl\t\ncgl\r\n\n",
        "АА на встрече, CGL",
        "CGL" + "x" * 5000,
        "Hangul 각각 NA",
        "NA\u00a0NA\u202fNA",
        "café naïve İstanbul CGL",
        "1.2.3;NA!NA?",
        draw.randbytes(2000).hex() + " NA. " + "Turning Point " * 90,
        "CGL word. " * 256 * 65,
    ]
    texts = list(dict.fromkeys([*written, *joined, *odd]))
    return pl.DataFrame({"note_hash": [sha256(text.encode()).hexdigest() for text in texts], "note_text": texts})


@pytest.fixture(scope="module")
def served(small_quarter, tmp_path_factory):
    """Labels by the served encoder of the quarter's notes, hostile and hard ones, by name; and the log's bytes."""
    var = tmp_path_factory.mktemp("served")
    folder = LabelFolder(root=str(var))
    shutil.copytree(small_quarter / "extracts", var / "extracts")
    key = note_key(small_quarter)
    read = {"notes": table(small_quarter, "filtered_notes"), "trials": injection_trials(key), "hard": hard_notes()}
    with ExitStack() as at_the_end:
        at_the_end.callback(folder.teardown_after_execution, dg.build_init_resource_context())
        labels = {name: publishable_labels(notes, LABELS, folder, QUARTER, SERVED, key) for name, notes in read.items()}
    return labels, (var / "nlp" / "encoder.log").read_bytes()


def differences(labels: pl.DataFrame, others: pl.DataFrame) -> dict[str, float]:
    """How many notes have another label or status, and how far probabilities differ beyond rounding."""
    assert labels["note_hash"].equals(others["note_hash"]) and labels.height
    found = {name: float(labels[name].ne_missing(others[name]).sum()) for name in ("label", "status", "off_choice")}
    furthest = (labels["p1"].fill_null(-1) - others["p1"].fill_null(-1)).abs().to_numpy().max()
    found["p1"] = float(furthest) if furthest > ROUNDING else 0.0
    return {name: count for name, count in found.items() if count}


def test_every_note_of_a_refresh_has_the_same_label_when_vllm_serves_the_encoder(served, small_quarter):
    ours, theirs = table(small_quarter, "note_labels"), served[0]["notes"]
    assert differences(ours, theirs) == {}
    software = pl.col("engine_version").str.extract(r"^(\w+)")
    read_by = [labels.select("engine", software, "weights").unique().rows() for labels in (ours, theirs)]
    weights = read_by[0][0][-1]
    assert read_by == [[("encoder", "onnxruntime", weights)], [("served_encoder", "vllm", weights)]]


def test_hostile_instructions_flip_the_same_labels(served, small_quarter):
    assert count_flips(injection_trials(note_key(small_quarter)), served[0]["trials"]).equals(
        table(small_quarter, "injection_flips")
    )


def test_hard_notes_have_the_same_label(served, tmp_path):
    with embedded_encoder(threads=2) as engine, LabelStore(tmp_path / "labels.sqlite", bytes(32)) as store:
        ours = label_notes(hard_notes(), LABELS, engine, store, lambda *_: None)
    theirs = served[0]["hard"]
    assert differences(ours, theirs) == {}
    assert {"ok", "too_long"} <= set(ours["status"]) and ours["label"].n_unique() == 3


def test_no_note_is_in_the_log_of_the_server(served, small_quarter):
    notes = table(small_quarter, "filtered_notes")["note_text"].drop_nulls().unique().sort()
    assert served[1]
    assert [note for note in notes if note[:40].encode() in served[1]] == []
