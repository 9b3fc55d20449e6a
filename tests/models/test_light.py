"""Questions embedded by the network itself: as sentence-transformers does, without loading it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dipnot.errors import EncoderError
from dipnot.models import light
from dipnot.models.encoder import SentenceTransformerEncoder
from dipnot.models.light import LightEncoder, give_back, load_encoder
from dipnot.models.linear import quickest
from dipnot.models.packed import SHA256
from fakes import FakeEncoder

pytestmark = pytest.mark.model
QUESTION = "Moskova Antlaşması ne zaman imzalandı?"
ENGLISH = "When was the Treaty of Moscow signed?"


@pytest.fixture(scope="module")
def encoder() -> LightEncoder:
    loaded = load_encoder()
    assert isinstance(loaded, LightEncoder)
    return loaded


def test_questions_load_no_sentence_transformers() -> None:
    script = f"""
import sys
from dipnot.models.light import load_encoder
encoded = load_encoder().encode_queries([{QUESTION!r}])
assert encoded.vectors.shape == (1, 384)
for name in ("sentence_transformers", "transformers", "tokenizers", "sklearn", "scipy"):
    assert name not in sys.modules, name
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_question_is_embedded_as_sentence_transformers_does(
    encoder: LightEncoder, real_encoder: SentenceTransformerEncoder
) -> None:
    assert encoder.fingerprint == real_encoder.fingerprint
    assert encoder.name == real_encoder.name
    assert encoder.base_fingerprint == real_encoder.base_fingerprint
    texts = [QUESTION, ENGLISH, "", "a", QUESTION * 60]
    of_texts, of_tokens = (0.998, 0.98) if quickest() == "int8" else (0.9995, 0.999)
    for text in texts:
        ours, theirs = encoder.encode_queries([text]), real_encoder.encode_queries([text])
        assert float(ours.vectors[0] @ theirs.vectors[0]) > of_texts
        assert ours.places == theirs.places
        assert ours.tokens is not None
        assert theirs.tokens is not None
        assert ours.tokens[0].shape == theirs.tokens[0].shape
        assert (ours.tokens[0] * theirs.tokens[0]).sum(axis=1).min(initial=1.0) > of_tokens


def test_the_reader_gets_the_same_embeddings_of_pieces(
    encoder: LightEncoder, real_encoder: SentenceTransformerEncoder
) -> None:
    assert encoder.pieces(QUESTION) == real_encoder.pieces(QUESTION)
    numbers = np.array([encoder.pieces(text)[0][:8] for text in (QUESTION, ENGLISH)], np.int64)
    theirs = real_encoder.embed_pieces(numbers)
    np.testing.assert_allclose(encoder.embed_pieces(numbers), theirs, atol=1e-5)


def test_questions_side_by_side_are_embedded_as_each_alone(encoder: LightEncoder) -> None:
    together = encoder.encode_queries([QUESTION, ENGLISH])
    for row, text in enumerate((QUESTION, ENGLISH)):
        alone = encoder.encode_queries([text])
        assert float(alone.vectors[0] @ together.vectors[row]) > 0.9999
    assert encoder.encode_queries([]).vectors.shape == (0, 384)


def test_a_few_texts_are_embedded_as_sentence_transformers_does(
    encoder: LightEncoder, real_encoder: SentenceTransformerEncoder
) -> None:
    texts = [QUESTION, ENGLISH, "Kıyıdaki değirmen 3 Mayıs 1902’de yandı; taşı bugün müzededir."]
    told: list[tuple[str, int, int]] = []
    few = encoder.encode_passages(texts, tokens=True, progress=lambda *at: told.append(at))
    theirs = real_encoder.encode_passages(texts, tokens=True)
    assert told == [("embedding", 3, 3)]
    assert few.tokens is not None
    assert theirs.tokens is not None
    for row in range(len(texts)):
        assert float(few.vectors[row] @ theirs.vectors[row]) > 0.999
        assert few.tokens[row].shape == theirs.tokens[row].shape
        assert float((few.tokens[row] * theirs.tokens[row]).sum(axis=1).min()) > 0.99
    assert encoder.encode_passages(texts, tokens=False).tokens is None
    pair = (few.tokens[0], few.tokens[2])
    own, their = encoder.encode_windows([pair]), real_encoder.encode_windows([pair])
    assert own is not None
    assert their is not None
    assert float(own[0] @ their[0]) > 0.9999


def test_the_model_as_it_was_published_puts_no_windows_together() -> None:
    assert load_encoder("plain").encode_windows([]) is None


def test_many_texts_load_the_whole_model_once(
    encoder: LightEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[str, Path | None]] = []

    def load(spec: str, cache: Path | None) -> FakeEncoder:
        loaded.append((spec, cache))
        return FakeEncoder()

    monkeypatch.setattr(light, "load_transformer", load)
    for _ in range(2):
        assert encoder.encode_passages(["Bir söz."] * 201, tokens=False).vectors.shape[0] == 201
    assert loaded == [("default", None)]
    assert load_encoder("some/model", Path("x")) is not encoder
    assert loaded[-1] == ("some/model", Path("x"))


def test_plain_is_the_model_as_published(encoder: LightEncoder) -> None:
    plain = load_encoder("plain")
    assert plain.fingerprint == plain.base_fingerprint == SHA256[:32] != encoder.fingerprint
    vectors = [e.encode_queries([QUESTION]).vectors[0] for e in (plain, encoder)]
    assert float(vectors[0] @ vectors[1]) < 0.999


def test_layers_that_cannot_be_read_are_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(light, "ENCODER", tmp_path / "gone")
    with pytest.raises(EncoderError, match="DIPNOT_ENCODER=plain"):
        load_encoder()


def test_giving_memory_back_harms_nothing() -> None:
    give_back()
