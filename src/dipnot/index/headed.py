"""Which texts have a word in a heading: headings are no passages, and no leg finds them.

Owns: that table, which is made when it is first asked for, of what is in memory or on disk anyway.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cache, cached_property

import numpy as np

from dipnot.index.places import Places
from dipnot.language.tokens import index_terms
from dipnot.types import Rows


class Headed:
    """Texts by the index terms of the headings over their sentences."""

    def __init__(
        self, places: Places, paths: Sequence[tuple[str, ...]], under: Callable[[], Rows]
    ) -> None:
        """``under``: gives of each sentence the number, in ``paths``, of its headings."""
        self._places, self._paths, self._under = places, paths, under

    def texts_with(self, term: str) -> Sequence[int]:
        """The numbers of the texts that have a term in a heading, ascending."""
        return self._texts.get(term, ())

    @cached_property
    def _texts(self) -> dict[str, array[int]]:
        if not self._paths:
            return {}
        terms_of = cache(index_terms)
        sizes = np.diff(self._places.sentence_bounds)
        texts = np.repeat(np.arange(len(sizes)), sizes)
        made: dict[str, array[int]] = {}
        for both in np.unique(texts * len(self._paths) + self._under()).tolist():
            text, path = divmod(both, len(self._paths))
            for term in (term for heading in self._paths[path] for term in terms_of(heading)):
                own = made.setdefault(term, array("i"))
                if not own or own[-1] != text:
                    own.append(text)
        return made


def headed(places: Places, over: Sequence[tuple[str, ...]]) -> Headed:
    """The same of the headings over each sentence."""
    numbers = {path: number for number, path in enumerate(dict.fromkeys(over))}
    return Headed(places, tuple(numbers), lambda: np.array([numbers[p] for p in over], np.int64))
