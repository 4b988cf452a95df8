"""What the encoder looks at in a note and what it makes of embeddings. What embeds is a stand-in."""

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from nlp_assets.engines.encoder.encoder_engine import EncoderEngine
from nlp_assets.engines.encoder.encoder_files import DIMENSION, EncoderFiles, EncoderNotUsable, Head
from nlp_assets.engines.encoder.encoder_text import NEIGHBOURS, note_windows, token_text, two_means
from nlp_assets.serving.vllm.vllm_process import VllmProcess
from nlp_assets.steps.labels.note_engine import EngineIdentity

WITH_KEYWORD = "Went to CGL on Monday."
ENGAGED, REFUSED = 1, 2  # numbers of these tokens


def unit_vector(first: float) -> np.ndarray:
    """A vector of length 1 with the given first number."""
    vector = np.zeros(DIMENSION, dtype=np.float32)
    vector[0], vector[1] = first, np.sqrt(1 - first * first)
    return vector


class Embedder:
    """Embeds tokens that say "engaged" one way and all others another; refuses "REFUSED"."""

    def __init__(self):
        self.asked: list = []
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def recover(self):
        pass

    def embed(self, texts):
        self.asked += texts
        return [None if REFUSED in text.tokens else self._means(text) for text in texts]

    def _means(self, text):
        """Of keyword sentences and of all: +1 where "engaged" is among the tokens, else -1."""
        of_keyword = [token for token, is_one in zip(text.tokens, text.of_keyword, strict=True) if is_one]
        return np.stack([unit_vector(1.0 if ENGAGED in tokens else -1.0) for tokens in (of_keyword, text.tokens)])


@pytest.fixture
def files(tmp_path) -> EncoderFiles:
    package = tmp_path / "package"
    package.mkdir()
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "engaged": ENGAGED, "REFUSED": REFUSED}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(8)  # as in the real package, whose own setting must not hide long texts
    tokenizer.save(str(package / "tokenizer.json"))
    weights = [0.0] * (2 * DIMENSION)
    weights[0], weights[DIMENSION] = 2.0, 1.0
    head = tmp_path / "head.json"
    head.write_text(json.dumps({"weights": weights, "intercept": 0.5}))
    return EncoderFiles(package, tmp_path)


@pytest.fixture
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture
def engine(files, embedder) -> EncoderEngine:
    return EncoderEngine(files, embedder, lambda: EngineIdentity("encoder", "m", "w", "", "1", "{}", "model"))


def fits_words(count: int):
    return lambda text: len(text.split()) <= count


def asked_for(files: EncoderFiles, *texts: str) -> list:
    return [token_text(text, files.tokenizer()) for text in texts]


def test_sentences_with_a_keyword_are_read_with_their_neighbours():
    around = [f"Number {number}." for number in range(NEIGHBOURS + 1)]
    note = " ".join([*around, "Went to CGL.", *reversed(around)])
    [window] = note_windows(note, fits_words(99))
    assert window == " ".join([*around[1:], "Went to CGL.", *reversed(around[1:])])


def test_a_note_without_a_keyword_is_read_whole():
    assert note_windows("Flat is cold. Was late.", fits_words(99)) == ["Flat is cold. Was late."]


def test_tokens_of_keyword_sentences_are_told_from_those_of_their_neighbours(files):
    tokenizer = files.tokenizer()
    for text, wanted in (
        ("Was late. Went to CGL. Fine; AA too.", "000111100111"),
        ("went to cgl?\nNA", "00001"),
        ("Flat is cold.", "1111"),
    ):
        text_of = token_text(text, tokenizer)
        assert "".join(str(int(of)) for of in text_of.of_keyword) == wanted
        assert len(text_of.tokens) == len(wanted)


