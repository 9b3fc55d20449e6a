"""What an engine holds against what it should; damage of other kinds is in test_milvus_home."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dipnot.building import home_in, update_index
from dipnot.errors import IndexDamaged
from dipnot.index.home import check_all
from dipnot.index.milvus_home import MilvusHome
from dipnot.index.milvus_tables import LEXICAL, VERSIONS, keys_within
from dipnot.settings import Settings
from dipnot.types import Address
from fakes import LIGHTHOUSE, FakeEncoder


@pytest.mark.cluster
def test_the_text_whose_rows_are_lost_is_named(
    settings: Settings, encoder: FakeEncoder, database: Address
) -> None:
    there = replace(settings, engine=database)
    (there.corpus / "lighthouse.txt").write_text(LIGHTHOUSE, "utf-8")
    update_index(there, encoder, lambda *_: None)
    home = home_in(there)
    assert isinstance(home, MilvusHome)
    index = home.open(encoder)
    home.engine.delete(LEXICAL, f"{keys_within(1)} and kind >= 0")
    with pytest.raises(IndexDamaged, match=r"dipnot_lexical has \d+ rows .+ wrong: '?l"):
        check_all(home, index)
    home.engine.delete(VERSIONS, "key == 2")
    with pytest.raises(IndexDamaged, match=r"no row in dipnot_versions for '?l"):
        check_all(home, index)
