"""The embedding model behind the ``Encoder`` protocol.

Owns: loading a sentence-transformers model, its prompts, batching and identity, and the file of
what was trained of the bundled one. The only importer of sentence-transformers. A model that is
local is loaded without the network.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dipnot.errors import EncoderError, reason_of, shown
from dipnot.models import arrays
from dipnot.models.bundled import MODEL_NAME, bundled_model, default_cache
from dipnot.models.packed import SHA256
from dipnot.models.weightfile import ENCODER, WINDOWS, read_weights, unpacked
from dipnot.types import Encoded, Pair, Progress, Span, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from dipnot.models.windows import WindowNetwork

DEFAULT = "default"
PLAIN = "plain"
TUNED_NAME = f"{MODEL_NAME}, tuned"
_BATCH = 16
# E5 and its kin were trained with these; a model that brings its own prompts keeps them.
_E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


class SentenceTransformerEncoder:
    """A sentence-transformers model that gives unit vectors, safe to call from many threads."""

    def __init__(
        self,
        model: SentenceTransformer,
        name: str,
        fingerprint: str,
        base: str | None = None,
        tuned: Path | None = None,
    ) -> None:
        """Wrap a loaded model.

        ``base``: fingerprint of the model that it was tuned from. ``tuned``: the file of what was
        trained, which may have a network that embeds windows.
        """
        self._model = model
        self._prompts = _prompts(model, name)
        self._tuned = tuned
        self._lock = threading.Lock()
        self.name = name
        self.fingerprint = fingerprint
        self.base_fingerprint = base or fingerprint
        self.dimension = int(self._encode(["."], "query", tokens=False).vectors.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Encoded:
        """Embed questions, with their tokens and where those stand."""
        encoded = self._encode(texts, "query", tokens=True)
        if encoded.tokens is None or not self.tokenizer.is_fast:
            return encoded
        places = tuple(tuple(self.pieces(text)[1]) for text in texts)
        # A question too long for the model has more pieces than tokens.
        fit = [len(p) == len(t) for p, t in zip(places, encoded.tokens, strict=True)]
        return replace(encoded, places=places) if all(fit) else encoded

    def encode_passages(
        self, texts: Sequence[str], *, tokens: bool, progress: Progress | None = None
    ) -> Encoded:
        """Embed passages, longest first so that batches are even."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        found: list[Vectors | None] = [None] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            part = self._encode([texts[i] for i in batch], "passage", tokens=tokens)
            vectors[batch] = part.vectors
            for i, own in zip(batch, part.tokens or (), strict=False):
                found[i] = own
            if progress is not None:
                progress("embedding", min(begin + _BATCH, len(order)), len(order))
        own_tokens = tuple(t for t in found if t is not None)
        return Encoded(vectors, own_tokens if tokens and len(own_tokens) == len(texts) else None)

    def encode_windows(self, windows: Sequence[Pair]) -> Vectors | None:
        """Embed windows of two sentences by their tokens, where a network was trained for it."""
        return None if self._tuned is None else encode_windows(self._tuned, windows)

    @property
    def tokenizer(self) -> Any:
        """The tokenizer, of the transformers library."""
        return self._model.tokenizer

    @property
    def embeddings(self) -> Any:
        """The input embeddings, a torch module of BERT's shape."""
        return _transformer(self._model).embeddings

    @property
    def layers(self) -> Any:
        """The transformer layers, torch modules of BERT's shape."""
        return _transformer(self._model).encoder.layer

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        """Cut a text into the tokenizer's pieces: their numbers, and where each stands in it."""
        with self._lock:
            cut = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        return list(cut["input_ids"]), [Span(*pair) for pair in cut["offset_mapping"]]

    def embed_pieces(self, numbers: npt.NDArray[np.int64]) -> Vectors:
        """Look up the input embeddings of pieces, shape (texts, pieces), position by position."""
        import torch  # noqa: PLC0415 - seconds; not for --help

        with torch.inference_mode():
            return _numpy(self.embeddings(torch.from_numpy(numbers)))

    def _encode(self, texts: Sequence[str], kind: str, *, tokens: bool) -> Encoded:
        """Embed one batch; the model's own prompt for ``kind`` goes in front of every text."""
        prompt = self._prompts[kind]
        # One at a time: torch spreads a single call over all cores already.
        with self._lock:
            outputs: list[Any] = self._model.encode(  # type: ignore[assignment]
                list(texts),
                prompt=prompt,
                batch_size=_BATCH,
                show_progress_bar=False,
                output_value=None,
            )
            leading, trailing = self._around(prompt)
        vectors = np.stack([_numpy(o["sentence_embedding"]) for o in outputs])
        if not tokens or "token_embeddings" not in outputs[0]:
            return Encoded(_unit(vectors))
        own = []
        for output in outputs:
            kept = _numpy(output["token_embeddings"])[_numpy(output["attention_mask"]) > 0]
            own.append(_unit(kept[leading : len(kept) - trailing]))
        return Encoded(_unit(vectors), tuple(own))

    def _around(self, prompt: str) -> tuple[int, int]:
        """How many tokens stand before and behind the text's own: prompt and special tokens."""
        bare = self.tokenizer(prompt, add_special_tokens=False)["input_ids"]
        full = self.tokenizer(prompt)["input_ids"]
        leading = next((i for i in range(len(full)) if full[i : i + len(bare)] == bare), 0)
        return leading + len(bare), len(full) - leading - len(bare)


