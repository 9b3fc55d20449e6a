"""The trained reader: whether a sentence states the answer, and with which words.

Owns: the weights as they are shipped, how question and sentences are laid before the network, and
what is made of its logits. Question and sentences are read together (a cross-encoder), by the
encoder's layers trained further over its own frozen embeddings. ``training/`` makes the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dipnot.checksums import file_sha256
from dipnot.errors import EncoderError, reason_of, shown
from dipnot.models.arrays import Brief, Run, read
from dipnot.models.weightfile import READER, read_weights, unpacked
from dipnot.types import Reading, Span, Vectors

# Special pieces of the encoder's vocabulary.
BEGIN, PAD, END = 0, 1, 2
LONGEST_QUESTION = 64  # pieces
LONGEST_SENTENCE = 192
LONGEST_ANSWER = 30
LONGEST_WINDOW = 512  # with the question: as many places as the encoder's embeddings know
LOWEST = -20.0  # of a logit: what is less likely says nothing more


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A sentence as the network saw it in one window.

    ``logits``: of each start (row) with each end among its pieces, over the window having no
    answer; shape (pieces, pieces). ``places``: where each piece stands in the sentence.
    """

    evidence: float
    logits: Vectors
    places: Sequence[Span]


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
    """A loaded reader with the encoder that it fits; ``fingerprint`` identifies its weights."""

    fingerprint = ""

    def __init__(self, run: Run, encoder: Pieces, fingerprint: str = "") -> None:
        """Wrap what runs a network; ``load_reader`` is how one is made."""
        self._run = run
        self._encoder = encoder
        self.fingerprint = fingerprint

    def read(self, question: str, windows: Sequence[Sequence[str]]) -> list[list[Reading]]:
        """Read windows of adjoining sentences with a question; a reading for each sentence."""
        if not windows:
            return []
        seen = self._see_all(question, windows)
        return [[_reading([sentence]) for sentence in window] for window in seen]

    def read_again(self, question: str, sentence: str, before: str | None) -> Reading:
        """Read a sentence alone, and behind the one before it; gives the mean of both readings.

        In which company a sentence is read moves the ends of the words that answer; the mean of
        two is nearer to them (an ensemble over inputs, with one network).
        """
        windows = [[sentence]] if before is None else [[sentence], [before, sentence]]
        seen = self._see_all(question, windows)
        return _reading([own[-1] for own in seen])

    def _see_all(self, question: str, windows: Sequence[Sequence[str]]) -> list[list[_Seen]]:
        """See windows with a question in one run: several small ones take longer."""
        asked = self._encoder.pieces(question)[0][:LONGEST_QUESTION]
        cut = [[self._encoder.pieces(sentence) for sentence in window] for window in windows]
        laid = [lay_out(asked, [own for own, _ in window]) for window in cut]
        embedded = self._encoder.embed_pieces(padded([numbers for numbers, _ in laid])[0])
        lengths = [len(numbers) for numbers, _ in laid]
        outputs = self._run([own[:n] for own, n in zip(embedded, lengths, strict=True)])
        return [
            _seen(own, begins, [places for _, places in window])
            for own, (_, begins), window in zip(outputs, laid, cut, strict=True)
        ]


def lay_out(
    question: Sequence[int], sentences: Sequence[Sequence[int]]
) -> tuple[list[int], list[int]]:
    """Lay question and sentences end to end, an END behind each.

    Gives the pieces, and where each sentence begins; the mean over its pieces is its evidence.
    Words of hundreds of letters can make it too long: what is beyond is left out.
    """
    numbers = [BEGIN, *question, END, END]
    begins = []
    for sentence in sentences:
        begins.append(len(numbers))
        numbers += [*sentence[:LONGEST_SENTENCE], END]
    return numbers[:LONGEST_WINDOW], begins


def padded(rows: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Bring rows of pieces to one length; the mask is true where there is only padding."""
    numbers = np.full((len(rows), max(map(len, rows), default=0)), PAD, np.int64)
    for row, own in enumerate(rows):
        numbers[row, : len(own)] = own
    return numbers, numbers == PAD


def possible_spans(size: int) -> npt.NDArray[np.bool_]:
    """Tell which start (row) may go with which end: at or behind it, and not too far."""
    reach = np.arange(size)[None, :] - np.arange(size)[:, None]
    possible: npt.NDArray[np.bool_] = (reach >= 0) & (reach < LONGEST_ANSWER)
    return possible


def _seen(outputs: Vectors, begins: Sequence[int], places: Sequence[Sequence[Span]]) -> list[_Seen]:
    """Take the sentences out of a window's outputs: where each begins, and its pieces' places."""
    nothing = span_logits(outputs[:1]).item()
    seen = []
    for begin, own in zip(begins, places, strict=True):
        part = outputs[begin : begin + min(len(own), LONGEST_SENTENCE)]
        logits = np.where(possible_spans(len(part)), span_logits(part) - nothing, -np.inf)
        evidence = float(part[:, 0].mean()) if len(part) else LOWEST
        seen.append(_Seen(evidence, logits, own[: len(part)]))
    return seen


def span_logits(outputs: Vectors) -> Vectors:
    """Give what ``network.spans`` gives, for the outputs of a run."""
    first, last = np.split(outputs[:, 3:], 2, axis=-1)
    together = first @ last.T * np.float32(first.shape[-1] ** -0.5)
    logits: Vectors = outputs[:, 1, None] + outputs[None, :, 2] + together
    return logits


def _reading(seen: Sequence[_Seen]) -> Reading:
    """Make one reading of what was seen of a sentence, once or several times."""
    places = seen[0].places
    if not places:
        return Reading(LOWEST, LOWEST, Span(0, 0))
    logits = np.mean([s.logits for s in seen], axis=0)
    evidence = float(np.mean([s.evidence for s in seen]))
    first, last = np.unravel_index(int(logits.argmax()), logits.shape)
    words = Span(places[int(first)].start, places[int(last)].end)
    span = max(float(np.logaddexp.reduce(logits, axis=None)), LOWEST)
    return Reading(evidence, span, words)


def load_reader(encoder: Pieces, path: Path = READER, *, briefly: bool = False) -> Reader | None:
    """Load a reader's weights; None when they were trained over another encoder's embeddings.

    ``briefly``: little will be read, without torch. Raises EncoderError, saying what to type, when
    they cannot be read.
    """
    try:
        tensors, metadata = read_weights(path)
        if metadata["encoder_fingerprint"] != encoder.base_fingerprint:
            return None

        def by_torch() -> Run:
            from dipnot.models import network  # noqa: PLC0415 - torch takes seconds

            return partial(network.run, network.make_network(tensors))

        brief = Brief(partial(read, unpacked(tensors)), by_torch) if briefly else None
        return Reader(brief or by_torch(), encoder, file_sha256(path))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise EncoderError(
            f"The reader's weights {shown(str(path), 200)} cannot be loaded: "
            f"{reason_of(error)[:200]} "
            "Install Dipnot again, or answer without them: DIPNOT_READER=off"
        ) from None
