"""Linear maps of networks that only answer, in the number format the processor is quickest in.

Owns: which format that is, and the maps. Imports torch, so it is itself imported only where a
network is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import nn

Format = Literal["bfloat16", "int8", "float32"]
Make = Callable[[str, nn.Linear], nn.Module]


def quickest() -> Format:
    """Tell the format: bfloat16 where the processor has tiles for it (AMX), int8 where VNNI."""
    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    if able.get("amx_bf16") and hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return "bfloat16"
    if able.get("avx512_vnni") and hasattr(torch, "_int_mm"):
        return "int8"
    return "float32"


class PackedLinear(nn.Module):
    """A linear map in bfloat16, its weights laid out for the tiles once.

    ``nn.Linear`` lays them out at every call, which takes as long as to multiply 100 rows. By what
    torch's own compiler calls for weights that stay as they are.
    """

    def __init__(self, part: nn.Linear, *, gelu: bool = False) -> None:
        """Take the weights of a trained map. ``gelu``: what comes out goes through GELU."""
        super().__init__()
        weight = part.weight.detach().bfloat16()
        self.weight = torch.ops.mkldnn._reorder_linear_weight(weight)  # noqa: SLF001
        self.bias = part.bias.detach().bfloat16()
        self._gelu = gelu

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map the last dimension; gives float32, but bfloat16 through GELU: another map follows."""
        attribute, algorithm = ("gelu", "none") if self._gelu else ("none", "")
        out: torch.Tensor = torch.ops.mkldnn._linear_pointwise(  # noqa: SLF001
            x.bfloat16(), self.weight, self.bias, attribute, [], algorithm
        )
        return out if self._gelu else out.float()


class Int8Linear(nn.Module):
    """A linear map in 8-bit integers: the weights as shipped, what goes in rounded row by row."""

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor) -> None:
        """``weight``: int8, shape (out, in); ``scale``: what a step of each row is worth."""
        super().__init__()
        self.weight = weight.t().contiguous()
        self.scale = scale.reshape(-1)
        self.bias = bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows, shape (rows, in)."""
        most, least = x.amax(dim=1, keepdim=True), x.amin(dim=1, keepdim=True)
        step = torch.maximum(most, least.neg_()).clamp_(min=1e-12).div_(127)
        whole = torch._int_mm((x / step).round_().to(torch.int8), self.weight)  # noqa: SLF001
        return whole.float().mul_(step).mul_(self.scale).add_(self.bias)


def in_integers(_: str, part: nn.Linear) -> Int8Linear:
    """Round a trained map's weights to 8-bit integers, a scale a row; its name is not asked for."""
    weight = part.weight.detach()
    scale = weight.abs().amax(dim=1, keepdim=True).clamp_(min=1e-12) / 127
    return Int8Linear((weight / scale).round_().to(torch.int8), scale, part.bias.detach())


def replace_linear(network: nn.Module, make: Make) -> None:
    """Put others in place of a network's linear maps; ``make`` is told what the map is called."""
    for name, part in list(network.named_modules()):
        if isinstance(part, nn.Linear):
            above, _, own = name.rpartition(".")
            setattr(network.get_submodule(above), own, make(name, part))
