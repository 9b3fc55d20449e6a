"""The trained reader: whether a sentence states the answer, and with which words.

Owns: the weights as they are shipped, how question and sentences are laid before the network, and
what is made of its logits. Question and sentences are read together (a cross-encoder), by the
encoder's layers trained further over its own frozen embeddings. ``training/`` makes the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from dipnot.errors import EncoderError, reason_of, shown
from dipnot.types import Span, Vectors
from dipnot.weightfile import READER, read_weights

if TYPE_CHECKING:
    from dipnot.network import Network

# Special pieces of the encoder's vocabulary.
BEGIN, PAD, END = 0, 1, 2
LONGEST_QUESTION = 64  # pieces
LONGEST_SENTENCE = 192
LONGEST_ANSWER = 30
LOWEST = -20.0  # of a logit: what is less likely says nothing more


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one sentence.

    ``evidence``: logit that it is evidence for an answer. ``span``: logit that any words in it
    answer, over the window having no answer. ``words``: where the likeliest of them stand in it.
    """

    evidence: float
    span: float
    words: Span


class Pieces(Protocol):
    """What a reader needs of the encoder that it was trained on."""

    @property
    def base_fingerprint(self) -> str:
        """Identify the published model, and with it the embeddings."""

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        """Cut a text into pieces: their numbers, and where each stands in it."""

    def embed_pieces(self, numbers: npt.NDArray[np.int64]) -> Vectors:
        """Look up the input embeddings of pieces, shape (texts, pieces)."""


class Reader:
    """A loaded reader with the encoder that it fits."""

    def __init__(self, network: Network, encoder: Pieces) -> None:
        """Wrap a network; ``load_reader`` is how one is made."""
        self._network = network
        self._encoder = encoder

    def read(self, question: str, windows: Sequence[Sequence[str]]) -> list[list[Reading]]:
        """Read windows of adjoining sentences with a question; a reading for each sentence."""
        from dipnot.network import run  # noqa: PLC0415 - torch takes seconds; not for --help

        asked = self._encoder.pieces(question)[0][:LONGEST_QUESTION]
        cut = [[self._encoder.pieces(sentence) for sentence in window] for window in windows]
        laid = [lay_out(asked, [numbers for numbers, _ in own]) for own in cut]
        readings = []
        for (numbers, begins), own in zip(laid, cut, strict=True):
            # One by one: two at once take torch more than twice as long on a CPU.
            row, padding = padded([numbers])
            outputs = run(self._network, self._encoder.embed_pieces(row), padding)
            readings.append(_readings(outputs[0], begins, [places for _, places in own]))
        return readings


def lay_out(
    question: Sequence[int], sentences: Sequence[Sequence[int]]
) -> tuple[list[int], list[int]]:
    """Lay question and sentences end to end, an END behind each.

    Gives the pieces, and where each sentence begins; the mean over its pieces is its evidence.
    """
    numbers = [BEGIN, *question, END, END]
    begins = []
    for sentence in sentences:
        begins.append(len(numbers))
        numbers += [*sentence[:LONGEST_SENTENCE], END]
    return numbers, begins


def padded(rows: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Bring rows of pieces to one length; the mask is true where there is only padding."""
    numbers = np.full((len(rows), max(map(len, rows))), PAD, np.int64)
    for row, own in enumerate(rows):
        numbers[row, : len(own)] = own
    return numbers, numbers == PAD


def possible_spans(size: int) -> npt.NDArray[np.bool_]:
    """Tell which start (row) may go with which end: at or behind it, and not too far."""
    reach = np.arange(size)[None, :] - np.arange(size)[:, None]
    possible: npt.NDArray[np.bool_] = (reach >= 0) & (reach < LONGEST_ANSWER)
    return possible


def _readings(
    outputs: Vectors, begins: Sequence[int], places: Sequence[Sequence[Span]]
) -> list[Reading]:
    from dipnot.network import span_logits  # noqa: PLC0415 - as above

    nothing = span_logits(outputs[:1]).item()
    found = []
    for begin, own in zip(begins, places, strict=True):
        size = min(len(own), LONGEST_SENTENCE)
        if not size:
            found.append(Reading(LOWEST, LOWEST, Span(0, 0)))
            continue
        part = outputs[begin : begin + size]
        logits = np.where(possible_spans(size), span_logits(part), -np.inf)
        first, last = np.unravel_index(int(logits.argmax()), logits.shape)
        words = Span(own[int(first)].start, own[int(last)].end)
        any_words = float(np.logaddexp.reduce(logits, axis=None)) - nothing
        found.append(Reading(float(part[:, 0].mean()), max(any_words, LOWEST), words))
    return found


def load_reader(encoder: Pieces, path: Path = READER) -> Reader | None:
    """Load a reader's weights; None when they were trained over another encoder's embeddings.

    Raises EncoderError, saying what to type, when they cannot be read.
    """
    from dipnot.network import make_network  # noqa: PLC0415 - as above

    try:
        tensors, told = read_weights(path)
        if told["encoder_fingerprint"] != encoder.base_fingerprint:
            return None
        return Reader(make_network(tensors), encoder)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise EncoderError(
            f"The reader's weights {shown(str(path), 200)} cannot be loaded: "
            f"{reason_of(error)[:200]} "
            "Install Dipnot again, or answer without them: DIPNOT_READER=off"
        ) from None
