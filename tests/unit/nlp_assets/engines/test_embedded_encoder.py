"""The encoder in this process, on the real model: the right vectors, the same ones however they are asked for."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import erf, softmax

from nlp_assets.engines.encoder.embedded_encoder import (
    NO_TELEMETRY,
    TOKENS_PER_BATCH,
    EmbeddedEncoder,
    batches_of_one_length,
    embedded_encoder,
)
from nlp_assets.engines.encoder.encoder_files import DIMENSION, MAXIMUM_TOKENS, EncoderFiles, EncoderNotUsable
from nlp_assets.engines.encoder.encoder_text import TokenText, token_text
from note_models.encoder.graph import HEADS, LAYERS, NORM_EPSILON

FILES = EncoderFiles.of()
TOKENIZER = FILES.tokenizer()
WORDS = ["attended", "missed", "CGL", "worker", "said", "he", "will", "not", "AA", "methadone", "Zoë", "12/03", "???"]


@pytest.fixture(scope="module")
def encoder():
    with EmbeddedEncoder(FILES, threads=2) as encoder:
        yield encoder


def texts(count: int, longest: int) -> list[str]:
    """Distinct texts of one word to `longest`."""
    draw = random.Random(7)
    return [f"{number} " + " ".join(draw.choices(WORDS, k=draw.randint(1, longest))) for number in range(count)]


@cache
def exact_weights() -> dict[str, np.ndarray]:
    return {name: tensor.astype(np.float64) for name, tensor in FILES.weights().items()}


def as_tokens(asked: list[str]) -> list[TokenText]:
    return [token_text(text, TOKENIZER) for text in asked]


def embedded(encoder: EmbeddedEncoder, asked: list[str]) -> np.ndarray:
    """The two means of texts of which none is refused, [texts, 2, DIMENSION]."""
    return np.stack([means for means in encoder.embed(as_tokens(asked)) if means is not None])


def by_the_book(text: str) -> np.ndarray:
    """The two means of a text's embeddings as the paper on BERT has them, in float64 and without the graph."""
    weights = exact_weights()

    def linear(name: str, of: np.ndarray) -> np.ndarray:
        return of @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(name: str, of: np.ndarray) -> np.ndarray:
        scaled = (of - of.mean(1, keepdims=True)) / np.sqrt(of.var(1, keepdims=True) + NORM_EPSILON)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    tokens, of_keyword = as_tokens([text])[0]
    tokens = list(tokens)
    tables = [weights[f"embeddings.{table}_embeddings.weight"] for table in ("word", "position", "token_type")]
    states = norm("embeddings.LayerNorm", tables[0][tokens] + tables[1][: len(tokens)] + tables[2][0])
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        query, key, value = (
            linear(f"{layer}.attention.self.{part}", states).reshape(len(tokens), HEADS, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        seen = softmax(query @ key.swapaxes(1, 2) / np.sqrt(DIMENSION / HEADS), axis=-1) @ value
        changed = linear(f"{layer}.attention.output.dense", seen.swapaxes(0, 1).reshape(len(tokens), DIMENSION))
        attended = norm(f"{layer}.attention.output.LayerNorm", states + changed)
        inner = linear(f"{layer}.intermediate.dense", attended)
        active = inner * (1 + erf(inner / np.sqrt(2))) / 2
        states = norm(f"{layer}.output.LayerNorm", attended + linear(f"{layer}.output.dense", active))
    means = np.stack([states[list(of_keyword)].mean(axis=0), states.mean(axis=0)])
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def test_vectors_are_those_of_the_model_worked_out_by_hand(encoder):
    asked = ["Attended CGL.", "Late; saw CGL. Left.", *texts(2, 60), "Did not attend; says he's “done” with it. " * 12]
    assert np.abs(embedded(encoder, asked) - np.stack([by_the_book(text) for text in asked])).max() < 1e-6


def test_a_vector_is_the_same_to_the_last_bit_whatever_is_embedded_with_it_and_by_how_many_threads(encoder):
    asked = texts(60, 50)
    together = embedded(encoder, asked)
    alone = np.concatenate([embedded(encoder, [text]) for text in asked])
    shuffled = random.Random(1).sample(range(len(asked)), len(asked))
    in_another_order = embedded(encoder, [asked[place] for place in shuffled])
    with EmbeddedEncoder(FILES, threads=1) as one_thread:
        by_one = embedded(one_thread, asked)
    assert (alone == together).all() and (by_one == together).all()
    assert (in_another_order == together[shuffled]).all()


def test_a_text_that_is_longer_than_the_model_reads_is_refused_and_the_others_are_embedded(encoder):
    found = encoder.embed(as_tokens(["CGL", "word " * MAXIMUM_TOKENS, "AA"]))
    assert [means is None for means in found] == [False, True, False]
    assert encoder.embed([]) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(st.integers(2, 400), max_size=300))
def test_every_text_is_in_one_batch_with_texts_of_its_own_length(lengths):
    batches = batches_of_one_length(lengths)
    for batch in batches:
        assert len({lengths[place] for place in batch}) == 1
        assert sum(lengths[place] for place in batch) <= TOKENS_PER_BATCH
    wanted = [place for place, length in enumerate(lengths) if length <= MAXIMUM_TOKENS]
    assert sorted(place for batch in batches for place in batch) == wanted


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80))
def test_a_text_has_no_more_tokens_than_bytes_and_the_two_around_it(text):
    assert len(TOKENIZER.encode(text).ids) <= len(text.encode()) + 2


def test_a_note_is_read_without_a_server_and_its_text_is_in_no_message(tmp_path):
    with embedded_encoder(threads=2) as engine:
        p1 = [reading.p1 or 0.0 for reading in engine.read(["Attended CGL and engaged well.", "He missed AA again."])]
    assert p1[0] > 0.5 > p1[1] > 0
    (tmp_path / "graph.onnx").write_bytes(b"no graph")
    for name in ("changes.safetensors", "head.json"):
        (tmp_path / name).symlink_to(FILES.trained / name)
    damaged = EmbeddedEncoder(replace(FILES, trained=tmp_path), threads=1)
    with pytest.raises(EncoderNotUsable, match=r"could not be loaded.*make install") as raised:
        damaged.embed(as_tokens(["Zebedee attended"]))
    assert "Zebedee" not in str(raised.value)


def test_the_runtime_names_this_machine_to_nobody_and_keeps_nothing_of_its_use(tmp_path):
    code = (
        "from nlp_assets.engines.encoder.embedded_encoder import load_session\n"
        "from nlp_assets.engines.encoder.encoder_files import EncoderFiles\nload_session(EncoderFiles.of())"
    )
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    environment = {name: value for name, value in os.environ.items() if name != NO_TELEMETRY}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment | places, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
