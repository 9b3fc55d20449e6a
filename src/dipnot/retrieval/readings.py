"""Two readings of a question, by itself and with the turns before it: which one stands.

Owns: the comparison. Both are ranked without the trained reader, which costs one encoding more.
"""

from __future__ import annotations

import numpy as np

from dipnot.index.build import Index
from dipnot.retrieval.query import make_query
from dipnot.retrieval.rank import Ranking, Weights, rank
from dipnot.types import Encoded, Encoder, Filters, Query, Question

_DEEP = 5  # sentences that meet the joined question best
# In cosines: with the turns before it a question stands where its own words are met so much better
# there; or well and hardly worse, if it names nothing itself. Measured on conversations.
_CLEARLY = 0.06
_WELL, _HARDLY = 0.406, 0.03


def settle(
    index: Index,
    encoder: Encoder,
    question: Question,
    filters: Filters,
    weights: Weights,
    encoded: Encoded | None = None,
) -> tuple[Query, Ranking]:
    """Rank for a question in the reading that stands; ``encoded``: as it was asked."""
    query = make_query(question, encoder, index, encoded)
    ranking = rank(index, query, filters, weights)
    if question.alone is None:
        return query, ranking
    own = make_query(question.alone, encoder, index, encoded)
    by_itself = rank(index, own, filters, weights)
    size = 0 if own.tokens is None else len(own.tokens)
    if _leans(met(ranking, size), met(by_itself, size), names=bool(question.alone.names)):
        return query, ranking
    return own, by_itself


def met(ranking: Ranking, size: int) -> float:
    """How well the last ``size`` words are met where all are met best; -1 where nothing is."""
    if not ranking.matches:
        return -1.0
    rows = list(ranking.matches.values())
    whole = np.array([row.mean() for row in rows])
    best = np.argsort(-whole)[:_DEEP]
    return max(float(rows[i][-size:].mean()) for i in best)


def _leans(joined: float, alone: float, *, names: bool) -> bool:
    return joined > alone + _CLEARLY or (not names and joined >= _WELL and joined > alone - _HARDLY)
