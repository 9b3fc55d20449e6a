"""What kind of utterance a vector stands for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dipnot.errors import EncoderError
from dipnot.models.encoder import tuned_fingerprint
from dipnot.models.utterances import Utterances, load_utterances
from dipnot.models.weightfile import ENCODER, UTTERANCES, read_weights
from fakes import FakeEncoder

TWO = Utterances(
    kinds=("ask", "courtesy"),
    weights=np.array([[1, 0], [0, 1]], np.float32),
    bias=np.zeros(2, np.float32),
    mean=np.zeros(2, np.float32),
    terms=frozenset({"metin"}),
)


def test_probabilities_add_up_to_one_and_the_nearest_kind_has_most() -> None:
    likely = TWO.likely(np.array([0.2, 3.0], np.float32))
    assert sum(likely.values()) == pytest.approx(1)
    assert likely["courtesy"] > 0.99


def test_weights_of_another_encoder_are_not_used() -> None:
    assert load_utterances(FakeEncoder()) is None


def test_the_shipped_weights_are_of_the_shipped_encoder() -> None:
    _, metadata = read_weights(UTTERANCES)
    assert metadata["encoder_fingerprint"] == tuned_fingerprint(ENCODER), (
        "the encoder was trained again: run `python training/utterances.py`"
    )


def test_weights_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "utterances.safetensors"
    broken.write_bytes(b"no weights")
    with pytest.raises(EncoderError, match=r"utterances\.safetensors"):
        load_utterances(FakeEncoder(), broken)
