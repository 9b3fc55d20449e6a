"""The best passages read with the question, by the trained reader.

Owns: which sentences are read, in which windows, and what their readings say of a passage.
Without a reader nothing here is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dipnot.index import Index, Rows
from dipnot.reader import Reader, Reading
from dipnot.types import Vectors

READ = 8  # passages: more cost more than they bring, see benchmarks/README.md
# The span's logit says more of near misses, the sentence's more of reasons and lists.
_SPAN_WEIGHT = 0.5
_MOST_SENTENCES = 6  # of a window, as in training
_MOST_WORDS = 90

Readings = Mapping[int, Reading]


def read_passages(index: Index, reader: Reader, question: str, rows: Rows) -> Readings:
    """Read the sentences of passages, adjoining ones together; a reading by sentence number."""
    layout = index.layout
    windows = _windows(index, rows)
    texts = [[index.passages[layout.sentences[s]].text for s in window] for window in windows]
    readings = reader.read(question, texts)
    return {
        sentence: reading
        for window, own in zip(windows, readings, strict=True)
        for sentence, reading in zip(window, own, strict=True)
    }


def read_score(reading: Reading) -> float:
    """How much a sentence looks like an answer, as one number."""
    return reading.evidence + _SPAN_WEIGHT * reading.span


def passage_scores(index: Index, rows: Rows, readings: Readings) -> Vectors:
    """The score of each passage: that of its best sentence."""
    layout = index.layout
    scores = {sentence: read_score(reading) for sentence, reading in readings.items()}
    return np.array(
        [max(scores[s] for s in range(layout.first[r], layout.last[r])) for r in rows], np.float32
    )


def _windows(index: Index, rows: Rows) -> list[list[int]]:
    """Cut the sentences of passages into runs of neighbours of a section, short enough to read."""
    layout = index.layout
    windows: list[list[int]] = []
    words = 0
    for number in sorted({s for r in rows for s in range(layout.first[r], layout.last[r])}):
        own = len(index.passages[layout.sentences[number]].text.split())
        if windows and _goes_on(index, windows[-1], number) and words + own <= _MOST_WORDS:
            windows[-1].append(number)
            words += own
        else:
            windows.append([number])
            words = own
    return windows


def _goes_on(index: Index, window: Sequence[int], number: int) -> bool:
    if number != window[-1] + 1 or len(window) == _MOST_SENTENCES:
        return False
    before, after = (index.passages[index.layout.sentences[n]] for n in (window[-1], number))
    return (before.doc_id, before.headings, before.language) == (
        after.doc_id,
        after.headings,
        after.language,
    )
