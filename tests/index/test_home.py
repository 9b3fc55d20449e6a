"""Which home the settings name; what homes do is in test_homes."""

from __future__ import annotations

from pathlib import Path

from dipnot.index.home import FolderHome, home_of
from dipnot.index.milvus_home import MilvusHome
from dipnot.types import Address


def test_an_address_is_an_engine_and_nothing_is_connected_yet() -> None:
    assert isinstance(home_of(Path("index"), None, None), FolderHome)
    home = home_of(Path("index"), Address("127.0.0.1", 1, "dipnot"), "a:b")
    assert isinstance(home, MilvusHome)
    assert "a:b" not in repr(home)
