"""What kind of utterance a vector of the encoder stands for: a greeting, a question, a request.

Owns: the tiny network that tells it, one matrix, and the words of talk about texts that come with
it. ``training/utterances.py`` fits both to utterances written for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dipnot.errors import EncoderError, reason_of, shown
from dipnot.models.weightfile import UTTERANCES, read_weights, unpacked
from dipnot.types import Encoder, Vectors

SHARPNESS = 10.0  # of the softmax over vectors of length 1


@dataclass(frozen=True, slots=True)
class Utterances:
    """The weights: a row for each of ``kinds``, shape (kinds, dimension).

    ``mean``: what all questions have in common, shape (dimension,). ``terms``: the index terms of
    talk with Dipnot and about texts as things.
    """

    kinds: tuple[str, ...]
    weights: Vectors
    bias: Vectors
    mean: Vectors
    terms: frozenset[str]

    def likely(self, vector: Vectors) -> Mapping[str, float]:
        """Give the probability of each kind for a question's vector, shape (dimension,)."""
        logits = self.weights @ drawn_apart(vector, self.mean) * SHARPNESS + self.bias
        odds = np.exp(logits - logits.max())
        return dict(zip(self.kinds, (odds / odds.sum()).tolist(), strict=True))


def drawn_apart(vectors: Vectors, mean: Vectors) -> Vectors:
    """Take off what all questions have in common, and bring to length 1."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    apart: Vectors = moved / np.maximum(lengths, 1e-9)
    return apart


def load_utterances(encoder: Encoder, path: Path = UTTERANCES) -> Utterances | None:
    """Load the weights; None where they were fitted to another encoder's vectors.

    Raises EncoderError, saying what to type, when they cannot be read.
    """
    try:
        tensors, metadata = read_weights(path)
        if metadata["encoder_fingerprint"] != encoder.fingerprint:
            return None
        own = unpacked(tensors)
        return Utterances(
            kinds=tuple(json.loads(metadata["kinds"])),
            weights=own["weights"],
            bias=own["bias"],
            mean=own["mean"],
            terms=frozenset(json.loads(metadata["terms"])),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"The weights {shown(str(path), 200)} cannot be loaded: {reason_of(error)[:200]} "
            "Install Dipnot again."
        ) from None
