"""The reader's network: the encoder's layers, trained to read question and text together.

Owns: its shape, its forward pass, and the number format it runs in. Imports torch, so it is itself
imported only where something is read or trained.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from threadpoolctl import threadpool_limits
from torch import nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from dipnot.types import Vectors
from dipnot.weightfile import SCALE, Packed, unpacked

LAYERS = 12
DIMENSION = 384
_HEADS = 12
_INNER = 1536
_PAIRED = 32  # numbers of a token that tell which start goes with which end


def _attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attn_mask: torch.Tensor | None
) -> torch.Tensor:
    """Give attention in plain products: torch's own is faster forwards, but not backwards.

    With it a training step takes twice as long on a CPU.
    """
    scores = query * query.shape[-1] ** -0.5 @ key.transpose(-1, -2)
    if attn_mask is not None:
        scores = scores.masked_fill(~attn_mask, -1e4)
    weights = scores.softmax(-1)
    return torch.matmul(weights.to(value.dtype), value)


class Layer(nn.Module):
    """One layer of BERT: attention, then two linear maps, each added to what went in and normed."""

    def __init__(self) -> None:
        """Make an untrained layer."""
        super().__init__()
        self.attention_in = nn.Linear(DIMENSION, 3 * DIMENSION)
        self.attention_out = nn.Linear(DIMENSION, DIMENSION)
        self.attention_norm = nn.LayerNorm(DIMENSION, eps=1e-12)
        self.inner = nn.Linear(DIMENSION, _INNER)
        self.outer = nn.Linear(_INNER, DIMENSION)
        self.norm = nn.LayerNorm(DIMENSION, eps=1e-12)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Give the next states, of the shape of ``x``.

        ``mask``: true where there is text; None where there is no padding, which is faster.
        """
        windows, tokens, _ = x.shape
        split = self.attention_in(x).view(windows, tokens, 3, _HEADS, DIMENSION // _HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        attend = _attention if self.training else scaled_dot_product_attention
        seen = attend(query, key, value, attn_mask=mask)
        joined = seen.transpose(1, 2).reshape(windows, tokens, DIMENSION)
        x = self.attention_norm(x + self.attention_out(joined))
        added: torch.Tensor = self.norm(x + self.outer(gelu(self.inner(x))))
        return added


class Network(nn.Module):
    """Layers over the encoder's token embeddings, with a head for each output."""

    def __init__(self) -> None:
        """Make an untrained network."""
        super().__init__()
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.span = nn.Linear(DIMENSION, 2)
        self.paired = nn.Linear(DIMENSION, 2 * _PAIRED)
        self.evidence = nn.Linear(DIMENSION, 1)

    def forward(self, embedded: torch.Tensor, padding: torch.Tensor | None) -> torch.Tensor:
        """Give what ``spans`` and the evidence are read from: shape (windows, tokens, outputs).

        ``embedded``: shape (windows, tokens, dimension). ``padding``: true where no text is;
        None where text is throughout.
        The outputs: the logits of evidence, start and end, then what pairs starts with ends.
        """
        mask = None if padding is None else ~padding[:, None, None, :]
        read = embedded
        for layer in self.layers:
            read = layer(read, mask)
        return torch.cat([self.evidence(read), self.span(read), self.paired(read)], -1)


OUTPUTS = 3 + 2 * _PAIRED


def spans(outputs: torch.Tensor) -> torch.Tensor:
    """Give the logit of each start with each end, from the outputs of the tokens of a window.

    Shape (..., tokens, OUTPUTS) to (..., tokens, tokens). A start and an end that are likely each
    by itself may be of two answers: so a span has one score (Lee et al. 2016, RaSoR).
    """
    start, end = outputs[..., 1, None], outputs[..., None, :, 2]
    first, last = outputs[..., 3:].chunk(2, -1)
    together: torch.Tensor = first @ last.transpose(-1, -2) * _PAIRED**-0.5
    return start + end + together


class _Int8Linear(nn.Module):
    """A linear map in 8-bit integers: the weights as shipped, what goes in rounded row by row."""

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.weight = weight.t().contiguous()
        self.scale = scale.reshape(-1)
        self.bias = bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.reshape(-1, x.shape[-1])
        step = rows.abs().amax(dim=1, keepdim=True).clamp_(min=1e-12) / 127
        whole = torch._int_mm((rows / step).round_().to(torch.int8), self.weight)  # noqa: SLF001
        out = whole.float().mul_(step).mul_(self.scale).add_(self.bias)
        return out.view(*x.shape[:-1], -1)


def make_network(packed: Packed) -> Network:
    """Make a network that only reads, of weights as they are shipped.

    It multiplies in 8-bit integers where the processor has instructions for that, which takes
    half the time of bfloat16 and a fifth of float32; elsewhere in bfloat16 or float32.
    """
    network = Network()
    network.load_state_dict({name: torch.from_numpy(w) for name, w in unpacked(packed).items()})
    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    if able.get("avx512_vnni") and hasattr(torch, "_int_mm"):
        for number, layer in enumerate(network.layers):
            for name, part in list(layer.named_children()):
                if isinstance(part, nn.Linear):
                    full = f"layers.{number}.{name}.weight"
                    weight, scale = (torch.from_numpy(packed[n]) for n in (full, full + SCALE))
                    setattr(layer, name, _Int8Linear(weight, scale, part.bias.detach()))
    elif able.get("avx512_bf16") or able.get("amx_bf16"):
        network = network.bfloat16()
    return network.eval()


def one_core_each() -> ThreadPoolExecutor:
    """Give a pool of a thread for each core that torch would take, in which it takes one.

    Ten windows read side by side, a core each, take a fifth less time than one by one on two: what
    a window needs is many small operations, which more cores hardly hasten.
    """
    return ThreadPoolExecutor(torch.get_num_threads(), "reader", _take_one_core)


def _take_one_core() -> None:
    # ``torch.set_num_threads`` would hold for threads made later as well, the encoder's too. Asked
    # first, torch does not set its own number in this thread again.
    torch.get_num_threads()
    threadpool_limits(1, user_api="openmp")


def run(network: Network, embedded: Vectors, padding: npt.NDArray[np.bool_]) -> Vectors:
    """Run a batch: embeddings of shape (windows, tokens, dimension) to outputs of each token."""
    kind = network.span.weight.dtype
    mask = torch.from_numpy(padding) if padding.any() else None
    with torch.inference_mode():
        out = network(torch.from_numpy(embedded).to(kind), mask)
    outputs: Vectors = out.float().numpy()
    return outputs


def span_logits(outputs: Vectors) -> Vectors:
    """Give what ``spans`` gives, for the outputs of ``run``."""
    logits: Vectors = spans(torch.from_numpy(outputs)).numpy()
    return logits