def test_the_two_means_are_over_the_tokens_of_keyword_sentences_and_over_all():
    states = np.array([[0, 1, 0], [3, 0, 4], [3, 0, 4], [0, 3, 0]], dtype=np.float32)
    keyword, every = two_means(states, (False, True, True, False))
    np.testing.assert_allclose(keyword, [0.6, 0, 0.8])
    np.testing.assert_allclose(every, np.array([6, 4, 8]) / np.sqrt(116))


def test_of_a_long_note_only_the_windows_with_a_keyword_are_looked_at():
    note = "One two three four. Went to CGL. Five six seven eight."
    assert note_windows(note, fits_words(4)) == ["Went to CGL."]


def test_the_head_is_applied_to_both_means_one_after_the_other(engine):
    [reading] = engine.read(["He is engaged. Went to CGL."])
    # keyword sentence: -1, all: +1; log-odds 0.5 + 2 * -1 + 1 * 1 = -0.5
    assert (reading.outcome, reading.off_choice) == ("scored", 0.0)
    assert reading.p1 == pytest.approx(1 / (1 + np.exp(0.5)))


def test_the_head_never_overflows():
    head = Head(np.full((2, DIMENSION), 1e6), 0.0)
    assert [head.p1(np.full((2, DIMENSION), sign)) for sign in (-1.0, 1.0)] == [0.0, 1.0]


def test_readings_come_in_the_order_of_the_notes_and_equal_texts_are_embedded_once(files, engine, embedder):
    readings = engine.read([WITH_KEYWORD, "engaged with CGL", WITH_KEYWORD])
    assert readings[0] == readings[2] and readings[1].p1 > 0.9 > 0.1 > readings[0].p1
    assert embedder.asked == asked_for(files, WITH_KEYWORD, "engaged with CGL")


def test_a_text_that_was_refused_is_asked_again_with_the_next_note(files, engine, embedder):
    for _ in range(2):
        assert [reading.outcome for reading in engine.read(["CGL REFUSED"])] == ["rejected"]
    assert embedder.asked == asked_for(files, *["CGL REFUSED"] * 2)


def test_a_note_longer_than_the_model_reads_is_read_in_windows_of_which_one_is_enough(engine, embedder):
    long_sentence = "CGL " + "word " * 150
    [reading] = engine.read([f"{long_sentence}. {long_sentence} engaged. {long_sentence}."])
    assert len(embedder.asked) > 1 and all(len(text.tokens) <= 256 for text in embedder.asked)
    assert reading.p1 > 0.9


def test_a_note_of_very_many_windows_is_too_long_and_is_not_sent(engine, embedder):
    [reading] = engine.read(["CGL word. " * 256 * 65])
    assert (reading.outcome, reading.p1, embedder.asked) == ("too_long", None, [])


def test_a_note_with_a_refused_window_is_rejected_and_the_others_are_read(engine):
    assert [reading.outcome for reading in engine.read(["CGL REFUSED", WITH_KEYWORD])] == ["rejected", "scored"]


def test_leaving_the_engine_closes_what_embeds(engine, embedder):
    with engine:
        engine.read([WITH_KEYWORD])
    assert embedder.closed


def test_another_file_under_the_name_of_the_pretrained_model_is_refused(files):
    (files.package / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(EncoderNotUsable, match="not the model that the encoder was trained on"):
        _ = files.sha256


def test_a_missing_file_is_said_with_what_to_do(files):
    with pytest.raises(EncoderNotUsable, match=r"graph.onnx is not there. Restore it"):
        _ = files.graph_sha256


def test_a_model_that_embeds_is_served_as_one():
    def command(**settings) -> list[str]:
        return VllmProcess(Path("python"), Path("m"), "m", Path("log"), **settings)._command(Path("vllm.sock"))

    embeds = command(pooling_tokens=256)
    assert embeds[embeds.index("--runner") + 1] == "pooling"
    assert embeds[embeds.index("--max-model-len") + 1] == "256"
    assert json.loads(embeds[embeds.index("--pooler-config") + 1]) == {"task": "token_embed"}
    assert "--runner" not in command()