def _transformer(model: SentenceTransformer) -> Any:
    return model[0].model


def _numpy(tensor: Any) -> Vectors:
    array: Vectors = tensor.detach().float().cpu().numpy()
    return array


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def load_encoder(
    spec: str = DEFAULT, cache: Path | None = None, *, trainable: bool = False
) -> SentenceTransformerEncoder:
    """Load the bundled model (tuned, or plain), a model's folder, or a model by name on the hub.

    ``trainable``: the bundled model's layers are left as torch can train them, which is slower.
    Raises EncoderError, saying what to type, when it is not to be had.
    """
    if spec in ("", DEFAULT, PLAIN):
        # Checking the folder's sums and importing the library take seconds each: side by side.
        with ThreadPoolExecutor(max_workers=1) as pool:
            checked = pool.submit(bundled_model, cache or default_cache())
            _import_offline()
            folder = checked.result()
        model = _load(str(folder), local=True)
        name, fingerprint, tuned = MODEL_NAME, SHA256[:32], None
        if spec != PLAIN:
            name, fingerprint, tuned = TUNED_NAME, tune(model, ENCODER), ENCODER
        if not trainable:
            _quicken(model)
        return SentenceTransformerEncoder(model, name, fingerprint, SHA256[:32], tuned)
    local = Path(spec).expanduser()
    if local.exists():
        if not local.is_dir():
            raise EncoderError(
                f"DIPNOT_ENCODER is {shown(spec, 200)}, a file; expected the folder of a "
                "sentence-transformers model or a model's name."
            )
        _import_offline()
        model = _load(str(local), local=True)
    else:
        model = _load_by_name(spec)
    return SentenceTransformerEncoder(model, spec, _fingerprint(model))


def tune(model: SentenceTransformer, path: Path) -> str:
    """Put the trained upper layers into the bundled model; gives the fingerprint of the outcome.

    Raises EncoderError, saying what to type, when they cannot be read.
    """
    import torch  # noqa: PLC0415 - seconds; not for --help

    with wrong_layers_named(path):
        layers: dict[int, dict[str, Any]] = {}
        for name, weight in read_tuned(path).layers.items():
            number, part = name.split(".", 1)
            layers.setdefault(int(number), {})[part] = torch.from_numpy(weight)
        for layer, weights in layers.items():
            _transformer(model).encoder.layer[layer].load_state_dict(weights)
    return tuned_fingerprint(path)


def encode_windows(path: Path, windows: Sequence[Pair], *, briefly: bool = False) -> Vectors | None:
    """Embed windows by the network of a file of what was trained; None where it has none.

    ``briefly``: few windows are embedded without torch. Raises EncoderError, saying what to type,
    when it cannot be read.
    """
    if briefly and sum(len(part) for window in windows for part in window) <= arrays.LITTLE:
        with wrong_layers_named(path):
            weights = read_tuned(path).windows
            return arrays.embed_windows(weights, windows) if weights else None
    from dipnot.models.windows import embed_windows  # noqa: PLC0415 - torch

    network = _windows_network(path)
    return None if network is None else embed_windows(network, windows)


