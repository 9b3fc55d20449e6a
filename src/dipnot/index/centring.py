"""Centring: what all texts, and all questions, of a language have in common is subtracted.

Owns: the means and how they are measured. An encoder draws a question to passages of its own
language; without the mean of each language it finds across languages three times as often
(benchmarks/LOG.md). A question is centred by the mean of passages and of questions, half each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dipnot.errors import REBUILD, IndexDamaged
from dipnot.language.neutral import QUESTIONS, SENTENCES
from dipnot.types import LANGUAGES, Encoder, Language, Vectors

Languages = npt.NDArray[np.integer[Any]]
# The neutral sentences count as this many of the corpus, so that a language of which the corpus
# holds little or nothing is centred all the same.
_NEUTRAL_WEIGHT = 24


@dataclass(frozen=True, slots=True)
class LanguageMeans:
    """Mean vectors, a row for each of ``LANGUAGES``, float32, shape (languages, dimension).

    Those of tokens have no row for a model without token vectors.
    """

    passages: Vectors
    tokens: Vectors
    questions: Vectors
    question_tokens: Vectors

    def save(self, folder: Path) -> None:
        """Write an array a file into a folder."""
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)


def open_means(folder: Path, dimension: int) -> LanguageMeans:
    """Open what was saved; raises IndexDamaged for arrays of other shapes, or as np.load does."""
    arrays = {}
    for field in fields(LanguageMeans):
        path = folder / f"{field.name}.npy"
        array = arrays[field.name] = np.load(path, allow_pickle=False)
        rows = (0, len(LANGUAGES)) if "token" in field.name else (len(LANGUAGES),)
        if array.ndim != 2 or array.shape[0] not in rows or array.shape[1] != dimension:
            raise IndexDamaged(
                f"{path} holds an array of shape {array.shape}, expected {len(LANGUAGES)} rows of "
                f"{dimension}. {REBUILD}"
            )
    return LanguageMeans(**arrays)


def measure(
    languages: Sequence[str],
    vectors: Vectors,
    tokens: Sequence[npt.NDArray[np.floating[Any]]] | None,
    encoder: Encoder,
) -> LanguageMeans:
    """Measure the means of a corpus's sentences and of neutral questions.

    ``vectors`` and ``tokens`` belong to sentences in ``languages``.
    """
    passages: list[Vectors] = []
    token_means: list[Vectors] = []
    questions: list[Vectors] = []
    question_tokens: list[Vectors] = []
    for language in LANGUAGES:
        own = [i for i, name in enumerate(languages) if name == language]
        neutral = encoder.encode_passages(SENTENCES[language], tokens=True)
        passages.append(_drawn(vectors[own], neutral.vectors, _NEUTRAL_WEIGHT))
        asked = encoder.encode_queries(QUESTIONS[language])
        questions.append((passages[-1] + asked.vectors.mean(axis=0)) / 2)
        if tokens is None or neutral.tokens is None or asked.tokens is None:
            continue
        common = np.concatenate(neutral.tokens)
        flat = np.concatenate([common[:0], *(tokens[i] for i in own)]).astype(np.float32)
        weight = _NEUTRAL_WEIGHT * len(common) // len(neutral.tokens)
        token_means.append(_drawn(flat, common, weight))
        token = np.concatenate(asked.tokens).mean(axis=0)
        question_tokens.append((token_means[-1] + token) / 2)
    rows = (passages, token_means, questions, question_tokens)
    return LanguageMeans(*(_array(own, encoder.dimension) for own in rows))


def _array(rows: Sequence[Vectors], dimension: int) -> Vectors:
    return np.array(rows, np.float32).reshape(len(rows), dimension)


def _drawn(own: Vectors, neutral: Vectors, weight: int) -> Vectors:
    """Mean of ``own`` with that of ``neutral`` counted ``weight`` times."""
    total = own.sum(axis=0) + weight * neutral.mean(axis=0)
    mean: Vectors = (total / (len(own) + weight)).astype(np.float32)
    return mean


def centred(vectors: Vectors, shifts: Vectors) -> Vectors:
    """Subtract means, one a row or one for all, and bring the rows to length 1."""
    return normed(vectors - shifts)


def centred_cosines(
    products: Vectors, squares: Vectors | float, asked: Vectors, means: Vectors, of: Languages
) -> Vectors:
    """Cosines of vectors with what is asked, without the mean of each one's language.

    ``products``: of the vectors with ``asked`` and, behind them, with ``means``, shape (n, k +
    languages); ``squares``: of the vectors by themselves; ``of``: the number of each one's
    language. No vector is touched: without its mean one has the square v² - 2 v·mean + mean².
    Gives shape (n, k).
    """
    k = len(asked)
    along = products[np.arange(len(products)), k + of]
    left = squares - 2 * along + np.einsum("ij,ij->i", means, means)[of]
    cosines: Vectors = products[:, :k] - (means @ asked.T)[of]
    cosines /= np.sqrt(np.maximum(left, 1e-18))[:, None]
    return cosines


def normed(vectors: Vectors) -> Vectors:
    """Bring the rows to length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def mean_of(means: Vectors, language: Language | None) -> Vectors:
    """The mean of a language; for none, the mean of all."""
    mean: Vectors = means.mean(axis=0) if language is None else means[LANGUAGES.index(language)]
    return mean
