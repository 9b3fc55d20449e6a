"""The reader's network: the same logits in every number format it may run in, alone or not."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from dipnot.models import network
from dipnot.models.network import (
    DIMENSION,
    OUTPUTS,
    Layer,
    Network,
    computed,
    filled,
    make_network,
    run,
    spans,
)
from dipnot.models.weightfile import Packed, packed
from dipnot.types import Vectors


@pytest.fixture(scope="module")
def weights() -> Packed:
    torch.manual_seed(5)
    return packed({name: w.numpy() for name, w in Network().state_dict().items()})


def test_a_layer_is_filled_with_its_weights_and_nothing_is_drawn_for_it() -> None:
    given = {name: w.numpy() for name, w in Layer().state_dict().items()}
    before = torch.get_rng_state()
    made = filled(Layer, given)
    assert torch.equal(torch.get_rng_state(), before)
    assert made.state_dict().keys() == given.keys()
    for name, weight in made.state_dict().items():
        assert weight.dtype == torch.float32
        assert np.array_equal(weight.numpy(), given[name])


@pytest.mark.parametrize("wrong", ["missing", "more", "another shape"])
def test_weights_that_do_not_fit_are_refused(wrong: str) -> None:
    given = {name: w.numpy() for name, w in Layer().state_dict().items()}
    if wrong == "missing":
        del given["inner.bias"]
    elif wrong == "more":
        given["inner.third"] = given["inner.bias"]
    else:
        given["inner.bias"] = given["inner.bias"][:-1]
    with pytest.raises(RuntimeError, match=r"inner\."):
        filled(Layer, given)


def embedded(tokens: int, seed: int = 3) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(tokens, DIMENSION))
    return drawn.astype(np.float32)


@pytest.mark.parametrize(
    ("able", "part"),
    [
        ("amx_bf16", torch.bfloat16),
        ("avx512_vnni", torch.int8),
        ("", torch.float32),
    ],
)
def test_every_number_format_gives_nearly_the_same(
    weights: Packed, monkeypatch: pytest.MonkeyPatch, able: str, part: torch.dtype
) -> None:
    if able == "amx_bf16" and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("this processor packs no weights in bfloat16")
    text = [embedded(24), embedded(31, seed=4)]
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    exact = run(make_network(weights), text)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {able: True})
    network = make_network(weights)
    assert network.layers[0].inner.weight.dtype == part  # type: ignore[union-attr]
    found = run(network, text)
    assert [own.shape for own in found] == [(24, OUTPUTS), (31, OUTPUTS)]
    for own, true in zip(found, exact, strict=True):
        assert np.abs(own - true).max() < 0.05 * np.abs(true).max() + 0.02


def test_a_window_is_read_the_same_whatever_stands_beside_it(weights: Packed) -> None:
    network = make_network(weights)
    windows = [embedded(n, seed=n) for n in (10, 1, 70, 33)]
    beside = run(network, windows)
    for own, window in zip(beside, windows, strict=True):
        np.testing.assert_allclose(own, run(network, [window])[0], atol=0.05)
    assert run(network, []) == []


def test_a_span_is_scored_as_a_whole() -> None:
    half = (OUTPUTS - 3) // 2
    outputs = torch.zeros(4, OUTPUTS)
    outputs[:, 1] = torch.tensor([0.0, 3.0, 3.0, 0.0])  # two likely starts
    outputs[:, 2] = torch.tensor([0.0, 2.0, 0.0, 2.5])  # two likely ends
    assert spans(outputs).argmax() == 1 * 4 + 3
    outputs[1, 3] = outputs[1, 3 + half] = 2.0 * half**0.25  # 1 begins and ends one answer
    assert spans(outputs)[1, 1] == pytest.approx(3 + 2 + 4)
    assert spans(outputs).argmax() == 1 * 4 + 1


def test_a_network_runs_in_no_more_threads_than_there_are_cores_each_by_itself() -> None:
    cores = torch.get_num_threads()
    ran: dict[str, int] = {}

    def compute(part: Sequence[int]) -> list[Vectors]:
        ran[threading.current_thread().name] = torch.get_num_threads()
        return [np.full(1, i, np.float32) for i in part]

    def ask() -> None:
        found = computed(compute, [900, 3, 40, 800, 7])
        assert [int(own[0]) for own in found] == [0, 1, 2, 3, 4]

    asking = [threading.Thread(target=ask) for _ in range(20)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert 1 <= len(ran) <= cores
    assert all(name.startswith("network") for name in ran)
    assert set(ran.values()) == {1}
    assert torch.get_num_threads() == cores
    assert computed(compute, []) == []


def test_a_window_of_no_tokens_gives_nothing_for_none(weights: Packed) -> None:
    assert [own.shape for own in run(make_network(weights), [embedded(0)] * 2)] == [
        (0, OUTPUTS)
    ] * 2


@pytest.mark.parametrize("fails", ["set_num_threads", "get_num_threads"])
def test_after_a_thread_that_did_not_come_about_the_next_ones_compute(
    monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    network._threads.cache_clear()
    real = getattr(torch, fails)
    left = ["once"]

    def failing(*given: int) -> object:
        if left and threading.current_thread() is not threading.main_thread():
            left.pop()
            raise RuntimeError("can't start new thread")
        return real(*given)

    monkeypatch.setattr(torch, fails, failing)
    assert computed(lambda part: [np.zeros(1, np.float32) for _ in part], [3])
    assert not left


def test_an_error_in_a_part_is_told() -> None:
    def compute(_: Sequence[int]) -> list[Vectors]:
        raise RuntimeError("no such kernel")

    with pytest.raises(RuntimeError, match="no such kernel"):
        computed(compute, [1, 2, 3])
