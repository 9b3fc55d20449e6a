"""Linear maps in other number formats: nearly the same as those they stand for."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dipnot.models.linear import Int8Linear, quickest, replace_linear


@pytest.mark.parametrize(
    ("able", "found"), [({}, "float32"), ({"amx_bf16": False, "avx512_vnni": True}, "int8")]
)
def test_the_format_is_the_one_that_the_processor_is_quickest_in(
    able: dict[str, bool], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert quickest() == found


def test_a_torch_that_cannot_tell_gets_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert quickest() == "float32"


def test_integers_map_nearly_as_floats_do_and_nothing_to_the_bias() -> None:
    torch.manual_seed(3)
    exact = nn.Linear(32, 24)
    scale = exact.weight.detach().abs().amax(dim=1, keepdim=True) / 127
    whole = (exact.weight.detach() / scale).round().to(torch.int8)
    own = Int8Linear(whole, scale, exact.bias.detach())
    rows = torch.randn(40, 32)
    with torch.inference_mode():
        assert (own(rows) - exact(rows)).abs().max() < 0.05
        assert torch.equal(own(torch.zeros(20, 32)), exact.bias.expand(20, -1))


def test_only_linear_maps_are_replaced_each_under_its_name() -> None:
    inner = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    network = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), inner)
    named: list[str] = []

    def make(name: str, part: nn.Linear) -> nn.Module:
        named.append(f"{name} {part.out_features}")
        return nn.Identity()

    replace_linear(network, make)
    assert named == ["0 3", "2.0 2"]
    assert not [part for part in network.modules() if isinstance(part, nn.Linear)]
    assert isinstance(network[1], nn.LayerNorm)
