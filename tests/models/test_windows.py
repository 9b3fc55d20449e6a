"""The vector of a window, out of the tokens of its two sentences."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from dipnot.models.encoder import SentenceTransformerEncoder, read_tuned
from dipnot.models.weightfile import ENCODER
from dipnot.models.windows import WindowNetwork, embed_windows, end_to_end, make_windows

SENTENCES = (
    "Köprü 1902’de yapıldı.",
    "Onu bir İtalyan mühendis çizmişti.",
    "The mill stood by the river.",
    "It burned down in 1911, and nobody built it again.",
)


@pytest.mark.model
def test_a_window_is_near_to_what_the_encoder_makes_of_both_sentences_as_one_text(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    tokens = real_encoder.encode_passages(SENTENCES, tokens=True).tokens or ()
    pairs = [(0, 1), (2, 3), (1, 2), (0, 3)]
    texts = [f"{SENTENCES[a]} {SENTENCES[b]}" for a, b in pairs]
    read = real_encoder.encode_passages(texts, tokens=False).vectors
    made = real_encoder.encode_windows([(tokens[a], tokens[b]) for a, b in pairs])
    assert made is not None
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    cosines = made @ read.T
    assert (cosines.diagonal()[:2] > 0.94).all()  # two that stand together
    assert (cosines.argmax(axis=1) == np.arange(len(pairs))).all()


@pytest.mark.model
def test_a_window_is_the_same_whatever_others_are_embedded_with_it(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    tokens = real_encoder.encode_passages(SENTENCES, tokens=True).tokens or ()
    pairs = [(tokens[0], tokens[1]), (tokens[2], tokens[3]), (tokens[3], tokens[0])]
    together = real_encoder.encode_windows(pairs)
    assert together is not None
    for pair, vector in zip(pairs, together, strict=True):
        alone = real_encoder.encode_windows([pair])
        assert alone is not None
        assert float(alone[0] @ vector) > 0.999


def test_order_tells_and_no_window_is_no_vector() -> None:
    network = make_windows(read_tuned(ENCODER).windows)
    rng = np.random.default_rng(1)
    first, second = (rng.normal(size=(n, 384)).astype(np.float32) / 19.6 for n in (3, 5))
    vectors = embed_windows(network, [(first, second), (second, first)])
    assert float(vectors[0] @ vectors[1]) < 0.9999
    assert embed_windows(network, []).shape == (0, 384)


def test_a_sentence_without_a_token_leaves_the_other_alone() -> None:
    none, some = np.zeros((0, 384), np.float32), np.ones((2, 384), np.float32)
    network = make_windows(read_tuned(ENCODER).windows)
    vectors = embed_windows(network, [(none, some), (none, none)])
    assert np.isfinite(vectors).all()


def test_what_is_not_trained_gives_the_mean_of_the_tokens() -> None:
    network = WindowNetwork().eval()
    for weight in network.out.parameters():
        weight.data.zero_()
    own = np.eye(3, 384, dtype=np.float32)
    tokens, which, lengths = end_to_end([(own[:1], own[1:])])
    assert which.tolist() == [0, 1, 1]
    assert lengths == [3]
    vector = network(tokens, which, lengths)[0]
    np.testing.assert_allclose(vector[:3].detach(), np.full(3, 3**-0.5), atol=1e-5)


def test_a_network_that_only_embeds_loads_no_compiler() -> None:
    """torch loads its compiler, a second long, to draw weights that are given anyway."""
    script = """
import sys
from dipnot.models.encoder import read_tuned
from dipnot.models.weightfile import ENCODER
from dipnot.models.windows import make_windows
make_windows(read_tuned(ENCODER).windows)
assert "torch._dynamo" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_weights_of_another_shape_are_refused() -> None:
    weights = read_tuned(ENCODER).windows
    with pytest.raises(RuntimeError):
        make_windows({name: own for name, own in weights.items() if "inner" not in name})
