"""Centring: what all texts, and all questions, of a language have in common is subtracted.

Owns: the means and how they are measured. An encoder draws a question to passages of its own
language; without the mean of each language it finds across languages three times as often
(benchmarks/README.md). A question is centred by the mean of passages and of questions, half each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.neutral import QUESTIONS, SENTENCES
from dipnot.types import LANGUAGES, Encoder, Vectors

# The neutral sentences count as this many of the corpus, so that a language of which the corpus
# holds little or nothing is centred all the same.
_NEUTRAL_WEIGHT = 24

Means = dict[str, Vectors]


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """Mean vectors by language; those of tokens are empty for a model without token vectors."""

    passages: Means
    tokens: Means
    questions: Means
    question_tokens: Means


def measure(
    languages: Sequence[str],
    vectors: Vectors,
    tokens: Sequence[npt.NDArray[np.floating[Any]]] | None,
    encoder: Encoder,
) -> LanguageMeans:
    """Measure the means of a corpus's sentences and of neutral questions.

    ``vectors`` and ``tokens`` belong to sentences in ``languages``.
    """
    passages: Means = {}
    token_means: Means = {}
    questions: Means = {}
    question_tokens: Means = {}
    for language in LANGUAGES:
        own = [i for i, name in enumerate(languages) if name == language]
        neutral = encoder.encode_passages(SENTENCES[language], tokens=True)
        passages[language] = _drawn(vectors[own], neutral.vectors, _NEUTRAL_WEIGHT)
        asked = encoder.encode_queries(QUESTIONS[language])
        questions[language] = (passages[language] + asked.vectors.mean(axis=0)) / 2
        if tokens is None or neutral.tokens is None or asked.tokens is None:
            continue
        common = np.concatenate(neutral.tokens)
        flat = np.concatenate([common[:0], *(tokens[i] for i in own)]).astype(np.float32)
        weight = _NEUTRAL_WEIGHT * len(common) // len(neutral.tokens)
        token_means[language] = _drawn(flat, common, weight)
        token = np.concatenate(asked.tokens).mean(axis=0)
        question_tokens[language] = (token_means[language] + token) / 2
    return LanguageMeans(passages, token_means, questions, question_tokens)


def _drawn(own: Vectors, neutral: Vectors, weight: int) -> Vectors:
    """Mean of ``own`` with that of ``neutral`` counted ``weight`` times."""
    total = own.sum(axis=0) + weight * neutral.mean(axis=0)
    mean: Vectors = (total / (len(own) + weight)).astype(np.float32)
    return mean


def centred(vectors: Vectors, shifts: Vectors) -> Vectors:
    """Subtract means, one a row or one for all, and bring the rows to length 1."""
    moved = vectors - shifts
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    return np.ascontiguousarray(moved / np.maximum(lengths, 1e-9), dtype=np.float32)


def mean_of(means: Mapping[str, Vectors], language: str | None) -> Vectors:
    """The mean of a language; for none or an unknown one, the mean of all."""
    if language is not None and language in means:
        return means[language]
    average: Vectors = np.mean(list(means.values()), axis=0)
    return average
