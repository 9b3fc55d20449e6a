"""The generations that are kept: what they are, and going back to one."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from unittest import mock

import pytest

from dipnot.building import update_index
from dipnot.errors import IndexDamaged, IndexMismatch, NotFound
from dipnot.index.generations import describe_generations, is_held, roll_back
from dipnot.index.store import current_generation, list_generations, open_index
from dipnot.settings import Settings
from fakes import LAKE, FakeEncoder


def build(settings: Settings) -> str:
    return update_index(settings, FakeEncoder(), lambda *_: None).generation


def change(settings: Settings, word: str) -> None:
    (settings.corpus / "lake.txt").write_text(LAKE.replace("müzededir", word), "utf-8")


def test_rolling_back_serves_the_generation_before_and_building_goes_on_from_there(
    settings: Settings,
) -> None:
    first = build(settings)
    change(settings, "kayıptır")
    second = build(settings)
    assert roll_back(settings.index) == first == current_generation(settings.index)
    assert not any("kayıptır" in p.text for p in open_index(settings.index).passages)
    with pytest.raises(NotFound, match=f"no generation before {first}"):
        roll_back(settings.index)
    third = build(settings)
    assert third not in (first, second)
    assert any("kayıptır" in p.text for p in open_index(settings.index).passages)


def test_a_damaged_generation_is_not_rolled_back_to(settings: Settings) -> None:
    first = build(settings)
    change(settings, "kayıptır")
    second = build(settings)
    (settings.index / "generations" / first / "dense/vectors.npy").write_bytes(b"")
    with pytest.raises(IndexDamaged, match=first):
        roll_back(settings.index)
    assert current_generation(settings.index) == second


def test_of_several_before_it_the_newest_that_is_whole_is_gone_back_to(settings: Settings) -> None:
    made = []
    for word in ("kayıptır", "çatlaktır", "kırıktır"):
        change(settings, word)
        made.append(build(settings))
    (settings.index / "generations" / made[1] / "dense/vectors.npy").write_bytes(b"")
    assert roll_back(settings.index) == made[0]


@pytest.mark.skipif(os.name != "posix", reason="forks and kills")
def test_what_a_killed_build_named_and_never_served_is_not_gone_back_to(settings: Settings) -> None:
    first = build(settings)
    change(settings, "kayıptır")
    child = os.fork()
    if child == 0:  # it dies between the folder's name and CURRENT

        def die(_: Path, target: Path) -> Path:
            if target.name == "CURRENT":
                os.kill(os.getpid(), signal.SIGKILL)
            return target

        with mock.patch.object(Path, "replace", die):
            build(settings)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert current_generation(settings.index) == first
    never, same = list_generations(settings.index)
    assert same == first
    change(settings, "evdedir")
    last = build(settings)
    assert list_generations(settings.index) == [last, first]
    assert last > never
    assert roll_back(settings.index) == first


def test_a_generation_that_is_named_is_gone_to_or_is_an_error_that_lists_those_known(
    settings: Settings,
) -> None:
    first = build(settings)
    with pytest.raises(NotFound, match=rf"'x'; known: .*{first}"):
        roll_back(settings.index, "x")
    with pytest.raises(IndexMismatch):
        roll_back(settings.index, first, FakeEncoder("other", "0" * 32))
    assert roll_back(settings.index, first) == first


def test_what_was_gone_back_to_is_held_until_the_next_build(settings: Settings) -> None:
    build(settings)
    assert not is_held(settings.index)
    change(settings, "kayıptır")
    build(settings)
    roll_back(settings.index)
    assert is_held(settings.index)
    build(settings)
    assert not is_held(settings.index)


def test_going_forward_to_the_newest_holds_nothing(settings: Settings) -> None:
    build(settings)
    change(settings, "kayıptır")
    newest = build(settings)
    roll_back(settings.index)
    assert roll_back(settings.index, newest) == newest
    assert not is_held(settings.index)


def test_generations_are_told_newest_first_and_a_damaged_one_with_its_trouble(
    settings: Settings,
) -> None:
    assert describe_generations(settings.index) == []
    first = build(settings)
    change(settings, "kayıptır")
    second = build(settings)
    (settings.index / "generations" / first / "manifest.json").write_text("[]")
    new, old = describe_generations(settings.index)
    assert (new.generation, new.current, new.documents, new.encoder) == (second, True, 1, "fake")
    assert new.trouble is None
    assert (old.generation, old.current) == (first, False)
    assert old.trouble