@cache
def _windows_network(path: Path) -> WindowNetwork | None:
    from dipnot.models.windows import make_windows  # noqa: PLC0415 - torch

    with wrong_layers_named(path):
        weights = read_tuned(path).windows
        return make_windows(weights) if weights else None


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was trained of the bundled model: its upper layers, and the network of windows.

    Both by name; ``windows`` is empty where only the layers were.
    """

    layers: dict[str, Vectors]
    windows: dict[str, Vectors]


def read_tuned(path: Path) -> Tuned:
    """Read what was trained; see ``wrong_layers_named`` for what it may raise."""
    tensors, metadata = read_weights(path)
    if metadata["encoder_fingerprint"] != SHA256[:32]:
        raise ValueError("they are for another model.")
    weights = unpacked(tensors)
    windows = {n.removeprefix(WINDOWS): w for n, w in weights.items() if n.startswith(WINDOWS)}
    return Tuned({n: w for n, w in weights.items() if not n.startswith(WINDOWS)}, windows)


@contextmanager
def wrong_layers_named(path: Path) -> Iterator[None]:
    """Turn whatever trained layers that do not fit make torch raise into a sentence."""
    try:
        yield
    except (OSError, ValueError, KeyError, IndexError, TypeError, RuntimeError) as error:
        raise EncoderError(
            f"The encoder's weights {shown(str(path), 200)} cannot be loaded: "
            f"{reason_of(error)[:200]} "
            "Install Dipnot again, or use the model as it was published: DIPNOT_ENCODER=plain"
        ) from None


def tuned_fingerprint(path: Path) -> str:
    """Fingerprint of the bundled model with the trained layers of a file, without loading it."""
    return hashlib.sha256(SHA256.encode() + path.read_bytes()).hexdigest()[:32]


def _quicken(model: SentenceTransformer) -> None:
    from dipnot.models.unpadded import unpadded  # noqa: PLC0415 - torch

    encoder = _transformer(model).encoder
    weights = {name: _numpy(weight) for name, weight in encoder.layer.state_dict().items()}
    _transformer(model).encoder = unpadded(weights)


def _load_by_name(name: str) -> SentenceTransformer:
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or "\\" in name:
        raise EncoderError(
            f"DIPNOT_ENCODER names the folder {shown(name, 200)}, which does not exist. Expected "
            "the folder of a sentence-transformers model, or a name such as "
            "intfloat/multilingual-e5-large."
        )
    try:
        return _load(name, local=True)
    except EncoderError:
        return _load(name, local=False)


def _import_offline() -> None:
    # Read when the hub's library is first imported, so it has to be set before that.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import sentence_transformers  # noqa: F401, PLC0415 - seconds; not for --help


def _load(name: str, *, local: bool) -> SentenceTransformer:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds; not for --help
    from transformers.utils import logging  # noqa: PLC0415 - as above

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=local)
    except Exception as error:  # the library raises many kinds for a broken or missing model
        raise EncoderError(
            f"The embedding model {shown(name, 200)} cannot be loaded: {reason_of(error)[:300]} "
            "Unset DIPNOT_ENCODER to use the model that comes with Dipnot."
        ) from error


def _prompts(model: SentenceTransformer, name: str) -> dict[str, str]:
    own = {k: v for k, v in (model.prompts or {}).items() if v}
    passage = next((own[k] for k in ("passage", "document", "corpus") if k in own), "")
    if own.get("query") or passage:
        return {"query": own.get("query", ""), "passage": passage}
    return dict(_E5_PROMPTS) if "e5" in name.lower() else {"query": "", "passage": ""}


def _fingerprint(model: SentenceTransformer) -> str:
    """Hash the weights and prompts: equal for equal vectors, wherever the model came from."""
    digest = hashlib.sha256(json.dumps(model.prompts or {}, sort_keys=True).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name}{tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:32]
