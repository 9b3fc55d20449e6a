"""Late interaction: how well each word of a question is met by some word of a passage.

Owns: the token vectors of every sentence and their scoring, which is the MaxSim of ColBERT
(Khattab and Zaharia, SIGIR 2020) averaged over the question's tokens, with each language's mean
token subtracted from both sides. Any encoder with token vectors will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dipnot.types import Vectors

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class TokenIndex:
    """Token vectors of sentences, one after another.

    ``vectors``: float16, shape (tokens, dimension), rows of length 1. ``offsets``: int64, shape
    (sentences + 1,): sentence i owns the rows from offsets[i] to offsets[i + 1]. ``means``: the
    mean token of each language. ``languages``: of each sentence.
    """

    vectors: Halves
    offsets: npt.NDArray[np.int64]
    means: dict[str, Vectors]
    languages: Sequence[str]

    def of(self, sentence: int) -> Halves:
        """The token vectors of one sentence."""
        part: Halves = self.vectors[self.offsets[sentence] : self.offsets[sentence + 1]]
        return part

    def best_matches(self, query: Vectors, sentences: npt.NDArray[np.int64]) -> Vectors:
        """Give for each sentence and query token the best cosine with a token of the sentence.

        ``query``: float32, shape (t, dimension), centred, rows of length 1. Gives float32, shape
        (len(sentences), t); a sentence without tokens matches nothing (-1).
        """
        matches = np.full((len(sentences), len(query)), -1.0, np.float32)
        counts = self.offsets[sentences + 1] - self.offsets[sentences]
        filled = np.flatnonzero(counts > 0)
        if not len(filled) or not len(query):
            return matches
        rows = np.concatenate(
            [np.arange(self.offsets[s], self.offsets[s + 1]) for s in sentences[filled]]
        )
        tokens = self.vectors[rows].astype(np.float32)
        owners = np.repeat(sentences[filled], counts[filled])
        languages = np.asarray(self.languages)[owners]
        for language, mean in self.means.items():
            tokens[languages == language] -= mean
        tokens /= np.maximum(np.linalg.norm(tokens, axis=1, keepdims=True), 1e-9)
        starts = np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
        matches[filled] = np.maximum.reduceat(tokens @ query.T, starts, axis=0)
        return matches


def make_token_index(
    tokens: Sequence[Vectors | Halves], means: dict[str, Vectors], languages: Sequence[str]
) -> TokenIndex:
    """Lay the tokens of all sentences end to end."""
    lengths = [len(t) for t in tokens]
    dimension = tokens[0].shape[1] if tokens else 0
    vectors = np.concatenate(tokens) if tokens else np.zeros((0, dimension))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return TokenIndex(vectors.astype(np.float16), offsets, means, languages)
