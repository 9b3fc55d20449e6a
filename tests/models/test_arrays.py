"""Networks run by NumPy: they give what torch gives, and load it only where there is much."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from dipnot.models import arrays
from dipnot.models.encoder import read_tuned
from dipnot.models.network import Network, filled, run
from dipnot.models.weightfile import ENCODER, READER, read_weights, unpacked
from dipnot.models.windows import embed_windows, make_windows
from dipnot.types import Vectors


def tokens(*lengths: int) -> list[Vectors]:
    chance = np.random.default_rng(3)
    return [chance.normal(size=(length, 384)).astype(np.float32) for length in lengths]


def test_numpy_gives_what_torch_gives_in_the_same_numbers() -> None:
    weights = unpacked(read_weights(READER)[0])
    windows = tokens(70, 1, 12)
    ours = arrays.run(lambda rows, lengths: arrays.read(weights, rows, lengths), windows)
    theirs = run(filled(Network, weights).eval(), windows)
    for own, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(own, their, atol=1e-3)


def test_windows_are_embedded_as_torch_embeds_them() -> None:
    weights = read_tuned(ENCODER).windows
    first, second, third = (own / np.linalg.norm(own, axis=1)[:, None] for own in tokens(9, 4, 17))
    pairs = [(first, second), (third, first), (second[:0], third)]
    ours, theirs = arrays.embed_windows(weights, pairs), embed_windows(make_windows(weights), pairs)
    assert ((ours * theirs).sum(axis=1) > 0.998).all()
    assert np.isfinite(arrays.embed_windows(weights, [(second[:0], second[:0])])).all()


def test_much_is_run_by_torch_and_from_then_on_all() -> None:
    ran: list[str] = []

    def by_numpy(rows: Vectors, _: object) -> Vectors:
        ran.append("numpy")
        return rows

    def by_torch() -> arrays.Run:
        ran.append("loaded")

        def run_by_torch(rows: Sequence[Vectors]) -> list[Vectors]:
            ran.append("torch")
            return list(rows)

        return run_by_torch

    brief = arrays.Brief(by_numpy, by_torch)
    few, many = tokens(20, 30), tokens(arrays.LITTLE, 1)
    assert [own.shape for own in brief(few)] == [(20, 384), (30, 384)]
    brief(many)
    brief(few)
    assert ran == ["numpy", "loaded", "torch", "torch"]


@pytest.mark.model
def test_a_question_is_embedded_and_read_without_torch() -> None:
    script = """
import sys
import numpy as np
from dipnot.models.light import load_encoder
from dipnot.models.reader import load_reader
encoder = load_encoder(briefly=True)
encoded = encoder.encode_queries(["Köprü ne zaman yapıldı?"])
assert encoder.encode_windows([(encoded.tokens[0], encoded.tokens[0])]).shape == (1, 384)
reader = load_reader(encoder, briefly=True)
window = ["Köprü 1902’de yapıldı.", "Yağmur yağdı."]
((first, second),) = reader.read("Köprü ne zaman yapıldı?", [window])
assert first.evidence > 0 > second.evidence
assert "torch" not in sys.modules
whole = load_encoder().encode_queries(["Köprü ne zaman yapıldı?"])
assert float(whole.vectors[0] @ encoded.vectors[0]) > 0.998
"""
    subprocess.run([sys.executable, "-c", script], check=True)
