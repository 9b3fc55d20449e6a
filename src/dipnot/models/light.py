"""The bundled model as a question needs it: ready in a second, in a third of the memory.

Owns: embedding questions and a few texts by the network itself. Many texts are embedded by
sentence-transformers, whose import takes 200 MB and several seconds: it is loaded when there are.
Both give the same.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dipnot.models.bundled import MODEL_NAME, PROMPTS
from dipnot.models.direct import Direct, load_direct
from dipnot.models.encoder import (
    DEFAULT,
    PLAIN,
    TUNED_NAME,
    SentenceTransformerEncoder,
    encode_windows,
    read_tuned,
    tuned_fingerprint,
    wrong_layers_named,
)
from dipnot.models.encoder import load_encoder as load_transformer
from dipnot.models.packed import SHA256, open_packed
from dipnot.models.pieces import Pieces
from dipnot.models.weightfile import ENCODER
from dipnot.types import Encoded, Encoder, Pair, Progress, Span, Vectors

_BEGIN, _END = 0, 2  # pieces around every text
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # what malloc.h calls them
_LONGEST = 512
_FEW = 200  # texts: what an edited paragraph and the neutral sentences come to


class LightEncoder:
    """The bundled model, safe to call from many threads."""

    dimension = 384

    def __init__(
        self,
        network: Direct,
        pieces: Pieces,
        name: str,
        fingerprint: str,
        for_texts: tuple[str, Path | None],
        tuned: Path | None = None,
        *,
        briefly: bool = False,
    ) -> None:
        """Wrap what ``load_encoder`` made; ``for_texts``: what names the model that texts need."""
        self._network = network
        self._pieces = pieces
        self._lock = threading.Lock()
        self._named = for_texts
        self._for_texts: Encoder | None = None
        self._tuned, self._briefly = tuned, briefly
        self.name, self.fingerprint = name, fingerprint
        self.base_fingerprint = SHA256[:32]

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """Embed questions, with their tokens and where those stand."""
        return self._encode(texts, "query")

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        """Embed passages; the first time that there are many, loads what these need."""
        with self._lock:
            if self._for_texts is None and len(texts) > _FEW:
                self._for_texts = load_transformer(*self._named)
            for_texts = self._for_texts
        if for_texts is not None:
            return for_texts.encode_passages(texts, tokens=tokens, progress=progress)
        encoded = self._encode(texts, "passage")
        if progress is not None:
            progress("embedding", len(texts), len(texts))
        return Encoded(encoded.vectors, encoded.tokens if tokens else None)

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors | None:
        """Embed windows of two sentences by their tokens, where a network was trained for it."""
        if self._tuned is None:
            return None
        return encode_windows(self._tuned, windows, briefly=self._briefly)

    def _encode(self, texts: Sequence[str], kind: str) -> Encoded:
        prompt = self.pieces(PROMPTS[kind])[0]
        cut = [self.pieces(text) for text in texts]
        room = _LONGEST - 2 - len(prompt)
        rows = [[_BEGIN, *prompt, *numbers[:room], _END] for numbers, _ in cut]
        states = self._network.states(rows)
        vectors = np.array([own.mean(axis=0) for own in states], np.float32)
        tokens = tuple(_unit(own[1 + len(prompt) : -1]) for own in states)
        # A text too long for the model has more pieces than tokens.
        fit = all(len(numbers) <= room for numbers, _ in cut)
        places = tuple(tuple(spans) for _, spans in cut)
        return Encoded(_unit(vectors.reshape(-1, self.dimension)), tokens, places if fit else None)

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        """Cut a text into the tokenizer's pieces: their numbers, and where each stands in it."""
        return self._pieces.cut(text)

    def embed_pieces(self, numbers: npt.NDArray[np.int64]) -> Vectors:
        """Look up the input embeddings of pieces, shape (texts, pieces), position by position."""
        return self._network.embeddings(numbers)


def load_encoder(
    spec: str = DEFAULT, cache: Path | None = None, *, briefly: bool = False
) -> LightEncoder | SentenceTransformerEncoder:
    """Load what embeds questions: the bundled model lightly, any other as ``encoder`` does.

    ``briefly``: little will be embedded; torch is loaded when it is more. Raises EncoderError,
    saying what to type, when the model is not to be had.
    """
    if spec not in ("", DEFAULT, PLAIN):
        return load_transformer(spec, cache)
    packed = open_packed()
    pieces = Pieces(*packed.pieces())
    if spec == PLAIN:
        network, tuned = load_direct(packed, {}, briefly=briefly), None
        name, fingerprint = MODEL_NAME, SHA256[:32]
    else:
        with wrong_layers_named(ENCODER):
            layers = read_tuned(ENCODER).layers
            network, tuned = load_direct(packed, layers, briefly=briefly), ENCODER
        name, fingerprint = TUNED_NAME, tuned_fingerprint(ENCODER)
    named = (spec, cache)
    return LightEncoder(network, pieces, name, fingerprint, named, tuned, briefly=briefly)


def give_back() -> None:
    """Give memory that was freed back to the system, and from then on large blocks at once.

    glibc does neither by itself: loading takes 200 MB for a moment, and what many threads freed of
    the blocks between a megabyte and 32 came to 500 MB. What a part of texts needs stays below two.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            library = ctypes.CDLL(None)
            library.mallopt(_MMAP_THRESHOLD, 2 << 20)
            library.mallopt(_TRIM_THRESHOLD, 32 << 20)
            library.malloc_trim(0)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
