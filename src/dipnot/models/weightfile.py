"""Trained weights as they are shipped: 8-bit integers in a safetensors file.

Owns: the format, the files that come with Dipnot, and what a file says of itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from dipnot.types import Vectors

_FOLDER = Path(__file__).parents[1] / "weights"
READER = _FOLDER / "reader.safetensors"
ENCODER = _FOLDER / "encoder.safetensors"
UTTERANCES = _FOLDER / "utterances.safetensors"
SCALE = ".scale"
WINDOWS = "windows."  # before the names of the network of windows, among the encoder's

Packed = Mapping[str, npt.NDArray[Any]]


def packed(weights: Mapping[str, Vectors]) -> dict[str, npt.NDArray[Any]]:
    """Pack matrices as 8-bit integers with a scale a row; the rest as float16."""
    out: dict[str, npt.NDArray[Any]] = {}
    for name, weight in weights.items():
        if weight.ndim < 2:
            out[name] = weight.astype(np.float16)
            continue
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True) / 127, 1e-12)
        out[name] = np.rint(weight / scale).astype(np.int8)
        out[name + SCALE] = scale.astype(np.float32)
    return out


def unpacked(tensors: Packed) -> dict[str, Vectors]:
    """Undo ``packed``, but for what 8 bits lose."""
    return {
        name: tensor.astype(np.float32) * tensors.get(name + SCALE, np.float32(1))
        for name, tensor in tensors.items()
        if not name.endswith(SCALE)
    }


def write_weights(path: Path, weights: Mapping[str, Vectors], metadata: Mapping[str, str]) -> None:
    """Write weights with what there is to say of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(packed(weights), path, metadata={"dipnot": json.dumps(dict(metadata))})


def read_weights(path: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, str]]:
    """Read weights as they are packed, and what their file says of them.

    Raises OSError or ValueError where it cannot be read.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = json.loads((file.metadata() or {}).get("dipnot", "{}"))
            return {name: file.get_tensor(name) for name in file.keys()}, metadata  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(str(error)) from None
