"""An encoder whose model is loaded when something is first embedded.

Owns: telling which model a setting names without loading it, so that a build which changes nothing
loads none.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from dipnot.errors import EncoderError
from dipnot.models.bundled import MODEL_NAME
from dipnot.models.encoder import DEFAULT, PLAIN, TUNED_NAME, tuned_fingerprint
from dipnot.models.light import load_encoder
from dipnot.models.packed import SHA256
from dipnot.models.weightfile import ENCODER
from dipnot.types import Encoded, Encoder, Pair, Progress, Vectors

_DIMENSION = 384  # of the bundled model


class LazyEncoder:
    """The bundled model, tuned or plain: known by its files, loaded at need."""

    dimension = _DIMENSION

    def __init__(self, spec: str, cache: Path | None) -> None:
        """Read what identifies the model; raises EncoderError where its weights are gone."""
        self._spec, self._cache = spec, cache
        self._lock = threading.Lock()
        self._loaded: Encoder | None = None
        self.base_fingerprint = SHA256[:32]
        self.name, self.fingerprint = MODEL_NAME, SHA256[:32]
        if spec != PLAIN:
            self.name, self.fingerprint = TUNED_NAME, _tuned()

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """Embed questions."""
        return self._need().encode_queries(texts)

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        """Embed passages; tells of the loading too."""
        if progress is not None and self._loaded is None:
            progress("loading", 0, 0)
        return self._need().encode_passages(texts, tokens=tokens, progress=progress)

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors | None:
        """Embed windows of two sentences by their tokens."""
        return self._need().encode_windows(windows)

    def _need(self) -> Encoder:
        with self._lock:
            if self._loaded is None:
                self._loaded = load_encoder(self._spec, self._cache, briefly=True)
            return self._loaded


def lazy_encoder(spec: str = DEFAULT, cache: Path | None = None) -> Encoder:
    """Name the encoder of a setting, unloaded where that can be; see ``load_encoder``."""
    if spec in ("", DEFAULT, PLAIN):
        return LazyEncoder(spec, cache)
    return load_encoder(spec, cache)


def _tuned() -> str:
    try:
        return tuned_fingerprint(ENCODER)
    except OSError as error:
        raise EncoderError(
            f"The encoder's weights {ENCODER} cannot be read: {error.strerror}. "
            "Install Dipnot again."
        ) from None
