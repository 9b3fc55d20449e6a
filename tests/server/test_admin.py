"""The admin token."""

from __future__ import annotations

import hmac
from dataclasses import replace

import pytest

from dipnot.engine import Engine
from dipnot.errors import NotAllowed
from dipnot.server.admin import check_admin


@pytest.mark.parametrize("token", [None, "", "wrong", "secrets", "ğ", "secret\ud800"])
def test_a_token_that_is_not_the_admins_is_refused(engine: Engine, token: str | None) -> None:
    with pytest.raises(NotAllowed) as caught:
        check_admin(engine, token)
    assert caught.value.configured


def test_a_token_is_compared_in_a_time_that_says_nothing_of_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, expected: bytes) -> bool:
        compared.append((given, expected))
        return False

    monkeypatch.setattr(hmac, "compare_digest", compare)
    with pytest.raises(NotAllowed):
        check_admin(engine, "secret")  # it is right: nothing but that comparison decides
    assert compared == [(b"secret", b"secret")]


def test_the_admins_token_is_taken_and_none_where_none_is_set(engine: Engine) -> None:
    check_admin(engine, " secret ")
    engine.settings = replace(engine.settings, admin_token=None)
    with pytest.raises(NotAllowed) as caught:
        check_admin(engine, "secret")
    assert not caught.value.configured
